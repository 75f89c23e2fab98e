"""A line to a server that speaks one of OpenAI's interfaces, and what it says when it refuses."""

import json
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from audiostudio.engines.remote.services import Server
from audiostudio.engines.remote.trouble import HalfStream, StrangeAnswer, Trouble, of_status, on_the_way
from audiostudio.engines.remote.web import Line
from audiostudio.errors import StudioError

KINDS = (httpx.HTTPError, httpx.InvalidURL, StrangeAnswer, HalfStream)
"""What using a line can raise."""


class Refused(httpx.HTTPError):
    """The server answered with an error."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body
        self.headers = headers


class Connection:
    """A line to one server, with its key. `refused` makes the error of what only this interface refuses."""

    def __init__(self, server: Server, key: str | None, refused: Callable[[int, Server, str], StudioError]) -> None:
        self.server = server
        self._key = key
        self._refused = refused
        self.line = Line()

    def stream(self, method: str, path: str, body: Any = None) -> Iterator[bytes]:
        """The body of an answer, as it comes. Raises `Refused` and what `httpx` raises."""
        headers = {"authorization": f"Bearer {self._key}"} if self._key else {}
        address = f"{self.server.address}/{path}"
        with self.line.client.stream(method, address, json=body, headers=headers) as reply:
            if not 200 <= reply.status_code < 300:
                raise Refused(reply.status_code, reply.read()[:20_000], dict(reply.headers))
            if "html" in reply.headers.get("content-type", ""):
                raise StrangeAnswer("a web page")
            yield from reply.iter_bytes()

    def trouble(self, error: Exception) -> Trouble:
        host = urllib.parse.urlsplit(self.server.address).netloc
        if not isinstance(error, Refused):
            return on_the_way(error, self.server.title, host)
        message = _message(error.body).replace(self._key or "\0", "…")[:300]
        return of_status(error.status, self.server.title, message, error.headers) or Trouble(
            self._refused(error.status, self.server, message)
        )


def _message(body: bytes) -> str:
    """What a refusal says, in whatever shape."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "detail", "message"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    if isinstance(found, list) and found and isinstance(found[0], dict):
        found = found[0].get("msg")
    return found if isinstance(found, str) else ""
