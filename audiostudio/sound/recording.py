"""A microphone. It is listened to by another process, which a busy window cannot disturb."""

import contextlib
import math
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound import recording_process as child
from audiostudio.sound.recording_input import Input, PortAudioInput

_WINDOW_SECONDS = 5.0
_ENDED = child.Trouble("The process that listens to the microphone ended unexpectedly.", "Choose the microphone again.")


class Microphone:
    """Calls back from a thread of its own. `open` begins; `close` ends everything.

    `heard(samples)`: mono float32 (n,), in order, none left out, at the rate that `told` gave before.
    `told(report)`: `Devices`, then `Opened` or `Trouble`; `Trouble` also later, when the device goes away.
    """

    def __init__(
        self,
        heard: Callable[[NDArray[np.float32]], None],
        told: Callable[[child.Report], None],
        make_input: Callable[[], Input] = PortAudioInput,
    ) -> None:
        """`make_input` is called in the process that listens; it must be picklable."""
        self._heard, self._told, self._make_input = heard, told, make_input
        self._pipe: Connection | None = None
        self._process: multiprocessing.context.SpawnProcess | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        self._lost = False
        """Its process ended by itself."""
        self._rate = 1
        self.heard_samples = 0
        """Since the device was opened."""
        self.since: float | None = None
        """`time.monotonic()` when the first of these was said; None before any was."""
        self._window = 0
        """Where the last seconds began, …"""
        self._before = self._lately = math.inf
        """… and what was found before and in them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, device: str | None = None) -> None:
        """Listen to a device, None: the usual one. Does not wait; again for another device."""
        if self._lost:
            self.close()
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        with contextlib.suppress(OSError):  # it died: the thread tells
            self._pipe.send(child.Open(device))

    def close(self) -> None:
        """Let the device go; nothing is called back afterwards."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        thread, self._thread = self._thread, None
        if process is None or pipe is None or thread is None:
            return
        self._closing = True
        process.terminate()
        process.join(2.0)
        if process.exitcode is None:
            process.kill()
            process.join()
        thread.join()
        pipe.close()
        process.close()
        self._closing = self._lost = False

    def _time(self, at: float) -> None:
        """Some pieces come late, none early: the earliest of the last seconds tells best. No two clocks run alike,
        so that what was long ago tells nothing."""
        begun = at - self.heard_samples / self._rate
        if self.heard_samples - self._window > _WINDOW_SECONDS * self._rate:
            self._window, self._before, self._lately = self.heard_samples, self._lately, begun
        self._lately = min(self._lately, begun)
        self.since = min(self._before, self._lately)

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=child.run, args=(theirs, self._make_input), name="audiostudio-microphone", daemon=True
        )
        self._process.start()
        theirs.close()
        self._thread = threading.Thread(target=self._read, args=(self._pipe,), name="microphone", daemon=True)
        self._thread.start()

    def _read(self, pipe: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                report: child.Report = pipe.recv()
                if isinstance(report, child.Heard):
                    samples = np.frombuffer(report.data, "<f4").astype(np.float32)
                    self._time(report.at)
                    self._heard(samples)
                    self.heard_samples += len(samples)
                else:
                    if isinstance(report, child.Opened):
                        self.heard_samples, self.since, self._rate = 0, None, report.sample_rate
                        self._window, self._before, self._lately = 0, math.inf, math.inf
                    self._told(report)
        if not self._closing:
            self._lost = True
            self._told(_ENDED)
