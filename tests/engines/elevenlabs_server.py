"""A server on loopback that follows ElevenLabs' published interface: its paths, headers, shapes, checks and refusals.

Its voice is Hibari, so what it sends is speech with the times of its characters.
"""

import base64
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechEngine, SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.sound.files import Sound, write_sound
from audiostudio.sound.resample import Resampler
from tests.engines.contract import sentences
from tests.engines.faulty_server import Answer, Asked, FaultyServer, as_json

KEY = "sk_loopback_0123456789abcdef0123456789abcdef"
GEORGE = "JBFqnCBsd6RMkjVDRZzb"
CLONE = "mYc1oNedVo1ceIdABCDE"
RATE = 24_000
PIECE = 0.25
"""Seconds of sound in one piece of a stream."""

Characters = tuple[list[str], list[float], list[float]]


def refusal(status: int, code: str, message: str, **headers: str) -> Answer:
    return as_json({"detail": {"status": code, "message": message}}, status, **headers)


def invalid(field: str, message: str) -> Answer:
    return as_json({"detail": [{"type": "value_error", "loc": ["body", *field.split(".")], "msg": message}]}, 422)


HTML = Answer(200, b"<!DOCTYPE html><html><body>Welcome to the hotel</body></html>", "text/html")
NO_JSON = Answer(200, b"{oh dear")
LIMITED = refusal(429, "too_many_concurrent_requests", "Too many concurrent requests.", retry_after="0")
BUSY = refusal(503, "system_busy", "We are experiencing heavy traffic.", retry_after="0")


def _voice(identity: str, name: str, category: str, **labels: str) -> dict[str, Any]:
    return {
        "voice_id": identity,
        "name": name,
        "category": category,
        "labels": labels,
        "description": f"A voice for {labels.get('use_case', 'everything')}.",
        "preview_url": None,
        "is_owner": category != "premade",
    }


def _model(identity: str, name: str, style: bool, boost: bool, cost: float, speaks: bool = True) -> dict[str, Any]:
    languages = ["en", "ja", "zh", "de", "hi", "fr", "ko", "pt", "it", "es"]
    return {
        "model_id": identity,
        "name": name,
        "can_do_text_to_speech": speaks,
        "can_use_style": style,
        "can_use_speaker_boost": boost,
        "requires_alpha_access": False,
        "description": f"{name}.",
        "maximum_text_length_per_request": 5000,
        "languages": [{"language_id": one, "name": one} for one in languages],
        "model_rates": {"character_cost_multiplier": cost, "cost_discount_multiplier": 1.0},
    }


