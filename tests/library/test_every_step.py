"""A process is killed at every single line of the library's code that moves files, and nothing is lost."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audiostudio.library import Library, Query
from audiostudio.library.moves import content_hash
from tests.killing import killed_at
from tests.library.conftest import new, some_file

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
CODE = str(Path(__file__).parents[2] / "audiostudio" / "library")
MOVERS = tuple(f"{CODE}{os.sep}{name}.py" for name in ("library", "moves", "files", "rows", "database"))


def survivors(folder: Path, origin: Path | None, content: bytes) -> list[str]:
    """Names of what is listed afterwards; checks that all of it is whole and that `content` is somewhere."""
    with Library.open(folder) as library:
        assets = library.search(Query(include_takes=True)).assets
        for asset in assets:
            assert content_hash(asset.path) == asset.content_hash
        places = [asset.path for asset in assets] + ([origin] if origin is not None and origin.exists() else [])
        assert content in [place.read_bytes() for place in places]
        report = library.check_files()
        assert (report.missing, report.strangers) == ((), ())
        assert [file for file in library.media.iterdir() if file.name.startswith(".")] == []
        library.verify()
        return [asset.name for asset in assets]


def every_step(run: Callable[[int], bool], full: bool) -> int:
    """How many lines there are; `full`: a process was killed at each, else at each 37th, other ones with each seed."""
    step = 0 if full else SEED % 37
    while run(step):
        step += 1 if full else 37
    return step


FULL = [pytest.param(False, id="sampled"), pytest.param(True, id="each", marks=pytest.mark.full)]


@pytest.mark.long
@pytest.mark.parametrize("full", FULL)
@pytest.mark.parametrize("move", [True, False], ids=["moved", "copied"])
def test_an_add(tmp_path: Path, move: bool, full: bool) -> None:
    def run(step: int) -> bool:
        folder, origin = tmp_path / f"library{step}", some_file(tmp_path / f"{step}.wav", b"precious")
        Library.open(folder).close()
        killed = killed_at(step, lambda: Library.open(folder).add(origin, new("Intro"), move=move), MOVERS)
        names = survivors(folder, origin, b"precious")
        assert names in ([], ["Intro"])
        if not killed:
            assert names == ["Intro"]
            assert origin.exists() is not move
        return killed

    assert every_step(run, full) > 40


@pytest.mark.long
@pytest.mark.parametrize("full", FULL)
def test_a_rename(tmp_path: Path, full: bool) -> None:
    def run(step: int) -> bool:
        folder = tmp_path / f"library{step}"
        with Library.open(folder) as library:
            asset = library.add(some_file(tmp_path / "f.wav", b"precious"), new("Intro"))
        killed = killed_at(step, lambda: Library.open(folder).rename(asset.id, "Outro"), MOVERS)
        names = survivors(folder, None, b"precious")
        assert names in (["Intro"], ["Outro"])
        return killed

    assert every_step(run, full) > 40


@pytest.mark.long
@pytest.mark.parametrize("full", FULL)
def test_a_relink(tmp_path: Path, full: bool) -> None:
    def run(step: int) -> bool:
        folder, found = tmp_path / f"library{step}", some_file(tmp_path / f"{step}.wav", b"precious")
        with Library.open(folder) as library:
            asset = library.add(found, new("Intro"), move=False)
            asset.path.unlink()
        killed = killed_at(step, lambda: Library.open(folder).relink(asset.id, found), MOVERS)
        with Library.open(folder) as library:
            assert found.read_bytes() == b"precious"
            assert [file for file in library.media.iterdir() if file.name.startswith(".")] == []
            if not library.check_files().missing:
                assert library.get(asset.id).path.read_bytes() == b"precious"
            library.relink(asset.id, found)
            assert library.get(asset.id).path.read_bytes() == b"precious"
        return killed

    assert every_step(run, full) > 40
