"""The voiceover that the current takes of a script make: what sounds when. Plain Python."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import MediaError, StorageError
from audiostudio.script.markdown import plain
from audiostudio.timeline.project import LINE_PAUSE, Line, Take, TakeWord
from audiostudio.ui.speech.script import ScriptState, silence, speakable
from audiostudio.ui.widgets import WordMark

if TYPE_CHECKING:
    from audiostudio.sound.peaks import PeakBuilder, Peaks

RATE = 48_000
"""Samples a second of everything here, as of every take."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A take and where it begins."""

    take: Take
    start: int
    text: str
    """The line's."""

    @property
    def samples(self) -> int:
        return self.take.samples * RATE // self.take.sample_rate

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Spot:
    """What sounds at one moment."""

    line: str
    """Its id."""
    word: TakeWord | None
    """None between two words."""
    said: str = ""
    """The word as the line had it when it was spoken."""


class Voiceover:
    """Takes one after the other, with the pauses that `speech.generate` puts between them."""

    def __init__(self, places: Iterable[Placed] = (), missing: int = 0) -> None:
        self.places = tuple(places)
        self.missing = missing
        """Lines that are not in it because they are not made."""
        self.samples = self.places[-1].end if self.places else 0
        self._starts = [place.start for place in self.places]
        self._sounds = [(place.take.id, place.take.asset, place.start) for place in self.places]
        self._start_of_take = {place.take.id: place.start for place in self.places}

    @classmethod
    def of(cls, script: ScriptState) -> "Voiceover":
        """Of the lines that have a current take."""
        places: list[Placed] = []
        missing, at, pause = 0, 0, 0.0
        for line in script.project.script.lines:
            if not speakable(line.text):
                pause += silence(line.text) if places else 0.0
                continue
            take = script.current(line)
            if take is None:
                missing += 1
                continue
            placed = Placed(take, _start(line, at, round(pause * RATE) if places else 0), line.text)
            places.append(placed)
            at = placed.end
            pause = LINE_PAUSE if line.pause_after is None else line.pause_after
        return cls(places, missing)

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def at(self, seconds: float) -> Spot | None:
        """What sounds there; None in a pause between lines."""
        sample = int(seconds * RATE)
        number = bisect_right(self._starts, sample) - 1
        if number < 0 or sample >= self.places[number].end:
            return None
        place = self.places[number]
        within = (sample - place.start) * place.take.sample_rate // RATE
        word = word_at(place.take.words, within)
        return Spot(place.take.line, word, "" if word is None else place.text[word.source_start : word.source_end])

    def moment(self, other: "Voiceover", seconds: float) -> float | None:
        """When that sounds here which sounds in `other` at `seconds`; None where it is not here."""
        sample = int(seconds * RATE)
        number = bisect_right(other._starts, sample) - 1
        start = self._start_of_take.get(other.places[number].take.id) if number >= 0 else None
        return None if start is None else min(self.samples, start + sample - other.places[number].start) / RATE

    def start_of(self, line: str) -> float | None:
        """When the line begins, in seconds."""
        return next((place.start / RATE for place in self.places if place.take.line == line), None)

    def words(self) -> list[WordMark]:
        return [
            WordMark(
                shown(word.text),
                place.start / RATE + word.start / place.take.sample_rate,
                place.start / RATE + word.end / place.take.sample_rate,
            )
            for place in self.places
            for word in place.take.words
        ]

    def goes_on(self, before: "Voiceover") -> bool:
        """Whether this is `before` with something behind it."""
        return bool(before.places) and self._sounds[: len(before.places)] == before._sounds

    def sounds_as(self, other: "Voiceover") -> bool:
        """Whether the same is heard, whatever became known of it: what a check found, when its words sound."""
        return self._sounds == other._sounds


def shown(word: str) -> str:
    """A word without the markup that touches it."""
    return plain(word) if any(one in word for one in "[<*_`") else word


def _start(line: Line, end: int, pause: int) -> int:
    """Where a line begins behind a take that ends at `end`, as `operations.generate` places it."""
    if line.slot is not None:
        return max(end, round(line.slot.start * RATE))
    return end + pause + round(line.pause_before * RATE)


def word_at(words: tuple[TakeWord, ...], sample: int) -> TakeWord | None:
    """The word that sounds at a sample of its take."""
    number = bisect_right(words, sample, key=lambda word: word.start) - 1
    return words[number] if number >= 0 and sample < words[number].end else None


class TakeFiles:
    """Where the sound of takes lies: in the library, or in the project's folder once it was collected there."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders

    def path(self, take: Take) -> Path:
        places = [folder / take.asset.path for folder in self._folders]
        return next((place for place in places if place.is_file()), places[0])


def sound(places: Iterable[Placed], files: TakeFiles, start: int = 0) -> Iterator[NDArray[np.float32]]:
    """Float32 (n,) pieces at `RATE`: from sample `start` of the voiceover to the end of the last place.

    A take whose file is gone or damaged is silent: the result stays usable, and Generate makes it again.
    """
    from audiostudio.sound.files import decode

    at = start
    for place in places:
        if place.start > at:
            yield np.zeros(place.start - at, np.float32)
        at, left = place.start, place.samples
        try:
            for piece in decode(files.path(place.take), RATE, mono=True):
                if left:
                    yield piece[0, :left]
                    left -= min(left, piece.shape[1])
        except (MediaError, StorageError):
            pass
        if left:
            yield np.zeros(left, np.float32)
        at = place.end


class Outline:
    """The peaks of a voiceover, made longer where that is enough. For one thread."""

    def __init__(self, files: TakeFiles) -> None:
        self._files = files
        self._made = Voiceover()
        self._builder: PeakBuilder | None = None

    def of(self, voiceover: Voiceover) -> "Peaks":
        from audiostudio.sound.peaks import PeakBuilder

        done = len(self._made.places) if voiceover.goes_on(self._made) else 0
        if not done or self._builder is None:
            self._builder, done = PeakBuilder(RATE), 0
        for piece in sound(voiceover.places[done:], self._files, voiceover.places[done - 1].end if done else 0):
            self._builder.push(piece)
        self._made = voiceover
        return self._builder.peaks()


def lost(places: Iterable[Placed], files: TakeFiles) -> list[Placed]:
    """Those whose file is gone."""
    return [place for place in places if not files.path(place.take).is_file()]
