"""Connections to a server: heard in the background, so that whoever waits can go at any moment."""

import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, TypeVar

import httpx

T = TypeVar("T")

BEAT = 0.1
"""Seconds between two signs of life while nothing comes."""
CONNECT = 10.0
"""Seconds to reach a server."""
SILENT = 60.0
"""Seconds that a server may be silent."""
_HANG_UP = 1.0


class Line:
    """A client of one server that can be hung up from another thread. A key goes to no other: nothing is redirected."""

    def __init__(self) -> None:
        self._timeout = {"connect": CONNECT, "read": SILENT, "write": SILENT, "pool": CONNECT}
        self._sockets: list[socket.socket] = []
        self._hung_up = 0
        """How often."""
        self._lock = threading.Lock()
        self.client = httpx.Client(follow_redirects=False, event_hooks={"request": [self._prepare]})

    def hang_up(self) -> None:
        """End every connection now, also one that is still being made: whoever uses it gets an error."""
        with self._lock:
            self._hung_up += 1
            sockets, self._sockets = self._sockets, []
        for one in sockets:
            _end(one)

    def close(self) -> None:
        self.client.close()

    def _prepare(self, request: httpx.Request) -> None:
        # the client of ElevenLabs allows one number only, for connecting as for reading
        request.extensions["timeout"] = self._timeout
        request.extensions["trace"] = partial(self._traced, self._hung_up)

    def _traced(self, before: int, event: str, info: dict[str, Any]) -> None:
        """`before`: how often was hung up when the request began."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, (socket.socket, ssl.SSLSocket)):
                with self._lock:
                    self._sockets = [one for one in self._sockets if one.fileno() >= 0] + [found]
                    late = self._hung_up != before
                if late:
                    _end(found)


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def heard(work: Callable[[], Iterator[T]], hang_up: Callable[[], None]) -> Generator[T | None, None, None]:
    """What `work()` yields in a thread of its own, and None whenever nothing came for a moment.

    Closed before its end it calls `hang_up`, so that the thread ends. Raises what `work` raises.
    """
    news: queue.SimpleQueue[tuple[T] | None] = queue.SimpleQueue()
    gone = threading.Event()

    def run() -> None:
        try:
            for item in work():
                if gone.is_set():
                    return
                news.put((item,))
        finally:
            news.put(None)

    executor = ThreadPoolExecutor(1, thread_name_prefix="network")
    future: Future[None] = executor.submit(run)
    try:
        while True:
            try:
                found = news.get(timeout=BEAT)
            except queue.Empty:
                yield None
                continue
            if found is None:
                break
            yield found[0]
        future.result()
    finally:
        gone.set()
        if not future.done():
            hang_up()
            wait([future], _HANG_UP)
        executor.shutdown(wait=False)


def rested(seconds: float) -> Generator[None, None, None]:
    """Wait, with a sign of life every moment."""
    pause = threading.Event()
    left = seconds
    while left > 0:
        pause.wait(min(BEAT, left))
        left -= BEAT
        yield None
