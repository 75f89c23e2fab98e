"""The script editor: a page to write on. It shows the project's script and turns typing into edits of the session."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from audiostudio.ui.speech.completion import CompletionList
from audiostudio.ui.speech.differing import difference
from audiostudio.ui.speech.gutter import Gutter
from audiostudio.ui.speech.highlighting import mark_format, said_format
from audiostudio.ui.speech.marks import PROBLEM, characters, flat, marks, utf16
from audiostudio.ui.speech.pasting import is_script, script_files
from audiostudio.ui.theme import FONT, GRID, tokens
from audiostudio.ui.widgets import steady

MEASURE = 760
"""Logical pixels: lines longer than this are hard to read."""
LINE_HEIGHT = 155
"""Per cent of the font's own."""
TEXT_SIZE = 16
PIECE = 12_000
"""Characters of a long paste that come at once: laying out more would keep the user waiting."""


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


class ScriptEditor(QTextEdit):
    """Line `n` of the script is block `n` of the document. It has no undo of its own: the project has one."""

    edited = Signal()
    """The user changed the text."""
    files_dropped = Signal(list)
    """Paths of script files."""
    script_pasted = Signal(str)
    """Subtitles or a table, to be looked at first."""
    line_entered = Signal(int)
    """The caret came to another line."""
    pasted = Signal(int, int)
    """A paste is whole: the numbers of its first and last line."""
    typed = Signal(str)
    """A key wrote this."""
    menu_opening = Signal(object, object)
    """The context menu (a `QMenu`, to be added to) and the place of the click in the viewport."""
    all_shown = Signal()
    """Typing ended the filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gutter = Gutter(self)
        self._quiet = False
        self._text: str | None = None
        """What the document says, until it changes."""
        self._said: tuple[int, int, int] | None = None
        self._line = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._mark)
        self._coming: tuple[QTextCursor, str, int] | None = None
        """What a long paste still brings, where, and the line where it began."""
        self._shown: Callable[[int], bool] | None = None
        """The lines that are shown; None: all."""
        self.voices: tuple[tuple[str, str], ...] = ()
        """Ids and names of the voices that markup may name."""
        self._voices: frozenset[str] | None = None
        self.completion = CompletionList(self)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._bring)
        self.setObjectName("script")
        self.setProperty("kind", "bare")
        self.setAccessibleName(self.tr("Script"))
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        steady(self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        font = QFont(FONT)
        font.setPixelSize(TEXT_SIZE)
        self.document().setDefaultFont(font)
        self.document().setDocumentMargin(0)
        self.setStyleSheet(f"QTextEdit {{ font-size: {TEXT_SIZE}px; }}")
        self.document().contentsChange.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.document().documentLayout().documentSizeChanged.connect(self._scrolled)
        self.set_script("")

    def set_voices(self, voices: tuple[tuple[str, str], ...]) -> None:
        """Ids and names of the voices that markup may name."""
        self.voices, self._voices = voices, frozenset(name for name, _ in voices)
        self._soon.start()

    # The text

    def text(self) -> str:
        """The script, characters as they were typed."""
        if self._text is None:
            self._text = self.document().toRawText().replace("\u2029", "\n")
        return self._text

    def set_script(self, text: str) -> None:
        """Another script: the caret goes to its beginning."""
        self._coming = None
        self._quiet, self._text = True, None
        self.setPlainText(text)
        self._space(QTextCursor(self.document()), whole=True)
        self._quiet = False
        self._scrolled()

    def follow(self, text: str) -> None:
        """Show `text`, changing only what differs; the caret goes where that is (an undo, a redo, a take chosen)."""
        shown = self.text()
        if text == shown:
            return
        self._coming = None
        start, end = difference(shown, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16(shown, start))
        cursor.setPosition(utf16(shown, len(shown) - end), QTextCursor.MoveMode.KeepAnchor)
        self._quiet = True
        cursor.insertText(text[start : len(text) - end])
        self._quiet = False
        self._apply_filter()
        self.setTextCursor(cursor)
        self._scrolled()

    def line(self) -> int:
        """The number of the caret's line."""
        return self._line

    def insert(self, text: str) -> None:
        """At the caret, as a paste. What is long comes in pieces; `finish` brings all of it at once."""
        self.finish()
        self.show_all()
        cursor = self.textCursor()
        start = min(cursor.anchor(), cursor.position())
        self._coming = (cursor, text, self.document().findBlock(start).blockNumber())
        self._bring()

    def finish(self) -> None:
        """Bring the rest of a long paste, for whoever needs the whole script now."""
        while self._coming is not None:
            self._bring(len(self._coming[1]))

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

    def replace(self, start: int, end: int, text: str, caret: int) -> None:
        """Write over a part of the caret's line, as typing does; `caret`: where the caret goes, from `start`."""
        block = self.textCursor().block()
        cursor = QTextCursor(block)
        begin = block.position() + utf16(block.text(), start)
        cursor.setPosition(begin)
        cursor.setPosition(block.position() + utf16(block.text(), end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        cursor.setPosition(begin + utf16(text, caret))
        self.setTextCursor(cursor)

    # Some lines only

    @property
    def filtered(self) -> bool:
        return self._shown is not None

    def show_only(self, shown: Callable[[int], bool]) -> None:
        """Hide every line but those whose number `shown` approves; typing shows all again."""
        self.finish()
        self._shown = shown
        self._apply_filter()

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

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._soon.start()
            self.gutter.update()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and (
            event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu(event.pos())
        undo = menu.actions()[:3] if not self.isReadOnly() else []
        for action in undo:  # Qt's own undo, redo and separator: the project has its own
            menu.removeAction(action)
        self.menu_opening.emit(menu, event.pos())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def focusNextPrevChild(self, following: bool) -> bool:
        return (following and self.completion.accept()) or super().focusNextPrevChild(following)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.completion.hide()
        super().focusOutEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or bool(script_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = script_files(source)
        if files:
            self.files_dropped.emit(files)
        elif source.hasText() and is_script(source.text()):
            self.script_pasted.emit(source.text())
        elif source.hasText():
            self.insert(source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.document().isEmpty():
            painter = QPainter(self.viewport())
            painter.setPen(tokens().colour("text_muted"))
            painter.setFont(self.document().defaultFont())
            box = self.viewport().rect().adjusted(0, 4, 0, 0)
            words = self.tr(
                "Write or paste your script here, or drop a file: text, Markdown, Word, e-book, subtitles, CSV.\n\n"
                "Every line becomes a take of its own: change one, and only that one is made again.\n"
                "Begin a line with a name, “EMMA: Hello”, and it is hers. Type [ for pauses, speed, voices and more."
            )
            painter.drawText(box, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.finish()
        if self.completion.take_key(event):
            return
        if self.filtered and _writes(event):
            self.show_all()
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            event = QKeyEvent(event.type(), Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")  # no soft breaks
        super().keyPressEvent(event)
        if not self.isReadOnly() and event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.typed.emit(event.text())
            self.completion.look()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.finish()
        super().inputMethodEvent(event)

    # Inner

    def _bring(self, length: int = PIECE) -> None:
        """The next lines of a paste. A line comes whole, as it is laid out whole each time it grows."""
        if self._coming is None:
            return
        cursor, text, line = self._coming
        end = text.rfind("\n", 0, length) + 1 or text.find("\n", length) + 1
        end = len(text) if len(text) <= length or not end else end
        self._coming = (cursor, text[end:], line) if len(text) > end else None
        cursor.insertText(text[:end])
        if self._coming is None:
            self.ensureCursorVisible()
            self.pasted.emit(line, cursor.blockNumber())
        else:
            self._next.start()

    def _changed(self, _position: int, _removed: int, _added: int) -> None:
        self._text = None
        self._soon.start()
        if not self._quiet:
            self.edited.emit()

    def _moved(self) -> None:
        self.completion.follow_caret()
        line = self.textCursor().blockNumber()
        if line != self._line:
            self._line = line
            self.gutter.update()
            self.line_entered.emit(line)

    def _scrolled(self) -> None:
        self.completion.hide()
        self.gutter.update()
        self._soon.start()

    def settle(self) -> None:
        """Give gutter and text their places anew."""
        self._set_margins()
        self.gutter.settle()

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
        colours = tokens()
        formats: dict[str, QTextCharFormat] = {}
        found = []
        for block, _ in self.visible_blocks():
            for mark in flat(marks(block.text(), self._voices)):
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
        found = [mark for mark in marks(cursor.block().text(), self._voices) if mark.start <= within <= mark.end]
        said = [mark.message for mark in found if mark.kind == PROBLEM]
        QToolTip.showText(event.globalPos(), said[0], self) if said else QToolTip.hideText()

    def _in_sight(self, block: QTextBlock) -> bool:
        box = self.document().documentLayout().blockBoundingRect(block)
        top = box.top() - self.verticalScrollBar().value()
        return top >= 0 and top + min(box.height(), 120) <= self.viewport().height()

    def _scroll_to(self, block: QTextBlock) -> None:
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top - self.viewport().height() / 3))


def _writes(event: QKeyEvent) -> bool:
    """Whether a key changes the text."""
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    standard = QKeySequence.StandardKey
    changes = (standard.Paste, standard.Cut, standard.DeleteEndOfWord, standard.DeleteStartOfWord)
    return (
        event.key() in keys or (event.text().isprintable() and bool(event.text())) or any(map(event.matches, changes))
    )
