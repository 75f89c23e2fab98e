"""Progress of work that is part of other work."""

from collections.abc import Generator

from audiostudio.jobs import Partial, Progress
from audiostudio.operations.progress import part_of


def test_parts_tell_the_progress_of_the_whole_and_it_never_goes_back() -> None:
    def work() -> Generator[Progress | Partial, None, str]:
        yield Progress(0.5, "half")
        yield Partial("piece", {"number": 1})
        yield Progress(None, "nobody knows")
        yield Progress(1.0)
        return "made"

    def whole() -> Generator[Progress | Partial, None, str]:
        yield from part_of(work(), 0.0, 0.4)
        return (yield from part_of(work(), 0.4, 0.6))

    told = list(whole())
    assert [one.fraction for one in told if isinstance(one, Progress)] == [0.2, 0.2, 0.4, 0.7, 0.7, 1.0]
    assert [one.message for one in told if isinstance(one, Progress)][1] == "nobody knows"
    assert sum(isinstance(one, Partial) for one in told) == 2
