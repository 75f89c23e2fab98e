"""How long the performance view takes to follow the pointer: planning and painting, for each kind of drag.

    python bench/performance_view.py [--seconds N] [--width W] [--height H]

A line of `--seconds` is drawn over its spectrogram and its waveform, and dragged in every way. Required: the 95th
percentile under 16.7 ms, so that 60 pictures a second are shown.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audiostudio.timeline.project import AssetReference, Take, VoiceChoice
from audiostudio.ui.speech.performance.picture import Picture
from audiostudio.ui.speech.performance.shape import Shape, WordShape
from audiostudio.ui.speech.performance.takes import RATE, Heard
from audiostudio.ui.speech.performance.view import PerformanceView
from audiostudio.ui.theme import Theme

LIMIT = 1000 / 60


def line(seconds: float, rng: np.random.Generator) -> Heard:
    """Words of a third of a second with a melody, and a sound of them."""
    words, at = [], 0.05
    while at < seconds - 0.5:
        length = float(rng.uniform(0.2, 0.45))
        melody = 52 + 3 * np.sin(np.linspace(0, 6, round(length / 0.005)) + at).astype(np.float32)
        melody[: len(melody) // 6] = np.nan
        phonemes = tuple((symbol, 0.2) for symbol in "bɹiːz")
        words.append(WordShape(len(words), f"word{len(words)}", at, at + length, 0.08, phonemes, melody))
        at += length + 0.08
    times = np.arange(round(seconds * RATE)) / RATE
    sound = 0.3 * np.sin(2 * np.pi * 160 * times) * np.sin(3 * times) + 0.05 * rng.standard_normal(len(times))
    samples = sound.astype(np.float32)
    take = Take("t", "l", AssetReference("a", "", ""), "", "", VoiceChoice("v"), len(samples), RATE)
    return Heard(take, Shape(tuple(words), seconds), samples, Picture.of(samples, RATE))


def drag(view: PerformanceView, start: QPointF, way: QPointF, moves: int) -> list[float]:
    """Milliseconds of the processor from each move of the pointer until it is painted: others may use it, too."""
    found = []
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
    for step in range(1, moves + 1):
        began = time.thread_time()
        QTest.mouseMove(view, (start + way * np.sin(step / 10)).toPoint())
        QApplication.processEvents()
        found.append(1000 * (time.thread_time() - began))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
    return found


def places(view: PerformanceView) -> dict[str, tuple[QPointF, QPointF]]:
    stage, word = view.stage, view.shape.words[len(view.shape.words) // 2]
    middle, x = stage.x(word.start + 0.6 * word.seconds), stage.x(word.end) - 1
    lanes = stage.words.center().y()
    return {
        "pitch of a word": (QPointF(middle, stage.y(float(word.melody[int(0.6 * len(word.melody))]))), QPointF(0, 40)),
        "length of a word": (QPointF(x, lanes), QPointF(30, 0)),
        "loudness": (QPointF(middle, stage.energy.center().y()), QPointF(0, 14)),
        "drawing": (QPointF(stage.x(word.start), stage.pitch.center().y()), QPointF(120, 30)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--height", type=int, default=420)
    parser.add_argument("--moves", type=int, default=120)
    options = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    theme = Theme(qt)
    began = time.perf_counter()
    heard = line(options.seconds, np.random.default_rng(1))
    print(f"{len(heard.shape.words)} words, {options.seconds:.0f} s; spectrogram and waveform, beside the window: "
          f"{1000 * (time.perf_counter() - began):.0f} ms")  # fmt: skip
    view = PerformanceView()
    view.resize(options.width, options.height)
    view.show()
    QTest.qWaitForWindowExposed(view)
    slow = False
    for backdrop in ("wave", "spectrum"):
        view.set_backdrop(backdrop)
        view.show_takes(heard, heard, {}, True)
        for name in places(view):
            view.show_takes(heard, heard, {}, True)
            view.zoom(min(1.0, 12 / options.seconds))
            view.set_tool("draw" if name == "drawing" else "select")
            times = np.sort(drag(view, *places(view)[name], options.moves))
            high = float(np.percentile(times, 95))
            slow |= high > LIMIT
            print(
                f"{backdrop:9} {name:18} median {np.median(times):5.1f}  95 % {high:5.1f}  longest {times[-1]:5.1f} ms"
            )
    theme.close()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
