"""Previews: speech straight to the ear, as it is made. The outline of what was heard is kept for the voice's card."""

import hashlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome, Partial
from audiostudio.timeline.project import TakeWord
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.listening import Listening

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks
    from audiostudio.ui.desk import Desk

REMEMBERED = 24
LONGEST = 60
"""Seconds of a preview that is remembered."""


@dataclass(slots=True, eq=False)
class Preview:
    """Speech on its way to the ear."""

    key: str
    """What asked for it: a voice's id, `script`, …"""
    request: JsonObject
    """Of its operation."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Line id → its number, of the lines that are read along; empty when it is not read along."""
    operation: str = "speech.preview"
    """Whatever yields partials `sound`."""
    outlined: bool = False
    """Whether its outline is kept, for the voice whose id is the key."""
    pieces: list[NDArray[np.float32]] = field(default_factory=list)
    words: list[tuple[str | None, TakeWord]] = field(default_factory=list)
    """With the id of their line."""
    rate: int = 0
    whole: bool = False

    @property
    def text(self) -> str:
        lines = self.request.get("lines", [self.request])
        return "\n".join(line.get("text", "") for line in lines)

    @property
    def recipe(self) -> str:
        return f"{self.operation} {self.request!r}"

    @property
    def samples(self) -> int:
        return sum(map(len, self.pieces))

    def word_at(self, sample: int) -> tuple[int, int, str] | None:
        """Line number, place in the line and the word that sounds at a sample; None between words."""
        number = bisect_right(self.words, sample, key=lambda one: one[1].start) - 1
        if number < 0 or sample >= self.words[number][1].end:
            return None
        line, word = self.words[number]
        texts = {one["line"]: one["text"] for one in self.request.get("lines", ())}
        if line is None or line not in self.numbers:
            return None
        return self.numbers[line], word.source_start, texts[line][word.source_start : word.source_end]


class Previews(QObject):
    """At most one preview at a time."""

    changed = Signal(str, str)
    """A key, and `busy` (not heard yet), `playing` or `idle`."""
    outlined = Signal(str, object)
    """A voice's id and the `Peaks` of what it said last."""
    word_said = Signal(object)
    """(line number, source start, the word there) of the script, or None."""

    def __init__(
        self, desk: "Desk", listening: Listening, background: Background, folder: Path, parent: QObject
    ) -> None:
        """`folder`: where outlines are kept."""
        super().__init__(parent)
        self.agree: Callable[[Preview], bool] = lambda _preview: True
        """Asked before something is made: what it costs, say."""
        self._desk, self._listening, self._background, self._folder = desk, listening, background, folder
        self._now: Preview | None = None
        self._watcher: JobWatcher | None = None
        self._kept: OrderedDict[str, Preview] = OrderedDict()
        listening.moved.connect(self._moved)
        listening.changed.connect(self._listening_changed)

    @property
    def key(self) -> str | None:
        """Of the preview that is on."""
        return self._now.key if self._now is not None else None

    def warm(self, request: JsonObject) -> None:
        """Have ready what speaks this `Delivery` and what plays it. Nobody asked for that: what keeps them from it is
        told by a preview."""
        self._desk.player.warm()
        with suppress(StudioError):
            self._desk.jobs.submit(Job("speech.warm", request, self.tr("Preview"), -10)).told = True

    def toggle(self, preview: Preview) -> None:
        """Speak it; when it is just that which is spoken, stop."""
        if self.key == preview.key:
            self.stop()
        else:
            self.start(preview)

    def start(self, preview: Preview) -> None:
        self.stop()
        kept = self._kept.get(preview.recipe)
        if kept is not None:
            preview.pieces, preview.words, preview.rate, preview.whole = kept.pieces, kept.words, kept.rate, True
        if preview.whole:
            self._listening.load(preview, np.concatenate(preview.pieces), preview.rate, complete=True)
            self._listening.play(0)
            self._now = preview
            self.changed.emit(preview.key, "playing")
            return
        if not self.agree(preview):
            return
        self._now = preview
        self.changed.emit(preview.key, "busy")
        try:
            title = self.tr("Preview")
            watcher = self._desk.jobs.submit(Job(preview.operation, preview.request, title, 10))
        except StudioError as error:
            self._desk.messages.error(error)
            self.stop()
            return
        self._watcher = watcher
        watcher.partial.connect(self._came)
        watcher.finished.connect(self._finished)

    def stop(self) -> None:
        """Fall silent and let the engine rest."""
        preview, self._now = self._now, None
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.partial.disconnect(self._came)
            watcher.finished.disconnect(self._finished)
            watcher.cancel()
        if preview is not None:
            self._listening.release(preview)
            self.word_said.emit(None)
            self.changed.emit(preview.key, "idle")

    def recall(self, voice: str, then: Callable[["Peaks"], None]) -> None:
        """The outline of what the voice said last, if it ever did on this computer."""
        path = self._outline(voice)

        def read() -> "Peaks | None":
            from audiostudio.sound.peaks import Peaks

            return Peaks.load(path) if path.is_file() else None

        self._background.run(read, lambda peaks: then(peaks) if peaks is not None else None)

    def _outline(self, voice: str) -> Path:
        return self._folder / f"{hashlib.sha256(voice.encode()).hexdigest()[:24]}.peaks"

    def _came(self, partial: Partial) -> None:
        preview = self._now
        if preview is None or partial.kind != "sound":
            return
        audio = np.asarray(partial.arrays["audio"], np.float32)
        audio = audio.mean(axis=0) if audio.ndim == 2 else audio
        first = not preview.pieces
        preview.pieces.append(audio)
        preview.words += [(partial.data.get("line"), TakeWord(*word)) for word in partial.data.get("words", ())]
        preview.rate = partial.data["sample_rate"]
        if first:
            self._listening.load(preview, audio, preview.rate, complete=False)
            self._listening.play(0)
            self.changed.emit(preview.key, "playing")
        elif self._listening.owner == preview:
            self._listening.append(preview, audio, complete=False)
        else:
            self.stop()

    def _finished(self, outcome: Outcome) -> None:
        preview, self._watcher = self._now, None
        if preview is None:
            return
        if outcome.state is not JobState.DONE or not preview.pieces:
            self.stop()
            return
        preview.whole = True
        self._listening.append(preview, np.zeros(0, np.float32), complete=True)
        if preview.samples <= LONGEST * preview.rate:
            self._kept[preview.recipe] = preview
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        if preview.outlined:
            self._keep_outline(preview)
        if not self._listening.plays(preview):  # nothing can be heard on this computer
            self.stop()

    def _keep_outline(self, preview: Preview) -> None:
        path, pieces, rate, voice = self._outline(preview.key), list(preview.pieces), preview.rate, preview.key

        def make() -> "Peaks":
            from audiostudio.sound.peaks import PeakBuilder

            builder = PeakBuilder(rate)
            for piece in pieces:
                builder.push(piece)
            peaks = builder.peaks()
            peaks.save(path)
            return peaks

        self._background.run(make, lambda peaks: self.outlined.emit(voice, peaks))

    def _moved(self, seconds: float) -> None:
        preview = self._now
        if preview is not None and preview.numbers and self._listening.owner == preview:
            self.word_said.emit(preview.word_at(int(seconds * preview.rate)))

    def _listening_changed(self) -> None:
        preview = self._now
        if preview is None or not preview.pieces or self._listening.plays(preview):
            return
        if preview.whole or self._listening.owner is not preview:
            self.stop()
