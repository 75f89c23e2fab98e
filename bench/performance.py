"""What a drawn performance costs, and how exactly it is heard: the same text plain and with every word drawn, in turns.

    python bench/performance.py --models FOLDER [--repeats 3]

Drawn words keep their lengths, so that both speak as long. Ratios are what matters: of the time for the whole text and
of the time to the first sound. Exits with 1 when drawing costs more than it may.
"""

import argparse
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ALLOWED = {"hibari_heart": 1.5, "af_heart": 1.1}
"""Hibari speaks so fast that a few milliseconds for each second of sound count."""


def timed(engine, parts: list, voice: str) -> tuple[float, float, list]:
    from audiostudio.engines.base import SpeechSettings

    began = time.perf_counter()
    stream = engine.speak(parts, SpeechSettings(voice))
    chunks = [next(stream)]
    first = time.perf_counter() - began
    chunks += stream
    return first, time.perf_counter() - began, chunks


def drawn(parts: list, chunks: list) -> list:
    """Every word as long as it was, with the melody that it had drawn a third higher, a little louder."""
    from audiostudio.performance import PitchPoint, Voicing
    from audiostudio.script.spoken import Sentence

    spoken = {}
    for chunk in chunks:
        for word in chunk.words:
            one, two = ((at - chunk.start) // chunk.hop for at in (word.start, word.end))
            hz = chunk.melody[one:two]
            points = [PitchPoint((i + 0.5) / len(hz), float(hz[i]) * 1.26) for i in np.flatnonzero(hz)]
            spoken[word.source_start] = Voicing(
                seconds=(word.end - word.start) / chunk.sample_rate, curve=tuple(points), energy=1.0
            )
    return [
        replace(part, words=tuple(replace(word, voicing=spoken[word.start]) for word in part.words))
        for part in parts
        if isinstance(part, Sentence)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--models", default=os.environ.get("AUDIOSTUDIO_TEST_MODELS", str(ROOT / ".test-data" / "models"))
    )
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    from audiostudio.engines.models import ModelStore
    from audiostudio.engines.registry import EngineRegistry
    from audiostudio.script.reading import read

    engines = EngineRegistry(ModelStore(Path(arguments.models)))
    text = (Path(__file__).parent / "speech.txt").read_text(encoding="utf-8").strip().split("\n\n")[0]
    good = True
    for voice, allowed in ALLOWED.items():
        engine = engines.load(engines.resolve(voice)[0].name)
        plain = list(read(text, "en-us"))
        _, _, chunks = timed(engine, plain, voice)
        played = drawn(plain, chunks)
        timed(engine, played, voice)
        found: dict[str, list] = {"plain": [], "drawn": []}
        for turn in range(arguments.repeats):
            for name in sorted(found, reverse=bool(turn % 2)):
                found[name].append(timed(engine, plain if name == "plain" else played, voice)[:2])
        ratios = [
            statistics.median(one[at] for one in found["drawn"]) / statistics.median(one[at] for one in found["plain"])
            for at in (0, 1)
        ]
        seconds = sum(len(chunk.audio) for chunk in chunks) / chunks[0].sample_rate
        taken = statistics.median(one[1] for one in found["drawn"])
        print(
            f"{voice}: {seconds:.1f} s of sound in {taken:.2f} s; drawn / plain: "
            f"whole {ratios[1]:.2f}, first sound {ratios[0]:.2f}  (<= {allowed})"
        )
        good = good and ratios[1] <= allowed
    engines.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
