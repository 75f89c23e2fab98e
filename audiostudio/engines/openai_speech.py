"""Any server that speaks OpenAI's `/v1/audio/speech`: local ones and those of other providers. Gives no word times."""

import json
import re
import urllib.parse
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from audiostudio.engines.asked import check, check_language, pace
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.remote.accounts import Accounts, Catalogue
from audiostudio.engines.remote.decode import Decoder, Mp3, Pcm, Wav
from audiostudio.engines.remote.openai_line import KINDS, Connection, Refused
from audiostudio.engines.remote.services import Server
from audiostudio.engines.remote.trouble import StrangeAnswer, tried
from audiostudio.engines.remote.web import heard
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.voices import voice_id, voice_name
from audiostudio.errors import AccountError, KeyNeeded, RequestError, StudioError, UnknownVoice
from audiostudio.script.spoken import Pause, Sentence

SAMPLE_RATE = 24_000
"""What these servers make, and what `pcm` means with them."""
SENTENCE_GAP = 0.35
PARAGRAPH_GAP = 0.8
LONGEST_TEXT = 4000
"""Characters in one request; OpenAI takes 4096."""
_MOST_BYTES = 8 << 20
"""Of a list of voices."""
_SOUND = re.compile(r"[^\W_]")


class SpeechServerEngine:
    def __init__(self, accounts: Accounts, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._server = accounts.services.server(manifest.name)
        self._accounts = accounts
        self.device = f"{manifest.title}, at {urllib.parse.urlsplit(self._server.address).netloc}"
        listed = {str(voice["id"]) for voice in accounts.catalogue(manifest.name).get("voices", ())}
        self._known = listed | {voice_id(manifest.name, name) for name in self._server.voices}
        self._connection: tuple[str | None, Connection] | None = None

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest, self._known)
        return join(self._spoken(parts, settings), SAMPLE_RATE)

    def close(self) -> None:
        if self._connection is not None:
            self._connection[1].line.close()
            self._connection = None

    def _spoken(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[Spoken | Pause | None]:
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            check_language(part, self.manifest)
            gap = PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
            least, most = self.manifest.capabilities.speed or (1.0, 1.0)
            speed = min(max(settings.speed * pace(part), least), most)
            texts = [text for text in _texts(part) if _SOUND.search(text)]
            for text in texts:
                found = yield from self._sentence(text, part.voice or settings.voice, speed)
                yield Spoken(found, (), gap / speed if text is texts[-1] else 0.1)

    def _sentence(self, text: str, voice: str, speed: float) -> Generator[None, None, Any]:
        """The whole sound of a sentence, or nothing of it: a line that was cut is asked again."""
        connection = self._connected()
        request = {
            "input": text,
            "voice": voice_name(voice),
            "response_format": self._server.format,
            "speed": speed,
        } | ({"model": self._server.model} if self._server.model else {})

        def attempt() -> Generator[None, None, Any]:
            decoder = self._decoder()
            pieces = []
            for data in heard(lambda: connection.stream("POST", "audio/speech", request), connection.line.hang_up):
                if data is None:
                    yield None
                else:
                    pieces.append(decoder.push(data))
            audio = np.concatenate([*pieces, decoder.finish()])
            if not len(audio):
                raise StrangeAnswer("no sound")
            return audio

        return (yield from tried(attempt, KINDS, connection.trouble))

    def _decoder(self) -> Decoder:
        if self._server.format == "pcm":
            return Pcm()
        return Mp3(SAMPLE_RATE) if self._server.format == "mp3" else Wav(SAMPLE_RATE)

    def _connected(self) -> Connection:
        key = self._accounts.keys.get(self.manifest.name)
        if self._connection is None or self._connection[0] != key:
            self.close()
            self._connection = key, Connection(self._server, key, _refused)
        return self._connection[1]


class SpeechServerProvider:
    """A server beside speech: what voices it has."""

    def __init__(self, accounts: Accounts, manifest: EngineManifest) -> None:
        self._accounts = accounts
        self._server = accounts.services.server(manifest.name)
        self._connection = Connection(self._server, accounts.keys.get(manifest.name), _refused)

    def close(self) -> None:
        self._connection.line.close()

    def refresh(self) -> Generator[None, None, Catalogue]:
        """Its voices through `/v1/audio/voices`; a server without such a list keeps those that were typed in.

        Raises `RequestError` when there are none at all.
        """
        names = yield from tried(self._attempt, KINDS, self._connection.trouble)
        if not names and not self._server.voices:
            raise RequestError(
                f"{self._server.title} does not list its voices.",
                "Type in the names of its voices.",
            )
        voices = [
            {
                "id": voice_id(self._server.name, name),
                "name": title,
                "language": self._server.language,
                "gender": "neutral",
            }
            for name, title in names.items()
        ]
        catalogue: Catalogue = {"voices": voices, "fetched": datetime.now(UTC).isoformat(timespec="seconds")}
        self._accounts.keep_catalogue(self._server.name, catalogue)
        return catalogue

    def _attempt(self) -> Generator[None, None, dict[str, str]]:
        data = bytearray()
        try:
            for piece in heard(lambda: self._connection.stream("GET", "audio/voices"), self._connection.line.hang_up):
                if piece is None:
                    yield None
                else:
                    data += piece
                    if len(data) > _MOST_BYTES:
                        raise StrangeAnswer("far too long a list")
        except Refused as refused:
            if refused.status in (404, 405, 501):  # many servers have no such list
                return {}
            raise
        return _names(bytes(data))


def connect(accounts: Accounts, manifest: EngineManifest, models: Models) -> SpeechServerEngine:
    """Asks nobody anything yet. Raises `NotFound` when the server was removed."""
    return SpeechServerEngine(accounts, manifest)


def provider(accounts: Accounts, manifest: EngineManifest) -> SpeechServerProvider:
    """Asks nobody anything yet. Raises `NotFound` when the server was removed."""
    return SpeechServerProvider(accounts, manifest)


def _texts(sentence: Sentence) -> list[str]:
    """What is sent, in pieces that the server takes."""
    found = [""]
    for word in sentence.words:
        said = " ".join((word.text if word.said_as is None else word.said_as).split())
        for at in range(0, len(said), LONGEST_TEXT):
            piece = said[at : at + LONGEST_TEXT]
            if len(found[-1]) + 1 + len(piece) > LONGEST_TEXT:
                found.append("")
            found[-1] = f"{found[-1]} {piece}".strip()
    return found


def _names(data: bytes) -> dict[str, str]:
    """Voices and what they are called, of `{"voices": […]}`, `{"data": […]}` or a list, of names or objects."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StrangeAnswer("no JSON") from error
    if isinstance(found, dict):
        found = found.get("voices", found.get("data"))
    if not isinstance(found, list):
        raise StrangeAnswer("no list of voices")
    names: dict[str, str] = {}
    for one in found:
        if isinstance(one, dict):
            identity = one.get("id") or one.get("voice_id") or one.get("name")
            title = one.get("name") or identity
        else:
            identity = title = one
        if not isinstance(identity, str) or not isinstance(title, str) or not identity.strip():
            raise StrangeAnswer("no list of voices")
        names[identity] = title
    return names


def _refused(status: int, server: Server, message: str) -> StudioError:
    said = f" It says: “{message}”." if message else ""
    if status == 401:
        return KeyNeeded(f"{server.title} does not accept the key, or wants one.{said}", "Enter its key.")
    if status in (402, 403):
        return AccountError(f"{server.title} does not allow this.{said}", "Ask who runs it.")
    if status == 404 and "voice" not in message.lower():
        return RequestError(
            f"{server.title} has no /audio/speech at its address, or not that model.{said}",
            f"Check the address {server.address} (it should end in /v1) and the model “{server.model}”.",
        )
    if "voice" in message.lower():
        return UnknownVoice(f"{server.title} does not have this voice.{said}", "Choose another; refresh the voices.")
    return RequestError(f"{server.title} cannot do this as asked (error {status}).{said}", "Change what is asked.")
