"""Listening to one asset at a time. A worker decodes it; what it sends is played while the rest still comes."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.library.model import Asset
from audiostudio.operations.looks import LONGEST
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.desk import Desk

_TICK_MS = 40


class Audition(QObject):
    """The asset that is held, whether it plays and where it stands."""

    changed = Signal(object, object)
    """Another asset is held, or it was started or stopped: the one before and the one now (or None)."""
    moved = Signal(object)
    """The asset whose playhead moved."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asset: Asset | None = None
        self._watcher: JobWatcher | None = None
        self._sound = 0
        self._rate = 0
        self._channels = 1
        self._number = 0
        """Of the asset that is held: what comes for another one comes too late."""
        self._wanted = False
        """Whether it is to play as soon as the first of it is there."""
        self._start = 0.0
        self._complained = False
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._look)

    @property
    def asset(self) -> Asset | None:
        return self._asset

    @property
    def position(self) -> float:
        """Seconds."""
        if not self._rate:
            return self._start
        return self._desk.player.position / self._rate if self._ours else 0.0

    @property
    def busy(self) -> bool:
        """Whether the first of the sound is still awaited."""
        return self._wanted and not self._rate

    def holds(self, asset: Asset) -> bool:
        return self._asset is not None and self._asset.id == asset.id

    def playing(self, asset: Asset) -> bool:
        return self.holds(asset) and self._wanted

    def share(self, asset: Asset) -> float:
        """How much of an asset has been heard, 0…1."""
        if not self.holds(asset) or not asset.duration:
            return 0.0
        return min(1.0, self.position / asset.duration)

    def toggle(self, asset: Asset) -> None:
        """Play it, or pause it if it plays."""
        if not self.holds(asset) or not (self._ours or self.busy):
            self._begin(asset)
        elif self._wanted:
            self._pause()
        else:
            self._desk.player.play()
            self._set_wanted(True)

    def renew(self, asset: Asset) -> None:
        """What has become of the asset that is held: another name, another place of its file."""
        if self.holds(asset) and asset != self._asset:
            self._asset = asset
            self.changed.emit(asset, asset)

    def seek(self, seconds: float) -> None:
        if self._asset is not None and self._ours:
            self._desk.player.seek(round(seconds * self._rate))
            self.moved.emit(self._asset)
        else:
            self._start = seconds

    def stop(self) -> None:
        """Let go of it."""
        before = self._asset
        if before is None:
            return
        if self._ours:
            self._desk.player.stop()
        self._let_go()
        self.changed.emit(before, None)

    def close(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        self._tick.stop()

    @property
    def _ours(self) -> bool:
        """Whether the player still has what it was given here."""
        return self._sound != 0 and self._desk.player.sound == self._sound

    def _begin(self, asset: Asset) -> None:
        before = self._asset
        if self._ours:
            self._desk.player.pause()
        self._let_go()
        self._asset, self._wanted = asset, True
        title = self.tr("Listen to “{name}”").replace("{name}", asset.name)
        number = self._number
        self._watcher = self._desk.jobs.submit(Job("library.listen", {"path": str(asset.path)}, title, priority=1))
        self._watcher.partial.connect(lambda partial: self._came(number, partial))
        self._watcher.finished.connect(lambda outcome: self._ended(number, outcome))
        self._watcher.changed.connect(self._forget)
        self._tick.start()
        self.changed.emit(before, asset)

    def _let_go(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        self._number += 1
        self._asset, self._watcher, self._sound, self._rate = None, None, 0, 0
        self._wanted, self._start = False, 0.0
        self._tick.stop()

    def _came(self, number: int, partial: Partial) -> None:
        if number != self._number:
            return
        player, audio = self._desk.player, np.ascontiguousarray(partial.arrays["audio"])
        if not self._rate:
            self._rate, self._channels = partial.data["sample_rate"], audio.shape[0]
            self._sound = player.load(audio, self._rate, complete=False)
            if self._wanted:
                player.play(round(self._start * self._rate))
        elif self._ours:
            player.append(audio, complete=False)

    def _ended(self, number: int, outcome: Outcome) -> None:
        if number != self._number:
            return
        self._watcher = None
        if not self._rate:
            self.stop()
            return
        if outcome.result is not None and outcome.result["cut"]:
            minutes = str(round(LONGEST / 60))
            self._desk.messages.say(self.tr("Here you hear its first {n} minutes.").replace("{n}", minutes))
        if self._ours:
            self._desk.player.append(np.zeros((self._channels, 0), np.float32))

    def _forget(self, watcher: JobWatcher) -> None:
        if watcher.done:
            self._desk.jobs.forget(watcher)

    def _pause(self) -> None:
        if self._ours:
            self._desk.player.pause()
        self._set_wanted(False)

    def _set_wanted(self, on: bool) -> None:
        self._wanted = on
        self._tick.start() if on else self._tick.stop()
        self.changed.emit(self._asset, self._asset)

    def _look(self) -> None:
        if self._asset is None or not self._rate:
            return
        player = self._desk.player
        if not self._ours:  # somebody else plays now
            self.stop()
            return
        state = player.state
        if state == "unavailable":
            self._complain(player.problem or self.tr("Nothing can be played here."))
        elif state in ("ended", "stopped") and self._wanted:
            self._set_wanted(False)
        self.moved.emit(self._asset)

    def _complain(self, problem: str) -> None:
        if not self._complained:
            self._complained = True
            self._desk.messages.say(problem, tone="warning")
        self._set_wanted(False)
