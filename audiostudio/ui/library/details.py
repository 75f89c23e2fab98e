"""Everything that is known of one asset, with what can be changed of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from audiostudio.jobs import JsonObject
from audiostudio.library.model import Asset
from audiostudio.rights import Rights
from audiostudio.ui import icons
from audiostudio.ui.library import wording
from audiostudio.ui.library.wording import tr
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, FlowLayout, IconButton, SectionHeader, Separator


class Details(QFrame):
    closed = Signal()
    renamed = Signal(object, str)
    tags_changed = Signal(str, list)
    locate_wanted = Signal(object)
    reveal_wanted = Signal()
    origin_wanted = Signal(object)
    """Where is this asset's file from?"""
    star_wanted = Signal(object)
    asset_wanted = Signal(str)
    """Show the asset of this id: this one was made of it."""

    def __init__(self, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writable = writable
        self.asset: Asset | None = None
        self.star = IconButton("star", self.tr("Favourite"), self, size=24, icon_size=14)
        self.leave = IconButton("x", self.tr("Close the details"), self, size=24, icon_size=14)
        title = QLabel(self.tr("Details"), self)
        title.setProperty("role", "section")
        head = QHBoxLayout()
        head.setContentsMargins(GRID, HALF, HALF, 0)
        head.setSpacing(HALF)
        head.addWidget(title, 1)
        head.addWidget(self.star)
        head.addWidget(self.leave)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        column.addWidget(Separator(parent=self))
        column.addLayout(head)
        column.addWidget(self.area, 1)
        self.nothing = QLabel(self.tr("Choose something to see what is known of it."), self)
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setContentsMargins(GRID, 0, GRID, 0)
        column.addWidget(self.nothing, 1)
        self.leave.clicked.connect(self.closed)
        self.star.clicked.connect(lambda: self.star_wanted.emit(self.asset))
        self.setMinimumHeight(120)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is selected."""
        if self.asset is not None and self._typing():
            return
        self.asset = None
        self.star.set_icon("star", "text_muted")
        self.star.setEnabled(False)
        self.area.hide()
        self.nothing.show()

    def show_asset(self, asset: Asset, made_of: Sequence[tuple[str, str]], folder: str, project: str) -> None:
        """Show an asset; `made_of` are (id, name) of what it was made of."""
        if asset == self.asset:
            return
        if self.asset is not None and self.asset.id == asset.id and self._typing():
            return  # what is being typed is worth more than what has changed
        self.asset = asset
        self.nothing.hide()
        self.area.show()
        self.star.set_icon("star:solid" if asset.favourite else "star", "warning" if asset.favourite else "text_muted")
        self.star.setEnabled(self._writable and not asset.binned)
        self.sheet = _Sheet(self, asset, self._writable and not asset.binned, made_of, folder, project)
        bar = self.area.verticalScrollBar().value()
        self.area.setWidget(self.sheet)
        self.area.verticalScrollBar().setValue(bar)

    def _typing(self) -> bool:
        field = self.focusWidget()
        return isinstance(field, QLineEdit) and field.hasFocus() and field.isModified()


class _Sheet(QWidget):
    """The part that scrolls."""

    def __init__(
        self,
        details: Details,
        asset: Asset,
        writable: bool,
        made_of: Sequence[tuple[str, str]],
        folder: str,
        project: str,
    ) -> None:
        super().__init__()
        self._details, self._asset = details, asset
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, 0, GRID, GRID)
        self._column.setSpacing(GRID)
        self.name = QLineEdit(asset.name, self)
        self.name.setProperty("kind", "title")
        self.name.setReadOnly(not writable)
        self.name.setAccessibleName(tr("Name"))
        self.name.setCursorPosition(0)
        self.name.editingFinished.connect(self._renamed)
        self._column.addWidget(self.name)
        self._add_badges()
        if asset.missing:
            self._add_missing(writable)
        self._add_facts(folder, project)
        self._add_tags(writable)
        self._add_rights()
        if asset.recipe:
            self._add_words(tr("How it was made"), recipe_words(asset.recipe))
        if made_of:
            self._add_sources(made_of)
        self._add_file()
        self._column.addStretch(1)

    def _add_badges(self) -> None:
        box = QWidget(self)
        flow = FlowLayout(box, HALF)
        flow.addWidget(Badge(wording.kind_name(self._asset.kind), "accent", box))
        words, tone = sale_words(self._asset.rights)
        self.sale = Badge(words, tone, box)
        flow.addWidget(self.sale)
        if self._asset.binned:
            flow.addWidget(Badge(tr("In the bin"), "error", box))
        self._column.addWidget(box)

    def _add_missing(self, writable: bool) -> None:
        frame = QFrame(self)
        frame.setProperty("message", "warning")
        column = QVBoxLayout(frame)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        words = QLabel(
            tr("Its file is not there any more. Say where it is, or put it back and check the files."), frame
        )
        words.setWordWrap(True)
        self.locate = Button(tr("Locate…"), icon="search", parent=frame, small=True)
        self.locate.setEnabled(writable)
        self.locate.clicked.connect(lambda: self._details.locate_wanted.emit(self._asset))
        column.addWidget(words)
        column.addWidget(self.locate, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(frame)

    def _add_facts(self, folder: str, project: str) -> None:
        asset = self._asset
        sound = ""
        if asset.sample_rate:
            sound = f"{asset.sample_rate / 1000:g} kHz, {wording.channels(asset.channels or 1)}"
        music = wording.music_words(asset)
        facts = (
            (tr("Length"), wording.exact_duration(asset.duration) if asset.duration is not None else ""),
            (tr("Format"), "  ·  ".join(part for part in (asset.format.upper(), wording.size(asset.size)) if part)),
            (tr("Sound"), sound),
            (tr("Picture"), wording.pixels(asset)),
            (tr("Genre"), music["genre"]),
            (tr("Mood"), music["mood"]),
            (tr("Tempo"), music["tempo"]),
            (tr("Key"), music["key"]),
            (tr("Created"), wording.moment(asset.created)),
            (tr("From"), wording.source_name(asset.source)),
            (tr("Folder"), folder),
            (tr("Project"), project),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(fact for fact in facts if fact[1]):
            label = QLabel(name, self)
            label.setProperty("role", "small")
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(value, self), row, 1)
        self._column.addLayout(grid)

    def _add_tags(self, writable: bool) -> None:
        if not writable and not self._asset.tags:
            return
        self._column.addWidget(SectionHeader(tr("Tags"), self))
        box = QWidget(self)
        flow = FlowLayout(box, HALF)
        for tag in self._asset.tags:
            flow.addWidget(self._tag(box, tag, writable))
        self.new_tag = QLineEdit(box)
        self.new_tag.setPlaceholderText(tr("Add a tag"))
        self.new_tag.setAccessibleName(tr("Add a tag"))
        self.new_tag.setFixedWidth(112)
        self.new_tag.setProperty("kind", "value")
        self.new_tag.returnPressed.connect(self._tag_added)
        self.new_tag.setVisible(writable)
        flow.addWidget(self.new_tag)
        self._column.addWidget(box)

    def _tag(self, parent: QWidget, tag: str, writable: bool) -> QWidget:
        if not writable:
            return Badge(tag, parent=parent)
        chip = Button(tag.replace("&", "&&"), "secondary", parent=parent, small=True)
        chip.setIcon(icons.icon("x", "text_muted", size=12, gap=4))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setToolTip(tr("Remove the tag “{tag}”").replace("{tag}", tag))
        chip.setAccessibleName(chip.toolTip())
        chip.clicked.connect(lambda: self._set_tags([other for other in self._asset.tags if other != tag]))
        return chip

    def _add_rights(self) -> None:
        rights = self._asset.rights
        lines = [tr("Licence: {name}").replace("{name}", rights.licence)]
        if rights.credit:
            lines.append(tr("Name: {credit}").replace("{credit}", rights.credit.replace("\n", "; ")))
        if rights.url:
            lines.append(rights.url)
        self._add_words(tr("Rights"), "\n".join(lines))

    def _add_words(self, heading: str, words: str) -> None:
        self._column.addWidget(SectionHeader(heading, self))
        self._column.addWidget(_value(words, self))

    def _add_sources(self, made_of: Sequence[tuple[str, str]]) -> None:
        self._column.addWidget(SectionHeader(tr("Made of"), self))
        for asset_id, name in made_of:
            link = Button(
                self.fontMetrics().elidedText(name.replace("&", "&&"), Qt.TextElideMode.ElideMiddle, 200),
                "ghost",
                "link-2",
                self,
                small=True,
            )
            link.setToolTip(name)
            link.clicked.connect(lambda _=False, asset_id=asset_id: self._details.asset_wanted.emit(asset_id))
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_file(self) -> None:
        self._column.addWidget(SectionHeader(tr("File"), self))
        self._column.addWidget(_value(self._asset.path.name, self))
        self.reveal = Button(tr("Show in the file manager"), "secondary", "folder-open", self, small=True)
        self.reveal.setEnabled(not self._asset.missing)
        self.reveal.clicked.connect(self._details.reveal_wanted)
        self._column.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeft)
        self.origin = Button(tr("Check origin…"), "secondary", "search", self, small=True)
        self.origin.setToolTip(tr("Its watermark, its Content Credentials, its terms"))
        self.origin.setVisible(self._asset.sample_rate is not None)
        self.origin.setEnabled(not self._asset.missing)
        self.origin.clicked.connect(lambda: self._details.origin_wanted.emit(self._asset))
        self._column.addWidget(self.origin, 0, Qt.AlignmentFlag.AlignLeft)

    def _renamed(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setText(self._asset.name)
        elif name != self._asset.name and self.name.isModified():
            self.name.setModified(False)
            self._details.renamed.emit(self._asset, name)

    def _tag_added(self) -> None:
        tag = " ".join(self.new_tag.text().split())
        if tag:
            self.new_tag.clear()
            self._set_tags([*self._asset.tags, tag])

    def _set_tags(self, tags: list[str]) -> None:
        self._details.tags_changed.emit(self._asset.id, tags)


def sale_words(rights: Rights) -> tuple[str, str]:
    """Whether it may be sold, in words, and the tone of the badge."""
    if rights.commercial is None:
        return tr("Not known whether it may be sold"), "warning"
    return (tr("May be sold"), "success") if rights.commercial else (tr("May not be sold"), "error")


def recipe_words(recipe: JsonObject) -> str:
    """A recipe as sentences; one of a kind that is not known here, as its names and values."""
    if recipe.get("operation") == "voiceover":
        lines = len(recipe.get("lines", []))
        return tr("1 spoken line.") if lines == 1 else tr("%n spoken lines, one after the other.", lines)
    known = (
        (tr("Prompt"), "prompt"), (tr("Text"), "text"),
        (tr("Voice"), "voice"), (tr("Language"), "language"), (tr("Engine"), "engine"),
        (tr("Models"), "models"), (tr("Speed"), "speed"), (tr("Pitch"), "pitch"), (tr("Seed"), "seed"),
    )  # fmt: skip
    lines = [f"{name}: {_plain(recipe[key])}" for name, key in known if recipe.get(key) not in (None, "", [])]
    others = [key for key in recipe if key not in {key for _, key in known} | {"operation"} | _DOCUMENTS]
    return "\n".join(lines + [f"{key.replace('_', ' ').capitalize()}: {_plain(recipe[key])}" for key in others])


_DOCUMENTS = {"plan", "score", "brief", "song", "cover", "melody", "vocals"}
"""Parts of recipes that no person reads; the Music tab shows them."""


def _plain(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 400 else f"{text[:400]}…"


def _value(words: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "secondary")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


__all__ = ["Details", "recipe_words", "sale_words"]
