"""A server on loopback that follows OpenAI's `/v1/audio/speech`, as local speech servers do. Its voice is Hibari."""

import io
import wave
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.engines.elevenlabs_server import RATE, mp3, speech
from tests.engines.faulty_server import Answer, Asked, FaultyServer, as_json

VOICES = ["alloy", "af_bella+af_sky", "voice: deep"]


class OpenAIServer(FaultyServer):
    def __init__(self, keep_alive: bool = True, key: str = "", lists_voices: bool = True) -> None:
        super().__init__(keep_alive)
        self.key = key
        self.lists_voices = lists_voices

    def answer(self, asked: Asked) -> Answer:
        if self.key and asked.headers.get("authorization") != f"Bearer {self.key}":
            return as_json({"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}, 401)
        if (asked.method, asked.path) == ("GET", "/v1/audio/voices") and self.lists_voices:
            return as_json({"voices": VOICES})
        if (asked.method, asked.path) == ("POST", "/v1/audio/speech"):
            return self._speech(asked)
        return as_json({"detail": "Not Found"}, 404)

    def _speech(self, asked: Asked) -> Answer:
        body = asked.body
        for name in ("input", "voice", "model"):
            if not isinstance(body.get(name), str) or not body[name]:
                return as_json({"error": {"message": f"Missing required parameter: '{name}'.", "param": name}}, 400)
        if body["voice"] not in VOICES:
            return as_json({"error": {"message": f"Voice {body['voice']} not found", "param": "voice"}}, 400)
        if len(body["input"]) > 4096 or not 0.25 <= body.get("speed", 1.0) <= 4.0:
            return as_json({"error": {"message": "Input too long or speed out of range."}}, 400)
        quick = min(max(body.get("speed", 1.0), 0.5), 2.0)
        audio, _ = speech(body["input"], quick)
        if body.get("speed", 1.0) != quick:
            at = np.arange(0, len(audio), body["speed"] / quick)
            audio = np.interp(at, np.arange(len(audio)), audio).astype(np.float32)
        kind = body.get("response_format", "mp3")
        data = {"wav": wav, "pcm": pcm, "mp3": mp3}[kind](audio)
        return Answer(200, pieces(data), {"wav": "audio/wav", "pcm": "audio/pcm", "mp3": "audio/mpeg"}[kind])


def pieces(data: bytes) -> Iterator[bytes]:
    """Of an odd length: a piece need not end with a sample."""
    return iter([data[at : at + 7001] for at in range(0, len(data), 7001)])


def pcm(audio: NDArray[np.float32]) -> bytes:
    return bytes((np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())


def wav(audio: NDArray[np.float32]) -> bytes:
    """As streamed: the length is not known when the header is sent."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(pcm(audio))
    data = bytearray(file.getvalue())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    return bytes(data)
