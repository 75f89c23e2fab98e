"""Files over HTTP, going on where a cut download stopped."""

import http.client
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from audiostudio.errors import ModelDamaged, NetworkError

HUB = "https://huggingface.co"
_BLOCK = 1 << 18
_TIMEOUT = 30.0
_TRIES = 4
_ELSEWHERE = (301, 302, 303, 307, 308)


def hub_address(origin: str, member: str) -> str:
    """The address of a file of `OWNER/REPO@REVISION`. A mirror can be named by HF_ENDPOINT."""
    repo, _, revision = origin.partition("@")
    base = os.environ.get("HF_ENDPOINT") or HUB
    return f"{base.rstrip('/')}/{repo}/resolve/{revision or 'main'}/{urllib.parse.quote(member)}"


def hub_facts(origin: str, member: str) -> tuple[int, str]:
    """How long a file of `OWNER/REPO@COMMIT` is, and its SHA-256, as the hub says. Raises `NetworkError`."""
    address = hub_address(origin, member)
    request = urllib.request.Request(address, headers={"User-Agent": "AudioStudio"}, method="HEAD")
    try:
        headers = urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT).headers
    except urllib.error.HTTPError as error:  # where the file itself lies is another server, which does not know
        headers = error.headers
        if error.code not in _ELSEWHERE:
            raise NetworkError(
                f"{_host(address)} answered “{error.code} {error.reason}” for {member}.", "Try again later."
            ) from error
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
        raise NetworkError(f"{_host(address)} cannot be reached.", "Check the network connection.") from error
    size, digest = headers.get("X-Linked-Size", ""), headers.get("X-Linked-Etag", "").strip('"')
    if not size.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise NetworkError(f"{_host(address)} does not say what {member} should be.", "Try again later.")
    return int(size), digest


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def download(address: str, target: Path, limit: int) -> Iterator[int]:
    """Fetch `address` into `target`, yielding the bytes that lie there so far.

    What is already in `target` is taken as the beginning and only the rest is asked for. A cut connection is taken up
    again a few times. Raises `NetworkError`, with what came kept, or `ModelDamaged` past `limit` bytes.
    """
    tries = _TRIES
    while True:
        before = _size(target)
        try:
            yield from _rest(address, target, limit)
            return
        except urllib.error.HTTPError as error:
            raise NetworkError(
                f"{_host(address)} answered “{error.code} {error.reason}” for {target.name}.", "Try again later."
            ) from error
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
            tries = _TRIES if _size(target) > before else tries - 1
            if not tries:
                raise NetworkError(
                    f"{_host(address)} cannot be reached.",
                    "Check the network connection, then try again: what was fetched is kept.",
                ) from error


def _rest(address: str, target: Path, limit: int) -> Iterator[int]:
    have = _size(target)
    request = urllib.request.Request(address, headers={"User-Agent": "AudioStudio", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        reply = urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        yield have
        return
    with reply:
        have = have if _continues(reply, have) else 0
        expected = _length(reply)
        with target.open("ab" if have else "wb") as file:
            while block := reply.read(_BLOCK):
                file.write(block)
                have += len(block)
                if have > limit:
                    raise ModelDamaged(
                        f"{_host(address)} sends more than the {limit} bytes that {target.name} has.",
                        "Report this: the file was changed at its source.",
                    )
                yield have
    if expected is not None and have < expected:
        raise ConnectionError("the connection was cut")


def _continues(reply: http.client.HTTPResponse, have: int) -> bool:
    match = re.match(r"bytes (\d+)-", reply.headers.get("Content-Range", ""))
    return reply.status == http.client.PARTIAL_CONTENT and match is not None and int(match[1]) == have


def _length(reply: http.client.HTTPResponse) -> int | None:
    """How long the whole file is, if the server says so."""
    whole = re.match(r"bytes \d+-\d+/(\d+)", reply.headers.get("Content-Range", ""))
    length = reply.headers.get("Content-Length")
    return int(whole[1]) if whole else int(length) if length else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address).netloc
