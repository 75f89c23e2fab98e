"""What is heard on the page: a voice's sample sentence, the recordings that it was made of, the consent."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from audiostudio.timeline.project import VoiceChoice
from audiostudio.ui.cloning.engines_dialog import open_engines
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.paying import Paying
from audiostudio.ui.speech.preview import Preview, Previews
from audiostudio.ui.speech.script import ScriptState, delivery
from audiostudio.ui.speech.voices import VoiceList, sample_sentence

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject
    from audiostudio.voices.voice import KeptVoice


class Sounds(QObject):
    """One thing at a time; asked for again, it stops."""

    changed = Signal(str, str)
    """A key, and `busy`, `playing` or `idle`."""

    def __init__(self, desk: "Desk", project: "OpenProject", background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.voices = VoiceList(desk.studio)
        self.listening = Listening(lambda: desk.player, self)
        self.previews = Previews(desk, self.listening, background, desk.studio.profile.cache / "previews", self)
        self._fetching = Fetching(desk, parent)
        self._paying = Paying(desk, ScriptState(project.session.project), parent)
        self.previews.agree = self._paying.agreed_preview
        self.previews.changed.connect(self.changed)
        self.listening.changed.connect(self._say_problem)
        self._said = ""

    def speak(self, kept: "KeptVoice") -> None:
        """Its sample sentence, or the studio's in its language."""
        voice = kept.voice.id
        self.voices.look_for_voices()
        if self.previews.key != voice and not self._can_speak(voice):
            return
        choice = self.voices.chosen_with(VoiceChoice(voice), voice, "")
        choice = replace(choice, language=choice.language or kept.voice.language)
        text = kept.card.sentence or sample_sentence(kept.voice.language)
        self.previews.toggle(Preview(voice, delivery(text, choice), outlined=True))

    def _can_speak(self, voice: str) -> bool:
        """If not, what it needs is asked about."""
        engine, missing = self.voices.uninstalled(voice), self.voices.missing(voice)
        if engine:
            open_engines(self._desk, engine)
        elif missing:
            self._fetching.ask(missing)
        return not engine and not missing

    def play(self, key: str, path: str) -> None:
        """A file."""
        self.previews.toggle(Preview(key, {"path": path}, operation="library.listen"))

    def stop(self) -> None:
        self.previews.stop()

    def close(self) -> None:
        self.previews.stop()
        self.listening.close()
        self._paying.close()

    def _say_problem(self) -> None:
        """Once for each reason."""
        problem = self.listening.problem or ""
        if problem and problem != self._said:
            self._desk.messages.say(problem, tone="warning")
        self._said = problem
