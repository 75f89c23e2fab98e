"""Kokoro here and in `kokoro-onnx`, side by side: throughput, time to the first sound, memory, words and DNSMOS.

    python bench/speech.py --models FOLDER [--minutes 10] [--quick] [--no-quality] [--voice af_heart] [--decoder f32]

Both read the same phonemes with the same int8 model, voice and number of threads, each in a process of its own. They
take turns, paragraph by paragraph, so that whatever else the machine does falls on both alike; the time to the first
sound is that of a fresh stream over the whole script, again in turns. Finding phonemes counts for ours and not for
theirs. Ratios are what matters. Exits with 1 when a required one is missed.
"""

import argparse
import asyncio
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

RATE = 24_000
SECONDS_A_PARAGRAPH = 24.0
REQUIRED_THROUGHPUT, REQUIRED_FIRST, REQUIRED_INSTANT = 1.5, 1 / 3, 100
SHIFTS = (0.0, 0.37, 0.81)
"""Seconds. Whisper hears each paragraph so often, each time a little later: what it makes of one hearing is chance."""
WORSE = {"word errors": 0.002, "DNSMOS": 0.03}
"""How much may be chance."""


def paragraphs(seconds: float) -> list[str]:
    """The script, from the beginning again where it is too short."""
    whole = (Path(__file__).parent / "speech.txt").read_text(encoding="utf-8").strip().split("\n\n")
    count = max(1, math.ceil(seconds / SECONDS_A_PARAGRAPH))
    return [whole[number % len(whole)] for number in range(count)]


class Ours:
    def __init__(self, models: Path, voice: str, decoder: str = "") -> None:
        from audiostudio.engines.base import SpeechSettings
        from audiostudio.engines.models import ModelStore
        from audiostudio.engines.registry import EngineRegistry

        store = ModelStore(models)
        engines = EngineRegistry(store)
        self._engine = forced(store, engines, decoder) if decoder else engines.load(engines.resolve(voice)[0].name)
        self._settings = SpeechSettings(voice)
        self.runs_on = self._engine.device

    def prepared(self, text: str) -> str:
        return text

    def stream(self, text: str) -> Iterator[np.ndarray]:
        from audiostudio.script.reading import read

        for chunk in self._engine.speak(read(text, "en-us"), self._settings):
            yield chunk.audio


def forced(store, engines, decoder: str):
    """Kokoro with a decoder that this machine would not choose."""
    from audiostudio.engines.kokoro import graph
    from audiostudio.engines.kokoro.engine import KokoroEngine
    from audiostudio.engines.kokoro.onnx_stages import OnnxDecoder, OnnxEncoder
    from audiostudio.engines.kokoro.openvino_decoder import OpenVinoDecoder
    from audiostudio.engines.kokoro.stages import JoinedStages

    path, streams = store.path("kokoro", "model.onnx"), threads()
    model = graph.read(path)
    made = OnnxDecoder(model, path, 1) if decoder == "onnx" else OpenVinoDecoder(model, path, 1, streams, decoder)
    return KokoroEngine(store, engines.manifest("kokoro"), JoinedStages(OnnxEncoder(model, path, 1), made), streams)


class Theirs:
    def __init__(self, models: Path, voice: str) -> None:
        import onnxruntime
        from kokoro_onnx import Kokoro

        voices = Path(os.environ["BENCH_SCRATCH"]) / "voices.npz"
        np.savez(voices, **{voice: np.fromfile(models / "kokoro-voices" / f"{voice}.bin", "<f4").reshape(510, 1, 256)})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        model = str(models / "kokoro" / "model.onnx")
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._kokoro = Kokoro.from_session(session, str(voices))
        self._voice = voice
        self.runs_on = f"ONNX Runtime, {threads()} threads"

    def prepared(self, text: str) -> str:
        return phonemes(text)

    def stream(self, text: str) -> Iterator[np.ndarray]:
        loop = asyncio.new_event_loop()
        stream = self._kokoro.create_stream(text, self._voice, is_phonemes=True)
        try:
            while True:
                try:
                    audio, _ = loop.run_until_complete(anext(stream))
                except StopAsyncIteration:
                    return
                yield audio
        finally:
            loop.run_until_complete(stream.aclose())
            loop.close()


