"""The script editor: a page to write on. It shows the project's script and turns typing into edits of the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
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

from audiostudio.script.lines import SUFFIXES
from audiostudio.ui.speech.gutter import GUTTER, Gutter
from audiostudio.ui.speech.marks import marks, utf16
from audiostudio.ui.theme import FONT, GRID, tokens
from audiostudio.ui.widgets import steady

MEASURE = 760
"""Logical pixels: lines longer than this are hard to read."""
LINE_HEIGHT = 155
"""Per cent of the font's own."""
TEXT_SIZE = 16
PIECE = 12_000
"""Characters of a long paste that come at once: laying out more would keep the user waiting."""


class ScriptEditor(QTextEdit):
    """Line `n` of the script is block `n` of the document. It has no undo of its own: the project has one."""

    edited = Signal()
    """The user changed the text."""
    files_dropped = Signal(list)
    """Paths of script files."""
    line_entered = Signal(int)
    """The caret came to another line."""

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
        self._coming: tuple[QTextCursor, str] | None = None
        """What a long paste still brings, and where."""
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
        start, end = _difference(shown, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16(shown, start))
        cursor.setPosition(utf16(shown, len(shown) - end), QTextCursor.MoveMode.KeepAnchor)
        self._quiet = True
        cursor.insertText(text[start : len(text) - end])
        self._quiet = False
        self.setTextCursor(cursor)
        self._scrolled()

    def line(self) -> int:
        """The number of the caret's line."""
        return self._line

    def insert(self, text: str) -> None:
        """At the caret, as a paste. What is long comes in pieces; `finish` brings all of it at once."""
        self.finish()
        self._coming = (self.textCursor(), text)
        self._bring()

    def finish(self) -> None:
        """Bring the rest of a long paste, for whoever needs the whole script now."""
        while self._coming is not None:
            self._bring(len(self._coming[1]))

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
        menu.exec(event.globalPos())
        menu.deleteLater()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or bool(_script_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = _script_files(source)
        if files:
            self.files_dropped.emit(files)
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
                "Write or paste your script here, or drop a text file.\n\n"
                "Every line becomes a take of its own: change one, and only that one is made again.\n"
                "Write [pause 0.5s] where the voice should wait."
            )
            painter.drawText(box, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.finish()
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.finish()
        super().inputMethodEvent(event)

    # Inner

    def _bring(self, length: int = PIECE) -> None:
        """The next lines of a paste. A line comes whole, as it is laid out whole each time it grows."""
        if self._coming is None:
            return
        cursor, text = self._coming
        end = text.rfind("\n", 0, length) + 1 or text.find("\n", length) + 1
        end = len(text) if len(text) <= length or not end else end
        self._coming = (cursor, text[end:]) if len(text) > end else None
        cursor.insertText(text[:end])
        if self._coming is None:
            self.ensureCursorVisible()
        else:
            self._next.start()

    def _changed(self, _position: int, _removed: int, _added: int) -> None:
        self._text = None
        self._soon.start()
        if not self._quiet:
            self.edited.emit()

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
        text = min(MEASURE, room - GUTTER - 2 * GRID)
        left = max(GUTTER + GRID, (room - text) // 2)
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
        found = []
        for block, _ in self.visible_blocks():
            for mark in marks(block.text()):
                if mark.kind == "pause":
                    found.append(self._selection(block, mark.start, mark.end, _pause_format(colours.accent_text)))
                else:
                    found.append(self._selection(block, mark.start, mark.end, _problem_format(colours.warning)))
        if self._said is not None:
            line, start, end = self._said
            block = self.document().findBlockByNumber(line)
            found.append(self._selection(block, start, end, _said_format(colours.accent, colours.on_accent)))
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
        said = [mark.message for mark in marks(cursor.block().text()) if mark.start <= within <= mark.end]
        QToolTip.showText(event.globalPos(), said[0], self) if said else QToolTip.hideText()

    def _in_sight(self, block: QTextBlock) -> bool:
        box = self.document().documentLayout().blockBoundingRect(block)
        top = box.top() - self.verticalScrollBar().value()
        return top >= 0 and top + min(box.height(), 120) <= self.viewport().height()

    def _scroll_to(self, block: QTextBlock) -> None:
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top - self.viewport().height() / 3))


def _pause_format(colour: str) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(QColor(colour))
    form.setBackground(tokens().colour("accent_soft"))
    return form


def _problem_format(colour: str) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    form.setUnderlineColor(QColor(colour))
    return form


def _said_format(ground: str, ink: str) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setBackground(QColor(ground))
    form.setForeground(QColor(ink))
    return form


def _script_files(source: QMimeData) -> list[Path]:
    local = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return [path for path in local if path.suffix.lower() in SUFFIXES]


def _difference(old: str, new: str) -> tuple[int, int]:
    """How many characters are the same at the beginning and at the end."""
    limit = min(len(old), len(new))
    start = _same(limit, lambda n: old[:n] == new[:n])
    rest = limit - start
    end = _same(rest, lambda n: n == 0 or old[len(old) - n :] == new[len(new) - n :])
    return start, end


def _same(limit: int, holds: Callable[[int], bool]) -> int:
    """The greatest n ≤ limit for which `holds`, which is true up to some n and false beyond."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
