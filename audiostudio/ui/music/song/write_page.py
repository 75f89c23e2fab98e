"""Writing a song: the lyrics on the left; style, singers and Generate on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from audiostudio.music.plan import Brief
from audiostudio.music.song import Song, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.songs import LONGEST_TITLE
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.prompt_field import PromptField
from audiostudio.ui.music.song.lyrics_panel import LyricsPanel
from audiostudio.ui.music.song.singers import SingersPanel
from audiostudio.ui.music.song.voice_dialog import SingerVoices
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, SectionHeader, Splitter, steady

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_SIDE = 344
"""Pixels that style and singers need at least."""


class WritePage(QWidget):
    generate_wanted = Signal()

    def __init__(self, work: "MusicWork", voices: SingerVoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._song: Song | None = None
        self.lyrics = LyricsPanel(work, self)
        self.title = QLineEdit(self)
        self.title.setMaxLength(LONGEST_TITLE)
        self.title.setAccessibleName(self.tr("Title of the song"))
        self.title.setPlaceholderText(self.tr("Untitled song"))
        self.style = PromptField(
            self, self.tr("Warm indie pop at 96 bpm, acoustic guitar and strings, about two minutes"), 72
        )
        self.style.text.setAccessibleName(self.tr("How the song is to sound"))
        self.singers = SingersPanel(work, voices, self)
        self.generate = Button(self.tr("Make the song"), "primary", "sparkles", self)
        self.generate.setToolTip(self.tr("Make the song  Ctrl+Return"))
        self.generate.setMinimumHeight(40)
        self.another = Button(self.tr("Compose another melody"), "ghost", "dices", self, small=True)
        self.another.setToolTip(self.tr("Forget the melody that was edited: the next song has a new one"))
        self.why = QLabel(self)
        self.why.setProperty("role", "small")
        self.why.setWordWrap(True)
        self.strip = MakingStrip(work.desk, self)
        self._lay_out()
        self.title.editingFinished.connect(self._name)
        self.style.edited.connect(self._styled)
        self.lyrics.singers_changed.connect(lambda _slots: self._show_singers())
        self.lyrics.read.connect(lambda _lyrics: self._look())
        self.generate.clicked.connect(self.generate_wanted)
        self.another.clicked.connect(self._forget_melody)
        self.strip.busy_changed.connect(lambda _busy: self._look())

    def show_song(self, song: Song | None) -> None:
        self._song = song
        self.lyrics.show_song(song)
        if not self.title.hasFocus() or not self.title.isModified():
            self.title.setText(song.title if song is not None else "")
        for widget in (self.title, self.style, self.singers):
            widget.setEnabled(not self._work.session.read_only)
        prompt, brief = (song.prompt, song.brief) if song is not None else ("", Brief())
        if (prompt, brief) != (self.style.prompt, self.style.chosen):
            self.style.show_prompt(prompt, brief)
        self._show_singers()
        self._look()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.lyrics.setFocus(reason)

    def flush(self) -> None:
        """What was typed last is in the project."""
        self.style.flush()
        self._name()

    def close(self) -> bool:
        self.flush()
        self.lyrics.close()
        self.singers.close()
        self.strip.close()
        return super().close()

    # Inner

    def _name(self) -> None:
        title = " ".join(self.title.text().split())
        song = self._song
        if self.title.isModified() and title and (song is None or title != song.title):
            self.title.setModified(False)
            if song is None:
                self._work.begin(Writing.CUSTOM, title=title)
            else:
                self._work.edit(self.tr("Rename the song"), lambda project: songs.rename(project, song.id, title))
        self.title.setModified(False)

    def _styled(self, prompt: str, brief: Brief) -> None:
        song = self._song
        if song is None:
            self._work.begin(Writing.CUSTOM, prompt=prompt, brief=brief)
        elif (prompt, brief) != (song.prompt, song.brief):
            key = f"style {song.id}" if brief == song.brief else None
            self._work.edit(
                self.tr("Style of the song"),
                lambda project: songs.change(project, song.id, prompt=prompt, brief=brief),
                key,
            )

    def _forget_melody(self) -> None:
        song = self._song
        if song is not None:
            self._work.edit(
                self.tr("Compose another melody"),
                lambda project: songs.change(project, song.id, vocals=(), plan=None),
            )

    def _show_singers(self) -> None:
        self.singers.show_song(self._song, self.lyrics.lyrics.slots)

    def _look(self) -> None:
        song, lyrics = self._song, self.lyrics.lyrics
        words = song is not None and song.writing != Writing.INSTRUMENTAL
        ready = song is not None and (not words or bool(lyrics.lines)) and not self._work.session.read_only
        self.generate.setEnabled(ready and not self.strip.busy)
        self.generate.setText(self.tr("Make the song") if words or song is None else self.tr("Make the music"))
        self.another.setVisible(song is not None and (bool(song.vocals) or song.plan is not None))
        self.singers.setVisible(words or song is None)
        self._singers_head.setVisible(words or song is None)
        said = ""
        if song is None or (words and not lyrics.lines):
            said = self.tr("Write a line of lyrics, or let them be written for you.")
        elif song.vocals:
            said = self.tr("Sung to the melody that you edited.")
        self.why.setText(said)
        self.why.setVisible(bool(said))

    def _lay_out(self) -> None:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(SectionHeader(self.tr("Title"), side))
        column.addWidget(self.title)
        column.addSpacing(HALF)
        column.addWidget(SectionHeader(self.tr("Style"), side))
        column.addWidget(self.style)
        column.addSpacing(HALF)
        self._singers_head = SectionHeader(self.tr("Singers"), side)
        column.addWidget(self._singers_head)
        column.addWidget(self.singers)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        steady(area)
        area.setWidget(side)
        foot = QVBoxLayout()
        foot.setContentsMargins(2 * GRID, HALF, 2 * GRID, GRID + HALF)
        foot.setSpacing(HALF)
        foot.addWidget(self.strip)
        foot.addWidget(self.why)
        foot.addWidget(self.generate)
        foot.addWidget(self.another)
        right = QWidget(self)
        whole = QVBoxLayout(right)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        right.setMinimumWidth(_SIDE)
        self.splitter = Splitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.lyrics)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([640, _SIDE + 16])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
