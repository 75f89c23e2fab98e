"""The walk-through of docs/guide/timeline-walk-through.md, filmed: a voiceover, imported music and a recording are cut,
ducked, mastered and exported in the real window, with mouse and key events and real jobs; then on the command line.

    python bench/walk_through.py FOLDER [--work DIR] [--theme dark|light]

FOLDER gets numbered pictures. Nothing is heard or seen meanwhile: a sound file stands in for the microphone, a clock
for the sound card. Ends with 1 when a file that was written is not within 0.1 LU of −14 LUFS, or peaks over −1 dB.
"""

import argparse
import functools
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from bench.clocked_output import PERIOD, RATE, ClockedOutput  # noqa: E402

SCRIPT = """Welcome to the second season of Field Notes.
Today we walk the old harbour road, where the fishermen mend their nets at dawn.
Some say the lighthouse keeper still counts the ships."""
SAID = "It is quiet here now. In summer you would not hear your own steps."


class FileMicrophone:
    """Says a file, in real time, then nothing more."""

    lost = False

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stop: threading.Event | None = None

    def open(self, push: Callable[..., None], device: str | None) -> int:
        from audiostudio.sound.files import read_sound

        said = read_sound(self._file, RATE, mono=True).samples[0]
        self._stop = stop = threading.Event()

        def speak() -> None:
            due, at = time.monotonic(), 0
            while not stop.wait(max(0.0, due - time.monotonic())):
                piece = said[at : at + PERIOD]
                push(np.pad(piece, (0, PERIOD - len(piece))))
                at, due = at + PERIOD, due + PERIOD / RATE

        threading.Thread(target=speak, daemon=True).start()
        return RATE

    def close(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def devices(self) -> list[str]:
        return ["Desk microphone"]


def theme_music(file: Path, seconds: float = 40.0) -> None:
    """Four chords, plucked, over a soft bass."""
    from audiostudio.sound.files import Sound, write_sound

    out = np.zeros((2, round(seconds * RATE)), np.float32)
    at = np.arange(2 * RATE, dtype=np.float32) / RATE
    for number in range(int(seconds / 0.25)):
        root = (57, 53, 48, 55)[number // 8 % 4]
        note = root + (0, 7, 12, 16 if root != 57 else 15, 19, 16 if root != 57 else 15, 12, 7)[number % 8]
        pitch = 440 * 2 ** ((note - 69) / 12)
        pluck = sum(np.sin(2 * np.pi * k * pitch * at) * np.exp(-at * (2.5 + k)) / k for k in range(1, 6))
        bass = np.sin(2 * np.pi * 440 * 2 ** ((root - 93) / 12) * at) * np.exp(-at * 1.2) if number % 8 == 0 else 0.0
        begin = round(number * 0.25 * RATE)
        room = min(len(at), out.shape[1] - begin)
        for side, share in enumerate((0.6 + 0.3 * math.sin(number), 0.6 - 0.3 * math.sin(number))):
            out[side, begin : begin + room] += (0.16 * share * pluck + 0.3 * bass)[:room].astype(np.float32)
    write_sound(file, Sound(out, RATE), "mp3", title="Harbour music")


def microphone_file(file: Path, spoken: Path) -> None:
    """What is said into the microphone: a quiet room while it counts in, then `spoken`."""
    from audiostudio.sound.files import Sound, read_sound, write_sound

    voice = read_sound(spoken, RATE, mono=True).samples[0]
    said = np.concatenate([np.zeros(round(4.2 * RATE), np.float32), voice * np.float32(0.6)])
    noise = 0.0006 * np.random.default_rng(7).standard_normal(len(said), np.float32)
    write_sound(file, Sound((said + noise)[None], RATE))


def command(profile: Path, *words: str) -> str:
    """A command of the studio, as on a terminal; what it printed."""
    program = [sys.executable, "-m", "audiostudio", "--profile", str(profile), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, capture_output=True, text=True, cwd=profile.parent, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout.strip()


def measured(file: Path) -> bool:
    """Decode what was written and say how loud it is; whether that is −14 LUFS with peaks below −1 dB."""
    from audiostudio.sound.files import read_sound
    from audiostudio.sound.loudness import loudness

    sound = read_sound(file)
    found = loudness(sound)
    words = f"{found.integrated:.2f} LUFS, true peak {found.true_peak:.2f} dB"
    print(f"{file.name}: {sound.duration:.2f} s, {words}")
    return abs(found.integrated + 14) <= 0.1 and found.true_peak <= -0.95


def on_the_command_line(work: Path, profile: Path) -> bool:
    """The same from files. Prints each command and what it says."""
    steps: tuple[tuple[str, ...], ...] = (
        ("project", "new", "film"),
        ("speak", "script.md", "-o", "voice.wav", "--voice", "hibari_heart"),
        ("project", "add", "film", "voice.wav", "--track", "Narration", "--at", "2", "--content", "speech"),
        ("project", "add", "film", "guest.wav", "--track", "Guest", "--at", "15", "--from", "4",
         "--fade-in", "0.1", "--content", "speech"),
        ("project", "add", "film", "Harbour music.mp3", "--track", "Music", "--at", "0", "--to", "23",
         "--gain", "-4", "--fade-in", "1", "--fade-out", "3"),
        ("project", "show", "film"),
        ("mix", "film", "-o", "film.wav", "--lufs", "-14", "--duck", "Music:Narration", "--duck", "Music:Guest",
         "--stems", "stems"),
        ("rights", "film"),
        ("export", "film", "--for", "resolve", "-o", "handoff"),
    )  # fmt: skip
    (work / "script.md").write_text(SCRIPT.replace("\n", "\n\n"), encoding="utf-8")
    for words in steps:
        line = " ".join(f'"{word}"' if " " in word else word for word in words)
        print(f"\n$ ./run {line}\n{command(profile, *words)}")
    return measured(work / "film.wav")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, help="keep profile and sounds there")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as empty:
        work = (options.work or Path(empty)).resolve()
        profile = work / "profile"
        profile.mkdir(parents=True, exist_ok=True)
        theme_music(work / "Harbour music.mp3")
        command(profile, "speak", SAID, "-o", "said.wav", "--voice", "hibari_heart", "--pitch", "-4")
        microphone_file(work / "guest.wav", work / "said.wav")
        screen = {"name": "screen", "x": 0, "y": 0, "width": 1280, "height": 800}
        (work / "screens.json").write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={work / 'screens.json'}"
        os.environ["HOME"] = str(work)  # where the pictures say that files go
        from walk_through_film import film

        microphone = functools.partial(FileMicrophone, work / "guest.wav")
        mix = film(options.folder, work, profile, options.theme, SCRIPT, microphone, ClockedOutput)
        good = measured(mix)
        return 0 if on_the_command_line(work, work / "profile of commands") and good else 1


if __name__ == "__main__":
    sys.exit(main())
