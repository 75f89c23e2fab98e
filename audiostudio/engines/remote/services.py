"""Where remote engines are: the address of each, and the speech servers that the user added."""

import json
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audiostudio.errors import NotFound, RequestError
from audiostudio.files import alone, replace_file, storage_errors

FORMATS = ("wav", "pcm", "mp3")
_HERE = re.compile(r"localhost|127(\.\d{1,3}){3}|\[?::1\]?")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that speaks OpenAI's `/v1/audio/speech`; one that writes, its `/v1/chat/completions`."""

    name: str
    """Of its engine, and where its key is kept: `server-kitchen`."""
    title: str
    """For people: `Kitchen computer`."""
    address: str
    """Up to `/v1`, without a slash at the end: `http://127.0.0.1:8880/v1`."""
    model: str = "tts-1"
    voices: tuple[str, ...] = ()
    """Names that were typed in; used when the server does not list its own."""
    format: str = "wav"
    """What it is asked for: one of `FORMATS`."""
    language: str = "en-us"
    """Of its voices, where it does not say."""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "address": self.address,
            "model": self.model,
            "voices": list(self.voices),
            "format": self.format,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Server":
        """Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        known = {name: str(data[name]) for name in ("model", "format", "language") if name in data}
        voices = tuple(str(one) for one in data.get("voices", ()))
        return cls(str(data["name"]), str(data["title"]), usable(str(data["address"])), voices=voices, **known)


def usable(address: str) -> str:
    """`address` without what is too much at its end. Raises `RequestError` unless it is one of http or https."""
    text = address.strip().rstrip("/")
    try:
        parts = urllib.parse.urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or any(one <= " " for one in text) or parts.query or parts.fragment:
        raise RequestError(
            f"“{address.strip()[:80]}” is not the address of a server.",
            "Write it like http://127.0.0.1:8880/v1 or https://speech.example.com/v1.",
        )
    if parts.username or parts.password:
        raise RequestError("An address must not hold a name or password.", "Enter the key in its own field.")
    return text


def warning(address: str) -> str:
    """What to be told before something is sent to `address`; empty when nothing speaks against it."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "https" or _HERE.fullmatch(parts.hostname or ""):
        return ""
    return f"What is sent to {parts.hostname} is not encrypted: your text and key can be read on the way. Prefer https."


class Services:
    """The addresses of one profile, in `services.json`. Any number of processes may use them.

    `writers`: those of servers that write text instead, in `text-servers.json`.
    """

    def __init__(self, root: Path, writers: bool = False) -> None:
        self.file = root / ("text-servers.json" if writers else "services.json")
        self._stem = "text" if writers else "server"

    def address(self, engine: str, default: str) -> str:
        """Where an engine is reached; `default` unless the user (or a test) chose another place."""
        addresses = self._read().get("addresses")
        chosen = addresses.get(engine) if isinstance(addresses, dict) else None
        return usable(chosen) if isinstance(chosen, str) else default

    def set_address(self, engine: str, address: str | None) -> None:
        """Reach an engine elsewhere; None: where it always is. Raises `RequestError`, `StorageError`."""
        with self._changing() as data:
            addresses = data.setdefault("addresses", {})
            addresses.pop(engine, None)
            if address is not None:
                addresses[engine] = usable(address)

    def servers(self) -> tuple[Server, ...]:
        """In the order in which they were added."""
        found: list[Server] = []
        listed = self._read().get("servers")
        for one in listed if isinstance(listed, list) else []:
            with suppress(KeyError, TypeError, ValueError, RequestError):  # written by hand
                found.append(Server.from_json(one))
        return tuple(found)

    def server(self, name: str) -> Server:
        """Raises `NotFound`."""
        for one in self.servers():
            if one.name == name:
                return one
        raise NotFound(f"There is no server “{name[:60]}”.", "`audiostudio cloud servers` lists them.")

    def add(self, server: Server) -> Server:
        """Remember a new server; with the name that it got. `server.name` is not looked at.

        Raises `RequestError` for what it cannot be, `StorageError`.
        """
        checked = _checked(server)
        with self._changing() as data:
            taken = {one.name for one in self.servers()}
            title = re.sub(r"[^a-z0-9]+", "-", checked.title.lower()).strip("-")[:30]
            stem = f"{self._stem}-{title or 'speech'}"
            name = next(name for name in _numbered(stem) if name not in taken)
            added = replace(checked, name=name)
            data.setdefault("servers", []).append(added.to_json())
        return added

    def edit(self, server: Server) -> Server:
        """Replace what is known of the server of that name. Raises `NotFound`, `RequestError`, `StorageError`."""
        checked = _checked(server)
        self.server(server.name)
        with self._changing() as data:
            kept = [one.to_json() for one in self.servers()]
            data["servers"] = [checked.to_json() if one["name"] == server.name else one for one in kept]
        return checked

    def remove(self, name: str) -> None:
        """Forget a server. Raises `NotFound`, `StorageError`."""
        self.server(name)
        with self._changing() as data:
            data["servers"] = [one.to_json() for one in self.servers() if one.name != name]

    def _read(self) -> dict[str, Any]:
        with storage_errors(self.file), suppress(FileNotFoundError):
            text = self.file.read_bytes()
            with suppress(ValueError, RecursionError):
                data = json.loads(text)
                if isinstance(data, dict):
                    return data
        return {}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        with alone(self.file):
            data = self._read()
            yield data
            replace_file(self.file, json.dumps(data, indent=1, ensure_ascii=False).encode())


def _checked(server: Server) -> Server:
    title = " ".join(server.title.split())
    if not title:
        raise RequestError("A server needs a name.", "Type one that you know it by.")
    if server.format not in FORMATS:
        raise RequestError(f"Speech cannot be asked for as {server.format}.", f"Choose one of {', '.join(FORMATS)}.")
    voices = tuple(dict.fromkeys(one.strip() for one in server.voices if one.strip()))
    return replace(server, title=title[:60], address=usable(server.address), model=server.model.strip(), voices=voices)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1
