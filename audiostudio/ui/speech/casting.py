"""Who speaks: the voice of the whole script, of a speaker or of the caret's line, shown in panel and gallery, changed
by edits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, VoiceChoice
from audiostudio.ui.speech.gallery import Gallery
from audiostudio.ui.speech.voice_panel import VoicePanel
from audiostudio.ui.speech.voices import VoiceList, parts_of

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession

Change = Callable[[str, Callable[[Project], Project], str | None], None]
"""Changes the project under a label, perhaps with a merge key."""


class Casting(QObject):
    def __init__(
        self,
        session: "ProjectSession",
        voices: VoiceList,
        panel: VoicePanel,
        gallery: Gallery,
        change: Change,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._voices, self._panel, self._gallery, self._change = session, voices, panel, gallery, change
        self._number = 0
        panel.changed.connect(self._set_voice)
        panel.pause_changed.connect(self._set_pause)
        panel.pause_before_changed.connect(self._set_pause_before)
        panel.scope.changed.connect(self.show)
        gallery.chosen.connect(self.choose)

    @property
    def choice(self) -> VoiceChoice:
        """The voice that is shown."""
        project, line, role = self._session.project, self._scoped_line(), self._scoped_role()
        if role is not None:
            cast = project.cast.role(role)
            return project.voice if cast is None else cast.voice
        return project.voice if line is None else project.voice_of(line)

    def choose(self, voice: str) -> None:
        """For the whole script or the caret's line, whichever is shown."""
        choice = self.choice
        if parts_of(choice.voice) != parts_of(voice):
            self._set_voice(self._voices.chosen_with(choice, voice, self._session.project.language), "voice")

    def enter(self, number: int) -> None:
        """The caret came to a line: one with a voice of its own shows it."""
        self._number = number
        line = self._line()
        self._panel.show_speaker(line.speaker if line is not None else None)
        own = line is not None and line.voice is not None
        self._panel.scope.choose("line" if own else "role" if line is not None and line.speaker else "project")
        self.show()

    def show(self, _scope: str = "", anew: bool = False) -> None:
        """The project, or what is to be shown of it, changed; `anew`: or other voices are known."""
        choice = self.choice
        line = self._line()
        self._panel.show_speaker(line.speaker if line is not None else None)
        self._panel.show_line(self._number, line)
        self._panel.show_choice(choice, self._session.project.language, anew)
        self._gallery.show_chosen(frozenset(name for name, _ in parts_of(choice.voice)))

    def _set_voice(self, choice: VoiceChoice, setting: str) -> None:
        label = self.tr("Choose a voice") if setting in ("voice", "mix") else self.tr("Voice settings")
        merge = None if setting == "voice" else f"voice.{setting}"
        line, role = self._scoped_line(), self._scoped_role()
        if role is not None:
            self._change(
                self.tr("Cast {name}").replace("{name}", role),
                lambda project: edits.set_role(project, role, choice),
                merge and f"{merge}.{role}",
            )
        elif line is None:
            self._change(label, lambda project: edits.set_default_voice(project, choice), merge)
        else:
            self._change(label, lambda project: edits.set_line_voice(project, line.id, choice), merge)

    def _set_pause(self, seconds: float | None) -> None:
        line = self._line()
        if line is not None:
            merge = f"pause.{line.id}"
            self._change(self.tr("Pause"), lambda project: edits.set_pause(project, line.id, seconds), merge)

    def _set_pause_before(self, seconds: float) -> None:
        line = self._line()
        if line is not None:
            merge = f"pause_before.{line.id}"
            self._change(self.tr("Pause"), lambda project: edits.set_pause_before(project, line.id, seconds), merge)

    def _line(self) -> Line | None:
        lines = self._session.project.script.lines
        return lines[self._number] if self._number < len(lines) else None

    def _scoped_line(self) -> Line | None:
        """The line whose voice is shown and changed; None: the whole script's."""
        return self._line() if self._panel.scope.value() == "line" else None

    def _scoped_role(self) -> str | None:
        """The speaker whose voice is shown and changed."""
        line = self._line() if self._panel.scope.value() == "role" else None
        return line.speaker if line is not None else None
