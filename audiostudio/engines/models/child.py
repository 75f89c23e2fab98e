"""A program we start, its output line by line, and its end."""

import queue
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

_TICK = 0.2
_TAIL = 30


class ProgramFailed(Exception):
    """A program that we started ended with an error; `tail` holds its last lines."""

    def __init__(self, status: int, tail: str) -> None:
        super().__init__(f"status {status}: {tail}")
        self.tail = tail


def output(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `command`, yielding its lines as they come and an empty string now and then, so that the caller can stop.

    Closing the iterator kills the program. Raises `ProgramFailed`, or `OSError` when it cannot be started.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as program:
        assert program.stdout is not None
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(program.stdout, lines), name="program output")
        reader.start()
        tail: deque[str] = deque(maxlen=_TAIL)
        try:
            while (line := _next(lines)) is not None:
                if line:
                    tail.append(line)
                yield line
            status = program.wait()
        finally:
            program.kill()
            reader.join()
    if status:
        raise ProgramFailed(status, "\n".join(tail))


def _next(lines: "queue.SimpleQueue[str | None]") -> str | None:
    try:
        return lines.get(timeout=_TICK)
    except queue.Empty:
        return ""


def _read(stream: IO[str], lines: "queue.SimpleQueue[str | None]") -> None:
    for line in stream:
        lines.put(line.rstrip())
    lines.put(None)