def threads() -> int:
    return min(2, os.cpu_count() or 1)


def phonemes(text: str) -> str:
    from audiostudio.script.phonemes import phonemize
    from audiostudio.script.reading import read
    from audiostudio.script.spoken import Sentence

    said = [phonemize(part) for part in read(text, "en-us") if isinstance(part, Sentence)]
    return " ".join(word.phonemes for sentence in said for word in sentence.words if word.phonemes)


def serve(side: str, models: Path, voice: str, decoder: str) -> None:
    """A child: one request a line, one answer a line."""
    began = time.perf_counter()
    engine = Ours(models, voice, decoder) if side == "ours" else Theirs(models, voice)
    answer({"load": time.perf_counter() - began, "runs_on": engine.runs_on})
    for _ in engine.stream(engine.prepared("Warm up, please.")):
        pass
    for line in sys.stdin:
        request = json.loads(line)
        text = engine.prepared(request["text"])
        began = time.perf_counter()
        stream = engine.stream(text)
        parts = [next(stream)]
        first = time.perf_counter() - began
        if request["whole"]:
            parts += stream
        else:
            stream.close()
        taken = time.perf_counter() - began
        audio = np.concatenate(parts)
        if request["save"]:
            audio.astype("<f4").tofile(request["save"])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer({"first": first, "taken": taken, "seconds": len(audio) / RATE, "peak": peak})


def answer(data: dict) -> None:
    print(json.dumps(data), flush=True)


class Child:
    def __init__(self, side: str, arguments: argparse.Namespace, scratch: Path) -> None:
        command = [sys.executable, __file__, "--serve", side, "--models", arguments.models, "--voice", arguments.voice]
        command += ["--decoder", arguments.decoder]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"BENCH_SCRATCH": str(scratch), "OMP_NUM_THREADS": str(threads())},
        )
        self.started = json.loads(self._process.stdout.readline())

    def ask(self, text: str, whole: bool = True, save: Path | None = None) -> dict:
        request = {"text": text, "whole": whole, "save": str(save) if save else ""}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def measured(arguments: argparse.Namespace, scratch: Path) -> dict:
    sides = {side: Child(side, arguments, scratch) for side in ("ours", "theirs")}
    texts = paragraphs(arguments.minutes * 60)
    script = "\n\n".join(texts)
    found: dict = {
        side: {"started": child.started, "first": [], "short": [], "runs": []} for side, child in sides.items()
    }
    for turn in range(arguments.repeats):
        for side in sorted(sides, reverse=bool(turn % 2)):
            found[side]["first"].append(sides[side].ask(script, whole=False)["first"])
            found[side]["short"].append(sides[side].ask("Welcome back to the channel, everyone.")["first"])
    for number, text in enumerate(texts):
        for side in sorted(sides, reverse=bool(number % 2)):
            save = scratch / f"{side}-{number:03}.f32"
            found[side]["runs"].append(sides[side].ask(text, save=save))
    for child in sides.values():
        child.close()
    return found


def instant(models: Path) -> float:
    """Milliseconds from the call to Hibari's first chunk, the engine loaded: the median over lines of all lengths."""
    engine = Ours(models, "hibari_heart")
    lines = [line for text in paragraphs(60) for line in text.split(". ")]
    times = []
    for line in ["Warm up.", *lines]:
        began = time.perf_counter()
        next(engine.stream(line))
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[1:])


