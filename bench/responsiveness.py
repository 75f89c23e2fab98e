"""How long the window keeps the user waiting while a job runs: typing, scrolling, changing tabs, moving the playhead.

    python bench/responsiveness.py [--seconds N] [--profile DIR]

A heavy job speaks a long text in a worker process (with the models of the profile, else with the tone engine) while the
window is used. Two figures: the longest that one thing the user did took until it was painted, and the longest that the
event loop did not come round. Required: everything under 100 ms.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QScrollArea, QTextEdit

from audiostudio.app import Services
from audiostudio.jobs import Job
from audiostudio.profile import Profile
from audiostudio.ui.application import Application
from audiostudio.ui.main_window import MainWindow

LIMIT = 100.0
TEXT = "the quick brown fox jumps over a lazy dog while rain falls softly on quiet streets of an old town"
WORDS = TEXT.split()


class Pulse(QObject):
    """Beats every few milliseconds and keeps the longest time between two beats."""

    def __init__(self, every: int = 5) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(every)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now

    def restart(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()

    def stop(self) -> None:
        self._timer.stop()


def pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def timed(step: Callable[[], object], window: MainWindow) -> float:
    """Milliseconds until what `step` did is painted."""
    began = time.perf_counter()
    step()
    QApplication.sendPostedEvents()
    window.repaint()
    return (time.perf_counter() - began) * 1000


def actions(window: MainWindow) -> dict[str, Callable[[], object]]:
    """What a user does, by name; only what the window has."""
    made: dict[str, Callable[[], object]] = {}
    rng = np.random.default_rng(1)
    editors = [*window.tabs.findChildren(QPlainTextEdit), *window.tabs.findChildren(QTextEdit)]
    editor = next((editor for editor in editors if not editor.isReadOnly() and editor.isVisible()), None)
    if editor is not None:
        made["typing"] = lambda: QTest.keyClicks(editor, f"{rng.choice(WORDS)} ")
    areas = [area for area in window.findChildren(QScrollArea) if area.isVisible()]
    if areas:
        made["scrolling"] = lambda: [
            area.verticalScrollBar().setValue(int(rng.integers(0, area.verticalScrollBar().maximum() + 1)))
            for area in areas
        ]
    made["changing screens"] = lambda: (window.show_start(), window.show_tab("speech"))
    made["opening and closing the jobs"] = window.toggle_jobs
    made["resizing"] = lambda: window.resize(1200 + int(rng.integers(0, 400)), 800)
    fields = [
        field for field in window.findChildren(QLineEdit) if field.isVisible() and field.property("kind") == "search"
    ]
    if fields:
        made["searching"] = lambda: QTest.keyClick(fields[0], rng.choice(list("abcdefgh")))
    return made


def busy_job(profile: Profile, folder: Path) -> Job:
    voice = "af_heart" if (profile.models / "kokoro" / "model.onnx").exists() else "tone"
    text = "\n".join(TEXT.capitalize() + "." for _ in range(400 if voice == "af_heart" else 8000))
    request = {"text": text, "voice": voice, "output": str(folder / "long.wav"), "format": "wav", "captions": []}
    return Job("speech.file", request, "Speak a long text")


def measure(window: MainWindow, seconds: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for name, step in actions(window).items():
            found.setdefault(name, []).append(timed(step, window))
            pause(20)
    return found


def report(title: str, found: dict[str, list[float]], pulse: Pulse) -> bool:
    print(f"\n{title:40} {'median':>8} {'95 %':>8} {'longest':>8}   ms")
    for name, times in found.items():
        print(f"{name:40} {np.median(times):8.1f} {np.percentile(times, 95):8.1f} {max(times):8.1f}   × {len(times)}")
    print(f"{'longest between two beats of the loop':40} {'':8} {'':8} {pulse.longest:8.1f}")
    return max(max(times) for times in found.values()) < LIMIT and pulse.longest < LIMIT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--profile", type=Path)
    options = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(options.profile or Path(folder) / "profile")
        application = Application(qt, Services(profile))
        application.show()
        pause(3000)
        window: MainWindow = application.window
        window.project_desk.open_sample()
        pause(500)
        measure(window, 2.0)
        pulse = Pulse()
        report("nothing runs", measure(window, options.seconds), pulse)
        watcher = window.jobs.submit(busy_job(profile, Path(folder)))
        pause(1500)
        pulse.restart()
        kept = report("a job runs", measure(window, options.seconds), pulse)
        if watcher.done:
            print("the job ended too early: its load was not measured all the time", watcher.outcome)
        pulse.stop()
        themes = [timed(window.toggle_theme, window) for _ in range(6)]
        print(f"{'switching the theme (not counted)':40} {np.median(themes):8.1f} {'':8} {max(themes):8.1f}")
        window.close()
        application.close()
    print(f"\nrequired: everything under {LIMIT:.0f} ms → {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
