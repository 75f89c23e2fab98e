"""The waveform: what it shows and what the user's hand does."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio.sound.peaks import PeakBuilder
from audiostudio.ui.theme import Theme, tokens
from audiostudio.ui.widgets import PeakSource, SamplePeaks, WaveformView, WordMark
from audiostudio.ui.widgets.waveform_paint import clock

RATE = 24_000
LEFT = Qt.MouseButton.LeftButton


def tone(seconds: float, level: float) -> np.ndarray:
    count = int(seconds * RATE)
    return (level * np.sin(np.arange(count) * 2 * np.pi * 200 / RATE)).astype(np.float32)


@pytest.fixture
def view(theme: Theme) -> Iterator[WaveformView]:
    """Ten seconds: five loud, five silent; 1000 pixels wide."""
    made = WaveformView(compact=True)
    made.resize(1000, 100)
    made.set_source(SamplePeaks(np.concatenate([tone(5, 0.8), np.zeros(5 * RATE, np.float32)]), RATE))
    made.show()
    yield made
    made.close()
    made.deleteLater()


def picture(view: WaveformView) -> QImage:
    return view.grab().toImage()


def ink(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name()


def test_loud_is_tall_and_silence_is_a_line(view: WaveformView) -> None:
    image = picture(view)
    ground = ink(image, 750, 5)
    assert ink(image, 250, 20) != ground
    assert ink(image, 750, 20) == ground
    assert ink(image, 750, 50) != ground


def test_what_was_heard_has_another_colour(view: WaveformView) -> None:
    view.set_position(2.5)
    image = picture(view)
    assert ink(image, 100, 50) == tokens().wave_played_rms
    assert ink(image, 400, 50) == tokens().wave_rms


def test_a_click_seeks_and_a_key_steps(qtbot: QtBot, view: WaveformView) -> None:
    heard: list[float] = []
    view.sought.connect(heard.append)
    qtbot.mouseClick(view, LEFT, pos=QPoint(300, 50))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert heard == pytest.approx([3.0, 4.0, 0.0, 10.0, 10.0])


def drag(qtbot: QtBot, view: WaveformView, start: int, end: int) -> None:
    qtbot.mousePress(view, LEFT, pos=QPoint(start, 50))
    for x in np.linspace(start, end, 5).astype(int).tolist():
        qtbot.mouseMove(view, QPoint(x, 50))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(end, 50))


def test_a_drag_makes_a_loop_its_edges_move_and_escape_ends_it(qtbot: QtBot, view: WaveformView) -> None:
    sought: list[float] = []
    view.sought.connect(sought.append)
    drag(qtbot, view, 600, 200)
    assert view.loop == pytest.approx((2.0, 6.0))
    drag(qtbot, view, 601, 800)
    assert view.loop == pytest.approx((2.0, 8.0))
    drag(qtbot, view, 201, 100)
    assert view.loop == pytest.approx((1.0, 8.0))
    assert sought == []
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.loop is None


def test_a_double_click_ends_the_loop(qtbot: QtBot, view: WaveformView) -> None:
    view.set_loop((1.0, 2.0))
    heard: list[object] = []
    view.loop_changed.connect(heard.append)
    qtbot.mouseDClick(view, LEFT, pos=QPoint(500, 50))
    assert heard == [None]


def test_ctrl_and_wheel_zoom_where_the_pointer_is(qtbot: QtBot, view: WaveformView) -> None:
    def turn(steps: int, modifiers: Qt.KeyboardModifier) -> None:
        QApplication.sendEvent(
            view,
            QWheelEvent(
                QPointF(400, 50), view.mapToGlobal(QPointF(400, 50)), QPoint(), QPoint(0, 120 * steps),
                Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip

    for _ in range(5):
        turn(1, Qt.KeyboardModifier.ControlModifier)
    assert view.zoomed
    heard: list[float] = []
    view.sought.connect(heard.append)
    qtbot.mouseClick(view, LEFT, pos=QPoint(400, 50))
    assert heard == pytest.approx([4.0])
    for _ in range(60):
        turn(-1, Qt.KeyboardModifier.ControlModifier)
    assert not view.zoomed


def test_the_view_follows_the_playhead_when_zoomed(view: WaveformView) -> None:
    view._show(0.0, 1.0)
    view.set_position(7.0)
    start, end = view._shown
    assert start <= 7.0 <= end


def test_a_sound_that_grows_fills_the_place_it_will_take(view: WaveformView) -> None:
    peaks = SamplePeaks(tone(2, 0.8), RATE)
    view.set_source(peaks)
    view.set_expected(8.0)
    image = picture(view)
    ground = ink(image, 900, 5)
    assert ink(image, 200, 20) != ground
    assert ink(image, 300, 20) == ground
    peaks.samples = tone(8, 0.8)
    view.refresh()
    assert ink(picture(view), 900, 20) != ground


def test_the_studio_s_peaks_look_like_the_samples_they_are_of(qtbot: QtBot, theme: Theme) -> None:
    rng = np.random.default_rng(7)
    samples = (np.repeat(rng.uniform(0, 0.9, 40), RATE // 4) * rng.uniform(-1, 1, 10 * RATE)).astype(np.float32)
    builder = PeakBuilder(RATE)
    builder.push(samples)
    stored: PeakSource = builder.peaks()
    least, greatest, rms = SamplePeaks(samples, RATE).view(0, len(samples), 500)
    low, high, power = (values[0] for values in stored.view(0, len(samples), 500))
    # a stored peak also covers the rest of the blocks at the column's edges: never less, never another level
    assert (low <= least + 1e-4).all()
    assert (high >= greatest - 1e-4).all()
    assert np.median(np.abs(power - rms)) < 0.02


def test_words_stand_under_the_wave_and_the_spoken_one_is_marked(theme: Theme) -> None:
    view = WaveformView()
    view.resize(1000, 140)
    words = [WordMark("Hello", 1.0, 2.0), WordMark("there", 3.0, 4.0)]
    view.set_source(SamplePeaks(tone(10, 0.5), RATE), words)
    view.show()
    before = picture(view)
    view.set_position(3.5)
    after = picture(view)
    strip = range(view.height() - 22, view.height() - 2)
    accent = tokens().accent
    assert not any(ink(before, 300 + x, y) == accent for x in range(-4, 60) for y in strip)
    assert any(ink(after, 300 + x, y) == accent for x in range(-4, 60) for y in strip)
    assert not any(ink(after, 100 + x, y) == accent for x in range(-4, 60) for y in strip)
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(1, np.float32), tone(0.001, 1.0)])
def test_tiny_and_empty_sounds_are_drawn(qtbot: QtBot, view: WaveformView, samples: np.ndarray) -> None:
    view.set_source(SamplePeaks(samples, RATE))
    picture(view)
    qtbot.mouseClick(view, LEFT, pos=QPoint(300, 50))
    drag(qtbot, view, 100, 300)
    assert 0 <= view.position <= len(samples) / RATE
    view.set_source(None)
    picture(view)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00.0"), (7.34, "0:07.3"), (59.96, "1:00.0"), (725, "12:05.0"), (3600, "1:00:00.0")]
)
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
