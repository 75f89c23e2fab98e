"""Covers, looked at as pixels."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from audiostudio.render.covers import Cover, chosen, design_names
from audiostudio.render.covers.painting import paint, png


def pixels(image: QImage) -> NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.parametrize("design", design_names())
def test_a_design_fills_the_cover_the_same_way_each_time(design: str) -> None:
    cover = Cover("Night Drive", "House", "house", "dark", 7, design)
    first, again = pixels(paint(cover, 200)), pixels(paint(cover, 200))
    assert np.array_equal(first, again)
    assert len(np.unique(first.reshape(-1, 3), axis=0)) > 40
    assert first[:100].std() > 4  # the upper half, where no words are, is no plain surface


def test_designs_and_seeds_differ() -> None:
    looks = [pixels(paint(Cover("Song", design=design), 64)).tobytes() for design in design_names()]
    looks += [pixels(paint(Cover("Song", design="orbs", seed=seed), 64)).tobytes() for seed in (1, 2, 3)]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("design", design_names())
@pytest.mark.parametrize(
    "title", ["A", "Upbeat Electronic", "The Very Long Title of a Song That Never Ends " * 4, "ю" * 300]
)
def test_words_stand_out_and_stay_inside(title: str, design: str) -> None:
    cover = Cover(title, "by nobody", "pop", "happy", 3, design)
    words = pixels(paint(cover, 400)).astype(int)
    bare = pixels(paint(Cover(" ", "", "pop", "happy", 3, design), 400)).astype(int)
    light = np.array([int(chosen(cover).palette[-1][k : k + 2], 16) for k in (1, 3, 5)])
    set_in = np.abs(words - light).max(axis=2) < 12
    set_in &= np.abs(words - bare).max(axis=2) > 12
    rows, columns = np.nonzero(set_in[200:])
    assert len(rows) > 100
    lower = words[260:, 40:360].reshape(-1, 3)
    around = lower[~set_in[260:, 40:360].reshape(-1)].mean(axis=0)
    assert contrast(light, around) > 4.5  # WCAG 2.2, AA
    assert columns.min() >= 30
    assert columns.max() <= 370
    assert rows.max() + 200 <= 372


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of two colours, 0…255, as WCAG 2.2 defines it."""
    first, second = (luminance(colour) for colour in (one, other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def luminance(colour: NDArray[np.float64]) -> float:
    share = np.asarray(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_the_outline_of_the_music_is_seen() -> None:
    quiet = Cover("", design="horizon", seed=5, peaks=(0.05,) * 48)
    loud = Cover("", design="horizon", seed=5, peaks=(1.0,) * 48)
    assert not np.array_equal(pixels(paint(quiet, 100)), pixels(paint(loud, 100)))


def test_json_and_back_and_what_a_newer_program_adds() -> None:
    cover = chosen(Cover("Song", "pop", "pop", "happy", 4, peaks=(0.5, 1.0)))
    assert Cover.from_json(cover.to_json() | {"asset": "x", "hologram": 3}) == cover
    assert Cover.from_json({}) == Cover("")


def test_a_png_of_that_size() -> None:
    data = png(Cover("Song"), 120)
    image = QImage.fromData(data)
    assert data.startswith(b"\x89PNG")
    assert (image.width(), image.height()) == (120, 120)
