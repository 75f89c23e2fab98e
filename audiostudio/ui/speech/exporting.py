"""Export: the voiceover as files for elsewhere. What is not made yet is made first."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.ui.speech.export_dialog import ExportChoice, ExportDialog
from audiostudio.ui.speech.generation import Generation
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

_REMEMBERED = "speech.export"


class Exporting(QObject):
    def __init__(
        self, desk: "Desk", session: "ProjectSession", generation: Generation, voices: VoiceList, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk, self._session, self._generation, self._parent = desk, session, generation, parent
        self._voices = voices
        self._choice: ExportChoice | None = None
        """Waits for the run that makes what it exports."""
        generation.ended.connect(self._generated)

    def ask(self) -> None:
        if self._generation.running:
            self._desk.messages.say(self.tr("The script is being made."), self.tr("Export it when that is done."))
            return
        remembered = self._desk.settings.get(_REMEMBERED, {})
        unmade = len(self._generation.unmade())
        dialog = ExportDialog(self._session.project.name, remembered, unmade, self._parent, self._unsold())
        dialog.setModal(True)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._remember(dialog.remembered())
            self.export(dialog.choice())
        dialog.deleteLater()

    def export(self, choice: ExportChoice) -> None:
        """Make what is not made (nothing, mostly), then write the files."""
        self._choice = choice
        if not self._generation.start():
            self._choice = None

    def _unsold(self) -> list[str]:
        """The voices of the script whose words may not be sold."""
        project = self._session.project
        spoken = dict.fromkeys(project.voice_of(line).voice for line in project.script.lines if speakable(line.text))
        rights = {voice: self._voices.rights(voice) for voice in spoken}
        return [self._voices.title(voice) for voice, one in rights.items() if one and one.commercial is False]

    def _generated(self, outcome: Outcome) -> None:
        choice, self._choice = self._choice, None
        if choice is None or outcome.state is not JobState.DONE or outcome.result is None:
            return
        asset = outcome.result["asset"]
        if asset is None:
            self._desk.messages.say(self.tr("There is nothing to export."), self.tr("Write some words first."))
            return
        title = self.tr("Export {file}").replace("{file}", choice.output.name)
        request = {"asset": asset, **choice.to_json()}
        try:
            job = Job("speech.export", request, title, project=self._session.project.id)
            self._desk.jobs.submit(job, self._exported)
        except StudioError as error:
            self._desk.messages.error(error)

    def _exported(self, outcome: Outcome) -> None:
        if outcome.state is not JobState.DONE or outcome.result is None:
            return
        output = outcome.result["output"]
        name = output.replace("\\", "/").rsplit("/", 1)[-1]
        folder = QUrl.fromLocalFile(output[: len(output) - len(name)])
        show = (self.tr("Show in folder"), lambda: QDesktopServices.openUrl(folder))
        sentence = self.tr("{file} was exported.").replace("{file}", name)
        words = [self._guessed(outcome.result["guessed"]), *outcome.result["notices"]]
        hint = " ".join(filter(None, [*words, self._terms(outcome.result["rights"])]))
        self._desk.messages.say(sentence, hint, action=show, tone="success")

    def _guessed(self, takes: int) -> str:
        if not takes:
            return ""
        return counted(
            takes,
            self.tr("When the words of 1 recording are spoken is guessed for the captions."),
            self.tr("When the words of %n recordings are spoken is guessed for the captions."),
        )

    def _terms(self, rights: dict[str, Any]) -> str:
        sold = {True: self.tr("It may be sold."), False: self.tr("It may not be sold.")}
        words = sold.get(rights["commercial"], self.tr("Whether it may be sold is not known."))
        credit = " ".join(rights["credit"].split("\n"))
        return f"{words} {self.tr('Credit: {names}').replace('{names}', credit)}" if credit else words

    def _remember(self, choice: dict[str, Any]) -> None:
        try:
            self._desk.settings[_REMEMBERED] = choice
        except StudioError as error:
            self._desk.messages.error(error)
