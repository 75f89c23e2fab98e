"""The lyrics with everything that helps to write them: sections, syllables, stresses, rhymes, somebody who writes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.music.lyrics import Lyrics, assigned
from audiostudio.music.song import SLOTS, Song, Writing
from audiostudio.timeline import songs
from audiostudio.ui import icons
from audiostudio.ui.music.song.auto_writer import AutoWriter
from audiostudio.ui.music.song.colours import colour, in_order
from audiostudio.ui.music.song.lyrics_editor import LyricsEditor
from audiostudio.ui.music.song.prosody import Figures, figures
from audiostudio.ui.music.song.rhymes import RhymePanel
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, EmptyState, FlowLayout, IconButton, Menu, SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_COUNT_AFTER = 250
"""Milliseconds after the last key until syllables are counted anew."""
_SECTIONS = ("Verse", "Pre-Chorus", "Chorus", "Bridge", "Outro")


class LyricsPanel(QWidget):
    singers_changed = Signal(tuple)
    """The slots that have lines now."""
    read = Signal(object)
    """The `Lyrics` as they are now."""

    def __init__(self, work: "MusicWork", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._song: Song | None = None
        self._writing = False
        """What the user types is on its way into the project."""
        self._slots: tuple[str, ...] = ()
        self.mode = SegmentedControl(
            (
                (Writing.CUSTOM, self.tr("My words")),
                (Writing.AUTO, self.tr("Write for me")),
                (Writing.INSTRUMENTAL, self.tr("Instrumental")),
            ),
            self,
            self.tr("Who writes the words"),
        )
        self.auto = AutoWriter(work, self)
        self.editor = LyricsEditor(self)
        self.editor.beside = lambda ask, answer: work.clerk.ask(ask, answer, "song.read")
        self.rhymes = RhymePanel(work, self)
        self.rhymes.hide()
        self.sections: dict[str, Button] = {}
        self.stress = IconButton("audio-lines", self.tr("Show stresses"), self, checkable=True, size=28)
        self.rhyme = IconButton("hash", self.tr("Rhymes  Alt+R"), self, checkable=True, size=28)
        self.count = QLabel(self)
        self.count.setProperty("role", "small")
        self.nothing = EmptyState(
            "music", self.tr("No words: the music is made without a singer."), self.tr("Write words after all"), self
        )
        self._figures = Figures()
        self._soon = QTimer(self, singleShot=True, interval=_COUNT_AFTER)
        self._soon.timeout.connect(self._count)
        self._lay_out()
        self._connect()

    def show_song(self, song: Song | None) -> None:
        before, self._song = self._song, song
        lyrics = song.lyrics if song is not None else ""
        other = (before.id if before else "") != (song.id if song else "")
        self.editor.setReadOnly(self._work.session.read_only)
        if other:
            self.editor.set_text(lyrics)
        elif not self._writing:
            self.editor.follow(lyrics)
        self.mode.blockSignals(True)
        self.mode.choose(song.writing if song is not None else Writing.CUSTOM)
        self.mode.blockSignals(False)
        self._show_mode(self.mode.value())

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.editor.setFocus(reason)

    @property
    def lyrics(self) -> Lyrics:
        return self.editor.lyrics

    def choose_singers(self, row: int, place: QPoint) -> None:
        """Ask who sings a line, or all lines that are selected where it is one of them."""
        rows = self.editor.rows()
        rows = rows if row in rows and len(rows) > 1 else [row]
        line = self.editor.line_of(row)
        menu = Menu(self)
        for slots in combinations():
            action = menu.addAction(self._named(slots))
            action.setIcon(icons.swatch(colour(slots[0])))
            action.setCheckable(True)
            action.setChecked(line is not None and line.slots == slots)
            action.triggered.connect(lambda _on=False, slots=slots: self.assign(rows, slots))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def assign(self, rows: list[int], slots: tuple[str, ...], unison: bool = False) -> None:
        """Let these lines be sung by others."""
        text = assigned(self.editor.text(), rows, slots, unison)
        self._change(self.tr("Choose who sings"), text)
        self.editor.follow(text)

    def toggle_rhymes(self) -> None:
        """Show them, and go there; again: back to the lyrics."""
        if self.rhymes.isVisible() and self.rhymes.words.hasFocus():
            self.editor.setFocus()
            return
        self.rhyme.setChecked(True)
        self.rhymes.go_in()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.editor.gutter.update()
        super().changeEvent(event)

    def close(self) -> bool:
        self._soon.stop()
        self.auto.close()
        return super().close()

    # Inner

    def _typed(self, text: str) -> None:
        self._change(self.tr("Write lyrics"), text, "lyrics")

    def _change(self, label: str, text: str, merge: str | None = None) -> None:
        self._writing = True
        try:
            song = self._song
            if song is None:
                self._work.begin(Writing.CUSTOM, lyrics=text)
                return
            key = f"{merge} {song.id}" if merge else None
            self._work.edit(label, lambda project: songs.change(project, song.id, lyrics=text), key)
        finally:
            self._writing = False

    def _written(self, text: str) -> None:
        """Somebody wrote lyrics for the user: one undo step."""
        self._change(self.tr("Write lyrics for me"), text)
        self.editor.follow(text)
        self.editor.setFocus()

    def _set_mode(self, mode: str) -> None:
        self._show_mode(mode)
        if self._song is None:
            self._work.begin(mode)
        elif self._song.writing != mode:
            self._work.change(self.tr("Who writes the words"), writing=Writing(mode))

    def _show_mode(self, mode: str) -> None:
        words = mode != Writing.INSTRUMENTAL
        self.auto.setVisible(mode == Writing.AUTO)
        self.nothing.setVisible(not words)
        self.editor.setVisible(words)
        self._tools.setVisible(words)
        self.rhymes.setVisible(words and self.rhyme.isChecked())

    def _read(self, lyrics: Lyrics) -> None:
        self._soon.start()
        if lyrics.slots != self._slots:
            self._slots = lyrics.slots
            self.singers_changed.emit(lyrics.slots)
        self.read.emit(lyrics)
        words = sum(len(line.words) for line in lyrics.lines)
        said = (
            counted(len(lyrics.lines), self.tr("1 line"), self.tr("%n lines"))
            + " · "
            + counted(words, self.tr("1 word"), self.tr("%n words"))
        )
        self.count.setText(said if lyrics.lines else "")

    def _count(self) -> None:
        studio, lyrics, language = self._work.desk.studio, self.editor.lyrics, self._work.project.language
        self._work.clerk.ask(lambda: figures(studio, lyrics, language), self._show_figures, "song.syllables")

    def _show_figures(self, found: Figures) -> None:
        self._figures = found
        self.editor.gutter.show_syllables(found.syllables)
        self.editor.show_stresses(found.stresses if self.stress.isChecked() else {})

    def _named(self, slots: tuple[str, ...]) -> str:
        if len(slots) == 1:
            return self.tr("Singer {slot}").replace("{slot}", slots[0])
        return self.tr("{slots} together").replace("{slots}", " + ".join(slots))

    def _connect(self) -> None:
        editor = self.editor
        editor.edited.connect(self._typed)
        editor.read.connect(self._read)
        editor.gutter.clicked.connect(self.choose_singers)
        editor.word_entered.connect(self.rhymes.show_word)
        self.rhymes.word_taken.connect(editor.write_word)
        self.rhymes.left.connect(editor.setFocus)
        self.rhymes.fetched.connect(self._count)
        self.rhymes.hide_it.clicked.connect(lambda: self.rhyme.setChecked(False))
        self.rhyme.toggled.connect(self.rhymes.setVisible)
        self.stress.toggled.connect(lambda _on: self._show_figures(self._figures))
        self.mode.changed.connect(self._set_mode)
        self.auto.written.connect(self._written)
        self.nothing.acted.connect(lambda: self.mode.choose(Writing.CUSTOM))
        self._keys = QShortcut(QKeySequence("Alt+R"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._keys.activated.connect(self.toggle_rhymes)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        head.addWidget(self.mode)
        head.addStretch(1)
        head.addWidget(self.count)
        self._tools = QWidget(self)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(2 * GRID, 0, GRID, HALF)
        tools.setSpacing(HALF)
        row = QWidget(self._tools)
        sections = FlowLayout(row, HALF)
        names = dict(zip(_SECTIONS, self._section_names(), strict=True))
        for name, title in names.items():
            button = self.sections[name] = Button(title, "ghost", "plus", row, small=True)
            button.setToolTip(self.tr("A heading [{name}] behind this line").replace("{name}", name))
            button.clicked.connect(lambda _on=False, name=name: self._add_section(name))
            sections.addWidget(button)
        tools.addWidget(row, 1)
        tools.addWidget(self.stress)
        tools.addWidget(self.rhyme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.auto)
        column.addWidget(self._tools)
        column.addWidget(Separator(parent=self))
        column.addWidget(self.editor, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.rhymes)

    def _section_names(self) -> tuple[str, ...]:
        return self.tr("Verse"), self.tr("Pre-Chorus"), self.tr("Chorus"), self.tr("Bridge"), self.tr("Outro")

    def _add_section(self, name: str) -> None:
        """Verses are numbered."""
        known = sum(one.kind == "verse" for one in self.editor.lyrics.sections)
        self.editor.write_section(f"{name} {known + 1}" if name == "Verse" else name)


def combinations() -> tuple[tuple[str, ...], ...]:
    """Who may sing a line: one, two together, all."""
    one, two, three = SLOTS
    pairs = ((one, two), (one, three), (two, three))
    return (*((slot,) for slot in SLOTS), *map(in_order, pairs), SLOTS)
