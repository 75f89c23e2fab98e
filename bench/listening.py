"""Speech recognition and word times, measured on speech that Kokoro makes and knows the times of.

    python bench/listening.py --models FOLDER [--voices 6] [--minutes 5]

Word times: each voice reads `bench/speech.txt`'s first paragraphs; the times that are found in the sound are laid
beside Kokoro's own.
Recognition: how long a long sound takes and how much memory it needs beside a short one.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audiostudio.engines.base import SpeechSettings, TimedWord  # noqa: E402
from audiostudio.engines.models import ModelStore  # noqa: E402
from audiostudio.engines.registry import EngineRegistry  # noqa: E402
from audiostudio.script.comparison import compare  # noqa: E402
from audiostudio.script.reading import read  # noqa: E402
from audiostudio.script.word_times import HeardSpan, word_times  # noqa: E402
from audiostudio.sound.faults import FaultFinder  # noqa: E402

VOICES = ("af_heart", "am_adam", "bf_emma", "bm_george", "af_bella", "am_michael", "bf_alice", "bm_lewis")
RATE = 24_000


def spoken(engines: EngineRegistry, text: str, voice: str) -> tuple[NDArray[np.float32], list[TimedWord]]:
    chunks = list(engines.load("kokoro").speak(read(text, "en-us"), SpeechSettings(voice)))
    return np.concatenate([chunk.audio for chunk in chunks]), [word for chunk in chunks for word in chunk.words]


def found_times(
    engines: EngineRegistry, text: str, audio: NDArray[np.float32]
) -> tuple[float, list[tuple[float, float]]]:
    finder = FaultFinder(RATE)
    finder.push(audio)
    faults = finder.finish()
    heard, spans = "", []
    for stretch in engines.transcriber().transcribe([audio], RATE, "en-us"):
        for word in stretch.words:
            heard += " " if heard else ""
            spans.append(HeardSpan(len(heard), len(heard) + len(word.text), word.start, word.end))
            heard += word.text
    comparison = compare(read(text, "en-us"), heard, "en-us")
    return comparison.word_errors, [tuple(one) for one in word_times(comparison, spans, faults.quiet, faults.seconds)]


def told(what: str, errors: list[float]) -> None:
    values = np.array(errors)
    lag = float(np.median(values))
    away, spread = np.abs(values), np.abs(values - lag)
    print(
        f"{what:6} of {len(values)} words: lag {1000 * lag:.0f} ms, "
        f"error median {1000 * np.median(away):.0f}, 95 % {1000 * np.percentile(away, 95):.0f}; "
        f"without the lag {1000 * np.median(spread):.0f}, {1000 * np.percentile(spread, 95):.0f} ms"
    )


def measure_times(engines: EngineRegistry, paragraphs: list[str], voices: tuple[str, ...]) -> None:
    ours: tuple[list[float], list[float]] = ([], [])
    errors, took, length = [], 0.0, 0.0
    for voice, text in zip(voices, paragraphs, strict=False):
        audio, words = spoken(engines, text, voice)
        length += len(audio) / RATE
        began = time.perf_counter()
        wrong, times = found_times(engines, text, audio)
        took += time.perf_counter() - began
        errors.append(wrong)
        ours[0].extend(span[0] - word.start / RATE for span, word in zip(times, words, strict=True))
        ours[1].extend(span[1] - word.end / RATE for span, word in zip(times, words, strict=True))
    print(f"{length:.0f} s of sound, word errors {100 * np.mean(errors):.1f} %")
    told("starts", ours[0])
    told("ends", ours[1])
    print(f"{took / length:.2f} s for each second of sound")


def measure_length(engines: EngineRegistry, text: str, minutes: float) -> None:
    audio, _ = spoken(engines, text, VOICES[0])
    for wanted in (0.5, minutes):
        count = max(1, round(wanted * 60 * RATE / len(audio)))
        began = time.perf_counter()
        for _ in engines.transcriber().transcribe((audio for _ in range(count)), RATE, "en", word_times=False):
            pass
        took, seconds = time.perf_counter() - began, count * len(audio) / RATE
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"{seconds:5.0f} s: {took / seconds:.3f} s for each second of sound, peak memory so far {peak:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--voices", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=5.0)
    arguments = parser.parse_args()
    engines = EngineRegistry(ModelStore(arguments.models))
    paragraphs = (Path(__file__).parent / "speech.txt").read_text(encoding="utf-8").strip().split("\n\n")
    measure_times(engines, paragraphs, VOICES[: arguments.voices])
    measure_length(engines, paragraphs[0], arguments.minutes)
    engines.close()


if __name__ == "__main__":
    main()
