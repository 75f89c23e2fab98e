"""Own voices on the disk, spoken by the weightless engine, with recordings that can be heard."""

import hashlib
import itertools
import uuid
import wave
from pathlib import Path

import numpy as np

from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.voices.voice import OWN, Card, Consent, KeptVoice, OwnVoice, Sample

RATE = 48_000
SECONDS = 0.6
_NUMBERS = itertools.count(1)


def make_voice(
    studio: Studio,
    name: str,
    method: str = "match",
    commercial: bool | None = True,
    engine: str = "tone",
    kept_samples: bool = True,
    hz: float | None = None,
    **card: object,
) -> KeptVoice:
    """`hz`: of the recordings; two voices of one are made of the same."""
    number = next(_NUMBERS)
    pitch = 110.0 + 10 * number if hz is None else hz
    with studio.voices.new() as place:
        (place / "samples").mkdir()
        data = _file(place / "voice.bin", name.encode())
        samples = []
        for take in range(2):
            file = place / "samples" / f"{take + 1}.wav"
            digest = tone_file(file, pitch + take)
            if not kept_samples:
                file.unlink()
            kept = f"samples/{file.name}" if kept_samples else ""
            samples.append(Sample(kept, f"Take {take + 1}.wav", SECONDS, digest, 70.0 + take))
        tone_file(place / "consent.wav", 150.0)
        consent = Consent(
            "own",
            "Maya Lindqvist",
            "2026-11-21",
            "My videos",
            statement="I agree: amber river nine.",
            recording="consent.wav",
            heard="I agree amber river nine",
            agreement=1.0,
            similarity=0.92,
        )
        voice = OwnVoice(
            f"{OWN}{uuid.uuid4().hex[:12]}",
            engine,
            method,
            "en-us",
            consent,
            tuple(samples),
            (("voice.bin", data),),
            Rights("CC0-1.0" if commercial else "CPML", commercial),
            f"2026-11-{1 + number % 28:02}T10:00:00+00:00",
            made_by={"similarity": 0.78},
            found={"pitch": 182.0, "pitch_low": 140.0, "pitch_high": 240.0, "gender": "female"}
            | {"rate": 2.6, "score": 84},
        )
        return studio.voices.keep(place, voice, Card(name, **card))  # type: ignore[arg-type]


def tone_file(path: Path, hz: float) -> str:
    """A short WAV; its SHA-256."""
    wave_form = 0.3 * np.sin(2 * np.pi * hz * np.arange(int(SECONDS * RATE)) / RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((wave_form * 32767).astype("<i2").tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()
