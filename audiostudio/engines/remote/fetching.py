"""A public file from anywhere, such as a voice's ready sample. No key is sent."""

import urllib.parse
from collections.abc import Generator, Iterator

import httpx

from audiostudio.engines.remote.trouble import StrangeAnswer, Trouble, of_status, on_the_way, tried
from audiostudio.engines.remote.web import Line, heard
from audiostudio.errors import NetworkError

_KINDS = (httpx.HTTPError, httpx.InvalidURL, StrangeAnswer)


class _Refused(httpx.HTTPError):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__("refused")
        self.trouble = trouble


def fetched(address: str, most: int) -> Generator[None, None, bytes]:
    """The whole file, of at most `most` bytes. Raises `NetworkError`, `EngineFailed`."""
    host = urllib.parse.urlsplit(address).netloc
    line = Line()

    def pieces() -> Iterator[bytes]:
        size = 0
        with line.client.stream("GET", address) as reply:
            if reply.status_code != 200:
                gone = Trouble(NetworkError(f"{host} answered “{reply.status_code}”.", "Refresh, then try again."))
                raise _Refused(of_status(reply.status_code, host, "", dict(reply.headers)) or gone)
            if "html" in reply.headers.get("content-type", ""):
                raise StrangeAnswer("a web page")
            for piece in reply.iter_bytes():
                size += len(piece)
                if size > most:
                    raise StrangeAnswer("far more than was asked for")
                yield piece

    def attempt() -> Generator[None, None, bytes]:
        data = bytearray()
        for piece in heard(pieces, line.hang_up):
            if piece is None:
                yield None
            else:
                data += piece
        return bytes(data)

    def explained(error: Exception) -> Trouble:
        return error.trouble if isinstance(error, _Refused) else on_the_way(error, host, host)

    try:
        return (yield from tried(attempt, _KINDS, explained))
    finally:
        line.close()
