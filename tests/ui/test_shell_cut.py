"""Nothing that is shown is cut in the middle of a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from audiostudio.ui.theme import Theme
from audiostudio.ui.widgets import ChoiceBox, WordMark
from audiostudio.ui.widgets.waveform_paint import word_places


@given(
    st.lists(st.tuples(st.text("abcdef", min_size=1, max_size=12), st.floats(0, 10)), max_size=20),
    st.floats(300, 2000),
)
def test_no_word_reaches_beyond_the_waveform(words: list[tuple[str, float]], room: float) -> None:
    marks = [WordMark(text, start, start + 0.2) for text, start in sorted(words, key=lambda word: word[1])]
    for (x, width), mark in zip(
        word_places(marks, 0.0, room / 10, room, lambda text: 7 * len(text)), marks, strict=True
    ):
        assert x + width <= room
        assert x <= mark.start * room / 10 + 1e-6


@pytest.mark.parametrize("width", [108, 124, 400])
def test_a_choice_ends_in_dots_where_it_does_not_fit(qtbot: QtBot, theme: Theme, width: int) -> None:
    box = ChoiceBox("Language", small=True)
    qtbot.addWidget(box)
    box.addItem("Language")
    box.addItem("Brazilian Portuguese")
    box.setFixedWidth(width)
    box.show()
    assert box.shown_text() == "Language"
    box.setCurrentIndex(1)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    assert box.fontMetrics().horizontalAdvance(box.shown_text()) <= field.width()
    assert box.shown_text().endswith("…" if width < 400 else "Portuguese")
    assert box.accessibleName() == "Language"
