"""What the performance view keeps of its pictures is never another picture than one drawn afresh."""

import os
import random
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from audiostudio.performance import PitchPoint, Voicing
from audiostudio.timeline.project import AssetReference, Take, VoiceChoice
from audiostudio.ui.speech.performance.paint import ScenePainter
from audiostudio.ui.speech.performance.picture import Picture
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import Shape, WordShape
from audiostudio.ui.speech.performance.takes import RATE, Heard
from audiostudio.ui.speech.performance.view import PerformanceView


def heard(rng: random.Random) -> Heard:
    words, at = [], 0.05
    for index in range(rng.randint(3, 9)):
        length = rng.uniform(0.1, 0.6)
        melody = np.linspace(rng.uniform(45, 60), rng.uniform(45, 60), 40, dtype=np.float32)
        melody[: rng.randrange(20)] = np.nan
        words.append(WordShape(index, f"word{index}", at, at + length, 0.1, (("b", 0.4), ("i", 0.6)), melody))
        at += length + 0.1
    times = np.arange(round((at + 0.2) * RATE)) / RATE
    samples = (0.3 * np.sin(900 * times) * np.sin(4 * times)).astype(np.float32)
    take = Take("t", "l", AssetReference("a", "", ""), "", "", VoiceChoice("v"), len(samples), RATE)
    return Heard(take, Shape(tuple(words), len(samples) / RATE), samples, Picture.of(samples, RATE))


def voicings(rng: random.Random) -> list[Voicing]:
    """Two of each kind: only where the one looks nearly like the other can it be taken for it."""
    kinds = [
        lambda: Voicing(seconds=rng.uniform(0.05, 0.6)),
        lambda: Voicing(gap=rng.uniform(0.0, 0.8)),
        lambda: Voicing(energy=rng.uniform(-12, 12)),
        lambda: Voicing(pitch=rng.uniform(-5, 5)),
        lambda: Voicing(phonemes=(share := rng.uniform(0.1, 0.9), 1 - share)),
        lambda: Voicing(curve=(PitchPoint(0.0, rng.uniform(90, 200)), PitchPoint(1.0, rng.uniform(90, 200)))),
    ]
    rng.shuffle(kinds)
    return [kind() for kind in kinds for _ in range(2)]


def changes(view: PerformanceView, sound: Heard, rng: random.Random) -> Iterator[None]:
    """What is seen becomes another, step by step."""
    for voicing in voicings(rng):
        view.show_edits({1: voicing})
        yield
    for step in (
        lambda: view.select(frozenset({1})),
        lambda: view.show_edits({1: Voicing(curve=(PitchPoint(0.0, 150.0), PitchPoint(1.0, 120.0)))}),
        lambda: view.select(frozenset({0, 1})),
        lambda: view.set_position(rng.uniform(0, sound.shape.seconds)),
        lambda: view.set_backdrop("spectrum"),
        lambda: view.camera.zoom_notes(rng.choice([0.8, 1.25]), 60.0),
        lambda: view.compare(True),
        lambda: view.zoom(rng.uniform(0.3, 0.9)),
        lambda: view.compare(False),
        lambda: view.set_backdrop("wave"),
        lambda: view.show_takes(sound, sound, {}, False),
        lambda: view.fit_view(),
    ):
        step()
        yield


def image(painter: ScenePainter, scene: Scene, ratio: float) -> QImage:
    made = QImage(round(scene.stage.width * ratio), round(scene.stage.height * ratio), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    brush = QPainter(made)
    painter.paint(brush, scene, ratio)
    brush.end()
    return made


def apart(one: QImage, two: QImage) -> int:
    """How many pixels are not the same."""
    first, second = (np.frombuffer(image.constBits(), np.uint32) for image in (one, two))
    return int((first != second).sum())


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_what_is_kept_looks_as_if_it_were_drawn_afresh(qtbot: QtBot, ratio: float) -> None:
    rng = random.Random(f"{os.environ['AUDIOSTUDIO_TEST_SEED']} {ratio}")
    view, sound = PerformanceView(), heard(rng)
    qtbot.addWidget(view)
    view.camera.resize(480, 240)
    view.show_takes(sound, sound, {}, True)
    view.fit_view()
    kept = ScenePainter()
    for _ in changes(view, sound, rng):
        scene = view._scene()
        assert apart(image(kept, scene, ratio), image(ScenePainter(), scene, ratio)) == 0
