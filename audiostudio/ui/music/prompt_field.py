"""What is wanted, in words: what was understood stands below as chips that can be changed.

field.show_prompt(prompt, chosen)   # silently
field.edited.connect(...)           # prompt, Brief chosen by hand
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from audiostudio.music.plan import Brief
from audiostudio.ui import icons
from audiostudio.ui.music import facets
from audiostudio.ui.speech.marks import utf16
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID, HALF, tokens
from audiostudio.ui.widgets import Chip, FlowLayout, Menu

if TYPE_CHECKING:
    from audiostudio.music.prompt import Reading

_TYPING_MS = 150
_UNDERLINED = 40
"""Words that were not understood that are listed; more are underlined all the same."""
MOST_UNDERLINED = 400
MOST_PROMPT = 2_000
"""Characters that `music.make` takes."""


class FacetChip(Chip):
    """Something that was understood, or chosen: then it is lit."""

    def __init__(self, facet: str, words: str, chosen: bool, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.facet = facet
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setAccessibleName(f"{facets.title(facet)}: {words}")
        origin = self.tr("chosen") if chosen else self.tr("read from your words")
        self.setToolTip(f"{facets.title(facet)}: {words} ({origin})")
        self.clicked.connect(lambda: self.setChecked(chosen))
        self.setMaximumWidth(280)


class PromptField(QWidget):
    edited = Signal(str, object)
    """The words, and the `Brief` of what was chosen by hand; the words a moment after the last key."""
    read = Signal(object)
    """The `Reading` of the words as they are now."""

    def __init__(self, parent: QWidget | None = None, placeholder: str = "", height: int = 88) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName(self.tr("What you want to hear"))
        self.text.setPlaceholderText(
            placeholder or self.tr("Calm lo-fi at 80 bpm with electric piano, no drums, about a minute")
        )
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(height)
        self.chips: dict[str, FacetChip] = {}
        self._brief, self._chosen = Brief(), Brief()
        self._reading: Reading | None = None
        self._box = QWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self._box.setSizePolicy(policy)
        self._flow = FlowLayout(self._box, HALF)
        self.plus = Chip(self.tr("Add"), self._box)
        self.plus.setCheckable(False)
        self.plus.setToolTip(self.tr("Choose genre, mood, tempo, key or instruments by hand"))
        self.plus.clicked.connect(self._open_menu)
        self._flow.addWidget(self.plus)
        self.contradictions = self._line("warning")
        self.unknown = self._line("small")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING_MS)
        self._soon.timeout.connect(self._typed)
        self.text.textChanged.connect(self._soon.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.text, self._box, self.contradictions, self.unknown):
            column.addWidget(part)
        self.setFocusProxy(self.text)
        self._tint()
        self._understand()

    @property
    def prompt(self) -> str:
        return self.text.toPlainText()

    @property
    def chosen(self) -> Brief:
        """What was chosen by hand."""
        return self._chosen

    @property
    def brief(self) -> Brief:
        """What was understood, and what was chosen, which wins."""
        return self._brief

    def show_prompt(self, prompt: str, chosen: Brief) -> None:
        """Silently; the caret stays where the words are the same."""
        if prompt != self.prompt:
            self.text.blockSignals(True)
            self.text.setPlainText(prompt)
            self.text.blockSignals(False)
            self._soon.stop()
            self._reading = None
        self._chosen = chosen
        self._understand()

    def flush(self) -> None:
        """What was typed last is told now."""
        if self._soon.isActive():
            self._soon.stop()
            self._typed()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
            self._underline()
        super().changeEvent(event)

    def _line(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.hide()
        return label

    def _typed(self) -> None:
        self._reading = None
        self._understand()
        self.edited.emit(self.prompt, self._chosen)

    def _take(self, chosen: Brief) -> None:
        self._soon.stop()
        self._chosen = chosen
        self._understand()
        self.edited.emit(self.prompt, self._chosen)

    def _understand(self) -> None:
        from audiostudio.music import prompt

        if self._reading is None:
            self._reading = prompt.read(self.prompt[:MOST_PROMPT])
            self.read.emit(self._reading)
        self._brief = prompt.merged(self._reading.brief, self._chosen)
        self._show_chips()
        told = list(self._reading.contradictions)
        if len(self.prompt) > MOST_PROMPT:
            told.append(filled(self.tr("Only the first {n} characters are read: say it in fewer."), n=MOST_PROMPT))
        self.contradictions.setText("\n".join(told))
        self.contradictions.setVisible(bool(told))
        words = list(dict.fromkeys(self._unknown_words()))
        more = "…" if len(words) > _UNDERLINED else ""
        listed = ", ".join(f"“{word}”" for word in words[:_UNDERLINED])
        self.unknown.setText(self.tr("Not understood: {words}").replace("{words}", listed + more))
        self.unknown.setVisible(bool(words))
        self._underline()

    def _show_chips(self) -> None:
        focus = next((facet for facet, chip in self.chips.items() if chip.hasFocus()), "")
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.plus)
        self.chips = {}
        for facet in facets.FACETS:
            words = facets.words(self._brief, facet)
            if words:
                chosen = facets.value(self._chosen, facet) not in (None, ())
                chip = self.chips[facet] = FacetChip(facet, words, chosen, self._box)
                chip.clicked.connect(lambda _on=False, facet=facet: self.open(facet))
                self._flow.addWidget(chip)
                chip.show()
        self._flow.addWidget(self.plus)
        if focus in self.chips:
            self.chips[focus].setFocus(Qt.FocusReason.OtherFocusReason)
        self._box.updateGeometry()

    def open(self, facet: str) -> QWidget | None:
        """The small window in which a facet is chosen."""
        anchor = self.chips.get(facet, self.plus)
        return facets.open_popup(facet, self._brief, self._chosen, anchor, self._take)

    def _open_menu(self) -> None:
        menu = Menu(self)
        for facet in facets.ADDED:
            if facet not in self.chips:
                menu.addAction(facets.title(facet)).triggered.connect(lambda _on=False, facet=facet: self.open(facet))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.plus.mapToGlobal(self.plus.rect().bottomLeft()))

    def _unknown_words(self) -> list[str]:
        assert self._reading is not None
        return [self.prompt[one.start : one.end] for one in self._reading.unknown]

    def _underline(self) -> None:
        marks = []
        for one in self._reading.unknown[:MOST_UNDERLINED] if self._reading is not None else ():
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(utf16(self.prompt, one.start))
            cursor.setPosition(utf16(self.prompt, one.end), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            mark.format.setUnderlineColor(tokens().colour("warning"))
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def _tint(self) -> None:
        self.plus.setIcon(icons.icon("plus", "text_secondary", size=12))
