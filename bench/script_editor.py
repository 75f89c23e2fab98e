"""A long script in the editor: how long it takes to open, and how long a frame of scrolling and a keystroke take.

    python bench/script_editor.py [--lines N] [--own]

Runs offscreen: what is measured is the program's own work until everything is painted, without the graphics card.
With --own only the computing time of the window's thread counts, for a computer that is busy with other things.
Required: 1,000 lines open in under 1 s, and a frame of scrolling takes under 16.7 ms (60 a second).
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audiostudio.app import Services
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.ui.application import Application
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.tab import SpeechTab

CLOCKS = {False: time.perf_counter, True: time.thread_time}
OPENED = 1000.0
FRAME = 1000 / 60
TEXT = "the quick brown fox jumps over a lazy dog while rain falls softly on quiet streets of an old town"
WORDS = TEXT.split()
MARKUP = (
    "[pause 0.5s]",
    "[speed 1.2]quickly[/speed]",
    "[say GIF|as jif]",
    "<break time='300ms'/>",
    "[emphasis]so[/emphasis]",
)
NAMES = ("EMMA", "JACK", "NARRATOR", "MRS HALL")


def script(lines: int) -> str:
    rng = random.Random(7)
    made = []
    for _ in range(lines):
        words = rng.choices(WORDS, k=rng.randint(6, 24))
        if rng.random() < 0.3:
            words.insert(rng.randrange(len(words)), rng.choice(MARKUP))
        made.append(f"{rng.choice(NAMES)}: {' '.join(words).capitalize()}.")
    return "\n".join(made)


def settle(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def timed(step: Callable[[], object], tab: SpeechTab, clock: Callable[[], float]) -> float:
    """Milliseconds until what `step` did is painted."""
    began = clock()
    step()
    QApplication.processEvents()
    tab.editor.repaint()
    return (clock() - began) * 1000


def write_project(folder: Path, lines: int) -> Path:
    with ProjectFile.create(folder, "Long") as session:
        session.edit("Write", lambda project: edits.set_text(project, script(lines)))
        made = speakers.pasted_names(session.project, 0, lines)
        session.edit("Speakers", lambda _project: made)
        return session.path


def measure(application: Application, path: Path, clock: Callable[[], float]) -> dict[str, float]:
    window = application.window
    began = clock()
    window.project_desk.open(path)
    window.show_tab("speech")
    while not isinstance(tab := window.tabs.page("speech"), SpeechTab):
        QApplication.processEvents()
    QApplication.processEvents()
    window.repaint()
    opened = (clock() - began) * 1000
    settle(2500)  # what is counted beside the window
    bar = tab.editor.verticalScrollBar()
    new = [timed(lambda place=place: bar.setValue(place), tab, clock) for place in range(0, 24_000, 120)]
    again = [timed(lambda place=place: bar.setValue(place), tab, clock) for place in range(24_000, 0, -120)]
    tab.editor.setFocus()
    tab.editor.select(len(window.project_desk.session.project.script.lines) // 2, 3, 3)
    settle(100)
    keys = [timed(lambda: QTest.keyClick(tab.editor, Qt.Key.Key_X), tab, clock) for _ in range(30)]
    return {
        "open": opened,
        "scroll, new lines, median": statistics.median(new),
        "scroll, new lines, 95 %": statistics.quantiles(new, n=20)[18],
        "scroll, seen lines, median": statistics.median(again),
        "scroll, seen lines, 95 %": statistics.quantiles(again, n=20)[18],
        "keystroke, median": statistics.median(keys),
        "keystroke, longest": max(keys),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--own", action="store_true")
    options = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        application = Application(qt, Services(Profile(Path(folder).resolve())))
        application.window.resize(1600, 900)
        application.show()
        settle(2500)
        found = measure(application, write_project(Path(folder), options.lines), CLOCKS[options.own])
        application.window.close()
        application.close()
    for name, value in found.items():
        print(f"{name:28} {value:8.1f} ms")
    return int(found["open"] > OPENED or found["scroll, new lines, 95 %"] > FRAME)


if __name__ == "__main__":
    sys.exit(main())
