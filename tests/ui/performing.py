"""The performance editor in tests: the real tab, and hands that drag and draw in its view."""

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from audiostudio.performance import PLAIN
from audiostudio.timeline.project import Line, Take
from audiostudio.ui.speech.performance.notes import note
from audiostudio.ui.speech.performance.page import PerformancePage
from audiostudio.ui.speech.performance.shape import WordShape, points
from audiostudio.ui.speech.performance.view import PerformanceView
from tests.ui.speaking import Desktop, media

RATE = 48_000
FRAME = 0.025
"""Seconds: a frame of the engines."""
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

_WHO = ("The yellow moon", "My older brother", "An early morning", "Nobody in Rome", "Our new neighbour")
_DOES = ("remembers", "will borrow", "was moving", "wanted", "may annoy")
_WHAT = ("a lonely river", "the narrow window", "every memory", "some warm lemonade", "an iron umbrella")


def voiced_sentence(rng: random.Random) -> str:
    """One that nobody chose, mostly with a voice."""
    return f"{rng.choice(_WHO)} {rng.choice(_DOES)} {rng.choice(_WHAT)}."


def seeded() -> random.Random:
    """Another one in each run."""
    return random.Random(int(os.environ["AUDIOSTUDIO_TEST_SEED"]))


@dataclass
class Hands:
    """What a user does with the page."""

    desktop: Desktop

    @property
    def page(self) -> PerformancePage:
        page = self.desktop.tab.deck.page("performance")
        assert isinstance(page, PerformancePage)
        return page

    @property
    def view(self) -> PerformanceView:
        return self.page.view

    @property
    def line(self) -> Line:
        return self.desktop.session.project.script.lines[self.desktop.tab.editor.line()]

    @property
    def take(self) -> Take:
        """That the line plays."""
        take = self.desktop.tab.script.current(self.line)
        assert take is not None
        return take

    def open(self, voice: str, *lines: str) -> None:
        """Write lines, make them, and show the first in the editor."""
        self.desktop.choose(voice)
        self.desktop.paste("\n".join(lines))
        self.desktop.generate()
        self.desktop.go_to(0)
        self.desktop.click(self.desktop.tab.deck.strip.button("performance"))
        self.desktop.until(lambda: self.view.shape.words and self.page._why == "")
        self.view.setFocus()

    def made(self) -> Take:
        """Wait until what is drawn is made; its take."""
        self.desktop.until(lambda: not self.page.stale and not self.page.rendering.running)
        self.desktop.until(lambda: self.page._base is not None and self.page._base.take.id == self.take.id)
        return self.take

    def sound(self, take: Take) -> NDArray[np.float32]:
        """The take's file, decoded: mono, 48 kHz."""
        from audiostudio.sound.files import read_sound

        return read_sound(media(self.desktop, take.asset.path)).samples[0]

    def word(self, number: int) -> WordShape:
        return self.view.shape.words[number]

    # Places in the view

    def on_chip(self, number: int) -> QPointF:
        word = self.word(number)
        return QPointF(self.view.stage.x((word.start + word.end) / 2), self.view.stage.words.center().y())

    def on_end(self, number: int) -> QPointF:
        return QPointF(self.view.stage.x(self.word(number).end) - 1, self.view.stage.words.center().y())

    def on_melody(self, number: int, place: float = 0.5) -> QPointF:
        from audiostudio.ui.speech.performance.hands import melody_at

        word = self.word(number)
        x = self.view.stage.x(word.start + place * word.seconds)
        return QPointF(x, self.view.stage.y(melody_at(word, place)))

    def between_points(self) -> tuple[int, QPointF]:
        """The word, and the place on its melody in sight, that is furthest from what a pointer would take hold of."""
        from audiostudio.ui.speech.performance.hands import melody_at

        def far(number: int, place: QPointF) -> float:
            word, stage = self.word(number), self.view.stage
            held = [(stage.x(word.start + one.at * word.seconds), one.hz) for one in points(word, PLAIN)]
            return min((QPointF(x, stage.y(note(hz))) - place).manhattanLength() for x, hz in held)

        seen = self.view.stage.pitch.adjusted(20, 20, -20, -20)
        found = [
            (number, self.on_melody(number, float(place)))
            for number in range(len(self.view.shape.words))
            if np.isfinite(melody_at(self.word(number), 0.5))
            for place in np.linspace(0.1, 0.9, 33)
        ]
        return max((one for one in found if seen.contains(one[1])), key=lambda one: far(*one))

    # The mouse and the keyboard

    def click(self, place: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, held, place.toPoint())

    def drag(self, places: Iterable[QPointF], held: Qt.KeyboardModifier = NONE) -> None:
        """Press at the first place, pass the others, let go at the last."""
        path = list(places)
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, held, path[0].toPoint())
        for before, after in pairwise(path):
            for step in range(1, 7):
                QTest.mouseMove(self.view, (before + (after - before) * step / 6).toPoint())
        QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, held, path[-1].toPoint())

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, held)


def level(sound: NDArray[np.float32], start: int, end: int) -> float:
    """dB of full scale."""
    part = sound[start:end].astype(np.float64)
    return float(10 * np.log10(np.mean(part**2) + 1e-12))
