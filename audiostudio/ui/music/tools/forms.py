"""What each tool asks for before it begins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from audiostudio.ui.music.popups import LengthChoice, LengthField
from audiostudio.ui.music.words import length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.jobs import JsonObject
    from audiostudio.library.model import Asset


def _tr(text: str) -> str:
    return QCoreApplication.translate("MusicTools", text)


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    operation: str
    title: str
    about: str
    run: str
    """What its button says."""
    icon: str


def tools() -> tuple[Tool, ...]:
    return (
        Tool(
            "fit", "music.fit", _tr("Fit to length"),
            _tr("Shorter or longer, with its own ending: it jumps where two beats sound alike."),
            _tr("Fit"), "move-horizontal",
        ),
        Tool(
            "extend", "music.extend", _tr("Extend"), _tr("Longer: it goes on from its end or from another place."),
            _tr("Extend"), "unfold-horizontal",
        ),
        Tool(
            "loop", "music.loop", _tr("Loop"), _tr("A stretch that begins again without a seam."),
            _tr("Make a loop"), "repeat",
        ),
        Tool(
            "remix", "music.remix", _tr("Remix"), _tr("The same piece in another style; the voice can stay."),
            _tr("Remix"), "blend",
        ),
        Tool(
            "analyse", "music.analyse", _tr("Analyse"),
            _tr("Tempo, key, beats and sections. Its beats become places where clips snap on the timeline."),
            _tr("Analyse"), "audio-waveform",
        ),
        Tool(
            "separate", "music.separate", _tr("Stems"), _tr("Takes it apart: voice, drums, bass and the rest."),
            _tr("Take apart"), "ungroup",
        ),
        Tool(
            "lyrics", "", _tr("Lyrics"), _tr("Puts words to a song that exists already, word by word in time."),
            _tr("Add lyrics"), "captions",
        ),
    )  # fmt: skip


class ToolForm(QWidget):
    """`request()`: what its operation is asked for beside the asset."""

    changed = Signal()

    def __init__(self, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool = tool
        self.asset: Asset | None = None
        self.run = Button(tool.run, "primary", tool.icon, self)
        self.fields = QHBoxLayout()
        self.fields.setSpacing(GRID)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(self.fields, 1)
        row.addWidget(self.run, 0, Qt.AlignmentFlag.AlignTop)

    def show_asset(self, asset: "Asset | None") -> None:
        self.asset = asset

    def request(self) -> "JsonObject":
        return {}

    @property
    def ready(self) -> bool:
        return self.asset is not None

    def caption(self, text: str, buddy: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "secondary")
        label.setBuddy(buddy)
        return label


class PlainForm(ToolForm):
    """Nothing to choose."""

    def __init__(self, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(tool, parent)
        self.fields.addStretch(1)


class FitForm(ToolForm):
    def __init__(self, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(tool, parent)
        self.length = LengthChoice(self, wraps=False)
        self.before = QLabel(self)
        self.before.setProperty("role", "secondary")
        self.fields.addWidget(self.length)
        self.fields.addWidget(self.before, 1)
        self._seconds = 30.0
        self.length.chosen.connect(self._chosen)
        self.length.show_seconds(self._seconds)

    def show_asset(self, asset: "Asset | None") -> None:
        super().show_asset(asset)
        if asset is not None and asset.duration and abs(self._seconds - asset.duration) < 1:
            self._chosen(next(one for one in (30.0, 60.0, 90.0) if abs(one - asset.duration) >= 1))
            self.length.show_seconds(self._seconds)
        self._say()

    def request(self) -> "JsonObject":
        return {"seconds": self._seconds}

    def _chosen(self, seconds: float) -> None:
        self._seconds = seconds
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        here = self.asset.duration if self.asset is not None else None
        words = self.tr("Now {before}, then {after}") if here else ""
        self.before.setText(words.replace("{before}", length(here or 0)).replace("{after}", length(self._seconds)))


class ExtendForm(ToolForm):
    def __init__(self, tool: Tool, engines: "list[EngineManifest]", parent: QWidget | None = None) -> None:
        super().__init__(tool, parent)
        self.total, self.at = LengthField(self), LengthField(self)
        self.total.setAccessibleName(self.tr("Length afterwards"))
        self.from_end = QCheckBox(self.tr("From its end"), self)
        self.from_end.setChecked(True)
        self.at.setEnabled(False)
        self.at.setAccessibleName(self.tr("From this second on"))
        able = [one for one in engines if one.capabilities.continuation and not one.capabilities.score]
        self.engine = engine_box(able, self, self.tr("As suits the track"))
        for field in (self.total, self.at):
            field.setFixedWidth(80)
        caption = self.caption(self.total.accessibleName(), self.total)
        for part in (caption, self.total, self.from_end, self.at, self.engine):
            self.fields.addWidget(part)
        self.fields.addStretch(1)
        self.from_end.toggled.connect(lambda on: self.at.setEnabled(not on))

    def show_asset(self, asset: "Asset | None") -> None:
        super().show_asset(asset)
        if asset is not None and asset.duration:
            self.total.show_seconds(round(asset.duration + 30))
            self.at.show_seconds(round(asset.duration / 2, 1))

    def request(self) -> "JsonObject":
        place = {} if self.from_end.isChecked() else {"at": self.at.seconds}
        engine = {"engine": self.engine.currentData()} if self.engine.currentData() else {}
        return {"seconds": self.total.seconds, **place, **engine}


class LoopForm(ToolForm):
    def __init__(self, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(tool, parent)
        self.found = QCheckBox(self.tr("Find the best stretch"), self)
        self.found.setChecked(True)
        self.start, self.end = LengthField(self), LengthField(self)
        self.start.setAccessibleName(self.tr("From"))
        self.end.setAccessibleName(self.tr("To"))
        self.fields.addWidget(self.found)
        for field in (self.start, self.end):
            field.setFixedWidth(80)
            field.setEnabled(False)
            self.fields.addWidget(self.caption(field.accessibleName(), field))
            self.fields.addWidget(field)
        self.fields.addStretch(1)
        self.found.toggled.connect(lambda on: [field.setEnabled(not on) for field in (self.start, self.end)])

    def show_asset(self, asset: "Asset | None") -> None:
        super().show_asset(asset)
        if asset is not None and asset.duration:
            self.start.show_seconds(round(asset.duration / 4, 1))
            self.end.show_seconds(round(asset.duration * 3 / 4, 1))

    def request(self) -> "JsonObject":
        return {} if self.found.isChecked() else {"start": self.start.seconds, "end": self.end.seconds}


class RemixForm(ToolForm):
    def __init__(self, tool: Tool, engines: "list[EngineManifest]", parent: QWidget | None = None) -> None:
        super().__init__(tool, parent)
        self.prompt = QLineEdit(self)
        self.prompt.setAccessibleName(self.tr("Style"))
        self.prompt.setPlaceholderText(self.tr("Bossa nova with nylon guitar"))
        self.keep_vocals = QCheckBox(self.tr("Keep the voice"), self)
        able = [one for one in engines if one.capabilities.melody or one.capabilities.score]
        self.engine = engine_box(able, self)
        self.fields.addWidget(self.prompt, 1)
        self.fields.addWidget(self.keep_vocals)
        self.fields.addWidget(self.engine)
        self.prompt.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def ready(self) -> bool:
        return super().ready and bool(self.prompt.text().strip())

    def request(self) -> "JsonObject":
        engine = {"engine": self.engine.currentData()} if self.engine.currentData() else {}
        return {"prompt": self.prompt.text().strip(), "keep_vocals": self.keep_vocals.isChecked(), **engine}


def engine_box(engines: "list[EngineManifest]", parent: QWidget, first: str = "") -> ChoiceBox:
    """Hidden where there is nothing to choose. `first`: what it is called to choose none."""
    box = ChoiceBox(_tr("Engine"), parent)
    if first:
        box.addItem(first, "")
    for engine in engines:
        box.addItem(QCoreApplication.translate("Engines", engine.title), engine.name)
    box.setVisible(box.count() > 1)
    box.setMinimumWidth(120)
    return box


def form_of(tool: Tool, engines: "list[EngineManifest]", parent: QWidget) -> ToolForm:
    if tool.name == "fit":
        return FitForm(tool, parent)
    if tool.name == "extend":
        return ExtendForm(tool, engines, parent)
    if tool.name == "loop":
        return LoopForm(tool, parent)
    if tool.name == "remix":
        return RemixForm(tool, engines, parent)
    return PlainForm(tool, parent)
