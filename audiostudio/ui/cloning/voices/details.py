"""All that is known of one own voice, and what can be changed of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from audiostudio.ui import icons
from audiostudio.ui.cloning.voices.portrait import Portrait
from audiostudio.ui.cloning.voices.record import Record
from audiostudio.ui.cloning.voices.wording import method_name, method_sentence, sale, tr
from audiostudio.ui.library.assets import local_paths
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, FlowLayout, IconButton, SegmentedControl, steady
from audiostudio.voices.voice import SLOTS

if TYPE_CHECKING:
    from audiostudio.ui.cloning.voices.shelf import Shelf
    from audiostudio.voices.voice import KeptVoice

_PICTURE = 72
_LONGEST = 200
"""Characters of a name or a sample sentence."""


class Details(QScrollArea):
    """Tells what is wanted; the page does it."""

    wanted = Signal(str)
    """`play`, `use`, `again`, `share`, `bin`, `back`, `picture`, `no picture` …: something with the voice."""
    written = Signal(object)
    """What of the voice's `Card` is to be changed, by name."""
    heard = Signal(str, str)
    """A key and a file in the voice's folder that is to be played."""
    picture_dropped = Signal(str)
    document_wanted = Signal(str)
    """A file in the voice's folder that is to be shown in the file manager."""
    other_wanted = Signal(str)
    """Another voice, by its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.kept: KeptVoice | None = None
        self.sheet: Sheet | None = None
        self._state = ("", "idle")
        self._seen: object = None
        """What the sheet was made from."""

    def show_voice(self, kept: "KeptVoice | None", shelf: "Shelf", picture: QPixmap | None) -> None:
        if kept is not None and self.kept is not None and kept.voice.id == self.kept.voice.id and self._typing():
            self.kept = kept
            return  # what is being typed is worth more than what has changed
        seen = _seen(kept, shelf, picture)
        if seen == self._seen:
            return
        self._seen = seen
        place = self.verticalScrollBar().value() if self._same(kept) else 0
        self.kept = kept
        self.sheet = Sheet(self, kept, shelf, picture) if kept is not None else None
        self.setWidget(self.sheet or QWidget())
        self.verticalScrollBar().setValue(place)
        self.show_state(*self._state)

    def forget(self) -> None:
        """What is shown next is shown anew, whatever was typed."""
        self._seen = None
        field = self.focusWidget()
        if isinstance(field, QLineEdit):
            field.setModified(False)

    def show_state(self, key: str, state: str) -> None:
        """Of what is played: its key, and `busy`, `playing` or `idle`."""
        self._state = (key, state)
        if self.sheet is not None:
            self.sheet.show_state(key, state)

    def rename(self) -> None:
        """Put the caret into the name."""
        if self.sheet is not None and not self.sheet.name.isReadOnly():
            self.sheet.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.sheet.name.selectAll()

    def _same(self, kept: "KeptVoice | None") -> bool:
        return kept is not None and self.kept is not None and kept.voice.id == self.kept.voice.id

    def _typing(self) -> bool:
        field = self.focusWidget()
        if isinstance(field, QPlainTextEdit):
            return field.hasFocus() and field.document().isModified()
        return isinstance(field, QLineEdit) and field.hasFocus() and field.isModified()


class Description(QPlainTextEdit):
    """Some lines, given back when the caret leaves."""

    left = Signal(str)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(64)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.document().isModified():
            self.document().setModified(False)
            self.left.emit(self.toPlainText().strip())


class Sheet(QWidget):
    """The part that scrolls."""

    def __init__(self, details: Details, kept: "KeptVoice", shelf: "Shelf", picture: QPixmap | None) -> None:
        super().__init__()
        self._details, self._kept, self._shelf = details, kept, shelf
        self._writable = not kept.binned
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, GRID, 2 * GRID)
        self._column.setSpacing(GRID + HALF)
        self.setAcceptDrops(self._writable)
        self._add_head(picture)
        self._add_buttons()
        if self._writable:
            self._add_slots()
            self._add_card()
        self._add_twins()
        self.record = Record(kept, shelf, self)
        self.record.play_wanted.connect(details.heard)
        self.record.document_wanted.connect(details.document_wanted)
        self._column.addWidget(self.record)
        self._column.addStretch(1)

    def show_state(self, key: str, state: str) -> None:
        own = state if key == self._kept.voice.id else "idle"
        self.play.set_icon("play:solid" if own == "idle" else "square:solid")
        self.play.setText(tr("Hear") if own == "idle" else tr("Stop"))
        self.record.show_state(key, state)

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._details.picture_dropped.emit(paths[0])

    # What it is made of

    def _add_head(self, picture: QPixmap | None) -> None:
        card, voice = self._kept.card, self._kept.voice
        self.portrait = Portrait(_PICTURE, self)
        self.portrait.show_voice(voice.id, card.name, picture)
        self.name = QLineEdit(card.name, self)
        self.name.setProperty("kind", "title")
        self.name.setMaxLength(_LONGEST)
        self.name.setReadOnly(not self._writable)
        self.name.setAccessibleName(tr("Name"))
        self.name.setCursorPosition(0)
        self.name.editingFinished.connect(self._renamed)
        box = QWidget(self)
        badges = FlowLayout(box, HALF)
        badges.setContentsMargins(GRID, 0, 0, 0)
        self.method = Badge(method_name(voice), "accent", box)
        self.method.setToolTip(method_sentence(voice))
        self.sale = Badge(*sale(self._shelf.rights(self._kept)), box)
        for badge in (self.method, self.sale):
            badges.addWidget(badge)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addWidget(self.name)
        words.addWidget(box)
        if self._writable:
            words.addLayout(self._picture_buttons())
        head = QHBoxLayout()
        head.setSpacing(GRID + HALF)
        head.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.bin = IconButton("trash-2", tr("Put it into the bin"), self)
        self.bin.setVisible(self._writable)
        self.bin.clicked.connect(lambda: self._details.wanted.emit("bin"))
        head.addWidget(self.bin, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)

    def _picture_buttons(self) -> QHBoxLayout:
        self.picture = Button(tr("Picture…"), "ghost", "image", self, small=True)
        self.picture.setToolTip(tr("Choose a picture, or drop one here"))
        self.picture.clicked.connect(lambda: self._details.wanted.emit("picture"))
        self.no_picture = IconButton("x", tr("Take the picture away"), self, size=24, icon_size=14)
        self.no_picture.clicked.connect(lambda: self._details.wanted.emit("no picture"))
        self.no_picture.setVisible(bool(self._kept.card.picture))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.picture)
        row.addWidget(self.no_picture)
        row.addStretch(1)
        return row

    def _add_buttons(self) -> None:
        box = QWidget(self)
        flow = FlowLayout(box, GRID)
        self.play = Button(tr("Hear"), "secondary", "play:solid", box)
        self.play.setToolTip(tr("Hear it say its sample sentence"))
        self.use = Button(tr("Use in the script"), "secondary", "file-text", box)
        self.again = Button(tr("Make it again…"), "secondary", "refresh-cw", box)
        self.again.setToolTip(tr("With more or better recordings; what it said so far stays"))
        self.share = Button(tr("Share…"), "secondary", "share", box)
        self.back = Button(tr("Bring back"), "secondary", "archive-restore", box)
        shown = (self.play, self.use, self.again, self.share) if self._writable else (self.back,)
        names = {self.play: "play", self.use: "use", self.again: "again", self.share: "share"}
        for button in (*names, self.back):
            name = names.get(button, "back")
            button.setVisible(button in shown)
            button.clicked.connect(lambda _=False, name=name: self._details.wanted.emit(name))
            if button in shown:
                flow.addWidget(button)
        self._column.addWidget(box)

    def _add_slots(self) -> None:
        none = ("", tr("None"))
        self.slot = SegmentedControl([none, *((slot, slot) for slot in SLOTS)], self, tr("Slot"))
        self.slot.choose(self._kept.card.slot)
        self.slot.changed.connect(lambda slot: self._write(slot=slot))
        for slot in SLOTS:
            other = self._shelf.in_slot(slot)
            name = other.card.name if other is not None else tr("nobody")
            self.slot.button(slot).setToolTip(tr("Now: {name}").replace("{name}", name))
        hint = QLabel(tr("Alt+1, Alt+2 and Alt+3 give a line of the script the voice in slot A, B or C."), self)
        hint.setProperty("role", "small")
        hint.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(_caption(tr("Slot"), self))
        row.addWidget(self.slot)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(HALF)
        column.addLayout(row)
        column.addWidget(hint)
        self._column.addLayout(column)

    def _add_card(self) -> None:
        card = self._kept.card
        self.description = Description(card.description, self)
        self.description.setPlaceholderText(tr("What is it good for?"))
        self.description.setAccessibleName(tr("Description"))
        self.description.left.connect(lambda text: self._write(description=text))
        self.sentence = QLineEdit(card.sentence, self)
        self.sentence.setMaxLength(_LONGEST)
        self.sentence.setPlaceholderText(tr("A sentence of the studio’s"))
        self.sentence.setAccessibleName(tr("Sample sentence"))
        self.sentence.setCursorPosition(0)
        self.sentence.editingFinished.connect(self._sentence_typed)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_caption(tr("Description"), self), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.description, 0, 1)
        grid.addWidget(_caption(tr("Sample sentence"), self), 1, 0)
        grid.addWidget(self.sentence, 1, 1)
        grid.addWidget(_caption(tr("Tags"), self), 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._tags(), 2, 1)
        self._column.addLayout(grid)

    def _tags(self) -> QWidget:
        box = QWidget(self)
        flow = FlowLayout(box, HALF)
        for tag in self._kept.card.tags:
            chip = Button(tag.replace("&", "&&"), "secondary", parent=box, small=True)
            chip.setIcon(icons.icon("x", "text_muted", size=12, gap=4))
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            chip.setToolTip(tr("Remove the tag “{tag}”").replace("{tag}", tag))
            chip.setAccessibleName(chip.toolTip())
            chip.clicked.connect(lambda _=False, tag=tag: self._set_tags([t for t in self._kept.card.tags if t != tag]))
            flow.addWidget(chip)
        self.new_tag = QLineEdit(box)
        self.new_tag.setPlaceholderText(tr("Add a tag"))
        self.new_tag.setAccessibleName(tr("Add a tag"))
        self.new_tag.setFixedWidth(112)
        self.new_tag.setProperty("kind", "value")
        self.new_tag.returnPressed.connect(self._tag_added)
        flow.addWidget(self.new_tag)
        return box

    def _add_twins(self) -> None:
        twins = self._shelf.twins(self._kept)
        if not twins:
            return
        frame = QFrame(self)
        frame.setProperty("message", "info")
        column = QVBoxLayout(frame)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        words = QLabel(tr("The same person, or the same recording, as in other voices of yours:"), frame)
        words.setWordWrap(True)
        column.addWidget(words)
        links = FlowLayout(spacing=HALF)
        column.addLayout(links)
        for twin in twins[:3]:
            shown = self.fontMetrics().elidedText(twin.card.name, Qt.TextElideMode.ElideRight, 120)
            link = Button(shown.replace("&", "&&"), "ghost", "link-2", frame, small=True)
            link.clicked.connect(lambda _=False, other=twin.voice.id: self._details.other_wanted.emit(other))
            links.addWidget(link)
        self._column.addWidget(frame)

    # What is written

    def _write(self, **changes: object) -> None:
        self._details.written.emit(changes)

    def _renamed(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setText(self._kept.card.name)
        elif name != self._kept.card.name and self.name.isModified():
            self.name.setModified(False)
            self._write(name=name)

    def _sentence_typed(self) -> None:
        if self.sentence.isModified():
            self.sentence.setModified(False)
            self._write(sentence=" ".join(self.sentence.text().split()))

    def _tag_added(self) -> None:
        tag = " ".join(self.new_tag.text().split())
        if tag:
            self.new_tag.clear()
            self._set_tags([*self._kept.card.tags, tag])

    def _set_tags(self, tags: list[str]) -> None:
        self._write(tags=tuple(dict.fromkeys(tags)))


def _seen(kept: "KeptVoice | None", shelf: "Shelf", picture: QPixmap | None) -> object:
    """All that a sheet shows."""
    if kept is None:
        return None
    slots = tuple(other.card.name if (other := shelf.in_slot(slot)) else "" for slot in SLOTS)
    twins = tuple((twin.voice.id, twin.card.name) for twin in shelf.twins(kept))
    shown = picture.cacheKey() if picture is not None else 0
    return kept, slots, twins, shown, shelf.use(kept), shelf.rights(kept), shelf.engine_title(kept)


def _caption(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "secondary")
    label.setMinimumHeight(24)
    return label
