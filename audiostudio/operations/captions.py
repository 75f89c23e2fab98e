"""Captions beside a sound file, in every format that was asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from audiostudio.files import new_file
from audiostudio.script.captions import CAPTION_WRITERS, CaptionWord, cues


def caption_paths(output: Path, kinds: Iterable[str]) -> dict[str, Path]:
    """Where the captions of `output` lie: beside it, with its stem."""
    return {kind: output.with_suffix(f".{kind}") for kind in kinds}


@contextmanager
def caption_files(paths: dict[str, Path]) -> Iterator[Callable[[Sequence[CaptionWord], float], None]]:
    """A function that writes words, and the sound's length in seconds, as captions. Whole, at the end."""
    with ExitStack() as files:
        halves = {kind: files.enter_context(new_file(path)) for kind, path in paths.items()}

        def write(words: Sequence[CaptionWord], length: float) -> None:
            lines = cues(words, length) if halves else []
            for kind, half in halves.items():
                half.write_text(CAPTION_WRITERS[kind](lines), encoding="utf-8", errors="replace")

        yield write
