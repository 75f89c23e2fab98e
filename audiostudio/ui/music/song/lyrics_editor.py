"""The lyrics as they are typed: headings and singers in colour, and beside each line who sings it and its syllables."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from audiostudio.music.lyrics import Line, Lyrics, RowKind, parse
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.lyrics_gutter import LyricsGutter
from audiostudio.ui.speech.differing import difference
from audiostudio.ui.speech.marks import utf16
from audiostudio.ui.theme import GRID, font, tokens
from audiostudio.ui.widgets import steady

TEXT_SIZE = 15
_READ_AFTER = 90
"""Milliseconds after the last key until thousands of lines are read again; few are read at once."""
_FEW = 8000
"""Characters."""
Beside: TypeAlias = Callable[[Callable[[], Any], Callable[[Any], None]], object]


class LyricsEditor(QPlainTextEdit):
    """It has no undo of its own: the project has one. Row `n` of the lyrics is block `n` of the document."""

    edited = Signal(str)
    """The user changed the text."""
    read = Signal(object)
    """The `Lyrics` that the text means now."""
    word_entered = Signal(str)
    """The word that the caret is in or behind; empty between words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.lyrics: Lyrics = parse("")
        self.beside: Beside = lambda ask, answer: answer(ask())
        """How long lyrics are read: not in the window's thread, where somebody gives a way."""
        self.stresses: Mapping[int, str] = {}
        """Row → how its syllables are stressed, shown behind it; empty: nobody asked."""
        self._lines: dict[int, Line] = {}
        self._word = ""
        self._soon = QTimer(self, singleShot=True, interval=_READ_AFTER)
        self._soon.timeout.connect(self.read_now)
        self.gutter = LyricsGutter(self)
        self._colours = _Colours(self)
        written = QFont(font())
        written.setPixelSize(TEXT_SIZE)
        self.setFont(written)
        self.setStyleSheet(f"QPlainTextEdit {{ font-size: {TEXT_SIZE}px; }}")
        self.setProperty("kind", "bare")
        self.setAccessibleName(self.tr("Lyrics"))
        self.setPlaceholderText(
            self.tr(
                "[Verse 1]\nWrite or paste your lyrics here, a line for each line that is sung.\n\n"
                "[Chorus]\nA: Begin a line with a singer,\nB: and it is hers,\nA+B: or both sing it."
            )
        )
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(self.wordWrapMode())
        steady(self)
        self.document().setDocumentMargin(GRID)
        self.document().contentsChange.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        self.updateRequest.connect(lambda *_: self.gutter.update())
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._mark())
        self._settle()

    # The text

    def text(self) -> str:
        """Characters as they were typed."""
        return self.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str) -> None:
        """Other lyrics: the caret goes to their beginning."""
        if text == self.text():
            self.read_now()
            return
        self._quiet, self._colours.seen = True, range(0)
        self.setPlainText(text)
        self._quiet = False
        self.read_now()

    def follow(self, text: str) -> None:
        """Show `text`, changing only what differs: an undo, a redo, what was written for the user."""
        shown = self.text()
        if text == shown:
            return
        start, end = difference(shown, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16(shown, start))
        cursor.setPosition(utf16(shown, len(shown) - end), QTextCursor.MoveMode.KeepAnchor)
        self._quiet = True
        cursor.insertText(text[start : len(text) - end])
        self._quiet = False
        self.setTextCursor(cursor)
        self.read_now()

    def row(self) -> int:
        """The caret's."""
        return self.textCursor().blockNumber()

    def rows(self) -> list[int]:
        """Those that are selected, or the caret's."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        last_block = self.document().findBlock(cursor.selectionEnd())
        last = last_block.blockNumber()
        if last > first and cursor.selectionEnd() == last_block.position():
            last -= 1
        return list(range(first, last + 1))

    def line_of(self, row: int) -> Line | None:
        """What is sung there."""
        return self._lines.get(row)

    def write_word(self, word: str) -> None:
        """In the place of the word at the caret, with its capital; else at the caret."""
        cursor = self._word_cursor()
        old = cursor.selectedText()
        cursor.insertText(word.capitalize() if old[:1].isupper() else word)
        self.setTextCursor(cursor)
        self.setFocus()

    def write_section(self, name: str) -> None:
        """A heading on a line of its own, behind the line of the caret."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        block = cursor.block()
        if not block.text().strip():
            before = block.previous()
            lead = "\n" if before.isValid() and before.text().strip() else ""
            cursor.insertText(f"{lead}[{name}]\n")
        else:
            cursor.insertText(f"\n\n[{name}]\n")
        self.setTextCursor(cursor)
        self.setFocus()

    def read_now(self) -> None:
        """What the text means, for colours and figures."""
        self._soon.stop()
        text = self.text()
        if len(text) <= _FEW:
            self._take(parse(text))
        else:
            self.beside(lambda: parse(text), self._take)

    def _take(self, lyrics: Lyrics) -> None:
        self.lyrics = lyrics
        self._lines = {line.row: line for line in self.lyrics.lines}
        self._mark()
        self.gutter.update()
        self.read.emit(self.lyrics)

    def show_stresses(self, stresses: Mapping[int, str]) -> None:
        self.stresses = stresses
        self.viewport().update()

    def blocks(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """Each row that can be seen and its box on the viewport."""
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                return
            yield block, box
            block = block.next()

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and (
            event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        for action in menu.actions()[:3] if not self.isReadOnly() else []:
            menu.removeAction(action)  # Qt's own undo, redo and separator: the project has its own
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            text = (
                source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
            )
            self.textCursor().insertText(text)
            self.ensureCursorVisible()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_colours"):
            self._mark()
            self.gutter.update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()
        self._mark()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.stresses:
            return
        painter = QPainter(self.viewport())
        painter.setFont(font("small"))
        painter.setPen(tokens().colour("text_muted"))
        measure = self.fontMetrics()
        for block, box in self.blocks():
            marks = self.stresses.get(block.blockNumber(), "")
            if marks:
                left = (
                    box.left() + self.document().documentMargin() + measure.horizontalAdvance(block.text()) + 2 * GRID
                )
                room = QRectF(left, box.top(), self.viewport().width() - left - GRID, measure.height())
                if room.width() > 3 * GRID:
                    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, marks)

    # Inner

    def _settle(self) -> None:
        self.setViewportMargins(self.gutter.WIDTH, GRID, GRID, 0)
        view = self.viewport().geometry()
        self.gutter.setGeometry(view.left() - self.gutter.WIDTH, view.top(), self.gutter.WIDTH, view.height())

    def _changed(self, _position: int, removed: int, added: int) -> None:
        if self._quiet or not (removed or added):
            return
        text = self.text()
        if len(text) <= _FEW:
            self.read_now()
        else:
            self._soon.start()
        self.edited.emit(text)

    def _moved(self) -> None:
        self.gutter.update()
        word = self._word_cursor().selectedText()
        if word != self._word:
            self._word = word
            self.word_entered.emit(word)

    def _word_cursor(self) -> QTextCursor:
        """The word that the caret is in or behind, selected."""
        cursor = self.textCursor()
        text, at = cursor.block().text(), cursor.positionInBlock()
        start = end = at
        while start and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        cursor.setPosition(cursor.block().position() + start)
        cursor.setPosition(cursor.block().position() + end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _mark(self) -> None:
        """Colour anew what is in sight and not as it was read: cost grows with the window, not with the lyrics."""
        seen = [block for block, _ in self.blocks()] if self.isVisible() else []
        self._colours.seen = range(seen[0].blockNumber(), seen[-1].blockNumber() + 1) if seen else range(0)
        for block in seen:
            if block.userState() != self._colours.state(block.blockNumber()):
                self._colours.rehighlightBlock(block)

    def row_at(self, place: QPoint) -> int | None:
        """The row at a place of the gutter or the viewport."""
        return next(
            (block.blockNumber() for block, box in self.blocks() if box.top() <= place.y() < box.bottom()), None
        )


class _Colours(QSyntaxHighlighter):
    """Headings, singers and what they sing, in colour."""

    def __init__(self, editor: LyricsEditor) -> None:
        super().__init__(editor.document())
        self._editor = editor
        self.seen = range(0)
        """Rows that are in sight; all others wait until they are."""

    def state(self, row: int) -> int:
        """Tells whether a row would be coloured otherwise now."""
        rows, line = self._editor.lyrics.rows, self._editor.line_of(row)
        kind = rows[row].kind if row < len(rows) else RowKind.BLANK
        many = len(self._editor.lyrics.slots) > 1
        told = (tokens().name, kind, many, line.slots if line is not None else (), line.backing if line else False)
        return zlib.crc32(repr(told).encode()) >> 1

    def highlightBlock(self, text: str) -> None:
        row = self.currentBlock().blockNumber()
        if row not in self.seen:
            self.setCurrentBlockState(-1)
            return
        rows, line = self._editor.lyrics.rows, self._editor.line_of(row)
        self.setCurrentBlockState(self.state(row))
        if row >= len(rows):
            return
        if rows[row].kind is RowKind.HEADING:
            self.setFormat(0, len(text), _form("accent_text", bold=True))
        elif rows[row].kind is RowKind.SINGERS:
            self.setFormat(0, len(text), _form("text_muted"))
        elif line is not None:
            self._colour_line(text, line, rows[row].start)

    def _colour_line(self, text: str, line: Line, start: int) -> None:
        begin = utf16(text, line.start - start)
        self.setFormat(0, begin, _form("text_muted"))
        if len(self._editor.lyrics.slots) > 1:
            form = QTextCharFormat()
            form.setForeground(colour(line.slots[0]))
            self.setFormat(begin, len(text), form)
        for word in line.words:
            if word.backing:
                form = _form("text_secondary")
                form.setFontItalic(True)
                first, last = utf16(text, word.start - start), utf16(text, word.end - start)
                self.setFormat(first, last - first, form)


def _form(token: str, bold: bool = False) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(tokens().colour(token))
    if bold:
        form.setFontWeight(QFont.Weight.DemiBold)
    return form


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in "'’"
