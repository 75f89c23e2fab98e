"""The small parts everything is built of."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.ui.theme import Theme
from audiostudio.ui.widgets import (
    Button,
    Card,
    ChipGroup,
    EmptyState,
    FlowLayout,
    IconButton,
    LabeledSlider,
    ProgressPill,
    SearchField,
    SegmentedControl,
    Spinner,
    Toast,
)

Show = Callable[[QWidget], QWidget]


@pytest.fixture
def show(theme: Theme) -> Iterator[Show]:
    hosts: list[QWidget] = []

    def show_one(widget: QWidget) -> QWidget:
        host = QWidget()
        QVBoxLayout(host).addWidget(widget)
        host.resize(480, 320)
        host.show()
        hosts.append(host)
        return widget

    yield show_one
    for host in hosts:
        host.close()
        host.deleteLater()


def test_a_slider_is_dragged_typed_and_put_back(qtbot: QtBot, show: Show) -> None:
    speed = LabeledSlider("Speed", 0.5, 2.0, 1.0, 0.05, "×", 2)
    show(speed)
    heard: list[float] = []
    speed.value_changed.connect(heard.append)
    qtbot.mouseClick(speed.slider, Qt.MouseButton.LeftButton, pos=QPoint(speed.slider.width() - 2, 12))
    assert speed.value() == 2.0
    speed.edit.setFocus()
    speed.edit.selectAll()
    qtbot.keyClicks(speed.edit, "1.27")
    qtbot.keyClick(speed.edit, Qt.Key.Key_Return)
    assert speed.value() == 1.25
    assert speed.edit.text() == "1.25×"
    qtbot.mouseDClick(speed.slider, Qt.MouseButton.LeftButton)
    assert speed.value() == 1.0
    assert heard[0] == 2.0
    assert heard[-1] == 1.0


@pytest.mark.parametrize("typed", ["", "fast", "nan", "inf", "1e999", "--3"])
def test_nonsense_in_a_slider_s_box_changes_nothing(qtbot: QtBot, show: Show, typed: str) -> None:
    pitch = LabeledSlider("Pitch", -12, 12, 0, 0.5, " st", 1, signed=True)
    show(pitch)
    pitch.set_value(3)
    pitch.edit.setText(typed)
    pitch.edit.editingFinished.emit()
    assert pitch.value() == 3.0
    assert pitch.edit.text() == "+3.0 st"


@pytest.mark.parametrize(("typed", "value"), [("−5", -5.0), ("+2,5", 2.5), ("99", 12.0), ("-99 st", -12.0)])
def test_what_people_type_is_understood_and_kept_in_range(show: Show, typed: str, value: float) -> None:
    pitch = LabeledSlider("Pitch", -12, 12, 0, 0.5, " st", 1, signed=True)
    show(pitch)
    pitch.edit.setText(typed)
    pitch.edit.editingFinished.emit()
    assert pitch.value() == value


def test_a_slider_moves_with_the_keyboard(qtbot: QtBot, show: Show) -> None:
    speed = LabeledSlider("Speed", 0.5, 2.0, 1.0, 0.05)
    show(speed)
    qtbot.keyClick(speed.slider, Qt.Key.Key_Right)
    assert speed.value() == 1.05
    qtbot.keyClick(speed.slider, Qt.Key.Key_Home)
    assert speed.value() == 0.5


def test_segments_hold_one_choice(qtbot: QtBot, show: Show) -> None:
    view = SegmentedControl([("grid", "Grid"), ("list", "List")], label="View")
    show(view)
    heard: list[str] = []
    view.changed.connect(heard.append)
    assert view.value() == "grid"
    qtbot.mouseClick(view.button("list"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.button("list"), Qt.MouseButton.LeftButton)
    view.choose("grid")
    assert heard == ["list", "grid"]


def test_chips_filter_by_any_or_by_one(qtbot: QtBot, show: Show) -> None:
    options = [("a", "All"), ("f", "Female"), ("m", "Male")]
    some, one = ChipGroup(options), ChipGroup(options, exclusive=True)
    show(some)
    show(one)
    heard: list[list[str]] = []
    some.changed.connect(heard.append)
    for key in ("m", "f", "m"):
        qtbot.mouseClick(some.chip(key), Qt.MouseButton.LeftButton)
    assert heard == [["m"], ["f", "m"], ["f"]]
    qtbot.mouseClick(one.chip("m"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(one.chip("m"), Qt.MouseButton.LeftButton)
    assert one.chosen() == ["m"]


def test_a_search_waits_for_the_end_of_typing_and_not_for_enter(qtbot: QtBot, show: Show) -> None:
    field = SearchField("Search voices", delay_ms=30)
    show(field)
    heard: list[str] = []
    field.searched.connect(heard.append)
    qtbot.keyClicks(field, "heart")
    qtbot.waitUntil(lambda: heard == ["heart"])
    qtbot.keyClicks(field, "s")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard == ["heart", "hearts"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert heard[-1] == ""


def test_a_card_is_a_button_that_can_be_opened(qtbot: QtBot, show: Show) -> None:
    card = Card(label="Heart")
    card.setMinimumSize(120, 80)
    show(card)
    heard: list[str] = []
    card.clicked.connect(lambda: heard.append("clicked"))
    card.opened.connect(lambda: heard.append("opened"))
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.keyClick(card, Qt.Key.Key_Space)
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert heard == ["clicked", "clicked", "clicked", "opened"]
    plain = card.grab().toImage()
    card.set_selected(True)
    assert card.grab().toImage() != plain


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: QPushButton("Plain"), lambda whole: whole),
        (lambda: IconButton("play", "Play"), lambda whole: whole),
        (Card, lambda whole: whole),
        (lambda: LabeledSlider("Speed", 0, 1, 0), lambda whole: whole.slider),
        (ProgressPill, lambda whole: whole),
        (lambda: SegmentedControl([("a", "A"), ("b", "B")]), lambda whole: whole.button("b")),
        (lambda: ChipGroup([("a", "A")]), lambda whole: whole.chip("a")),
    ],
)
def test_focus_can_be_seen_on_every_kind_of_control(
    qtbot: QtBot, show: Show, make: Callable[[], QWidget], part: Callable[[QWidget], QWidget]
) -> None:
    whole = show(make())
    window, widget = whole.window(), part(whole)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.setFocus()
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.hasFocus()
    assert widget.grab().toImage() != before


def test_flowing_items_wrap_and_a_filled_row_has_no_gap(show: Show) -> None:
    host = QWidget()
    flow = FlowLayout(host, 8, fill=True)
    cards = [QWidget() for _ in range(7)]
    for card in cards:
        card.setMinimumSize(100, 40)
        flow.addWidget(card)
    show(host)
    host.setFixedWidth(330)
    QTest.qWait(0)
    flow.setGeometry(host.rect())
    assert [card.y() for card in cards] == [0, 0, 0, 48, 48, 48, 96]
    assert [card.width() for card in cards[:3]] == [105, 105, 104]
    assert cards[2].geometry().right() == 329
    assert flow.heightForWidth(330) == 136
    flow.takeAt(0).widget().deleteLater()
    assert flow.count() == 6


@pytest.mark.parametrize("width", [1, 99, 100, 207, 208, 5000])
def test_the_flow_s_height_is_what_it_uses(show: Show, width: int) -> None:
    host = QWidget()
    flow = FlowLayout(host, 8)
    for _ in range(5):
        child = QWidget()
        child.setFixedSize(100, 40)
        flow.addWidget(child)
    height = flow.heightForWidth(width)
    columns = max(1, (width + 8) // 108)
    rows = -(-5 // columns)
    assert height == rows * 48 - 8
    host.deleteLater()


def test_nothing_turns_while_nobody_looks(qtbot: QtBot, show: Show) -> None:
    spinner, pill = Spinner(), ProgressPill()
    show(spinner)
    show(pill)
    pill.show_progress("Working", None)
    assert spinner._tick.isActive()
    assert pill._tick.isActive()
    spinner.hide()
    pill.hide()
    assert not spinner._tick.isActive()
    assert not pill._tick.isActive()
    pill.show()
    assert pill._tick.isActive()
    pill.show_idle("No jobs")
    assert not pill._tick.isActive()


def test_a_toast_leaves_by_itself_but_an_error_stays(qtbot: QtBot, show: Show) -> None:
    news, error = Toast("Moved.", seconds=0.05), Toast("Disk full.", "Free some space.", "error", seconds=None)
    show(news)
    show(error)
    with qtbot.waitSignal(news.closed):
        pass
    assert error.isVisible()
    assert error.accessibleDescription() == "Free some space."
    error.close_now()


def test_a_busy_button_turns_and_cannot_be_pressed(qtbot: QtBot, show: Show) -> None:
    button = Button("Generate", "primary", "sparkles")
    show(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    idle = button.grab().toImage()
    button.set_busy(True)
    button.set_busy(True)
    first = button.grab().toImage()
    qtbot.waitUntil(lambda: button.grab().toImage() != first)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []
    button.set_busy(False)
    assert button.grab().toImage() == idle
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]


def test_an_empty_state_has_one_sentence_and_one_button(qtbot: QtBot, show: Show) -> None:
    empty = EmptyState("inbox", "Nothing here yet.", "Import files")
    show(empty)
    assert [label.text() for label in empty.findChildren(QLabel) if label.text()] == ["Nothing here yet."]
    assert [button.text() for button in empty.findChildren(QAbstractButton)] == ["Import files"]
    with qtbot.waitSignal(empty.acted):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)


def test_a_button_stands_beside_a_short_message_and_below_a_long_one(show: Show) -> None:
    short, long = ("Moved to the bin.", "Undo"), ("Your work from before is there.", "Open without recovering")
    for (sentence, action), below in ((short, False), (long, True)):
        toast = show(Toast(sentence, action=(action, lambda: None)))
        toast.setFixedSize(360, toast.heightForWidth(360))
        toast.layout().activate()
        assert (toast.action.y() >= toast.sentence.geometry().bottom()) == below