def report(found: dict, instant_ms: float) -> bool:
    ours, theirs = found["ours"], found["theirs"]

    def speed(side: dict) -> float:
        return sum(run["seconds"] for run in side["runs"]) / sum(run["taken"] for run in side["runs"])

    def row(name: str, a: float, b: float, ratio: float, wanted: str = "") -> None:
        print(f"{name:34} {a:10.3f} {b:12.3f} {ratio:8.2f}  {wanted}")

    def first(side: dict, text: str) -> float:
        return statistics.median(side[text])

    print(f"ours: {ours['started']['runs_on']}; theirs: {theirs['started']['runs_on']}")
    print(f"{'':34} {'ours':>10} {'kokoro-onnx':>12} {'ratio':>8}")
    fast, early = speed(ours) / speed(theirs), first(ours, "first") / first(theirs, "first")
    row("seconds of sound", *(sum(r["seconds"] for r in s["runs"]) for s in (ours, theirs)), 1.0)
    row("throughput (times real time)", speed(ours), speed(theirs), fast, f">= {REQUIRED_THROUGHPUT} (goal 2.0)")
    row("first sound, script (s)", first(ours, "first"), first(theirs, "first"), early, f"<= {REQUIRED_FIRST:.2f}")
    short = first(ours, "short"), first(theirs, "short")
    row("first sound, one short line (s)", *short, short[0] / short[1])
    peak = ours["runs"][-1]["peak"], theirs["runs"][-1]["peak"]
    row("peak memory (MB)", *peak, peak[0] / peak[1], "<= 1 (goal)")
    load = ours["started"]["load"], theirs["started"]["load"]
    row("load (s)", *load, load[0] / load[1])
    good = fast >= REQUIRED_THROUGHPUT and early <= REQUIRED_FIRST and instant_ms <= REQUIRED_INSTANT
    print(f"{'instant voice, first sound (ms)':34} {instant_ms:10.1f} {'':12} {'':8}  <= {REQUIRED_INSTANT}")
    return good


def report_quality(ours: dict, theirs: dict) -> bool:
    for name, mine, other in ((name, ours[name], theirs[name]) for name in ours):
        print(f"{name:34} {mine:10.3f} {other:12.3f} {mine / max(other, 1e-9):8.2f}  not worse")
    return (
        ours["word errors"] <= theirs["word errors"] + WORSE["word errors"]
        and ours["DNSMOS"] >= theirs["DNSMOS"] - WORSE["DNSMOS"]
    )


def later(sound: np.ndarray, seconds: float) -> np.ndarray:
    return np.concatenate([np.zeros(round(seconds * RATE), np.float32), sound])


def judged(texts: list[str], scratch: Path, models: Path) -> dict:
    from quality import dnsmos, transcribed, word_errors

    found = {}
    for side in ("ours", "theirs"):
        sounds = [np.fromfile(scratch / f"{side}-{number:03}.f32", "<f4") for number in range(len(texts))]
        heard = [transcribed(later(sound, by), RATE, models) for by in SHIFTS for sound in sounds]
        scores = [dnsmos(np.clip(sound, -1, 1), RATE, models) for sound in sounds]
        found[side] = {
            "word errors": word_errors(" ".join(texts * len(SHIFTS)), " ".join(heard)),
            "DNSMOS": statistics.mean(scores),
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--models", default=os.environ.get("AUDIOSTUDIO_TEST_MODELS", str(ROOT / ".test-data" / "models"))
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--repeats", type=int, default=5, help="of the time to the first sound")
    parser.add_argument("--quick", action="store_true", help="one minute, without listening to it")
    parser.add_argument("--no-quality", action="store_true")
    parser.add_argument("--voice", default="af_heart")
    parser.add_argument(
        "--decoder", choices=("", "bf16", "f32", "onnx"), default="", help="ours; else the machine's own"
    )
    parser.add_argument("--serve", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, Path(arguments.models), arguments.voice, arguments.decoder)
        return 0
    if arguments.quick:
        arguments.minutes, arguments.no_quality = 1.0, True
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        found = measured(arguments, scratch)
        good = report(found, instant(Path(arguments.models)))
        sys.stdout.flush()
        if not arguments.no_quality:
            heard = judged(paragraphs(arguments.minutes * 60), scratch, Path(arguments.models))
            good = report_quality(heard["ours"], heard["theirs"]) and good
    print("required: met" if good else "required: MISSED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
