"""Child processes for tests: forked from a server that has imported what they need, where the studio spawns them.

All else about them is real: a process with its own pid and session, its pipes, the protocol, its death. That they
can be spawned is proved by the tests of `jobs`, `sound` and of the whole program.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import pytest

from audiostudio.jobs import process
from audiostudio.sound import player_link, recording

CONTEXT = multiprocessing.get_context("forkserver")
WORKER = [sys.executable, "-m", "audiostudio.worker"]


@contextmanager
def warm() -> Iterator[None]:
    """Within: worker processes, and those of the player and the microphone, come from the server."""
    CONTEXT.set_forkserver_preload(["tests.warm_imports"])
    forkserver.ensure_running()
    with pytest.MonkeyPatch.context() as patch:
        subprocesses = SimpleNamespace(Popen=_start, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired)
        patch.setattr(process, "subprocess", subprocesses)
        for module in (player_link, recording):
            patch.setattr(module, "multiprocessing", SimpleNamespace(get_context=_context, Pipe=multiprocessing.Pipe))
        yield


def _context(_method: str) -> "multiprocessing.context.ForkServerContext":
    return CONTEXT


def _start(command: Sequence[str], **how: object) -> "Worker | subprocess.Popen[bytes]":
    words = list(command)
    if words[: len(WORKER)] == WORKER:
        return Worker(words[len(WORKER) :])
    return subprocess.Popen(words, **how)


class Worker:
    """What the studio uses of a `subprocess.Popen`. Among `multiprocessing.active_children()` by its queue's name."""

    def __init__(self, words: list[str]) -> None:
        theirs, requests = CONTEXT.Pipe(duplex=False)
        replies, their_replies = CONTEXT.Pipe(duplex=False)
        errors, their_errors = CONTEXT.Pipe(duplex=False)
        arguments = (words, str(Path.cwd()), dict(os.environ), theirs, their_replies, their_errors)
        self._process = CONTEXT.Process(target=_serve, args=arguments, name=words[words.index("--queue") + 1])
        self._process.start()
        for end in (theirs, their_replies, their_errors):
            end.close()
        self.stdin = _file(requests, "wb")
        self.stdout, self.stderr = _file(replies, "rb"), _file(errors, "rb")
        self.returncode: int | None = None

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        self.returncode = self._process.exitcode
        if self.returncode is None:
            raise subprocess.TimeoutExpired("worker", timeout or 0.0)
        return self.returncode


def _file(end: Connection, mode: str) -> object:
    file = os.fdopen(os.dup(end.fileno()), mode)
    end.close()
    return file


def _serve(words: list[str], folder: str, environment: dict[str, str], *pipes: Connection) -> None:
    from audiostudio import worker

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, end in enumerate(pipes):
        os.dup2(end.fileno(), number)
        end.close()
    worker.main(words)
