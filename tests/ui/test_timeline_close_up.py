"""Waveforms so near that samples are seen: they come from the file, beside the window's thread."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from audiostudio.sound.files import Sound, write_sound
from audiostudio.sound.pcm import PcmFile
from audiostudio.sound.peaks import Peaks, peaks
from audiostudio.ui.timeline.close_up import CloseUps, columns
from audiostudio.ui.timeline.outline import TILE, Look, Tile, Tiles

RATE = 48_000
LOOK = Look(101, 1.0, 0xFF0000FF, 0xFF0000FF)
MIDDLE = 50


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0, 300), st.sampled_from([1 / 32, 0.3, 1.0, 2.5, 17.0, 255.0]))
def test_no_column_hides_a_sample_or_leaves_a_hole(seed: int, first: float, per_pixel: float) -> None:
    sound = np.random.default_rng(seed).uniform(-1, 1, (2, 4_000)).astype(np.float32)
    count = 12
    least, greatest, rms = columns(sound, first, per_pixel, count)
    for column in range(count):
        begin, end = first + column * per_pixel, first + (column + 1) * per_pixel
        inner = sound[:, int(np.ceil(begin)) : int(np.ceil(end))]
        if inner.shape[1]:
            assert (least[:, column] <= inner.min(axis=1)).all()
            assert (greatest[:, column] >= inner.max(axis=1)).all()
    assert (least <= greatest).all()
    assert (rms >= 0).all()
    assert (greatest[:, :-1] >= least[:, 1:]).all(), "neighbours touch"
    assert (greatest[:, 1:] >= least[:, :-1]).all(), "neighbours touch"


def picture(tiles: Tiles, tile: Tile, outline: Peaks) -> np.ndarray:
    """Which pixels are drawn: bool (height, columns)."""
    image = tiles.get(tile, lambda: outline)
    assert isinstance(image, QImage)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()) != 0


@pytest.mark.parametrize("rate", [RATE, 24_000])
def test_zoomed_in_all_the_way_the_samples_are_drawn(qtbot: QtBot, tmp_path: Path, rate: int) -> None:
    """A step up every 20 samples, which the outline shows as one bar; also in a file at another rate."""
    steps = np.where(np.arange(200_000) // 20 % 2, 0.5, -0.5).astype(np.float32)
    write_sound(tmp_path / "steps.wav", Sound(steps[np.newaxis], RATE), "wav32f")
    file, outline = PcmFile(tmp_path / "steps.wav"), peaks(tmp_path / "steps.wav")
    parent = QObject()
    ups = CloseUps(lambda media: (file, RATE / rate) if media == "steps" else None, parent)
    tiles = Tiles()
    tiles.samples = ups.samples
    tile = Tile("steps", 65_520 * rate // RATE, 0.25 * rate / RATE, 0, LOOK)  # from one piece into the next
    bar = picture(tiles, tile, outline)
    assert bar.all(axis=1)[40], "meanwhile the outline"
    qtbot.waitUntil(lambda: ups.samples("steps", tile.source_start, tile.source_start + 128) is not None)
    tiles.forget("steps")
    drawn = picture(tiles, tile, outline)
    for column in range(2, TILE):
        sample = 65_520 + column / 4
        if 2 < sample % 20 < 18:  # not where it goes up or down
            high = sample // 20 % 2 == 1
            rows = np.flatnonzero(drawn[:, column])
            assert (rows < MIDDLE).all() if high else (rows > MIDDLE).all(), column
    assert tiles.get(Tile("gone", 0, 0.25, 0, LOOK), lambda: outline) is not None, "where there is no file, the outline"
    ups.close()
