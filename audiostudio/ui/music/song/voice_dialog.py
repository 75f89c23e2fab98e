"""Choosing who sings: the gallery of the speech tab with the voices that can, and how well they do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.timeline.project import VoiceChoice
from audiostudio.ui.speech.favourites import Favourites
from audiostudio.ui.speech.gallery import Gallery
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.preview import Preview, Previews
from audiostudio.ui.speech.script import delivery
from audiostudio.ui.speech.voices import VoiceList, sample_sentence
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button

if TYPE_CHECKING:
    from audiostudio.engines.base import Voice
    from audiostudio.ui.music.work import MusicWork

GOOD, EXPERIMENTAL = "good", "experimental"


class SingerVoices(VoiceList):
    """The voices whose engine sings; those that are understood best before the others."""

    @property
    def offered(self) -> "list[Voice]":
        singing = [voice for voice in super().offered if self.singing(voice.id)]
        return sorted(singing, key=lambda voice: self.singing(voice.id) != GOOD)

    def singing(self, voice: str) -> str:
        """How well: `good`, `experimental`; empty: not at all, or it is not known here."""
        from audiostudio.operations.music.casting import quality_of

        engine = self.engine(voice)
        return quality_of(engine, voice) if engine is not None else ""


class VoiceDialog(QDialog):
    """One voice for one slot. P hears a voice speak its own first words; it sings once the song is made."""

    def __init__(
        self, work: "MusicWork", voices: SingerVoices, slot: str, voice: str, parent: QWidget | None = None
    ) -> None:
        from audiostudio.ui.speech.background import Background

        super().__init__(parent)
        self.setWindowTitle(self.tr("Singer {slot}").replace("{slot}", slot))
        self.voice: str | None = voice or None
        """What was chosen; None: whoever the studio chooses."""
        self._work, self._voices = work, voices
        self.background = Background(self)
        self.background.failed.connect(work.desk.messages.error)
        studio = work.desk.studio
        self.listening = Listening(lambda: work.desk.player, self)
        folder = studio.profile.cache / "previews"
        self.previews = Previews(work.desk, self.listening, self.background, folder, self)
        self.favourites = Favourites(studio, self.background, self)
        self.gallery = Gallery(voices, self)
        self.gallery.show_chosen(frozenset({voice} if voice else ()))
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        self.tone = Badge("", "warning", self)
        self.automatic = Button(self.tr("Let the studio choose"), "ghost", parent=self)
        self.take = Button(self.tr("Sing with this voice"), "primary", parent=self)
        self.leave = Button(self.tr("Cancel"), "secondary", parent=self)
        self._lay_out()
        self.gallery.chosen.connect(self.choose)
        self.gallery.preview_wanted.connect(self.hear)
        self.gallery.fetch_wanted.connect(self.choose)
        self.gallery.starred.connect(self.favourites.set)
        self.gallery.outline_wanted.connect(
            lambda name: self.previews.recall(name, lambda peaks: self.gallery.show_outline(name, peaks))
        )
        self.previews.changed.connect(self.gallery.show_state)
        self.previews.outlined.connect(self.gallery.show_outline)
        self.favourites.changed.connect(self.gallery.show_favourites)
        self.take.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        self.automatic.clicked.connect(self._let_choose)
        self._explain()

    def choose(self, voice: str) -> None:
        self.voice = voice
        self.gallery.show_chosen(frozenset({voice}))
        self._explain()

    def hear(self, voice: str) -> None:
        """It speaks a sentence; again: stop."""
        known = self._voices.get(voice)
        language = known.language if known is not None else self._work.project.language
        request = delivery(sample_sentence(language), VoiceChoice(voice, language=language), ())
        self.previews.toggle(Preview(voice, request, outlined=True))

    def sizeHint(self) -> QSize:
        return QSize(760, 600)

    def done(self, result: int) -> None:
        self.previews.stop()
        self.favourites.close()
        self.listening.close()
        self.background.close()
        super().done(result)

    def _let_choose(self) -> None:
        self.voice = None
        self.accept()

    def _explain(self) -> None:
        words = described(self._voices, self.voice or "")
        singing = self._voices.singing(self.voice or "")
        self.tone.setVisible(singing == EXPERIMENTAL)
        self.tone.setText(self.tr("Experimental"))
        self.note.setText(words if self.voice else self.tr("Choose a voice. P lets it speak."))
        self.take.setEnabled(bool(self.voice and singing))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.automatic)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.take)
        told = QHBoxLayout()
        told.setSpacing(GRID)
        told.addWidget(self.tone, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + HALF)
        column.addWidget(self.gallery, 1)
        column.addLayout(told)
        column.addLayout(foot)


def described(voices: SingerVoices, voice: str) -> str:
    """What to know before it sings: how well, and whether the song may be sold."""
    from PySide6.QtCore import QCoreApplication

    def tr(text: str) -> str:
        return QCoreApplication.translate("Singers", text)

    if not voice:
        return ""
    singing, rights = voices.singing(voice), voices.rights(voice)
    parts = [voices.title(voice)]
    if not singing:
        parts.append(tr("cannot sing"))
    elif singing == EXPERIMENTAL:
        parts.append(tr("sings, but words may be hard to understand"))
    if rights is not None and rights.commercial is False:
        parts.append(tr("what it sings may not be sold"))
    if singing and not voices.fetched(voice):
        parts.append(tr("has to be fetched first"))
    return " · ".join(parts)
