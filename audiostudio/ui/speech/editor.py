"""The script editor: a page to write on. It shows the project's script and turns typing into edits of the session."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from audiostudio.ui.speech.completion import CompletionList
from audiostudio.ui.speech.differing import difference
from audiostudio.ui.speech.marks import utf16
from audiostudio.ui.speech.pasting import is_script, script_files, sound_files
from audiostudio.ui.speech.script_view import ScriptView
from audiostudio.ui.theme import RADIUS_SMALL, tokens

PIECE = 12_000
"""Characters of a long paste that come at once: laying out more would keep the user waiting."""


class ScriptEditor(ScriptView):
    """It has no undo of its own: the project has one. Typing ends the filter."""

    edited = Signal()
    """The user changed the text."""
    files_dropped = Signal(list)
    """Paths of script files."""
    sounds_dropped = Signal(list, object)
    """Paths of sounds, and the number of the line under them; None: they fell beside the lines."""
    script_pasted = Signal(str)
    """Subtitles or a table, to be looked at first."""
    pasted = Signal(int, int)
    """A paste is whole: the numbers of its first and last line."""
    typed = Signal(str)
    """A key wrote this."""
    menu_opening = Signal(object, object)
    """The context menu (a `QMenu`, to be added to) and the place of the click in the viewport."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self._text: str | None = None
        """What the document says, until it changes."""
        self._coming: tuple[QTextCursor, str, int] | None = None
        """What a long paste still brings, where, and the line where it began."""
        self.step = 0
        """Another for each paste and for what is typed after it, so that undo tells them apart."""
        self.voices: tuple[tuple[str, str], ...] = ()
        """Ids and names of the voices that markup may name."""
        self.completion = CompletionList(self)
        self._target: int | None = None
        """The line over which a sound is held."""
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
        self.document().contentsChange.connect(self._changed)
        self.cursorPositionChanged.connect(self.completion.follow_caret)
        self.verticalScrollBar().valueChanged.connect(self.completion.hide)
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

    def insert(self, text: str) -> None:
        """At the caret, as a paste. What is long comes in pieces; `finish` brings all of it at once."""
        self.finish()
        self.show_all()
        cursor = self.textCursor()
        start = min(cursor.anchor(), cursor.position())
        self.step += 1
        self._coming = (cursor, text, self.document().findBlock(start).blockNumber())
        self._bring()

    def finish(self) -> None:
        """Bring the rest of a long paste, for whoever needs the whole script now."""
        while self._coming is not None:
            self._bring(len(self._coming[1]))

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

    def show_only(self, shown: Callable[[int], bool]) -> None:
        self.finish()
        super().show_only(shown)

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and (
            event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        selected = self.selected()
        if self.filtered and selected is not None and not selected.one_line:
            self.show_all()  # or Cut would take lines that nobody sees
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if sound_files(event.mimeData()) and not self.isReadOnly():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not sound_files(event.mimeData()) or self.isReadOnly():
            super().dragMoveEvent(event)
            return
        event.acceptProposedAction()
        self._aim(self.line_at(event.position().y()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(None)
        sounds = sound_files(event.mimeData())
        if not sounds or self.isReadOnly():
            super().dropEvent(event)
            return
        event.acceptProposedAction()
        self.sounds_dropped.emit(sounds, self.line_at(event.position().y()))

    def _aim(self, line: int | None) -> None:
        if line != self._target:
            self._target = line
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._target is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(tokens().colour("accent"))
            painter.setBrush(tokens().colour("accent_soft"))
            for block, box in self.visible_blocks():
                if block.blockNumber() == self._target:
                    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -1.5, -2.5), RADIUS_SMALL, RADIUS_SMALL)
            painter.end()
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
        if event.commitString():
            self.show_all()
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
            self.step += 1
            self.ensureCursorVisible()
            self.pasted.emit(line, cursor.blockNumber())
        else:
            self._next.start()

    def _changed(self, _position: int, _removed: int, _added: int) -> None:
        self._text = None
        self._soon.start()
        if not self._quiet:
            self.edited.emit()


def _writes(event: QKeyEvent) -> bool:
    """Whether a key changes the text."""
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    standard = QKeySequence.StandardKey
    changes = (standard.Paste, standard.Cut, standard.DeleteEndOfWord, standard.DeleteStartOfWord)
    return (
        event.key() in keys or (event.text().isprintable() and bool(event.text())) or any(map(event.matches, changes))
    )
