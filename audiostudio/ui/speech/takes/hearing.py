"""Hearing takes: one alone, or two in turns at the same place and equally loud."""

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from audiostudio.errors import MediaError, StorageError
from audiostudio.timeline.project import Take
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.voiceover import RATE, TakeFiles

OWNER = "takes"
REMEMBERED = 600 * RATE
"""Samples of takes that are kept for comparing."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    take: Take
    samples: NDArray[np.float32]
    """Mono, shape (n,), at `RATE`."""
    loudness: float
    """LUFS; -inf for silence."""


class Hearing(QObject):
    changed = Signal()
    """Another take is heard, or none."""
    moved = Signal(float)
    """Seconds of the take that is heard."""
    lost = Signal(object)
    """A `Take` whose file is gone."""

    def __init__(self, listening: Listening, background: Background, files: TakeFiles, parent: QObject) -> None:
        super().__init__(parent)
        self._listening, self._background, self._files = listening, background, files
        self._kept: OrderedDict[str, Sound] = OrderedDict()
        self._pair: tuple[Take, Take] | None = None
        self._now: Take | None = None
        self._wanted: Take | None = None
        listening.moved.connect(self._moved)
        listening.changed.connect(self.changed)

    @property
    def playing(self) -> Take | None:
        """The take that is heard."""
        return self._now if self._listening.plays(OWNER) else None

    @property
    def pair(self) -> tuple[Take, Take] | None:
        """The two that are compared."""
        return self._pair

    @property
    def heard(self) -> Take | None:
        """Of the pair, the one whose turn it is."""
        return self._now

    def toggle(self, take: Take) -> None:
        """Hear one take alone; when it is heard already: stop."""
        if self.playing is take:
            self.stop()
            return
        self._pair = None
        self._begin(take, 0.0)

    def compare(self, first: Take, second: Take) -> None:
        """Begin with the first; `flip` goes to the other."""
        self._pair = (first, second)
        self._begin(first, 0.0)

    def flip(self) -> None:
        """Go on with the other take of the pair at the same word, or begin there when all is silent."""
        if self._pair is None or self._now is None:
            return
        first, second = self._pair
        other = second if self._now.id == first.id else first
        here = self._listening.position if self._listening.plays(OWNER) else 0.0
        self._begin(other, same_place(self._now, other, here))

    def stop(self) -> None:
        self._wanted = None
        self._pair = None
        self._listening.release(OWNER)
        self.changed.emit()

    def close(self) -> None:
        self.stop()
        self._listening.moved.disconnect(self._moved)
        self._listening.changed.disconnect(self.changed)

    def _begin(self, take: Take, seconds: float) -> None:
        self._wanted = take
        wanted = self._pair or (take,)
        missing = [one for one in wanted if one.id not in self._kept]
        if not missing:
            self._play(take, seconds)
            return
        paths = [(one, self._files.path(one)) for one in missing]

        def read(found: list[Sound | Take]) -> None:
            for one in found:
                if isinstance(one, Sound):
                    self._keep(one)
                elif one is take:
                    self._wanted = None
                    self.lost.emit(one)
            if self._wanted is take and take.id in self._kept:
                self._play(take, seconds)

        self._background.run(lambda: [_read(one, path) for one, path in paths], read)

    def _keep(self, sound: Sound) -> None:
        self._kept[sound.take.id] = sound
        needed = {take.id for take in self._pair or ()} | {sound.take.id}
        while sum(len(one.samples) for one in self._kept.values()) > REMEMBERED:
            old = next((name for name in self._kept if name not in needed), None)
            if old is None:
                break
            del self._kept[old]

    def _play(self, take: Take, seconds: float) -> None:
        sound = self._kept[take.id]
        samples = sound.samples
        if self._pair is not None:
            loudest = [self._kept[one.id].loudness for one in self._pair if one.id in self._kept]
            samples = samples * np.float32(gain(sound.loudness, loudest))
        self._now, self._wanted = take, None
        self._listening.load(OWNER, samples, RATE, complete=True)
        self._listening.play(seconds)
        self.changed.emit()

    def _moved(self, seconds: float) -> None:
        if self._listening.owner == OWNER:
            self.moved.emit(seconds)


def gain(loudness: float, among: list[float]) -> float:
    """The factor that makes a sound as loud as the quietest of these: turned down only, so that nothing clips."""
    heard = [one for one in among if np.isfinite(one)]
    if not heard or not np.isfinite(loudness):
        return 1.0
    return float(10 ** (min(0.0, min(heard) - loudness) / 20))


def same_place(take: Take, other: Take, seconds: float) -> float:
    """Where in `other` is said what `take` says at `seconds`: by words where both have the same, else as far on."""
    length = max(take.seconds, 1e-9)
    ours, theirs = _edges(take), _edges(other)
    if len(ours) == len(theirs) and [one.text for one in take.words] == [one.text for one in other.words]:
        number = min(max(1, bisect_right(ours, seconds)), len(ours) - 1)
        start, end = ours[number - 1], ours[number]
        share = (seconds - start) / (end - start) if end > start else 0.0
        return min(other.seconds, theirs[number - 1] + share * (theirs[number] - theirs[number - 1]))
    return min(other.seconds, seconds / length * other.seconds)


def _edges(take: Take) -> list[float]:
    return [0.0, *(word.start / take.sample_rate for word in take.words), take.seconds]


def _read(take: Take, path: Path) -> Sound | Take:
    """The take itself when its file is gone or damaged."""
    from audiostudio.sound.files import decode
    from audiostudio.sound.loudness import measure

    try:
        pieces = list(decode(path, RATE, mono=True))
    except (MediaError, StorageError):
        return take
    samples = np.concatenate([piece[0] for piece in pieces]) if pieces else np.zeros(1, np.float32)
    return Sound(take, samples, measure(iter(pieces), RATE).integrated)
