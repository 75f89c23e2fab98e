"""From the microphone to the disk, beside the window."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal

from audiostudio.errors import StorageError
from audiostudio.jobs import JsonObject
from audiostudio.operations.takes import RecordingWriter
from audiostudio.sound.recording import Microphone
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.sound.recording_process import Devices, Opened, Report, Trouble
from audiostudio.timeline.project import Line

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio

CLIPPING = 0.999
"""Of full scale: what is louder is cut off."""


class Recorder(QObject):
    """Listens while it is open; writes while it records."""

    devices = Signal(object)
    """The names of the microphones, the usual one first."""
    ready = Signal()
    trouble = Signal(str, str)
    """A sentence and what to do. What was recorded until then is kept."""
    level = Signal(float)
    """The highest sample of the last moment, 0…1."""
    power = Signal(float, float)
    """The mean square of the last moment, and its seconds."""
    _reported = Signal(object)

    def __init__(self, studio: "Studio", parent: QObject, make_input: Callable[[], Input] = PortAudioInput) -> None:
        super().__init__(parent)
        self._studio = studio
        self._microphone = Microphone(self._heard, self._reported.emit, make_input)
        self._lock = threading.Lock()
        self._writer: RecordingWriter | None = None
        self.sample_rate = 0
        """0: nothing is heard."""
        self._before = 0.0
        """Seconds that were heard before what is written."""
        self.clipped = False
        """Whether anything since `start` was at full scale."""
        self._reported.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def recording(self) -> bool:
        return self._writer is not None

    @property
    def since(self) -> float | None:
        """`time.monotonic()` when the first sample of the recording was said; None before that is known."""
        begun = self._microphone.since
        return None if begun is None else begun + self._before

    @property
    def seconds(self) -> float:
        """Recorded so far."""
        writer = self._writer
        return writer.samples / writer.sample_rate if writer is not None else 0.0

    def open(self, device: str | None = None) -> None:
        self.sample_rate = 0
        self._microphone.open(device)

    def start(self, line: Line, project: str, name: str) -> None:
        """Write what is heard from now on. Raises `StorageError`."""
        self.begin({"project": project, "line": line.id, "text": line.text, "name": name})

    def begin(self, about: JsonObject) -> None:
        """As `start`, with what is kept beside the recording. Raises `StorageError`."""
        writer = RecordingWriter(self._studio, self.sample_rate, about)
        with self._lock:
            self.clipped = False
            self._writer = writer
            self._before = self._microphone.heard_samples / self.sample_rate

    def stop(self) -> Path | None:
        """The recording; None when there is nothing in it."""
        writer = self._take()
        if writer is None:
            return None
        writer.close()
        if not writer.samples:
            writer.discard()
            return None
        return writer.path

    def discard(self) -> None:
        writer = self._take()
        if writer is not None:
            writer.discard()

    def close(self) -> None:
        """A recording that nobody stopped stays on the disk."""
        self._microphone.close()
        writer = self._take()
        if writer is not None:
            writer.close()

    def _take(self) -> RecordingWriter | None:
        with self._lock:
            writer, self._writer = self._writer, None
        return writer

    def _heard(self, samples: NDArray[np.float32]) -> None:
        """On the microphone's thread."""
        peak = float(np.abs(samples).max(initial=0.0))
        with self._lock:
            if self._writer is not None:
                self.clipped |= peak >= CLIPPING
                try:
                    self._writer.write(samples)
                except StorageError as error:
                    self._reported.emit(Trouble(error.sentence, error.hint))
        self.level.emit(min(1.0, peak))
        if len(samples) and self.sample_rate:
            self.power.emit(float(np.mean(np.square(samples))), len(samples) / self.sample_rate)

    def _tell(self, report: Report) -> None:
        match report:
            case Devices():
                self.devices.emit(report.names)
            case Opened():
                self.sample_rate = report.sample_rate
                self.ready.emit()
            case Trouble():
                self.sample_rate = 0
                self.trouble.emit(report.sentence, report.hint)