class ElevenLabsServer(FaultyServer):
    """One account. What may be asked of it depends on `plan`."""

    def __init__(self, keep_alive: bool = True) -> None:
        super().__init__(keep_alive)
        self.key = KEY
        self.plan = "creator"
        self.used = 1200
        self.limit = 100_000
        self.at_once = 5
        self.busy = 0
        self.most_busy = 0
        self._count = threading.Lock()
        self.models = [
            _model("eleven_v3", "Eleven v3", True, False, 1.0),
            _model("eleven_multilingual_v2", "Eleven Multilingual v2", True, True, 1.0),
            _model("eleven_flash_v2_5", "Eleven Flash v2.5", False, False, 0.5),
            _model("eleven_english_sts_v2", "Speech to speech", True, True, 1.0, speaks=False),
        ]
        self.voices = [
            _voice(GEORGE, "George - Warm, Captivating Storyteller", "premade", accent="british", gender="male",
                   age="middle_aged", language="en", use_case="narrative_story", description="mature"),
            _voice(CLONE, "My own", "cloned", accent="american", gender="female", age="young", language="en"),
            *(_voice(f"{number:020}", f"Voice {number}", "premade", gender="neutral", language="de", accent="standard")
              for number in range(210)),
        ]  # fmt: skip
        self.history: list[dict[str, Any]] = []
        self.designed: set[str] = set()
        self.sent: list[tuple[str, bytes]] = []
        """The recordings that the last cloned voice was made of."""
        self.verifies = False

    def __enter__(self) -> "ElevenLabsServer":
        super().__enter__()
        self.voices[0]["preview_url"] = f"{self.address}/samples/{GEORGE}.mp3"
        return self

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/samples/"):
            assert "xi-api-key" not in asked.headers, "a key was sent to a public address"
            return Answer(200, mp3(speech("Hello, I am George.")[0]), "audio/mpeg")
        if asked.headers.get("xi-api-key") != self.key:
            return refusal(401, "invalid_api_key", "Invalid API key")
        for method, pattern, answer in (
            ("GET", r"/v1/user/subscription", self._subscription),
            ("GET", r"/v1/models", lambda _: as_json(self.models)),
            ("GET", r"/v2/voices", self._voices),
            ("POST", r"/v1/text-to-speech/([^/]+)/stream/with-timestamps", self._speech),
            ("POST", r"/v1/text-to-voice/design", self._design),
            ("POST", r"/v1/text-to-voice", self._keep),
            ("POST", r"/v1/voices/add", self._clone),
            ("POST", r"/v1/sound-generation", self._effect),
            ("GET", r"/v1/history", self._history),
            ("GET", r"/v1/history/([^/]+)/audio", self._history_sound),
            ("GET", r"/v1/history/([^/]+)", self._history_item),
            ("DELETE", r"/v1/history/([^/]+)", self._history_delete),
        ):
            if asked.method == method and (match := re.fullmatch(pattern, asked.path)):
                return answer(asked, *match.groups())  # type: ignore[operator]
        return as_json({"detail": "Not Found"}, 404)

    def _subscription(self, _: Asked) -> Answer:
        return as_json(
            {
                "tier": self.plan,
                "character_count": self.used,
                "character_limit": self.limit,
                "max_credit_limit_extension": 0,
                "next_character_count_reset_unix": 1_800_000_000,
                "voice_slots_used": 1,
                "voice_limit": 30,
                "status": "active",
            }
        )

    def _voices(self, asked: Asked) -> Answer:
        size = int(asked.query.get("page_size", 10))
        if not 1 <= size <= 100:
            return invalid("page_size", "Input should be less than or equal to 100")
        start = int(asked.query.get("next_page_token", 0))
        more = start + size < len(self.voices)
        token = str(start + size) if more else None
        page = self.voices[start : start + size]
        return as_json({"voices": page, "has_more": more, "total_count": len(self.voices), "next_page_token": token})

    def _speech(self, asked: Asked, voice: str) -> Answer:
        refused = self._refused_speech(asked, voice)
        if refused is not None:
            return refused
        body = asked.body
        cost = next(one["model_rates"]["character_cost_multiplier"] for one in self.models
                    if one["model_id"] == body["model_id"])  # fmt: skip
        needed = round(len(body["text"]) * cost)
        if self.used + needed > self.limit:
            left = self.limit - self.used
            return refusal(401, "quota_exceeded", f"This request exceeds your quota of {self.limit}. You have {left} "
                           f"credits remaining, while {needed} credits are required for this request.")  # fmt: skip
        with self._count:
            if self.busy >= self.at_once:
                return refusal(429, "too_many_concurrent_requests", "Too many concurrent requests.")
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
        self.used += needed
        audio, characters = speech(body["text"], body["voice_settings"].get("speed", 1.0))
        self._remember(voice, body, needed, audio)
        kind = asked.query.get("output_format", "mp3_44100_128")
        return Answer(200, self._stream(kind, audio, characters), headers={"request-id": f"r{len(self.asked)}"})

    def _refused_speech(self, asked: Asked, voice: str) -> Answer | None:
        body, kind = asked.body, asked.query.get("output_format", "mp3_44100_128")
        if not isinstance(body, dict) or not body.get("text"):
            return invalid("text", "Field required")
        if voice not in {one["voice_id"] for one in self.voices}:
            return refusal(404, "voice_not_found", f"A voice with the voice_id {voice} was not found.")
        model = body.get("model_id", "eleven_multilingual_v2")
        if model not in {one["model_id"] for one in self.models}:
            return refusal(400, "model_not_found", f"A model with model ID {model} does not exist.")
        if kind == "pcm_44100" and self.plan not in ("pro", "scale", "business"):
            return refusal(403, "output_format_not_allowed", f"Your plan does not allow output_format {kind}.")
        if kind.startswith("pcm") and self.plan == "mp3 only":
            return refusal(403, "output_format_not_allowed", f"Your plan does not allow output_format {kind}.")
        if model == "eleven_v3" and (body.get("previous_text") or body.get("next_text")):
            return refusal(400, "unsupported_model", "Providing previous_text or next_text is not yet supported with "
                           "the 'eleven_v3' model.")  # fmt: skip
        if model == "eleven_multilingual_v2" and body.get("language_code"):
            return refusal(400, "unsupported_language", "Model eleven_multilingual_v2 does not support language_code.")
        if not isinstance(body.get("seed", 0), int) or not 0 <= body.get("seed", 0) < 1 << 32:
            return invalid("seed", "Input should be less than or equal to 4294967295")
        return _refused_settings(model, body.get("voice_settings") or {})

    def _stream(self, kind: str, audio: NDArray[np.float32], characters: Characters) -> Iterator[bytes]:
        try:
            yield from stream(kind, audio, characters)
        finally:
            with self._count:
                self.busy -= 1

    def _remember(self, voice: str, body: dict[str, Any], cost: int, audio: NDArray[np.float32]) -> None:
        name = next(one["name"] for one in self.voices if one["voice_id"] == voice)
        self.history.insert(0, {
            "history_item_id": f"item{len(self.history)}", "request_id": "r", "voice_id": voice, "voice_name": name,
            "model_id": body["model_id"], "text": body["text"], "date_unix": 1_790_000_000 + len(self.history),
            "character_count_change_from": self.used - cost, "character_count_change_to": self.used,
            "content_type": "audio/mpeg", "state": "created", "source": "TTS", "_audio": audio,
        })  # fmt: skip

    def _history(self, asked: Asked) -> Answer:
        size, after = int(asked.query.get("page_size", 100)), asked.query.get("start_after_history_item_id")
        if "search" in asked.query and "source" not in asked.query:
            return invalid("source", "source is required with search")
        items = [one for one in self.history if asked.query.get("search", "") in one["text"]]
        ids = [one["history_item_id"] for one in items]
        start = ids.index(after) + 1 if after else 0
        page = items[start : start + size]
        return as_json({
            "history": [_public(one) for one in page],
            "last_history_item_id": page[-1]["history_item_id"] if page else None,
            "has_more": start + size < len(items),
        })  # fmt: skip

    def _item(self, identity: str) -> dict[str, Any] | None:
        return next((one for one in self.history if one["history_item_id"] == identity), None)

    def _history_item(self, _: Asked, identity: str) -> Answer:
        item = self._item(identity)
        return as_json(_public(item)) if item else _no_item(identity)

    def _history_sound(self, _: Asked, identity: str) -> Answer:
        item = self._item(identity)
        return Answer(200, mp3(item["_audio"]), "audio/mpeg") if item else _no_item(identity)

    def _history_delete(self, _: Asked, identity: str) -> Answer:
        item = self._item(identity)
        if item is None:
            return _no_item(identity)
        self.history.remove(item)
        return as_json({"status": "ok"})

    def _design(self, asked: Asked) -> Answer:
        body = asked.body or {}
        if not 20 <= len(body.get("voice_description", "")) <= 1000:
            return invalid("voice_description", "String should have at least 20 characters")
        text = body.get("text")
        if not text and not body.get("auto_generate_text"):
            return invalid("text", "Field required")
        if text and not 100 <= len(text) <= 1000:
            return invalid("text", "String should have at least 100 characters")
        if not -1 <= body.get("loudness", 0) <= 1 or not 0 <= body.get("guidance_scale", 5) <= 100:
            return invalid("loudness", "out of range")
        text = text or "Once upon a time there was a voice that nobody had heard before, and it spoke. " * 2
        previews = []
        for number in range(3):
            identity = f"generated{len(self.designed)}"
            self.designed.add(identity)
            sound = mp3(speech("Once upon a time.")[0])
            previews.append({"audio_base_64": base64.b64encode(sound).decode(), "generated_voice_id": identity,
                             "media_type": "audio/mpeg", "duration_secs": 1.0 + number, "language": "en"})  # fmt: skip
        self.used += len(text)
        return as_json({"previews": previews, "text": text})

    def _keep(self, asked: Asked) -> Answer:
        body = asked.body or {}
        if not body.get("voice_name"):
            return invalid("voice_name", "Field required")
        if body.get("generated_voice_id") not in self.designed:
            return refusal(404, "voice_not_found", "The generated voice was not found.")
        voice = _voice(f"kept{len(self.voices):016}", body["voice_name"], "generated", language="en", gender="female")
        self.voices.append(voice)
        return as_json(voice)

    def _clone(self, asked: Asked) -> Answer:
        if self.plan == "free":
            return refusal(401, "can_not_use_instant_voice_cloning", "Your subscription has no access to this feature.")
        body = asked.body or {}
        if not body.get("name") or not body.get("files"):
            return invalid("files", "Field required")
        self.sent = body["files"]
        voice = _voice(f"cloned{len(self.voices):014}", body["name"], "cloned", language="en", gender="female")
        self.voices.append(voice)
        return as_json({"voice_id": voice["voice_id"], "requires_verification": self.verifies})

    def _effect(self, asked: Asked) -> Answer:
        body = asked.body or {}
        if not body.get("text"):
            return invalid("text", "Field required")
        seconds = body.get("duration_seconds")
        if seconds is not None and not 0.5 <= seconds <= 30:
            return invalid("duration_seconds", "Input should be less than or equal to 30")
        if not 0 <= body.get("prompt_influence", 0.3) <= 1:
            return invalid("prompt_influence", "Input should be less than or equal to 1")
        self.used += 200 if seconds is None else round(40 * seconds)
        length = round((seconds or 2.0) * RATE)
        noise = np.random.default_rng(1).standard_normal(length).astype(np.float32) * np.float32(0.1)
        whole = mp3(noise)
        return Answer(200, iter([whole[at : at + 4096] for at in range(0, len(whole), 4096)]), "audio/mpeg")


