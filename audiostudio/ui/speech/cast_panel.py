"""The cast: who speaks in the script, and in which voice. A page of the deck below the script."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, VoiceChoice
from audiostudio.ui import icons
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.casting import Change
from audiostudio.ui.speech.own_voices import fill_own
from audiostudio.ui.speech.suggesting import suggested
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.words import counted, language_name
from audiostudio.ui.theme import GRID, HALF, tokens
from audiostudio.ui.widgets import Button, EmptyState, IconButton, steady

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.speech.writing import Writing

HEIGHT = 176
SAMPLE = 200
"""Characters of a speaker's first line that are heard."""


class Dot(QWidget):
    """A speaker's colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.token = speakers.COLOURS[0]
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().colour(self.token))
        painter.drawEllipse(self.rect())


class CastRow(QWidget):
    """One speaker."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.speaker = name
        self.dot = Dot(self)
        self.name = QLabel(name, self)
        self.name.setProperty("role", "strong")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMinimumWidth(120)
        self.count = QLabel(self)
        self.count.setProperty("role", "small")
        self.voice = Button("", "secondary", "mic-vocal", self, small=True)
        self.take = Button(self.tr("Cast"), "secondary", "check", self, small=True)
        self.hear = IconButton("play:solid", self.tr("Hear the first line of {name}").replace("{name}", name), self)
        self.next = IconButton("chevron-down", self.tr("Next line of {name}").replace("{name}", name), self)
        self.only = IconButton("list", self.tr("Show only what {name} says").replace("{name}", name), self, True)
        self.more = IconButton("ellipsis", self.tr("Rename, merge or remove"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.dot)
        row.addWidget(self.name)
        row.addWidget(self.count)
        row.addStretch(1)
        for widget in (self.take, self.voice, self.hear, self.next, self.only, self.more):
            row.addWidget(widget)


class CastPanel(QWidget):
    """Reads the project each time it is shown a line; every change is an edit."""

    hear_wanted = Signal(str, str, object)
    """A key, a text and the `VoiceChoice` that says it."""
    back_wanted = Signal(str)
    """An own voice, out of the bin."""

    def __init__(
        self,
        session: "ProjectSession",
        voices: VoiceList,
        writing: "Writing",
        change: Change,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._voices, self._writing, self._change = session, voices, writing, change
        self._shown: tuple[object, ...] | None = None
        self.rows: dict[str, CastRow] = {}
        self.suggestions: dict[str, str] = {}
        self.note = QLabel(self)
        self.note.setProperty("role", "secondary")
        self.cast_all = Button(self.tr("Cast them all"), "secondary", "users", self, small=True)
        self.empty = EmptyState(
            "users",
            self.tr("Begin a line with a name, such as “EMMA: Hello”, and everybody who speaks stands here."),
        )
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        steady(self._area)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, GRID, 0, GRID)
        self._column.setSpacing(HALF)
        self._column.addStretch(1)
        self._area.setWidget(inner)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(2 * GRID, GRID, GRID, 0)
        head.addWidget(self.note, 1)
        head.addWidget(self.cast_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._area, 1)
        column.addWidget(self.empty, 1)
        writing.filtered.connect(self.show_filter)
        self.cast_all.clicked.connect(lambda: self._cast(dict(self.suggestions)))

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def show_line(self, _line: Line | None) -> None:
        """The project changed, or the caret came to another line."""
        project = self._session.project
        seen = (project.script, project.cast, self._voices.voices)
        if self._shown is not None and all(one is other for one, other in zip(seen, self._shown, strict=True)):
            return
        self._shown = seen
        self._show(project)

    def show_state(self, key: str, state: str) -> None:
        """Of what is heard: `busy`, `playing` or `idle`."""
        row = self.rows.get(key.removeprefix("cast "))
        if row is not None:
            row.hear.set_icon("play:solid" if state == "idle" else "square:solid")

    # Inner

    def _show(self, project: Project) -> None:
        names, counts = speakers.speakers(project), speakers.lines_of(project)
        if list(self.rows) != names:
            self._build(names)
        missing = speakers.uncast(project)
        taken = [role.voice.voice for role in project.cast.roles]
        self.suggestions = dict(suggested(self._voices, missing, project.language, taken))
        for name, row in self.rows.items():
            role = project.cast.role(name)
            row.dot.token = self._writing.colour(name)
            row.dot.update()
            row.count.setText(counted(counts[name], self.tr("1 line"), self.tr("%n lines")))
            row.take.setVisible(name in self.suggestions)
            self._show_voice(row, name, role.voice.voice if role else "")
            row.next.setEnabled(counts[name] > 0)
            row.only.setChecked(name == self._writing.only)
        words = counted(len(missing), self.tr("1 speaker has no voice yet"), self.tr("%n speakers have no voice yet"))
        self.note.setText(words if missing else "")
        self.cast_all.setVisible(len(missing) > 1)
        self._head.setVisible(bool(missing))
        self._area.setVisible(bool(names))
        self.empty.setVisible(not names)

    def _show_voice(self, row: CastRow, name: str, voice: str) -> None:
        lost = self._voices.lost(voice) if voice else ""
        row.voice.setText(self._title(name, voice))
        row.voice.set_icon("triangle-alert" if lost else "mic-vocal")
        told = self.tr("It is in the bin.") if self._voices.binned(lost) else self.tr("It is not on this computer.")
        row.voice.setToolTip(told if lost else "")

    def _title(self, name: str, voice: str) -> str:
        if voice:
            return self._voices.title(voice).replace("&", "&&")
        if name in self.suggestions:
            words = self.tr("Suggested: {voice}")
            return words.replace("{voice}", self._voices.title(self.suggestions[name]).replace("&", "&&"))
        return self.tr("The script’s voice")

    def _build(self, names: list[str]) -> None:
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {}
        for place, name in enumerate(names):
            row = CastRow(name, self._area.widget())
            row.take.clicked.connect(lambda _=False, name=name: self._cast({name: self.suggestions[name]}))
            row.voice.clicked.connect(lambda _=False, name=name: self._choose(name))
            row.hear.clicked.connect(lambda _=False, name=name: self._hear(name))
            row.next.clicked.connect(lambda _=False, name=name: self._writing.next_of(name))
            row.only.clicked.connect(lambda on, name=name: self._show_only(name if on else None))
            row.more.clicked.connect(lambda _=False, name=name: self._open(name))
            self.rows[name] = row
            self._column.insertWidget(place, row)

    def _show_only(self, name: str | None) -> None:
        self._writing.show_only(name)

    def show_filter(self, name: str | None) -> None:
        """Only this speaker's lines are shown, or all."""
        for other, row in self.rows.items():
            row.only.setChecked(other == name)

    def _cast(self, chosen: dict[str, str]) -> None:
        language = self._session.project.language
        usual = VoiceChoice(self._session.project.voice.voice)
        cast = {name: self._voices.chosen_with(usual, voice, language) for name, voice in chosen.items()}
        self._change(self.tr("Cast"), lambda project: edits.cast_all(project, cast), None)

    def _hear(self, name: str) -> None:
        project = self._session.project
        line = next((one for one in project.script.lines if one.speaker == name and one.text.strip()), None)
        role = project.cast.role(name)
        voice = role.voice if role else None
        if voice is None and name in self.suggestions:
            voice = self._voices.chosen_with(VoiceChoice(""), self.suggestions[name], project.language)
        voice = voice or project.voice
        text = line.text[:SAMPLE] if line is not None else name
        self.hear_wanted.emit(f"cast {name}", text, voice)

    def _choose(self, name: str) -> None:
        menu = QMenu(self)
        self._offer_back(menu, name)
        fill_own(menu, self._voices, lambda voice: self._cast({name: voice}))
        for tag in self._voices.languages():
            group = menu.addMenu(language_name(tag))
            for voice in self._voices.offered:
                if voice.language == tag:
                    _item(group, voice.name, lambda voice=voice: self._cast({name: voice.id}))
        menu.addSeparator()
        _item(menu, self.tr("The script’s voice"), lambda: self._change(
            self.tr("Cast"), lambda project: edits.set_role(project, name, None), None
        ))  # fmt: skip
        self._popup(menu, self.rows[name].voice)

    def _offer_back(self, menu: QMenu, name: str) -> None:
        """The speaker's voice, where it lies in the bin."""
        role = self._session.project.cast.role(name)
        kept = self._voices.binned(self._voices.lost(role.voice.voice)) if role is not None else None
        if kept is not None:
            words = self.tr("Bring “{voice}” back").replace("{voice}", kept.card.name.replace("&", "&&"))
            _item(menu, words, lambda: self.back_wanted.emit(kept.voice.id), "archive-restore")
            menu.addSeparator()

    def _open(self, name: str) -> None:
        menu = QMenu(self)
        _item(menu, self.tr("Rename…"), lambda: self._rename(name), "pencil")
        others = [one for one in self.rows if one != name]
        if others:
            into = menu.addMenu(icons.icon("users"), self.tr("Merge into"))
            for other in others:
                _item(into, other.replace("&", "&&"), lambda other=other: self._change(
                    self.tr("Merge speakers"), lambda project: speakers.rename(project, name, other), None
                ))  # fmt: skip
        _item(menu, self.tr("Remove the speaker, keep the lines"), lambda: self._change(
            self.tr("Remove a speaker"), lambda project: speakers.remove(project, name), None
        ), "trash-2")  # fmt: skip
        self._popup(menu, self.rows[name].more)

    def _popup(self, menu: QMenu, button: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + HALF)))

    def _rename(self, name: str) -> None:
        asked = QInputDialog(self)
        asked.setWindowTitle(self.tr("Rename a speaker"))
        asked.setLabelText(self.tr("Name; that of another speaker makes both one"))
        asked.setTextValue(name)
        asked.accepted.connect(
            lambda: self._change(
                self.tr("Rename a speaker"), lambda project: speakers.rename(project, name, asked.textValue()), None
            )
        )
        asked.finished.connect(asked.deleteLater)
        asked.open()


def _item(menu: QMenu, words: str, run: Callable[[], None], icon: str = "") -> None:
    action = menu.addAction(icons.icon(icon), words) if icon else menu.addAction(words)
    action.triggered.connect(lambda _=False: run())
