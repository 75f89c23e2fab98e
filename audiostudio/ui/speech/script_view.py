"""A script as lines on a page: numbered, highlighted, filtered, and followed while it is heard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from audiostudio.ui.speech.gutter import Gutter
from audiostudio.ui.speech.highlighting import mark_format, said_format
from audiostudio.ui.speech.marks import Mark, characters, flat, marks, utf16
from audiostudio.ui.theme import FONT, GRID, tokens
from audiostudio.ui.widgets import steady

MEASURE = 760
"""Logical pixels: lines longer than this are hard to read."""
LINE_HEIGHT = 155
"""Per cent of the font's own."""
TEXT_SIZE = 16
ROW = 34
"""Logical pixels of a line of one row, with the room below it."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What is selected: lines by number, places in characters of their line."""

    first: int
    start: int
    last: int
    end: int

    @property
    def one_line(self) -> bool:
        return self.first == self.last


class ScriptView(QTextEdit):
    """Line `n` of the script is block `n` of the document."""

    line_entered = Signal(int)
    """The caret came to another line."""
    all_shown = Signal()
    """The filter ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gutter = Gutter(self)
        self._line = 0
        self._said: tuple[int, int, int] | None = None
        self._shown: Callable[[int], bool] | None = None
        """The lines that are shown; None: all."""
        self._voices: frozenset[str] | None = None
        """Ids of the voices that markup may name."""
        self.beyond: Callable[[int], tuple[Mark, ...]] = lambda _line: ()
        """Line number → what its engine cannot do."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._mark)
        steady(self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        font = QFont(FONT)
        font.setPixelSize(TEXT_SIZE)
        self.document().setDefaultFont(font)
        self.document().setDocumentMargin(0)
        self.setStyleSheet(f"QTextEdit {{ font-size: {TEXT_SIZE}px; }}")
        self.cursorPositionChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.document().documentLayout().documentSizeChanged.connect(self._scrolled)

    def line(self) -> int:
        """The number of the caret's line."""
        return self._line

    # Caret and selection

    def selected(self) -> Selected | None:
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(cursor.selectionEnd())
        start = characters(first.text(), cursor.selectionStart() - first.position())
        end = characters(last.text(), cursor.selectionEnd() - last.position())
        if last.blockNumber() > first.blockNumber() and end == 0:  # a line selected with its end
            last = last.previous()
            end = len(last.text())
        return Selected(first.blockNumber(), start, last.blockNumber(), end)

    def caret(self) -> tuple[int, int]:
        """The caret's line and its place there, in characters."""
        cursor = self.textCursor()
        return cursor.blockNumber(), characters(cursor.block().text(), cursor.positionInBlock())

    def select(self, line: int, start: int, end: int) -> None:
        """Select a part of a line and bring it into sight; an empty part places the caret."""
        block = self.document().findBlockByNumber(line)
        if not block.isValid():
            return
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + utf16(block.text(), start))
        cursor.setPosition(block.position() + utf16(block.text(), end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        if not self._in_sight(block):
            self._scroll_to(block)

    def word_at(self, place: QPoint) -> tuple[int, int, int] | None:
        """The word under a place of the viewport: its line, begin and end in characters; None between words."""
        cursor = self.cursorForPosition(place)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        text, block = cursor.selectedText(), cursor.block()
        if not any(one.isalnum() for one in text):
            return None
        start = characters(block.text(), cursor.selectionStart() - block.position())
        return block.blockNumber(), start, start + len(text)

    def line_at(self, y: float) -> int | None:
        """The line at a height of the viewport; None below the last."""
        return next(
            (block.blockNumber() for block, box in self.visible_blocks() if box.top() <= y < box.bottom()), None
        )

    # Some lines only

    @property
    def filtered(self) -> bool:
        return self._shown is not None

    def show_only(self, shown: Callable[[int], bool]) -> None:
        """Hide every line but those whose number `shown` approves; typing shows all again."""
        self._shown = shown
        self._apply_filter()

    def is_shown(self, line: int) -> bool:
        return self._shown is None or self._shown(line)

    def show_all(self) -> None:
        if self._shown is None:
            return
        self._shown = None
        cursor = self.textCursor()
        cursor.clearSelection()  # nobody sees what lies between two lines that were shown
        self.setTextCursor(cursor)
        self._apply_filter(all_lines=True)
        self.ensureCursorVisible()
        self.all_shown.emit()

    def _apply_filter(self, all_lines: bool = False) -> None:
        shown = self._shown
        if shown is None and not all_lines:
            return
        block = self.document().firstBlock()
        while block.isValid():
            block.setVisible(shown is None or shown(block.blockNumber()))
            block = block.next()
        self.document().markContentsDirty(0, self.document().characterCount())
        self.viewport().update()
        self._scrolled()

    # What sounds

    def show_said(self, line: int, start: int, word: str) -> None:
        """Light the word that begins at character `start` of a line, and keep it in sight; nothing where another
        word is there by now."""
        block = self.document().findBlockByNumber(line)
        text = block.text()
        if not block.isValid() or not text.startswith(word, start):
            self.show_silence()
            return
        said = (line, utf16(text, start), utf16(text, start + len(word)))
        if said == self._said:
            return
        new_line = self._said is None or self._said[0] != line
        self._said = said
        self._mark()
        if new_line and not self._in_sight(block):
            self._scroll_to(block)

    def show_silence(self) -> None:
        if self._said is not None:
            self._said = None
            self._mark()

    # Blocks on the screen

    def visible_blocks(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """Each line that can be seen and its box on the viewport."""
        layout, offset = self.document().documentLayout(), self.verticalScrollBar().value()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid():
            box = layout.blockBoundingRect(block).translated(0, -offset)
            if block.isVisible():
                if box.top() > self.viewport().height():
                    return
                yield block, box
            block = block.next()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_margins()
        super().resizeEvent(event)
        self.gutter.settle()
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._soon.start()
            self.gutter.update()
        super().changeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        return super().viewportEvent(event)

    # Inner

    def settle(self) -> None:
        """Give gutter and text their places anew."""
        self._set_margins()
        self.gutter.settle()

    def _moved(self) -> None:
        line = self.textCursor().blockNumber()
        if line != self._line:
            self._line = line
            self.gutter.update()
            self.line_entered.emit(line)

    def _scrolled(self) -> None:
        self.gutter.update()
        self._soon.start()

    def _set_margins(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        room = self.width() - bar
        gutter = self.gutter.wanted()
        text = min(MEASURE, room - gutter - 2 * GRID)
        left = max(gutter + GRID, (room - text) // 2)
        self.setViewportMargins(left, 2 * GRID, max(GRID, room - left - text), GRID)

    def _space(self, cursor: QTextCursor, whole: bool = False) -> None:
        form = QTextBlockFormat()
        form.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setBottomMargin(GRID // 2)
        if whole:
            cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)

    def _mark(self) -> None:
        """Colour what is in sight: cost grows with the window, not with the script."""
        self._soon.stop()
        if not self.isVisible():  # nothing has its place yet: every line would count as seen
            return
        colours = tokens()
        formats: dict[str, QTextCharFormat] = {}
        found = []
        for block, _ in self.visible_blocks():
            for mark in flat(self._marks(block)):
                if mark.kind not in formats:
                    formats[mark.kind] = mark_format(mark.kind, colours)
                found.append(self._selection(block, mark.start, mark.end, formats[mark.kind]))
        if self._said is not None:
            line, start, end = self._said
            block = self.document().findBlockByNumber(line)
            found.append(self._selection(block, start, end, said_format(colours)))
        self.setExtraSelections(found)

    def _selection(self, block: QTextBlock, start: int, end: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.cursor = QTextCursor(block)
        last = max(0, block.length() - 1)
        made.cursor.setPosition(block.position() + min(start, last))
        made.cursor.setPosition(block.position() + min(end, last), QTextCursor.MoveMode.KeepAnchor)
        made.format = form
        return made

    def _explain(self, event: QHelpEvent) -> None:
        cursor = self.cursorForPosition(event.pos())
        within = cursor.positionInBlock()
        found = [mark for mark in self._marks(cursor.block()) if mark.start <= within <= mark.end]
        said = "\n".join(mark.message for mark in found if mark.message)
        QToolTip.showText(event.globalPos(), said, self) if said else QToolTip.hideText()

    def _marks(self, block: QTextBlock) -> tuple[Mark, ...]:
        return (*marks(block.text(), self._voices), *self.beyond(block.blockNumber()))

    def _in_sight(self, block: QTextBlock) -> bool:
        box = self.document().documentLayout().blockBoundingRect(block)
        top = box.top() - self.verticalScrollBar().value()
        return top >= 0 and top + min(box.height(), 120) <= self.viewport().height()

    def _scroll_to(self, block: QTextBlock) -> None:
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top - self.viewport().height() / 3))
