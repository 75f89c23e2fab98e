"""Captions of the voiceover as it is now. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import NotFound
from audiostudio.files import new_file
from audiostudio.operations.aligning import spread
from audiostudio.script.captions import CAPTION_WRITERS, NAMES_IN_TEXT, CaptionWord, Cue, cues, lrc
from audiostudio.ui.speech.voiceover import RATE, Placed

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


@dataclass(frozen=True, slots=True)
class Layouts:
    """The captions of one voiceover, laid out for every kind of file."""

    plain: list[Cue]
    named: list[Cue] | None = None
    """With names in the text; None: no two speak."""

    def cues(self, kind: str, names: bool) -> list[Cue]:
        """`names`: with who speaks."""
        if not names or self.named is None:
            return [replace(cue, speaker="") for cue in self.plain]
        return self.named if kind in NAMES_IN_TEXT else self.plain


def layouts(words: list[CaptionWord], seconds: float) -> Layouts:
    several = len({word.speaker for word in words}) > 1
    return Layouts(cues(words, seconds), cues(words, seconds, names=True) if several else None)


def caption_words(studio: "Studio", places: Iterable[Placed], speakers: Mapping[str, str]) -> list[CaptionWord]:
    """The words of takes with their times. `speakers`: line id → who says it.

    Of recorded takes those that were found in the sound, else spread over it.
    """
    found: list[CaptionWord] = []
    for place in places:
        take = place.take
        start, rate = place.start / RATE, take.sample_rate
        timed = [(word.text, word.start, word.end) for word in take.words] or _looked_up(studio, place)
        speaker = speakers.get(take.line, "")
        found += [
            CaptionWord(text, start + first / rate, start + last / rate, speaker, begins=number == 0)
            for number, (text, first, last) in enumerate(timed)
        ]
    return found


def without_words(studio: "Studio", places: Iterable[Placed]) -> list[str]:
    """Ids of the lines whose take tells nothing of its words, and in which nobody looked for them yet."""
    return [place.take.line for place in places if not place.take.words and not _kept(studio, place)]


def written(cues: list[Cue], kind: str, word_times: bool) -> str:
    """The captions as a file of that kind."""
    writer = partial(lrc, word_times=True) if kind == "lrc" and word_times else CAPTION_WRITERS[kind]
    return writer(cues)


def save(text: str, path: Path) -> Path:
    """Whole or not at all. Raises `StorageError`."""
    with new_file(path) as half:
        half.write_text(text, encoding="utf-8", errors="replace")
    return path


def _kept(studio: "Studio", place: Placed) -> list[list]:
    try:
        kept: list[list] = studio.library.get(place.take.asset.id).detail.get("words") or []
    except NotFound:
        return []
    return kept


def _looked_up(studio: "Studio", place: Placed) -> list[tuple[str, int, int]]:
    words = _kept(studio, place) or spread(place.text, place.take.samples)
    return [(text, start, end) for text, _, _, start, end in words]
