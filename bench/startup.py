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
            print(time.time(), flush=True)
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, self.ready))  # after what waits for the first paint
        return False
    def ready(self):
        print(time.time(), flush=True)
        os._exit(0)
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
from audiostudio.app import Services
from audiostudio.profile import Profile
from audiostudio.ui import application
"""
    + FIRST_PAINT
    + """
app = application.the_qt()
studio = application.Application(app, Services(Profile(Path(sys.argv[1]))))
filter = FirstPaint()
studio.window.installEventFilter(filter)
studio.show()
app.exec()
"""
)


def seconds(code: str, *arguments: str) -> tuple[float, float]:
    """From the spawn of the process to its first paint, and to when it listens to the user."""
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
    painted, ready = (float(moment) - began for moment in done.stdout.split())
    return painted, ready


def forget_files() -> None:
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    starts = {"empty PySide6 window": EMPTY, "studio, new profile": STUDIO, "studio, again": STUDIO}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in starts}
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name, code in starts.items():
                if options.cold:
                    forget_files()
                found[name].append(seconds(code, str(Path(folder) / "profile")))
        print(f"round {number + 1}:", ", ".join(f"{name} {times[-1][0]:.2f} s" for name, times in found.items()))
    return report(found)


def report(found: dict[str, list[tuple[float, float]]]) -> int:
    """Medians and ratios; 1 when a requirement is not kept."""
    middle = {name: [statistics.median(column) for column in zip(*times, strict=True)] for name, times in found.items()}
    base = middle["empty PySide6 window"][0]
    print(f"\n{'medians':24} painted   times an empty window   ready for the user")
    for name, (painted, ready) in middle.items():
        print(f"{name:24} {painted:5.2f} s   {painted / base:19.2f}   {ready:16.2f} s")
    worst = max(painted for painted, _ in middle.values())
    kept = worst / base <= 3 and worst < 1.5
    print(f"\nrequired: painted under 1.5 s and at most 3 times an empty window → {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
