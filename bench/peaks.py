"""How long the peaks of a long recording take, beside decoding it: 80 minutes of 48 kHz stereo, 16-bit WAV.

    python bench/peaks.py [--minutes 80] [--repeats 3]

Every zoom level is made (256, 4096 and 65536 samples), as when a file is first shown. PyAV decodes the same file and
throws it away; in turns, the best of each counts. Exits with 1 when peaks take more than twice as long.
"""

import argparse
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ALLOWED = 2.0
RATE = 48_000


def make_file(path: Path, minutes: float) -> None:
    from audiostudio.sound.writer import SoundWriter

    generator = np.random.default_rng(1)
    minute = (generator.standard_normal((2, 60 * RATE), np.float32) * 0.1).astype(np.float32)
    with SoundWriter(path, RATE, 2, "wav16") as writer:
        for number in range(round(minutes)):
            writer.write(np.roll(minute, number * 1_000, axis=1))


def decoded(path: Path) -> float:
    import av

    began = time.perf_counter()
    with av.open(str(path)) as container:
        for _ in container.decode(audio=0):
            pass
    return time.perf_counter() - began


def outlined(path: Path) -> float:
    from audiostudio.sound.peaks import peaks

    began = time.perf_counter()
    found = peaks(path)
    found.view(0, found.length, 2_000)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=80.0)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        make_file(path, arguments.minutes)
        ways = {"PyAV decodes": decoded, "peaks": outlined}
        best: dict[str, float] = {}
        cores: dict[str, float] = {}
        for turn in range(arguments.repeats):
            for name in sorted(ways, reverse=bool(turn % 2)):
                before = time.process_time()
                took = ways[name](path)
                cores[name] = min(time.process_time() - before, cores.get(name, took))
                best[name] = min(took, best.get(name, took))
    for name, took in best.items():
        real = f"{arguments.minutes * 60 / took:7.0f} × real time"
        print(f"{name:14} {took:6.2f} s   {real}   {cores[name]:6.2f} s of processor time")
    import av

    ratio = best["peaks"] / best["PyAV decodes"]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, PyAV {av.__version__}"
    print(f"peaks take {ratio:.2f} times as long as decoding ({ALLOWED} allowed); {versions}")
    return 0 if ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
