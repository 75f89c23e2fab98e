"""The process that listens to the microphone, so that no busy window ever loses a sample.

It is spawned by `recording.Microphone`, knows no window, and ends when the other side of its pipe does.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import stand_apart
from audiostudio.sound.portaudio import RATE
from audiostudio.sound.recording_input import LOST, LOST_HINT, Input

LOOK_SECONDS = 0.25
"""Between two looks whether the device is still there."""


@dataclass(frozen=True, slots=True)
class Open:
    """Begin to listen. None: the system's usual device."""

    device: str | None


@dataclass(frozen=True, slots=True)
class Devices:
    """The names of what one can record with, the usual one first."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Mono samples as little-endian float32."""

    data: bytes
    at: float
    """`time.monotonic()` when the first of them was said, as well as the device knows."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is heard any more."""

    sentence: str
    hint: str


Report: TypeAlias = Devices | Opened | Heard | Trouble


def run(pipe: Connection, make_input: Callable[[], Input]) -> None:
    """The body of the process."""
    stand_apart()
    reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(pipe, reports), name="sender", daemon=True)
    sender.start()
    device = make_input()
    try:
        with contextlib.suppress(EOFError, OSError):
            _serve(pipe, device, reports)
    finally:
        device.close()
        reports.put(None)
        sender.join(1.0)


def _serve(pipe: Connection, device: Input, reports: "queue.SimpleQueue[Report | None]") -> None:
    rate = RATE

    def push(samples: NDArray[np.float32], age: float | None = None) -> None:
        begun = time.monotonic() - (len(samples) / rate if age is None else age)
        reports.put(Heard(np.ascontiguousarray(samples, "<f4").tobytes(), begun))

    while True:
        if not pipe.poll(LOOK_SECONDS):
            if device.lost:
                device.close()
                reports.put(Trouble(LOST, LOST_HINT))
            continue
        asked: Open = pipe.recv()
        device.close()
        try:
            reports.put(Devices(tuple(device.devices())))
            rate = device.open(push, asked.device)
            reports.put(Opened(rate))
        except DeviceError as error:
            reports.put(Trouble(error.sentence, error.hint))


def _send(pipe: Connection, reports: "queue.SimpleQueue[Report | None]") -> None:
    with contextlib.suppress(OSError):
        while (report := reports.get()) is not None:
            pipe.send(report)
