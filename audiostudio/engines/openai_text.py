"""Any server that speaks OpenAI's `/v1/chat/completions`: a local llama.cpp or Ollama, or one of a provider."""

import json
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

from audiostudio.engines.remote.openai_line import KINDS, Connection
from audiostudio.engines.remote.services import Server
from audiostudio.engines.remote.trouble import StrangeAnswer, tried
from audiostudio.engines.remote.web import heard
from audiostudio.errors import AccountError, KeyNeeded, RequestError, StudioError

MOST_TEXT = 40_000
"""Characters that are taken of an answer."""
_MOST_BYTES = 4 << 20
"""That an answer may be on the way."""
_MOST_AT_ONCE = 1 << 20
"""Bytes of one event, and of an answer that is no stream."""


def complete(
    server: Server, key: str | None, messages: Sequence[tuple[str, str]], seed: int, most_tokens: int = 1500
) -> Generator[None, None, str]:
    """What the server writes to `messages` (role, content). Yields None several times a second while it waits; closing
    the generator hangs up.

    The answer is asked for as a stream, so that a slow model is not taken for a silent one. Raises `NetworkError`,
    `KeyNeeded`, `AccountError`, `EngineFailed`, `RequestError`.
    """
    connection = Connection(server, key, _refused)
    request = {
        "messages": [{"role": role, "content": content} for role, content in messages],
        "stream": True,
        "seed": seed % (1 << 31),
        "max_tokens": most_tokens,
    } | ({"model": server.model} if server.model else {})

    def attempt() -> Generator[None, None, str]:
        answer = _Answer()
        with closing(
            heard(lambda: connection.stream("POST", "chat/completions", request), connection.line.hang_up)
        ) as news:
            for piece in news:
                if piece is None:
                    yield None
                elif not answer.push(piece):
                    break
        return answer.text()

    try:
        return (yield from tried(attempt, KINDS, connection.trouble))
    finally:
        connection.line.close()


class _Answer:
    """An answer as it comes: a stream of events, or one JSON object from servers that do not stream."""

    def __init__(self) -> None:
        self._rest = b""
        self._size = 0
        self._written: list[str] = []
        self._length = 0
        self._done = False

    def push(self, data: bytes) -> bool:
        """Whether more is wanted."""
        self._size += len(data)
        if self._size > _MOST_BYTES or len(self._rest) > _MOST_AT_ONCE:
            raise StrangeAnswer("far more than was asked for")
        self._rest += data
        if self._whole():
            return True
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self._event(line[5:].strip())
        return not self._done

    def text(self) -> str:
        if self._whole():
            self._add(_content(self._rest, "message"))
        found = "".join(self._written).strip()
        if not found:
            raise StrangeAnswer("no text")
        return found[:MOST_TEXT]

    def _whole(self) -> bool:
        """Whether one object comes, rather than events."""
        return self._size == len(self._rest) and self._rest[:64].lstrip().startswith(b"{")

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self._done = True
        elif data:
            self._add(_content(data, "delta"))

    def _add(self, text: str) -> None:
        self._written.append(text)
        self._length += len(text)
        self._done = self._done or self._length > MOST_TEXT


def _content(data: bytes, place: str) -> str:
    """The text of an answer or of an event of one."""
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StrangeAnswer("no JSON") from error
    choices = found.get("choices") if isinstance(found, dict) else None
    if isinstance(found, dict) and choices is None and "error" in found:
        raise StrangeAnswer("an error in place of text")
    if not isinstance(choices, list) or (choices and not isinstance(choices[0], dict)):
        raise StrangeAnswer("no text")
    said = choices[0].get(place) if choices else None
    content = said.get("content") if isinstance(said, dict) else None
    return content if isinstance(content, str) else ""


def _refused(status: int, server: Server, message: str) -> StudioError:
    said = f" It says: “{message}”." if message else ""
    if status == 401:
        return KeyNeeded(f"{server.title} does not accept the key, or wants one.{said}", "Enter its key.")
    if status in (402, 403):
        return AccountError(f"{server.title} does not allow this.{said}", "Ask who runs it.")
    if status == 404:
        return RequestError(
            f"{server.title} has no /chat/completions at its address, or not that model.{said}",
            f"Check the address {server.address} (it should end in /v1) and the model “{server.model}”.",
        )
    return RequestError(f"{server.title} cannot do this as asked (error {status}).{said}", "Change what is asked.")
