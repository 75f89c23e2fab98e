"""The watermark: how far it can be heard, what it survives, and what is taken for it.

    python bench/watermark.py --models FOLDER [--music FOLDER] [--voices 6]

`--music`: sounds without speech, which are mixed in and looked at by themselves. Half a minute of computing for each
voice; 54 more sentences for what is taken for the mark.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audiostudio.engines.base import SpeechChunk, SpeechSettings  # noqa: E402
from audiostudio.engines.models import ModelStore  # noqa: E402
from audiostudio.engines.registry import EngineRegistry  # noqa: E402
from audiostudio.engines.vad import RATE as VAD_RATE  # noqa: E402
from audiostudio.engines.vad import SpeechDetector, spans  # noqa: E402
from audiostudio.engines.watermark import FOUND, Watermarker  # noqa: E402
from audiostudio.operations.verify import SPEECH, UNCLEAR  # noqa: E402
from audiostudio.script.reading import read  # noqa: E402
from audiostudio.sound.files import read_sound  # noqa: E402
from audiostudio.sound.resample import resample  # noqa: E402
from audiostudio.sound.stretch import Stretched  # noqa: E402
from bench.quality import dnsmos  # noqa: E402

RATE = 24_000
TEXT = (
    "The harbour was quiet that morning. Nobody spoke of the storm, and yet every boat stayed tied to the wall. "
    "She counted them twice before she went home."
)
SHORT = "The harbour was quiet that morning, and nobody spoke of the storm."
Floats = NDArray[np.float32]
Treatment = Callable[[Floats], tuple[Floats, int]]


class Held:
    """A sound in memory, for `Stretched`."""

    channels, sample_rate = 1, RATE

    def __init__(self, audio: Floats) -> None:
        self._audio = audio
        self.length = len(audio)

    def read(self, start: int, count: int) -> Floats:
        found = np.zeros((1, count), np.float32)
        first, last = max(0, start), min(self.length, start + count)
        found[0, first - start : last - start] = self._audio[first:last]
        return found


def coded(codec: str, suffix: str, rate: int, bits: int) -> Treatment:
    """Through an encoder at so many kbit/s, and back."""

    def treat(audio: Floats) -> tuple[Floats, int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"sound.{suffix}"
            with av.open(str(path), "w") as out:
                stream = out.add_stream(codec, rate=rate, layout="mono")
                assert isinstance(stream, av.AudioStream)
                stream.bit_rate = bits * 1_000
                samples = resample(audio[np.newaxis], RATE, rate)
                frame = av.AudioFrame.from_ndarray(samples, "flt" if codec == "libopus" else "fltp", "mono")
                frame.sample_rate = rate
                out.mux(stream.encode(frame))
                out.mux(stream.encode(None))
            found = read_sound(path, mono=True)
        return found.samples[0], found.sample_rate

    return treat


def resampled(rate: int) -> Treatment:
    return lambda audio: (resample(audio[np.newaxis], RATE, rate)[0], rate)


def mixed(other: Floats, decibels: float) -> Treatment:
    def treat(audio: Floats) -> tuple[Floats, int]:
        under = np.resize(other, len(audio))
        gain = np.sqrt(np.mean(audio**2) / np.mean(under**2)) * 10 ** (decibels / 20)
        return (audio + under * gain).astype(np.float32), RATE

    return treat


def stretched(speed: float, semitones: float) -> Treatment:
    def treat(audio: Floats) -> tuple[Floats, int]:
        sound = Stretched(Held(audio), Fraction(speed).limit_denominator(100), semitones)
        return sound.read(0, round(len(audio) / speed))[0], RATE

    return treat


def treatments(music: list[Floats]) -> dict[str, Treatment]:
    noise = np.random.default_rng(0).normal(0, 1, 10 * RATE).astype(np.float32)
    found: dict[str, Treatment] = {
        "as it is": lambda audio: (audio, RATE),
        "MP3, 128 kbit/s": coded("libmp3lame", "mp3", 48_000, 128),
        "MP3, 64 kbit/s": coded("libmp3lame", "mp3", 44_100, 64),
        "AAC, 128 kbit/s": coded("aac", "m4a", 48_000, 128),
        "Opus, 96 kbit/s": coded("libopus", "ogg", 48_000, 96),
        "Opus, 24 kbit/s": coded("libopus", "ogg", 48_000, 24),
        "at 44.1 kHz": resampled(44_100),
        "at 16 kHz": resampled(16_000),
        "at 8 kHz": resampled(8_000),
        "3 s of it": lambda audio: (audio[31_001 : 31_001 + 3 * RATE], RATE),
        "1 s of it": lambda audio: (audio[31_001 : 31_001 + RATE], RATE),
        "20 dB quieter": lambda audio: (audio * np.float32(0.1), RATE),
        "noise at −30 dB": mixed(noise, -30),
        "noise at −20 dB": mixed(noise, -20),
        "5 % faster (tape)": lambda audio: (resample(audio[np.newaxis], 105, 100)[0], RATE),
        "5 % faster, same pitch": stretched(1.05, 0.0),
        "a semitone higher, same speed": stretched(1.0, 1.0),
    }
    for decibels in (-15, -6) if music else ():
        found[f"music at −{-decibels} dB"] = mixed(np.concatenate(music), decibels)
    return found


def judged(marker: Watermarker, audio: Floats, rate: int) -> list[float]:
    """The confidence of each window in which somebody speaks, as `verify` judges."""
    detector = SpeechDetector()
    heard = [detector.push(resample(audio[np.newaxis], rate, VAD_RATE)[0]), detector.finish()]
    speech = spans(np.concatenate(heard))

    def spoken(start: float, end: float) -> float:
        return sum(max(0.0, min(last, end) - max(first, start)) for first, last in speech)

    windows = marker.detect([audio], rate).windows
    return [one.confidence for one in windows if spoken(one.start, one.end) >= SPEECH]


def spoken(engines: EngineRegistry, voice: str, text: str) -> Floats:
    chunks = engines.load("kokoro").speak(read(text, "en-us"), SpeechSettings(voice))
    return np.concatenate([chunk.audio for chunk in chunks])


def marked(marker: Watermarker, audio: Floats) -> Floats:
    return np.concatenate([chunk.audio for chunk in marker.mark([SpeechChunk(audio, RATE, 0)])])


def row(name: str, plain: list[float], own: list[float]) -> str:
    def told(found: list[float]) -> str:
        if not found:
            return "no speech"
        return f"{sum(one >= FOUND for one in found)} of {len(found)} ({min(found):.2f}–{max(found):.2f})"

    return f"| {name} | {told(own)} | {told(plain)} |"


def of_voices(
    engines: EngineRegistry, marker: Watermarker, voices: list[str], music: list[Floats], models: Path
) -> None:
    pairs = []
    for voice in voices:
        plain = spoken(engines, voice, TEXT)
        begin = time.perf_counter()
        own = marked(marker, plain)
        seconds = time.perf_counter() - begin
        ratio = 10 * np.log10(np.mean(plain**2) / np.mean((own - plain) ** 2))
        rated = [dnsmos(one, RATE, models) for one in (plain, own)]
        print(
            f"{voice}: the mark {ratio:.1f} dB below the speech, DNSMOS {rated[0]:.3f} → {rated[1]:.3f}, "
            f"{seconds / len(plain) * RATE:.3f} s of computing for each second",
            flush=True,
        )
        pairs.append((plain, own))
    print("\n| | marked: windows found (confidence) | unmarked |\n|---|---|---|")
    for name, treat in treatments(music).items():
        found = [[judged(marker, *treat(audio)) for audio in pair] for pair in pairs]
        plains, owns = zip(*found, strict=True)
        print(row(name, list(itertools.chain(*plains)), list(itertools.chain(*owns))), flush=True)


def taken_for_it(engines: EngineRegistry, marker: Watermarker, music: Iterator[tuple[str, Floats, int]]) -> None:
    voices = [voice.id for voice in engines.voices() if voice.engine == "kokoro"]
    found = [(max(judged(marker, spoken(engines, voice, SHORT), RATE), default=0.0), voice) for voice in voices]
    worst = ", ".join(f"{voice} {one:.2f}" for one, voice in sorted(found, reverse=True)[:3])
    over = [sum(one >= limit for one, _ in found) for limit in (FOUND, UNCLEAR)]
    print(f"\n{len(found)} voices, unmarked: {over[0]} found, {over[1] - over[0]} unclear; the highest: {worst}")
    for name, audio, rate in music:
        windows = [one.confidence for one in marker.detect([audio], rate).windows]
        spoken_in = judged(marker, audio, rate)
        print(f"{name}: {row('all windows', spoken_in, windows)} (last: those in which speech is heard)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="the folder of the model store")
    parser.add_argument("--music", type=Path, help="a folder with sounds without speech")
    parser.add_argument("--voices", type=int, default=6)
    chosen = parser.parse_args()
    store = ModelStore(chosen.models.resolve())
    engines, marker = EngineRegistry(store), Watermarker(store)
    files = sorted(chosen.music.iterdir()) if chosen.music else []
    music = [(path.name, read_sound(path, RATE, mono=True).samples[0], RATE) for path in files]
    ids = [voice.id for voice in engines.voices() if voice.engine == "kokoro" and voice.language.startswith("en")]
    voices = ids[:: max(1, len(ids) // chosen.voices)][: chosen.voices]
    of_voices(engines, marker, voices, [one for _, one, _ in music], chosen.models)
    taken_for_it(engines, marker, iter(music))
    engines.close()


if __name__ == "__main__":
    main()