def _refused_settings(model: str, settings: dict[str, Any]) -> Answer | None:
    for name in ("stability", "similarity_boost", "style"):
        if not 0 <= settings.get(name, 0.5) <= 1:
            return invalid(f"voice_settings.{name}", "Input should be less than or equal to 1")
    if model == "eleven_v3" and settings.get("stability", 0.5) not in (0.0, 0.5, 1.0):
        return refusal(400, "invalid_ttd_stability", "Invalid TTD stability value. Must be one of: [0.0, 0.5, 1.0]")
    if not 0.7 <= settings.get("speed", 1.0) <= 1.2:
        return refusal(400, "invalid_voice_settings", "Invalid setting for speed, expected 0.7 to 1.2")
    return None


def _no_item(identity: str) -> Answer:
    return refusal(404, "history_item_not_found", f"History item {identity} was not found.")


def _public(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if not name.startswith("_")}


def stream(kind: str, audio: NDArray[np.float32], characters: Characters) -> Iterator[bytes]:
    """Lines of JSON: pieces of the sound, each with the characters that begin in it; times from the very beginning."""
    if kind.startswith("pcm"):
        rate = int(kind.split("_")[1])
        resampler = Resampler(RATE, rate, 1)
        there = np.concatenate([resampler.push(audio[np.newaxis]), resampler.finish()], axis=1)[0]
        data = (np.clip(there, -1, 1) * 32767).astype("<i2").tobytes()
        size = round(PIECE * rate) * 2 - 1  # an odd number of bytes: pieces need not end with a sample
    else:
        data, size = mp3(audio), 4000
    pieces = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
    letters, starts, ends = characters
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        until = np.inf if last else (number + 1) / len(pieces) * len(audio) / RATE
        first = 0 if number == 0 else np.searchsorted(starts, number / len(pieces) * len(audio) / RATE)
        end = len(starts) if last else np.searchsorted(starts, until)
        alignment = {
            "characters": letters[first:end],
            "character_start_times_seconds": starts[first:end],
            "character_end_times_seconds": ends[first:end],
        }
        line = {
            "audio_base64": base64.b64encode(piece).decode(),
            "alignment": alignment if first < end else None,
            "normalized_alignment": None,
        }
        yield json.dumps(line).encode() + b"\n"


