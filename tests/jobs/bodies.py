"""Operations for the tests, and a worker that serves them when this file is run."""

import argparse
import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from audiostudio.errors import DiskFull
from audiostudio.jobs.job import JsonObject, Partial, Progress
from audiostudio.jobs.operation import Limits, Operation, Place
from audiostudio.jobs.serve import Ask, serve

Events: TypeAlias = Generator[Progress | Partial, None, JsonObject]
FOR_EVER = threading.Event()
_ask: list[Ask] = []


def count(context: Any, request: JsonObject) -> Events:
    """Yields `to` steps."""
    for step in range(request["to"]):
        yield Progress((step + 1) / request["to"], f"step {step + 1}")
    return {"counted": request["to"], "pid": os.getpid(), "context": context, "thread": threading.current_thread().name}


def arrays(context: Any, request: JsonObject) -> Events:
    """Yields `count` partials of `samples` float32 each, filled with their number."""
    for number in range(request["count"]):
        audio = np.full(request["samples"], number, np.float32)
        yield Partial("audio", {"number": number}, {"audio": audio})
    return {}


def wait(context: Any, request: JsonObject) -> Events:
    """Says that it runs, then yields until it is cancelled; its clean-up writes to `request["trace"]`."""
    trace = Path(request["trace"])
    try:
        yield Partial("running", {"pid": os.getpid()})
        while True:
            FOR_EVER.wait(0.001)
            yield Progress(None)
    finally:
        trace.write_text("cleaned up")


def hang(context: Any, request: JsonObject) -> Events:
    """Never yields again; its clean-up writes to `request["trace"]`."""
    try:
        yield Partial("running", {"pid": os.getpid()})
        while True:
            FOR_EVER.wait(60)
    finally:
        Path(request["trace"]).write_text("cleaned up")


def hang_in_c(context: Any, request: JsonObject) -> Events:
    """Never yields again, and never gives up the interpreter's lock."""
    yield Partial("running", {"pid": os.getpid()})
    re.match(r"(a+)+$", "a" * 64 + "b")
    return {}


def ignore(context: Any, request: JsonObject) -> Events:
    """Takes neither the flag nor SIGTERM for an answer."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield Partial("running", {"pid": os.getpid()})
    while True:
        FOR_EVER.wait(60)


def die(context: Any, request: JsonObject) -> Events:
    """Ends the process in the way that `request["how"]` names."""
    yield Partial("running", {"pid": os.getpid()})
    how = request["how"]
    if how == "segfault":
        ctypes.string_at(0)
    elif how == "abort":
        os.abort()
    elif how == "exit":
        print("a last word", file=sys.stderr)
        sys.exit(3)
    elif how == "hard exit":
        os._exit(5)
    elif how == "memory":
        np.ones(2**34, np.uint8)
    elif how == "bad_alloc":
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()
    elif how == "gpu memory":
        os.write(2, b"torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n")
        os._exit(1)
    return {}


def fail(context: Any, request: JsonObject) -> Events:
    yield Progress(0.5)
    if request.get("bug"):
        raise KeyError("a planted bug")
    raise DiskFull("The disk is full.", "Free some space.")


def chatter(context: Any, request: JsonObject) -> Events:
    """Prints to stdout in every way there is, also what looks like frames."""
    libc = ctypes.CDLL(None)
    for step in range(20):
        print("print storm " * 200)
        os.write(1, b"ASJF\x01\x00\xff\xff\x00\x00 from C\n" * 50)
        libc.puts(b"puts")
        sys.__stdout__.write("and the original stdout\n")
        yield Partial("step", {"step": step}, {"x": np.arange(step)})
    libc.fflush(None)
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    return {"stdin": sys.stdin.read()}


def strange(context: Any, request: JsonObject) -> Events:
    """Yields or returns what no frame carries."""
    if request["what"] == "dtype":
        yield Partial("bad", {}, {"x": np.array([object()])})
    elif request["what"] == "json":
        yield Partial("bad", {"x": object()})
    elif request["what"] == "nan":
        yield Partial("bad", {"x": float("nan")})
    yield Progress(1.0)
    return {"x": {1, 2}} if request["what"] == "result" else "no object"  # type: ignore[return-value]


def ask(context: Any, request: JsonObject) -> Events:
    """Asks `times` and adds up what it gets, from a thread of its own like some engines."""
    total = 0.0
    try:
        for number in range(request["times"]):
            with ThreadPoolExecutor(1) as pool:
                answer = pool.submit(_ask[0], {"number": number}).result()
            total += float(answer.arrays["x"].sum()) + answer.data["plus"]
            yield Progress((number + 1) / request["times"])
        return {"total": total}
    finally:
        Path(request["trace"]).write_text("cleaned up")


_BODIES = (count, arrays, wait, hang, hang_in_c, ignore, die, fail, chatter, strange, ask)
OPERATIONS = {
    operation.name: operation
    for operation in (
        *(Operation(body.__name__, body, queue="work") for body in _BODIES),
        *(Operation(f"{body.__name__} here", body, Place.THREAD, "here") for body in (count, arrays, wait, fail)),
        Operation("limited", die, queue="limited", limits=Limits(memory=2 * 2**30)),
        Operation("limited count", count, queue="limited", limits=Limits(memory=2 * 2**30)),
        Operation("timed", hang, queue="work", limits=Limits(seconds=0.3)),
        Operation("preview", count, queue="previews", keep=False),
        Operation("no worker", count, queue="broken"),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int)
    parser.add_argument("--queue")
    chosen = parser.parse_args()
    serve(_load, _context, chosen.memory)


def _context(ask: Ask) -> str:
    _ask.append(ask)
    return "the worker's context"


def _load() -> dict[str, Operation]:
    print("printed while it loads")
    return OPERATIONS


if __name__ == "__main__":
    main()
