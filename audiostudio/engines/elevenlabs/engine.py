"""Speech by ElevenLabs, as any other engine's: sentences in, chunks with word times out."""

import base64
import binascii
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiostudio.engines.asked import check, check_language, chosen_options
from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.elevenlabs.alignment import Alignment
from audiostudio.engines.elevenlabs.catalogue import (
    ADDRESS,
    ENGINE,
    LONGEST_TEXT,
    STEPPED,
    TITLE,
    WITHOUT_CONTEXT,
    WITHOUT_LANGUAGE,
    Account,
)
from audiostudio.engines.elevenlabs.cloning import clone, cloned
from audiostudio.engines.elevenlabs.passages import Passage, passages, sentence_text, tagged
from audiostudio.engines.elevenlabs.refusals import FormatRefused
from audiostudio.engines.elevenlabs.service import ONCE, Service
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.engines.remote.decode import Decoder, Mp3, Pcm
from audiostudio.engines.remote.slots import held, slot
from audiostudio.engines.remote.trouble import StrangeAnswer, Trouble, patience
from audiostudio.engines.remote.web import rested
from audiostudio.engines.stream import Spoken, join, moved, sound
from audiostudio.engines.voices import voice_name
from audiostudio.errors import UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.voices.voice import OWN

if TYPE_CHECKING:
    from elevenlabs.client import ElevenLabs

SENTENCE_GAP = 0.35
PARAGRAPH_GAP = 0.8
MP3 = "mp3_44100_128"
"""What every plan allows."""
_BEFORE = 300
"""Characters of the text before that are told, for the melody."""
_HEAD = 60
"""Characters of an audio tag with its brackets, at most."""


@dataclass
class _Call:
    """A request that is being answered: what came of it so far."""

    passage: Passage
    sent: str
    sample_rate: int
    decoder: Decoder
    done: int = 0
    """Sentences that were given on."""

    def __post_init__(self) -> None:
        self.alignment = Alignment(self.sent)
        self.audio = np.zeros(0, np.float32)
        self._base = 0

    @property
    def head(self) -> int:
        """Characters before the passage's own text."""
        return len(self.sent) - len(self.passage.text)

    def take(self, piece: Any) -> None:
        """A piece of the answer. Raises `StrangeAnswer`."""
        seconds = (self._base + len(self.audio)) / self.sample_rate
        alignment = getattr(piece, "alignment", None)
        if alignment is not None:
            self.alignment.add(alignment, seconds)
        coded = getattr(piece, "audio_base_64", None)
        if not isinstance(coded, str):
            raise StrangeAnswer("a stream without sound")
        try:
            data = base64.b64decode(coded, validate=True)
        except binascii.Error as error:
            raise StrangeAnswer("sound that cannot be decoded") from error
        self.audio = np.concatenate([self.audio, self.decoder.push(data)])

    def ready(self) -> Iterator[Spoken]:
        """The sentences that are whole although more is to come."""
        begins = self.passage.begins()
        while self.done < len(self.passage.sentences) - 1:
            place = self.head + begins[self.done + 1]
            if not self.alignment.known(place):
                return
            end = round(self.alignment.start(place) * self.sample_rate)
            if end > self._base + len(self.audio):
                return
            yield self._sentence(end)

    def rest(self) -> Iterator[Spoken]:
        """The sentences that are left at the end of the answer. Raises `HalfStream` when it was not the end."""
        self.audio = np.concatenate([self.audio, self.decoder.finish()])
        self.alignment.require_whole()
        begins = self.passage.begins()
        while self.done < len(self.passage.sentences) - 1:
            yield self._sentence(round(self.alignment.start(self.head + begins[self.done + 1]) * self.sample_rate))
        yield self._sentence(self._base + len(self.audio))

    def _sentence(self, end: int) -> Spoken:
        """The next sentence, whose sound ends at sample `end` of the answer."""
        number, begin = self.done, self._base
        cut = max(0, end - begin)
        audio, self.audio = self.audio[:cut], self.audio[cut:]
        self._base += len(audio)
        self.done += 1
        sentence = self.passage.sentences[number]
        places = [(self.head + one, self.head + two) for one, two in self.passage.places(number)]
        words = self.alignment.words(sentence.words, places, self.sample_rate)
        last = number == len(self.passage.sentences) - 1
        gap = _gap(self.passage) if last else (len(audio) - sound(audio)[1]) / self.sample_rate
        return Spoken(audio, tuple(moved(word, -begin) for word in words), gap)


