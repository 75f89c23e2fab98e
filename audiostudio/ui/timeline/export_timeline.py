"""Export ▾ of the timeline: its mix, a hand-off to a video editor, the rights sheet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.timeline.tracks import Range
from audiostudio.ui.commands import Command
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.reveal import reveal
from audiostudio.ui.timeline.export_form import TextDialog
from audiostudio.ui.timeline.work import TimelineWork

if TYPE_CHECKING:
    from audiostudio.operations.rights_sheet import RightsSheet
    from audiostudio.ui.timeline.export_form import ExportForm

_MIX, _HAND_OFF = "timeline.mix", "timeline.handoff"
_NAMES = ("export.mix", "export.handoff", "export.update_handoff", "export.rights")


class TimelineExports(QObject):
    """The commands live as long as this does: `close` it."""

    def __init__(self, work: TimelineWork, parent: QWidget) -> None:
        super().__init__(parent)
        self._work, self._desk, self._parent = work, work.desk, parent
        self._clerk = Clerk(self)
        self._clerk.failed.connect(self._desk.messages.error)
        self._asking: ExportForm | None = None
        """The dialog that is open."""
        self._last = f"{_HAND_OFF}.{work.project.id}"
        group = self.tr("Timeline")
        self._desk.commands.add(
            Command("export.mix", self.tr("Mix of the timeline…"), self.ask_mix, group, "Ctrl+Shift+M", "audio-lines"),
            Command("export.handoff", self.tr("To a video editor…"), self.ask_hand_off, group, "", "clapperboard"),
            Command(
                "export.update_handoff", self.tr("Update the hand-off"), self.update_hand_off, group, "", "refresh-cw"
            ),
            Command("export.rights", self.tr("Rights sheet…"), self.show_rights, group, "", "scroll-text"),
        )
        work.changed.connect(self._show_able)
        self._show_able()

    def close(self) -> None:
        self._desk.commands.remove(*_NAMES)
        self._clerk.close()

    # Mix

    def ask_mix(self) -> None:
        from audiostudio.ui.timeline.export_mix import MixDialog

        remembered = self._desk.settings.get(_MIX, {})
        name, clips = self._work.project.name, self._work.selected_clips()
        selected = Range(min(one.start for one in clips), max(one.end for one in clips)) if clips else None
        dialog = MixDialog(self._work.document, name, remembered, self._parent, selected)
        self._warn_of_rights(dialog)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._remember(_MIX, dialog.remembered())
            self.mix(dialog.request())
        dialog.deleteLater()

    def mix(self, request: dict[str, Any]) -> None:
        """A request of `timeline.mix`, less the project."""
        title = self.tr("Mix {file}").replace("{file}", Path(request["output"]).name)
        self._submit("timeline.mix", request, title, self._mixed)

    def _mixed(self, result: dict[str, Any]) -> None:
        output = Path(result["output"])
        words = [*self._levels(result)]
        words += [f"{one['sentence']} {one['hint']}".strip() for one in result["problems"]]
        words += result["notes"]
        words.append(self._terms(result["rights"]))
        well = not result["problems"] and result["reached"]
        sentence = self.tr("{file} was exported.").replace("{file}", output.name)
        self._say_written(sentence, " ".join(words), output, "success" if well else "warning")

    def _levels(self, result: dict[str, Any]) -> list[str]:
        words = []
        if result["lufs"] is not None:
            number = partial(QLocale().toString, format="f", precision=1)
            text = self.tr("{lufs} LUFS, true peak {peak} dB.").replace("{lufs}", number(result["lufs"]))
            words.append(text.replace("{peak}", number(result["true_peak"])).replace("-", "−"))
        if not result["reached"]:
            number_ = QLocale().toString(result["target"], "f", 0).replace("-", "−")
            words.append(self.tr("It could not be brought to {n} LUFS.").replace("{n}", number_))
        if result["clipped"]:
            words.append(self.tr("%n samples were too loud and were limited.", "", result["clipped"]))
        return words

    # Hand-off

    def ask_hand_off(self) -> None:
        from audiostudio.ui.timeline.export_handoff import HandOffDialog

        remembered = self._desk.settings.get(self._last) or self._desk.settings.get(_HAND_OFF, {})
        dialog = HandOffDialog(self._work.document, remembered, self._parent)
        self._warn_of_rights(dialog)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.hand_off(dialog.request())
        dialog.deleteLater()

    def hand_off(self, request: dict[str, Any]) -> None:
        """A request of `timeline.export`, less the project."""
        self._remember(_HAND_OFF, request)
        self._remember(self._last, request)
        self._show_able()
        self._submit("timeline.export", request, self.tr("Hand off to a video editor"), self._handed_off)

    def update_hand_off(self) -> None:
        """As the last one of this project: what did not change stays, names stay."""
        request = self._desk.settings.get(self._last)
        if isinstance(request, dict):
            self.hand_off({**request, "timeline": self._work.document.id})

    def _handed_off(self, result: dict[str, Any]) -> None:
        folder = Path(result["files"][0]) if result["files"] else Path(result["media"])
        dialog = TextDialog(
            self.tr("Handed off: {name}").replace("{name}", result["name"]),
            result["text"],
            f"{result['name']} report.txt",
            self._parent,
            str(folder),
        )
        if dialog.show_folder is not None:
            dialog.show_folder.clicked.connect(lambda: self._reveal(folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    # Rights

    def show_rights(self) -> None:
        def show(sheet: "RightsSheet") -> None:
            title = self.tr("Rights sheet")
            dialog = TextDialog(title, sheet.text(), f"{sheet.title} rights.txt", self._parent)
            dialog.finished.connect(dialog.deleteLater)
            dialog.show()

        self._sheet(show)

    def _sheet(self, answer: "Callable[[RightsSheet], object]") -> None:
        from audiostudio.operations.rights_sheet import rights_sheet

        studio, project, timeline = self._desk.studio, self._work.project, self._work.document
        self._clerk.ask(lambda: rights_sheet(studio.library, project, timeline), answer, "rights")

    def _warn_of_rights(self, dialog: "ExportForm") -> None:
        def warn(sheet: "RightsSheet") -> None:
            if self._asking is dialog:
                dialog.warn(self._warnings(sheet))

        self._asking = dialog
        dialog.finished.connect(self._asked)
        self._sheet(warn)

    def _asked(self) -> None:
        self._asking = None

    def _warnings(self, sheet: "RightsSheet") -> str:
        words = list(sheet.warnings)
        if sheet.unknown:
            names = ", ".join(f"“{name}”" for name in sheet.unknown[:3])
            rest = "…" if len(sheet.unknown) > 3 else ""
            words.append(self.tr("Whether this may be sold is not known: {names}").replace("{names}", names) + rest)
        return "\n".join(words)

    def _terms(self, rights: dict[str, Any]) -> str:
        sold = {True: self.tr("It may be sold."), False: self.tr("It may not be sold.")}
        words = sold.get(rights["commercial"], self.tr("Whether it may be sold is not known."))
        credit = " ".join(rights["credit"].split("\n"))
        return f"{words} {self.tr('Credit: {names}').replace('{names}', credit)}" if credit else words

    # All of them

    def _submit(
        self, operation: str, request: dict[str, Any], title: str, done: Callable[[dict[str, Any]], object]
    ) -> None:
        """A job reads the project from the disk: everything has to be there first."""
        session = self._work.session

        def submit(_flushed: None) -> None:
            job = Job(operation, {"project": str(session.path), **request}, title)
            try:
                self._desk.jobs.submit(job, lambda outcome: self._ended(outcome, done))
            except StudioError as error:
                self._desk.messages.error(error)

        self._clerk.ask(session.flush, submit)

    def _ended(self, outcome: Outcome, done: Callable[[dict[str, Any]], object]) -> None:
        if outcome.state is JobState.DONE and outcome.result is not None:
            done(outcome.result)

    def _say_written(self, sentence: str, hint: str, path: Path, tone: str) -> None:
        show = (self.tr("Show in folder"), lambda: self._reveal(path))
        self._desk.messages.say(sentence, hint, action=show, tone=tone)

    def _reveal(self, path: Path) -> None:
        reveal(path, self, lambda: self._desk.messages.say(self.tr("The folder cannot be shown."), str(path.parent)))

    def _remember(self, name: str, choice: dict[str, Any]) -> None:
        try:
            self._desk.settings[name] = choice
        except StudioError as error:
            self._desk.messages.error(error)

    def _show_able(self) -> None:
        able = self._work.document.end > 0
        for name in _NAMES:
            self._desk.commands.action(name).setEnabled(able)
        last = isinstance(self._desk.settings.get(self._last), dict)
        self._desk.commands.action("export.update_handoff").setEnabled(able and last)
