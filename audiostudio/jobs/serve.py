"""The child side of a worker process: runs the jobs it is sent, one after the other, and sends their events back."""

import contextlib
import ctypes
import faulthandler
import os
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from audiostudio.jobs.body import run_body
from audiostudio.jobs.failure import Bug, Cancelled
from audiostudio.jobs.job import JobState, JsonObject, Outcome, Partial
from audiostudio.jobs.operation import Operation
from audiostudio.jobs.protocol import Frame, ProtocolError, event_frame, read_frame, write_frame

EXIT_MEMORY: Final = 71
"""The exit code of a worker that ran out of memory."""
ASK: Final = "ask"
"""The kind of the `Partial` by which a running job asks for something."""
Ask: TypeAlias = Callable[[JsonObject], Frame]
"""Asks whoever submitted the running job and waits for the answer, which `Handle.send` gives: its `data` and arrays.
From any thread. Raises `Cancelled` when the job was cancelled."""
NICENESS: Final = 5
"""Of a worker for whose result nobody sits waiting."""


class _Terminated(BaseException):
    """SIGTERM: unwinds whatever runs, so that its clean-up happens."""


def serve(
    operations: Callable[[], Mapping[str, Operation]],
    context: Callable[[Ask], Any],
    memory: int | None = None,
    *,
    background: bool = False,
) -> NoReturn:
    """Serve the studio at the other end of stdin and stdout until it closes them, then end the process.

    Must be called from the main thread. `operations()` is called at once, after the pipes were made safe from prints;
    `context(ask)` when the first job comes. `memory`: the most bytes of address space this process may use (POSIX).
    `background`: the window, and what is heard, go first where the processor is short.
    """
    requests, replies = _take_pipes()
    _die_with_parent()
    if background:
        give_way()
    if memory is not None:
        _limit_memory(memory)
    faulthandler.enable()
    signal.signal(signal.SIGTERM, _terminate)
    code = 1
    try:
        _Server(requests, replies, context).run(operations)
    except _Terminated:
        code = 128 + signal.SIGTERM
    except MemoryError:
        code = EXIT_MEMORY
        traceback.print_exc()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    except BrokenPipeError:
        code = 0
    except BaseException:  # noqa: BLE001 - the top of the process
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


class _Server:
    def __init__(self, requests: BufferedReader, replies: BufferedWriter, context: Callable[[Ask], Any]) -> None:
        self._requests = requests
        self._replies = replies
        self._replying = threading.Lock()
        self._make_context = context
        self._context: list[Any] = []
        self._runs: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._job = ""
        self._cancelled = ""

    def run(self, operations: Callable[[], Mapping[str, Operation]]) -> NoReturn:
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self._reply(Frame("ready", {"pid": os.getpid()}))
        known = operations()
        while True:
            frame = self._runs.get()
            self._job = job = frame.data["job"]
            self._reply(Frame("started", {"job": job}))
            self._answer(job, self._outcome(job, known, frame))

    def _outcome(self, job: str, known: Mapping[str, Operation], frame: Frame) -> Outcome:
        operation = known.get(frame.data["operation"])
        if operation is None:
            return Outcome(JobState.FAILED, error=Bug(f"the worker does not know “{frame.data['operation']}”"))
        return run_body(
            operation.body,
            self._built_context,
            frame.data["request"],
            lambda: self._cancelled == job,
            lambda event: self._reply(event_frame(job, event)),
        )

    def _ask(self, data: JsonObject) -> Frame:
        with self._asking:
            job = self._job
            self._reply(event_frame(job, Partial(ASK, data)))
            while True:
                answer = self._answers.get()
                if answer.data["job"] == job:
                    if answer.kind == "cancel":
                        raise Cancelled(job)
                    return Frame("input", answer.data["data"], answer.arrays)

    def _reply(self, frame: Frame) -> None:
        with self._replying:
            write_frame(self._replies, frame)

    def _answer(self, job: str, outcome: Outcome) -> None:
        try:
            self._reply(event_frame(job, outcome))
        except ProtocolError as error:
            self._reply(event_frame(job, Outcome(JobState.FAILED, error=Bug.of(error))))

    def _built_context(self) -> Any:
        if not self._context:
            self._context.append(self._make_context(self._ask))
        return self._context[0]

    def _listen(self) -> None:
        """Take requests in; when the studio is gone there is nobody to work for."""
        code = 0
        try:
            while (frame := read_frame(self._requests)) is not None:
                if frame.kind == "run":
                    self._runs.put(frame)
                elif frame.kind == "cancel":
                    self._cancelled = frame.data["job"]
                    self._answers.put(frame)
                elif frame.kind == "input":
                    self._answers.put(frame)
        except MemoryError:
            code = EXIT_MEMORY
        except ProtocolError:
            code = 1
            traceback.print_exc()
        finally:
            os._exit(code)


def _take_pipes() -> tuple[BufferedReader, BufferedWriter]:
    """The pipes to the studio under new numbers. What is printed, from Python or C, goes to stderr from now on."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def _die_with_parent() -> None:
    """Have the system kill this process when the studio dies, even while C code holds the interpreter's lock."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def give_way() -> None:
    """Take the processor when others do not need it."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), subprocess.BELOW_NORMAL_PRIORITY_CLASS)
        return
    os.nice(NICENESS)
    # Linux shares the processor among sessions first, and a worker has one of its own.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def _limit_memory(limit: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _terminate(_signal: int, _frame: object) -> None:
    raise _Terminated
