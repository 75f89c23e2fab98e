"""Does an installed Audio Studio start at all? Run against a wheel's environment or a frozen program:

python packaging/smoke_test.py [--window] PROGRAM [ARGUMENTS…]     e.g.  … /opt/studio/bin/python -m audiostudio
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

WINDOW_SECONDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description="Start an installed Audio Studio and see whether it answers.")
    parser.add_argument("--window", action="store_true", help="also open the window, without a screen")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = [*arguments.program, "--profile", str(Path(folder, "profile"))]
        version(program, folder)
        doctor(program, folder)
        voice(program, folder)
        if arguments.window:
            window(program, folder)
    return 0


def version(program: list[str], folder: str) -> None:
    done = run([*program, "--version"], folder)
    expect(done.returncode == 0 and "Audio Studio" in done.stdout, "--version", done)


def doctor(program: list[str], folder: str) -> None:
    """Models are missing in a new profile, so it ends with 0 or 1; but it must know what is there."""
    done = run([*program, "doctor", "--json"], folder)
    expect(done.returncode in (0, 1) and len(json.loads(done.stdout)) > 3, "doctor --json", done)


def voice(program: list[str], folder: str) -> None:
    """The built-in voice needs no model: real speech comes out."""
    sound = Path(folder, "hello.wav")
    done = run([*program, "speak", "Hello there.", "-o", str(sound), "--voice", "hibari_heart"], folder)
    expect(done.returncode == 0 and sound.stat().st_size > 20_000, "speak", done)


def window(program: list[str], folder: str) -> None:
    """The window stays open: on a virtual screen where there is one, else on Qt's screen that shows nothing."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if virtual := shutil.which("xvfb-run"):
        program = [virtual, "--auto-servernum", *program]
        environment["QT_QPA_PLATFORM"] = "xcb"
    process = subprocess.Popen(
        program, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _, errors = process.communicate(timeout=WINDOW_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM) if sys.platform != "win32" else process.terminate()
        process.communicate()
        print(f"✓ the window stays open on {environment['QT_QPA_PLATFORM']}")
        return
    sys.exit(f"✗ the window closed with {process.returncode}:\n{errors}")


def run(command: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def expect(truth: bool, what: str, done: subprocess.CompletedProcess[str]) -> None:
    if not truth:
        sys.exit(f"✗ {what} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    print(f"✓ {what}")


if __name__ == "__main__":
    sys.exit(main())
