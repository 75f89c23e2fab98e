"""Time from the start of the process to the first painted window, side by side with an empty PySide6 window.

    python bench/startup.py [--rounds N] [--cold]

`--cold` empties the system's file cache before every start (Linux, as root). Required: first window under 1.5 s cold
and at most 3 times an empty PySide6 window.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FIRST_PAINT = """
from PySide6.QtCore import QEvent, QObject, QTimer
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, lambda: print(time.time(), flush=True) or os._exit(0))
        return False
"""

EMPTY = (
    """
import os, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
"""
    + FIRST_PAINT
    + """
window = QMainWindow()
filter = FirstPaint()
window.installEventFilter(filter)
window.resize(1280, 800)
window.show()
app.exec()
"""
)

STUDIO = (
    """
import os, sys, time
from pathlib import Path
from audiostudio.profile import Profile
from audiostudio.ui import application
"""
    + FIRST_PAINT
    + """
app = application._qt()
studio = application.Application(app, Profile(Path(sys.argv[1])))
filter = FirstPaint()
studio.window.installEventFilter(filter)
studio.show()
app.exec()
"""
)


def seconds(code: str, *arguments: str) -> float:
    """From the spawn of the process to its first paint."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        check=True,
        timeout=60,
        text=True,
    )
    return float(done.stdout.split()[-1]) - began


def forget_files() -> None:
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    empty, first, again = [], [], []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for code, found in ((EMPTY, empty), (STUDIO, first), (STUDIO, again)):
                if options.cold:
                    forget_files()
                found.append(seconds(code, str(Path(folder) / "profile")))
        print(f"round {number + 1}: empty {empty[-1]:.2f} s, new profile {first[-1]:.2f} s, again {again[-1]:.2f} s")
    base = statistics.median(empty)
    print(f"\n{'median of ' + str(options.rounds):24} seconds   times an empty window")
    for name, found in (("empty PySide6 window", empty), ("studio, new profile", first), ("studio, again", again)):
        middle = statistics.median(found)
        print(f"{name:24} {middle:7.2f}   {middle / base:7.2f}")
    worst = statistics.median(again) / base
    print(f"\nrequired: at most 3.00 times → {'kept' if worst <= 3 else 'NOT KEPT'}")
    return 0 if worst <= 3 else 1


if __name__ == "__main__":
    sys.exit(main())
