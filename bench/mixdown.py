"""How fast a mix is: 32 tracks of 10 minutes, each with an equaliser and a compressor, beside the `ffmpeg` program.

    python bench/mixdown.py [--tracks 32] [--minutes 10] [--repeats 2] [--folder FOLDER]

Both read the same stereo WAV files (48 kHz, 16 bits), filter each with two bells and a compressor of the same settings,
add them up and write a 24-bit WAV; in turns, and the best of each counts. `ffmpeg` (Debian's) does it with
`equalizer,equalizer,acompressor` for each input and `amix`. Exits with 1 when it is the faster one.
"""

import argparse
import math
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

RATE = 48_000
BELLS = ((250.0, -3.0), (3_000.0, 2.0))
"""Hz and dB, with a Q of 1."""
THRESHOLD, RATIO, ATTACK, RELEASE, KNEE = -24.0, 3.0, 10.0, 120.0, 6.0


def make_files(folder: Path, tracks: int, minutes: float) -> list[Path]:
    """Something like music: tones and noise that come and go."""
    from audiostudio.sound.writer import SoundWriter

    files = []
    for number in range(tracks):
        path = folder / f"{number}-{minutes:g}.wav"
        files.append(path)
        if path.exists():
            continue
        generator = np.random.default_rng(number)
        with SoundWriter(path, RATE, 2, "wav16") as writer:
            for second in range(round(minutes * 60)):
                at = (second * RATE + np.arange(RATE)) / RATE
                swell = 0.5 + 0.5 * np.sin(2 * np.pi * at / (3 + number % 5))
                tone = np.sin(2 * np.pi * (80 + 40 * number) * at)
                noise = generator.standard_normal((2, RATE), np.float32)
                writer.write((0.1 * swell * tone + 0.02 * noise).astype(np.float32))
    return files


def ours(files: list[Path], output: Path) -> float:
    from audiostudio.render.mix import Mix
    from audiostudio.render.mixdown import mixdown
    from audiostudio.sound.pcm import PcmFile
    from audiostudio.sound.writer import SoundWriter
    from audiostudio.timeline.project import AssetReference, Media, new_project
    from audiostudio.timeline.time import of_samples
    from audiostudio.timeline.tracks import Channel, Clip, Effect, Setting, Timeline, Track

    bells = [
        (f"bell{i + 1}_{what}", value)
        for i, bell in enumerate(BELLS)
        for what, value in zip(("frequency", "gain"), bell, strict=True)
    ]
    squeeze = {"threshold": THRESHOLD, "ratio": RATIO, "attack": ATTACK, "release": RELEASE, "knee": KNEE}
    effects = (
        Effect("eq", "eq", tuple(Setting(*bell) for bell in bells)),
        Effect("squeeze", "compressor", tuple(Setting(*item) for item in squeeze.items())),
    )
    media, tracks = [], []
    for path in files:
        count = PcmFile(path).length
        media.append(Media(path.name, AssetReference(path.name, "", path.name), count, RATE, 2))
        clip = Clip(path.name, path.name, 0, of_samples(count, RATE), 0, count)
        tracks.append(Track(path.name, path.name, clips=(clip,), channel=Channel(gain=-30.0, effects=effects)))
    timeline = Timeline("bench", "bench", tuple(tracks))
    project = replace(new_project("bench"), media=tuple(media), timelines=(timeline,))
    where = {path.name: path for path in files}
    began = time.perf_counter()
    with Mix(project, timeline, lambda medium, _: where[medium.id]) as mix:
        for _ in mixdown(mix, output, lambda path: SoundWriter(path, RATE, 2)):
            pass
        assert mix.problems == ()
    return time.perf_counter() - began


def theirs(files: list[Path], output: Path) -> float:
    bells = ",".join(f"equalizer=f={hertz}:t=q:w=1:g={db}" for hertz, db in BELLS)
    threshold, knee = 10 ** (THRESHOLD / 20), 10 ** (KNEE / 20)
    squeeze = f"acompressor=threshold={threshold:.5f}:ratio={RATIO}:attack={ATTACK}:release={RELEASE}:knee={knee:.3f}"
    chains = [f"[{i}]{bells},{squeeze}[t{i}]" for i in range(len(files))]
    joined = "".join(f"[t{i}]" for i in range(len(files)))
    graph = ";".join([*chains, f"{joined}amix=inputs={len(files)}:normalize=1"])
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    command += [word for path in files for word in ("-i", str(path))]
    command += ["-filter_complex", graph, "-c:a", "pcm_s24le", "-rf64", "auto", str(output)]
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def processor_seconds() -> float:
    """Of this process and of those that it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=32)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the files are kept for another run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        files = make_files(folder, arguments.tracks, arguments.minutes)
        ways = {"ours": ours}
        if shutil.which("ffmpeg"):
            ways["ffmpeg"] = theirs
        else:
            print("the ffmpeg program is not here (apt-get install ffmpeg): only ours is measured")
        best: dict[str, float] = {}
        cores: dict[str, float] = {}
        for turn in range(arguments.repeats):
            for name in sorted(ways, reverse=bool(turn % 2)):
                before = processor_seconds()
                took = ways[name](files, folder / f"mixed-{name}.wav")
                cores[name] = min(processor_seconds() - before, cores.get(name, math.inf))
                best[name] = min(took, best.get(name, took))
        for name, took in best.items():
            real = f"{arguments.minutes * 60 / took:6.1f} × real time"
            print(f"{name:8} {took:7.1f} s   {real}   {cores[name]:7.1f} s of processor time")
        if "ffmpeg" not in best:
            return 0
        version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout.split()[2]
        ratio = best["ffmpeg"] / best["ours"]
        print(
            f"{ratio:.2f} times as fast as ffmpeg {version}; Python {platform.python_version()}, numpy {np.__version__}"
        )
        return 0 if ratio >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