class ElevenLabsEngine:
    clones = True

    def __init__(self, accounts: Accounts, manifest: EngineManifest, models: Models) -> None:
        self.manifest = manifest
        self._own = models
        self._accounts = accounts
        self._address = accounts.services.address(ENGINE, ADDRESS)
        self.device = f"ElevenLabs, at {self._address.partition('://')[2]}"
        catalogue = accounts.catalogue(ENGINE)
        self._known = {voice["id"] for voice in catalogue.get("voices", ())}
        self._clones = frozenset(catalogue.get("clones", ()))
        self._models = {model["id"]: model for model in catalogue.get("models", ())}
        account = Account.from_json(catalogue["account"]) if "account" in catalogue else None
        self._at_once = account.at_once if account else 2
        self._format = account.sound if account else "pcm_24000"
        self._rate = int(self._format.split("_")[1])
        self._service: Service | None = None

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest, self._known)
        if not 0 <= settings.seed < 1 << 32:
            raise UnsupportedSetting(f"{TITLE} cannot use {settings.seed} as a seed.", "Choose one of 0 to 4294967295.")
        if settings.voice.startswith(OWN):
            settings = replace(settings, voice=cloned(self._own.voice(settings.voice)))
        return join(self._spoken(parts, settings, chosen_options(settings, self.manifest)), self._rate)

    def is_clone(self, voice: str) -> bool:
        """Whether the account's `voice` was learnt from somebody's recordings, here or elsewhere."""
        return voice in self._clones

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """Sends the samples to ElevenLabs. See `base.VoiceMaker`; also raises as `Service` does."""
        return (yield from clone(self._connected(), samples, folder, options))

    def close(self) -> None:
        if self._service is not None:
            self._service.close()
            self._service = None

    def _spoken(
        self, parts: Iterable[Sentence | Pause], settings: SpeechSettings, options: dict[str, str]
    ) -> Iterator[Spoken | Pause | None]:
        longest = int(self._models.get(options["model"], {}).get("longest", LONGEST_TEXT)) - _HEAD
        before = ""
        for part in passages(self._checked(parts), longest):
            if isinstance(part, Pause):
                yield part
            else:
                yield from self._passage(part, before, settings, options)
                before = part.text

    def _checked(self, parts: Iterable[Sentence | Pause]) -> Iterator[Sentence | Pause]:
        for part in parts:
            if isinstance(part, Sentence):
                check_language(part, self.manifest)
            yield part

    def _passage(
        self, passage: Passage, before: str, settings: SpeechSettings, options: dict[str, str]
    ) -> Iterator[Spoken | None]:
        """The sentences of a passage; after a cut line those that are missing are asked for again."""
        service = self._connected()
        tries = 0
        while True:
            call = _Call(passage, tagged(passage.text, options), self._rate, self._decoder())
            trouble: Trouble | None = None
            try:
                for piece in self._answer(service, call, before, settings, options):
                    if piece is not None:
                        call.take(piece)
                        yield from call.ready()
                    else:
                        yield None
                yield from call.rest()
            except service.kinds() as error:
                trouble = service.trouble(error)
            if trouble is None:
                return
            if isinstance(trouble.error, FormatRefused) and self._format != MP3:
                self._format = MP3
                continue
            if call.done:
                tries = 0
                before = " ".join([before, *map(sentence_text, passage.sentences[: call.done])])
                passage = passage.after(call.done)
            tries += 1
            pause = patience(trouble, tries)
            if pause is None:
                raise trouble.error
            yield from rested(pause)

    def _answer(
        self, service: Service, call: _Call, before: str, settings: SpeechSettings, options: dict[str, str]
    ) -> Generator[Any, None, None]:
        """The pieces of one answer, and None while they are waited for."""
        request = self._request(call, before, settings, options)
        voice = voice_name(call.passage.voice or settings.voice)

        def pieces(client: "ElevenLabs") -> Iterator[Any]:
            raw: Any = client.text_to_speech.with_raw_response  # its headers tell a web page from a stream
            with raw.stream_with_timestamps(voice, request_options=ONCE, **request) as response:
                if "json" not in response.headers.get("content-type", "json"):
                    raise StrangeAnswer("a web page")
                yield from response.data

        place = yield from slot(self._accounts.requests(ENGINE), self._at_once)
        with held(place):
            yield from service.listen(pieces)

    def _request(self, call: _Call, before: str, settings: SpeechSettings, options: dict[str, str]) -> dict[str, Any]:
        from elevenlabs import VoiceSettings

        model = options["model"]
        least, most = self.manifest.capabilities.speed or (1.0, 1.0)
        voice_settings: dict[str, Any] = {
            "stability": float(options["delivery" if model in STEPPED else "stability"]),
            "similarity_boost": float(options["similarity"]),
            "speed": min(max(settings.speed * call.passage.pace, least), most),
        }
        if "style" in options:
            voice_settings["style"] = float(options["style"])
        if "speaker_boost" in options:
            voice_settings["use_speaker_boost"] = options["speaker_boost"] == "true"
        request: dict[str, Any] = {
            "text": call.sent,
            "model_id": model,
            "output_format": self._format,
            "seed": settings.seed,
            "voice_settings": VoiceSettings(**voice_settings),
        }
        if model not in WITHOUT_LANGUAGE:
            request["language_code"] = call.passage.language.split("-")[0]
        if model not in WITHOUT_CONTEXT:
            if before:
                request["previous_text"] = before[-_BEFORE:]
            if call.passage.following:
                request["next_text"] = call.passage.following[:_BEFORE]
        return request

    def _decoder(self) -> Decoder:
        return Mp3(self._rate) if self._format == MP3 else Pcm()

    def _connected(self) -> Service:
        """The service with the key as it is now. Raises `KeyNeeded`."""
        key = self._accounts.key(ENGINE, TITLE)
        if self._service is None or not self._service.has(key):
            self.close()
            self._service = Service(self._address, key)
        return self._service


def _gap(passage: Passage) -> float:
    return PARAGRAPH_GAP if passage.ends_paragraph else SENTENCE_GAP
