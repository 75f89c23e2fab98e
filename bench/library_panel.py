"""How long the window's thread is kept busy by the library panel. Run: `python bench/library_panel.py [ASSETS]`.

Prints, for each thing a user does, the longest time between two turns of the event loop, and how long the answer took.
Ratios to an empty library tell what 100,000 assets cost; nothing may exceed 100 ms on a quiet machine.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from library import fill
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.app import Services
from audiostudio.library import Library
from audiostudio.profile import Profile
from audiostudio.ui.application import Application
from audiostudio.ui.desk import Panels, Tab
from audiostudio.ui.library import LibraryPanel


class Lag:
    """Turns the event loop and notes the longest gap between two ticks."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(2)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst, self._last = max(self.worst, now - self._last), now

    def measure(self, act: Callable[[], object], done: Callable[[], bool], least: float = 0.5) -> tuple[float, float]:
        """Longest gap and time until `done`, in ms. Goes on for `least` seconds."""
        for _ in range(20):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self.worst, self._last = 0.0, time.perf_counter()
        began, answered = self._last, 0.0
        act()
        while time.perf_counter() - began < (10 if not answered else least):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if not answered and done():
                answered = max(1e-6, time.perf_counter() - began)
        self._tick()
        return self.worst * 1000, answered * 1000


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    qt = QApplication([])
    results = {count: run(qt, count) for count in (100, assets)}
    if any(not answer for figures in results.values() for _, answer in figures.values()):
        sys.exit("Something was never answered.")
    print(f"{'':32}{'gap, ms':>9}{'answer, ms':>12}{'  gap against 100 assets':>12}")
    for name, (gap, answer) in results[assets].items():
        print(f"{name:32}{gap:9.0f}{answer:12.0f}{gap / results[100][name][0]:12.1f}")


def run(qt: QApplication, assets: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        with Library.open(profile.library) as library:
            rare = fill(library, assets)
        application = Application(
            qt, Services(profile), Panels((Tab("none", "None", "speech", _nothing),), LibraryPanel)
        )
        application.window.resize(1600, 960)
        application.show()
        while not isinstance(application.window.library.panel, LibraryPanel):
            qt.processEvents()
        application.window.library.fold(False)
        found = measure(application.window.library.panel, rare)
        application.window.close()
        application.close()
        application.window.deleteLater()
    return found


def _nothing(_desk: object, _project: object) -> QWidget:
    return QWidget()


def measure(panel: LibraryPanel, rare: str) -> dict[str, tuple[float, float]]:
    lag, view, model = Lag(), panel.view, panel.model
    bar = view.verticalScrollBar()
    found = {"first rows": lag.measure(lambda: None, lambda: model.asset(0) is not None)}

    def typed(text: str) -> Callable[[], None]:
        return lambda: QTest.keyClicks(panel.search, text)

    def waits(before: object) -> Callable[[], bool]:
        return lambda: model.query is not before and not panel.reads.busy

    everything = model.total
    for name, text in (("search for common words", "the intro"), ("search for a rare word", rare)):
        found[name] = lag.measure(typed(text), waits(model.query))
        found["search emptied"] = lag.measure(panel.search.clear, lambda: model.total == everything)
    found["to the end"] = lag.measure(
        lambda: bar.setValue(bar.maximum()), lambda: model.asset(model.total - 1) is not None
    )
    steps = iter(range(bar.maximum(), 0, -max(1, bar.maximum() // 40)))
    found["scrolled all the way up"] = lag.measure(
        lambda: None, lambda: bar.setValue(next(steps, 0)) or bar.value() == 0, 1.0
    )
    found["as a list"] = lag.measure(lambda: panel.set_mode("list"), lambda: True)
    found["as a grid"] = lag.measure(lambda: panel.set_mode("grid"), lambda: True)
    found["a wider panel"] = lag.measure(
        lambda: panel.window().resizeDocks([panel.window().library], [440], Qt.Orientation.Horizontal), lambda: True
    )
    found["everything selected"] = lag.measure(view.selectAll, lambda: view.count() == model.total)
    view.clearSelection()
    first = model.asset(0)
    other = Library.open(panel.library.folder)
    found["another program writes"] = lag.measure(
        lambda: other.set_favourite(first.id, True), lambda: bool(model.asset(0) and model.asset(0).favourite), 1.5
    )
    other.close()
    return found


if __name__ == "__main__":
    main()
