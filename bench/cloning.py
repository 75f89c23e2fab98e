"""How fast voices are cloned and speak: XTTS-v2 with random weights, through the engine's process as users have it.

    python bench/cloning.py --engines .test-data/engines [--full]

`--full` takes a network as large as the published one (1.9 GB on the disk, 6 GB of memory). What it says is noise, but
as much work; it goes on until it is stopped, so each sentence is as long as the slowest speaker would need. The
absolute figures that are wanted (first sound under 300 ms, RTF under 0.25) hold for graphics cards: where there is
none they are “not measured”.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.packages import interpreter
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.script.spoken import Sentence, Word
from audiostudio.sound.files import Sound, write_sound

ROOT = Path(__file__).resolve().parent.parent
TEXT = "The old lighthouse keeper counted the ships and wrote down their names."
FIRST_SOUND, RTF, CLONED = 0.3, 0.25, 120.0
"""Wanted: seconds, and computing time for each second of sound, on a graphics card; seconds to a usable voice."""


class Files:
    """The checkpoint, the new voice, and the real watermark."""

    def __init__(self, folder: Path, models: Path) -> None:
        self._folder, self._models = folder, models

    def path(self, name: str, file: str) -> Path:
        return self._models / name / file if name == "perth" else self._folder / file

    def voice(self, identity: str) -> Path:
        return self._folder / "voice"


def samples(folder: Path, count: int = 4, seconds: float = 10.0) -> Iterator[Path]:
    at = np.arange(round(seconds * 48_000)) / 48_000
    for number in range(count):
        tone = sum(np.sin(2 * np.pi * n * (110 + 10 * number) * at) / n for n in range(1, 12))
        path = folder / f"sample {number}.wav"
        write_sound(path, Sound((0.1 * np.asarray(tone))[np.newaxis].astype(np.float32), 48_000))
        yield path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", type=Path, required=True, help="the folder with the environment torch")
    parser.add_argument("--models", type=Path, default=ROOT / ".test-data/models", help="for the watermark")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--sentences", type=int, default=2)
    given = parser.parse_args()
    environments = Environments(given.engines)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "voice").mkdir()
        tool = ROOT / "tests/engines/tiny_xtts.py"
        python = interpreter(environments.folder / "torch")
        flags = ["--endless", *(["--full"] if given.full else [])]
        subprocess.run([python, "-I", "-W", "ignore", tool, ROOT, folder, *flags], check=True)
        worker = Worker("torch", environments.command("torch"))
        try:
            measure(worker, folder, given.models, given.full, given.sentences)
        finally:
            worker.close()


def measure(worker: Worker, folder: Path, models: Path, full: bool, count: int) -> None:
    manifest = EngineRegistry(ModelStore(models)).manifest("xtts")
    began = time.perf_counter()
    engine = HostedEngine(worker, Files(folder, models), manifest)
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    for _ in engine.learn(list(samples(folder)), folder / "voice", {}):
        pass
    learnt = time.perf_counter() - began
    settings = SpeechSettings("mine/benchmark")
    sentence = Sentence(tuple(Word(word, 0, 0, word) for word in TEXT.split()), "en-us")
    for _ in engine.speak([Sentence(sentence.words[:1], "en-us")], settings):
        pass  # warm
    first, made, began = None, 0, time.perf_counter()
    for chunk in engine.speak([sentence] * count, settings):
        made += len(chunk.audio)
        if made and first is None:
            first = time.perf_counter() - began
    rtf = (time.perf_counter() - began) / (made / 24_000)
    assert first is not None
    on_gpu = "CUDA" in engine.device
    size = "full size" if full else "tiny: the figures of speech say nothing of the real network"
    print(f"XTTS-v2, random weights, {size}; on {engine.device}")
    print(f"  loading the engine      {loaded:8.2f} s")
    print(f"  a voice from 4 × 10 s   {learnt:8.2f} s   wanted ≤ {CLONED:g} s: {verdict(learnt <= CLONED)}")
    print(
        f"  first sound             {first:8.2f} s   wanted ≤ {FIRST_SOUND:g} s: {judged(on_gpu, first, FIRST_SOUND)}"
    )
    print(f"  computing / sound (RTF) {rtf:8.2f}     wanted ≤ {RTF:g}: {judged(on_gpu, rtf, RTF)}")


def judged(on_gpu: bool, found: float, wanted: float) -> str:
    return verdict(found <= wanted) if on_gpu else "holds for a GPU, none is here: not measured"


def verdict(good: bool) -> str:
    return "reached" if good else "missed"


if __name__ == "__main__":
    main()
