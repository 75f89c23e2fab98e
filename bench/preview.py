"""How long a click on Preview takes until there is sound to play, with the instant voice.

    python bench/preview.py [--times N]

The real window, offscreen, and its real worker process. Counted is the time from the click until the player has
the first sound. The first click of a session is told apart.
Required: under 300 ms with the instant voice.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audiostudio.app import Services
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.ui.application import Application
from audiostudio.ui.speech.tab import SpeechTab

REQUIRED = 300.0
PATIENCE = 60.0
READING = 5000
"""Milliseconds between the script's coming and the first click: as long as somebody takes to see what came."""
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def settle(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def first_sound(tab: SpeechTab, line: int) -> float:
    """Milliseconds from the click on Preview, with the caret in that line."""
    tab.editor.select(line, 0, 0)
    settle(300)
    began = time.perf_counter()
    QTest.mouseClick(tab.bar.preview, Qt.MouseButton.LeftButton)
    while tab.listening.owner is None and time.perf_counter() - began < PATIENCE:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
    taken = (time.perf_counter() - began) * 1000
    tab.previews.stop()
    settle(200)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=12)
    times = parser.parse_args().times
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        studio = Application(application, Services(Profile(Path(folder))))
        studio.show()
        settle(1500)
        studio.window.show_tab("speech")
        settle(3000)
        tab = studio.window.tabs.page("speech")
        assert isinstance(tab, SpeechTab)
        text = "\n".join(
            f"Line {NUMBERS[n % 12]} of {NUMBERS[n // 12]} says something new to hear." for n in range(times)
        )
        tab.session.edit("Script", lambda project: edits.set_text(project, text))
        settle(READING)
        cold = first_sound(tab, 0)
        warm = [first_sound(tab, line) for line in range(1, times)]
        studio.window.close()
        settle(100)
        studio.close()
    print(f"first click of a session   {cold:7.1f} ms")
    print(f"later clicks, median       {statistics.median(warm):7.1f} ms")
    print(f"later clicks, longest      {max(warm):7.1f} ms")
    kept = statistics.median(warm) < REQUIRED
    print(f"\nrequired: under {REQUIRED:.0f} ms → {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