def mp3(audio: NDArray[np.float32]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.mp3"
        write_sound(path, Sound(audio[np.newaxis], RATE), "mp3")
        return path.read_bytes()


@lru_cache(1)
def _voice_of_the_server() -> tuple[SpeechEngine, SpeechSettings]:
    registry = EngineRegistry(ModelStore(Path("nowhere")))
    return registry.load("hibari"), SpeechSettings("hibari_heart")


@lru_cache(200)
def speech(text: str, speed: float = 1.0) -> tuple[NDArray[np.float32], Characters]:
    """The sound of a text and the times of its characters, audio tags silent."""
    engine, settings = _voice_of_the_server()
    plain = re.sub(r"\[[^\]]*\]", lambda match: " " * len(match[0]), text)
    chunks = list(engine.speak(sentences(plain), replace(settings, speed=speed)))
    audio = np.concatenate([chunk.audio for chunk in chunks] or [np.zeros(0, np.float32)])
    starts, ends = np.zeros(len(text)), np.zeros(len(text))
    at, place = 0.0, 0
    for word in (word for chunk in chunks for word in chunk.words):
        starts[place : word.source_start] = ends[place : word.source_start] = at
        edges = np.linspace(word.start / RATE, word.end / RATE, len(word.text) + 1)
        starts[word.source_start : word.source_end] = edges[:-1]
        ends[word.source_start : word.source_end] = edges[1:]
        at, place = word.end / RATE, word.source_end
    starts[place:] = ends[place:] = at
    return audio, (list(text), np.round(starts, 4).tolist(), np.round(ends, 4).tolist())
