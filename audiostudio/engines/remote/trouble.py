"""What can go wrong on the way to a server, in the user's words, and whether to try again."""

import random
import socket
import ssl
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

import httpx

from audiostudio.engines.remote.web import rested
from audiostudio.errors import EngineFailed, NetworkError, StudioError

T = TypeVar("T")
R = TypeVar("R")

TRIES = 4
FIRST_PAUSE = 0.5
"""Seconds before the second try, when the server does not say; doubled each time."""
_LONGEST = 60.0
"""The longest that is waited for a server that names a time."""


class HalfStream(Exception):
    """The sound ended before the text did."""


class StrangeAnswer(Exception):
    """The server answered something else than its interface says. Its text says what."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error of a server or of the way to it."""

    error: StudioError
    again: bool = False
    """Whether it may go away by itself."""
    after: float | None = None
    """Seconds after which the server wants to be asked again."""


def on_the_way(error: Exception, title: str, host: str) -> Trouble:
    """The trouble with a connection to `host`. What is no such error is raised again: it is our bug."""
    causes = list(_causes(error))
    if any(isinstance(one, socket.gaierror) for one in causes):
        return Trouble(
            NetworkError(f"The address of {title}, {host}, cannot be found.", "Check your internet connection.")
        )
    secure = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if secure is not None and isinstance(error, httpx.ConnectError):
        why = getattr(secure, "verify_message", "") or secure.reason or "it did not prove who it is"
        return Trouble(
            NetworkError(
                f"There is no secure connection to {host}: {str(why).replace('_', ' ').lower()}.",
                "Check this computer's date, and whether a firewall or a network's login page is in between.",
            )
        )
    if isinstance(error, HalfStream):
        return Trouble(_half(title), again=True)
    if isinstance(error, StrangeAnswer):
        return Trouble(strange(title, str(error)))
    if isinstance(error, httpx.ConnectTimeout):
        return Trouble(NetworkError(f"{title} ({host}) does not answer.", "Check your internet connection."))
    if isinstance(error, httpx.ConnectError):
        return Trouble(
            NetworkError(f"{title} ({host}) cannot be reached.", "Check your internet connection and the address.")
        )
    if isinstance(error, httpx.TimeoutException):
        return Trouble(NetworkError(f"{title} fell silent.", "Try again in a while."), again=True)
    if isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.CloseError)):
        return Trouble(_half(title), again=True)
    if isinstance(error, httpx.HTTPError):
        return Trouble(NetworkError(f"{title} could not be asked: {type(error).__name__}.", "Check its address."))
    raise error


def strange(title: str, what: str) -> NetworkError:
    return NetworkError(
        f"{title} was asked, but {what} came back.",
        "A network's login page or a proxy may be in between: open any page in a browser, then try again.",
    )


def of_status(status: int, title: str, message: str, headers: dict[str, str]) -> Trouble | None:
    """The troubles that all servers have in common."""
    said = f" It says: “{message}”." if message else ""
    if status == 429:
        error = EngineFailed(f"{title} has too much to do, or was asked too often.{said}", "Try again in a minute.")
        return Trouble(error, again=True, after=retry_after(headers))
    if status >= 500:
        error = EngineFailed(f"{title} is in trouble itself (error {status}).{said}", "Try again in a while.")
        return Trouble(error, again=True, after=retry_after(headers))
    return None


def retry_after(headers: dict[str, str]) -> float | None:
    """The seconds of a `Retry-After` header; None where there is none that can be read."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= _LONGEST else None


def patience(trouble: Trouble, tries: int) -> float | None:
    """How long to wait before a further try, after `tries` of them; None: not again."""
    if not trouble.again or tries >= TRIES:
        return None
    if trouble.after is not None:
        return trouble.after * (1 + 0.1 * random.random())
    return float(FIRST_PAUSE * 2 ** (tries - 1) * (0.5 + random.random()))


def tried(
    attempt: Callable[[], Generator[T | None, None, R]],
    kinds: tuple[type[Exception], ...],
    explained: Callable[[Exception], Trouble],
) -> Generator[T | None, None, R]:
    """What `attempt()` returns; made again as long as its trouble may go away. Yields what it yields, None in between.

    `kinds`: what a server or the way to it can raise. Raises the `StudioError` that `explained` makes of it.
    """
    tries = 0
    while True:
        try:
            return (yield from attempt())
        except kinds as error:
            tries += 1
            trouble = explained(error)
            pause = patience(trouble, tries)
            if pause is None:
                raise trouble.error from None  # what was sent, with its key, must not stand in a traceback
        yield from rested(pause)


def _half(title: str) -> NetworkError:
    return NetworkError(f"The connection to {title} was cut in the middle.", "Try again: nothing half was kept.")


def _causes(error: BaseException | None) -> "Generator[BaseException, None, None]":
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
