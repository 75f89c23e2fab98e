"""Listening to one file at a time, by its path. A worker decodes it; it is played while the rest still comes.

sounds.toggle("preset upbeat", path)
sounds.toggle_made("preset upbeat", job)   # plays the file that the job's result names as `path`
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial
from audiostudio.ui.bridge import JobWatcher

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk

_TICK_MS = 40


class Sounds(QObject):
    """What is heard has a key, by which whoever shows it knows it."""

    changed = Signal(str, str)
    """A key, and `busy` (not heard yet), `playing`, `paused` or `idle`."""
    moved = Signal(str, float)
    """A key, and the second that is heard."""

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key, self._state = "", "idle"
        self._watcher: JobWatcher | None = None
        self._number = 0
        """Of the sound that is held: what comes for another one comes too late."""
        self._sound, self._rate, self._channels = 0, 0, 1
        self._start = 0.0
        self._until: float | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._look)

    @property
    def key(self) -> str:
        """Of what is held; empty: nothing."""
        return self._key

    def state(self, key: str) -> str:
        return self._state if key == self._key else "idle"

    @property
    def position(self) -> float:
        """Seconds."""
        return self._desk.player.position / self._rate if self._ours else self._start

    def toggle(self, key: str, path: Path | str) -> None:
        """Play it from its beginning, or pause it where it is, or go on."""
        if key != self._key or self._state == "idle" or (self._rate and not self._ours):
            self.play(key, path)
        elif self._state == "playing":
            self._desk.player.pause()
            self._tell("paused")
        elif self._state == "paused":
            self._desk.player.play()
            self._tell("playing")
            self._tick.start()
        else:
            self.stop()

    def play(self, key: str, path: Path | str, start: float = 0.0, until: float | None = None) -> None:
        """From a second on; `until`: no further than there."""
        self._hold(key, start, until)
        self._listen(str(path))

    def toggle_made(self, key: str, job: Job) -> None:
        """Have it made first, as what cannot be kept ready for all is; while it plays or is made: stop."""
        if key == self._key and self._state != "idle":
            self.stop()
            return
        self._hold(key, 0.0, None)
        self._submit(job, self._made)

    def seek(self, seconds: float) -> None:
        self._until = None
        if self._ours:
            self._desk.player.seek(round(seconds * self._rate))
            self.moved.emit(self._key, seconds)
        else:
            self._start = seconds

    def stop(self) -> None:
        key = self._key
        if self._ours:
            self._desk.player.stop()
        self._let_go()
        if key:
            self.changed.emit(key, "idle")

    def close(self) -> None:
        self.stop()

    @property
    def _ours(self) -> bool:
        """Whether the player still has what it was given here."""
        return self._sound != 0 and self._desk.player.sound == self._sound

    def _hold(self, key: str, start: float, until: float | None) -> None:
        self.stop()
        self._key, self._start, self._until = key, start, until
        self._tell("busy")

    def _let_go(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
        self._number += 1
        self._key, self._state, self._sound, self._rate, self._start, self._until = "", "idle", 0, 0, 0.0, None
        self._tick.stop()

    def _tell(self, state: str) -> None:
        self._state = state
        self.changed.emit(self._key, state)

    def _submit(self, job: Job, ended: object) -> JobWatcher | None:
        number = self._number
        try:
            watcher = self._watcher = self._desk.jobs.submit(job)
        except StudioError as error:
            self._desk.messages.error(error)
            self.stop()
            return None
        watcher.finished.connect(lambda outcome: ended(outcome) if number == self._number else None)
        return watcher

    def _made(self, outcome: Outcome) -> None:
        self._watcher = None
        if outcome.state is JobState.DONE and outcome.result:
            self._listen(outcome.result["path"])
        else:
            self.stop()

    def _listen(self, path: str) -> None:
        title = self.tr("Listen to “{name}”").replace("{name}", Path(path).stem)
        watcher = self._submit(Job("library.listen", {"path": path}, title, priority=1), self._heard_all)
        number = self._number
        if watcher is not None:
            watcher.partial.connect(lambda part: self._came(part) if number == self._number else None)

    def _came(self, part: Partial) -> None:
        player, audio = self._desk.player, np.ascontiguousarray(part.arrays["audio"])
        if not self._rate:
            self._rate, self._channels = part.data["sample_rate"], audio.shape[0]
            self._sound = player.load(audio, self._rate, complete=False)
            player.play(round(self._start * self._rate))
            self._tell("playing")
            self._tick.start()
        elif self._ours:
            player.append(audio, complete=False)

    def _heard_all(self, _outcome: Outcome) -> None:
        self._watcher = None
        if not self._rate:
            self.stop()
        elif self._ours:
            self._desk.player.append(np.zeros((self._channels, 0), np.float32))

    def _look(self) -> None:
        player = self._desk.player
        if not self._ours:  # somebody else plays now
            self.stop()
            return
        state = player.state
        if state == "unavailable":
            self._desk.messages.say(player.problem or self.tr("Nothing can be played here."), tone="warning")
            self.stop()
            return
        position = self.position
        self.moved.emit(self._key, position)
        if (state in ("ended", "stopped") and self._state == "playing") or (self._until and position >= self._until):
            self.stop()
