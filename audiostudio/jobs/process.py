"""One worker process, seen from the studio: frames in, frames out, how it ended."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from io import BufferedReader, BufferedWriter
from typing import Final

from audiostudio.errors import WorkerDied
from audiostudio.jobs.protocol import Frame, ProtocolError, read_frame, write_frame

MAX_WAITING: Final = 32 * 2**20
"""Bytes of arrays that wait to be taken before the worker is held back (one frame always may)."""
MAX_STDERR: Final = 2**16
"""Bytes."""
if sys.platform == "win32":
    NO_WINDOW: Final = subprocess.CREATE_NO_WINDOW
else:
    NO_WINDOW: Final = 0


class WorkerProcess:
    """Spawns `command`, which must end in `serve`. Raises `WorkerDied` when it cannot be started.

    Used by one thread; only `wake` and `kill` may be called from others.
    """

    def __init__(self, command: Sequence[str], name: str) -> None:
        self.name = name
        self.ready = False
        """Whether it said that it takes jobs."""
        self.fault: ProtocolError | None = None
        self._changed = threading.Condition()
        self._frames: deque[Frame] = deque()
        self._woken = False
        self._ended = False
        self._closing = False
        self._stderr = bytearray()
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in a terminal is for the studio, which then cancels
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            raise WorkerDied(
                f"The worker could not be started: {error.strerror} ({command[0]}).", "Install Audio Studio again."
            ) from error
        self._requests, self._replies, self._errors = _pipes(self._process)
        self._threads = [
            threading.Thread(target=self._read_frames, name=f"{name}-frames", daemon=True),
            threading.Thread(target=self._read_stderr, name=f"{name}-stderr", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether no frame will come any more."""
        with self._changed:
            return self._ended and not self._frames

    @property
    def stderr(self) -> str:
        """The end of what it wrote to stderr."""
        with self._changed:
            return self._stderr.decode(errors="replace")

    def forget_stderr(self) -> None:
        """What was written so far has nothing to do with what comes."""
        with self._changed:
            self._stderr.clear()

    def send(self, frame: Frame) -> None:
        """Send `frame`; to a process that is gone it is not sent, and `ended` tells."""
        with contextlib.suppress(OSError):
            write_frame(self._requests, frame)

    def receive(self, timeout: float | None) -> Frame | None:
        """The next frame; None after `timeout` seconds, after `wake`, or when it `ended`."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._ended or self._woken, timeout)
            self._woken = False
            if not self._frames:
                return None
            frame = self._frames.popleft()
            self._changed.notify_all()
            return frame

    def wake(self) -> None:
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def terminate(self) -> None:
        """Ask it to clean up and end. (On Windows: kills it.)"""
        self._process.terminate()

    def kill(self) -> None:
        """End it, and what it started, now."""
        if sys.platform == "win32":
            self._process.kill()
        elif self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self, timeout: float = 1.0) -> int | None:
        """Let it end, kill it after `timeout` seconds, and give its exit code: negative for a signal, None when even
        that did not help."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        with contextlib.suppress(OSError):
            self._requests.close()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5.0)
        for thread in self._threads:
            thread.join(2.0)
        return self._process.returncode

    def _read_frames(self) -> None:
        with self._replies:
            try:
                while (frame := read_frame(self._replies)) is not None:
                    self._put(frame)
            except ProtocolError as error:
                self.fault = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _put(self, frame: Frame) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._fits(frame))
            if not self._closing:
                self._frames.append(frame)
                self._changed.notify_all()

    def _fits(self, frame: Frame) -> bool:
        waiting = sum(one.nbytes for one in self._frames)
        return not self._frames or (len(self._frames) < 256 and waiting + frame.nbytes <= MAX_WAITING)

    def _read_stderr(self) -> None:
        with self._errors:
            while piece := self._errors.read1(2**14):
                with self._changed:
                    self._stderr += piece
                    del self._stderr[:-MAX_STDERR]


def _pipes(process: subprocess.Popen[bytes]) -> tuple[BufferedWriter, BufferedReader, BufferedReader]:
    match process.stdin, process.stdout, process.stderr:
        case BufferedWriter() as requests, BufferedReader() as replies, BufferedReader() as errors:
            return requests, replies, errors
    raise TypeError("a worker needs three buffered pipes")
