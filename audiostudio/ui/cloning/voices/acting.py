"""What can be done with own voices: written on, thrown away and brought back, used, shared, brought in."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, VoiceChoice
from audiostudio.ui import icons
from audiostudio.ui.cloning.voices.share_dialog import ShareDialog
from audiostudio.ui.cloning.voices.wording import sale
from audiostudio.ui.library.reveal import reveal
from audiostudio.ui.speech.export_dialog import file_stem
from audiostudio.ui.speech.speakers import speakers
from audiostudio.ui.speech.words import counted
from audiostudio.ui.widgets import AskDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiostudio.jobs import JsonObject
    from audiostudio.operations.studio import Studio
    from audiostudio.ui.cloning.voices.page import VoicesPage
    from audiostudio.voices.voice import KeptVoice

ENDING = ".asvoice"
_FOLDER = "cloning.voices.folder"
"""Where a voice was shared to, or brought in from, the last time."""
_PICTURES = "*.png *.jpg *.jpeg *.webp *.bmp *.gif"


class Acting(QObject):
    """Nothing here waits: what touches the disk is done beside the window."""

    def __init__(self, page: "VoicesPage") -> None:
        super().__init__(page)
        self._page, self._desk = page, page.desk
        self._voices = page.desk.studio.voices
        self.share_dialog: ShareDialog | None = None
        """While it is open."""

    def do(self, what: str, kept: "KeptVoice") -> None:
        """What a button, a key or a menu is called."""
        deeds: dict[str, Callable[[KeptVoice], None]] = {
            "play": self._page.sounds.speak,
            "use": self.use,
            "share": self.share,
            "bin": self.throw_away,
            "back": lambda one: self.bring_back(one.voice.id),
            "picture": lambda _one: self.choose_picture(),
            "no picture": lambda one: self._run(lambda: self._voices.set_picture(one.voice.id, None)),
        }
        if what.startswith("slot "):
            self.write({"slot": what.removeprefix("slot ")})
        else:
            deeds[what](kept)

    # The card

    def write(self, changes: dict[str, object]) -> None:
        """Change the chosen voice's card."""
        kept = self._page.chosen
        if kept is not None and not kept.binned:
            studio, identity = self._desk.studio, kept.voice.id
            self._run(lambda: _write(studio, identity, changes))

    def choose_picture(self) -> None:
        pictures = self.tr("Pictures")
        path, _ = QFileDialog.getOpenFileName(
            self._page, self.tr("Picture of a voice"), self._pictures_folder(), f"{pictures} ({_PICTURES})"
        )
        if path:
            self.set_picture(path)

    def set_picture(self, path: str) -> None:
        kept = self._page.chosen
        if kept is None or kept.binned:
            return
        identity = kept.voice.id

        def scaled(small: Path | None) -> None:
            if small is None:
                words = self.tr("“{name}” has no picture.").replace("{name}", Path(path).name)
                self._desk.messages.say(words, self.tr("Choose a PNG, JPEG or WebP."), tone="warning")
            else:
                self._run(lambda: self._voices.set_picture(identity, small))

        self._page.pictures.scale(Path(path), scaled)

    # The bin

    def throw_away(self, kept: "KeptVoice") -> None:
        identity, sounds = kept.voice.id, self._page.sounds
        if sounds.previews.key == identity:
            sounds.stop()

        def gone(_result: object) -> None:
            back = (self.tr("Bring back"), lambda: self.bring_back(identity))
            self._desk.messages.say(self._binned_words(kept), action=back)
            self._page.look()

        self._run(lambda: self._voices.throw_away(identity), gone)

    def bring_back(self, identity: str) -> None:
        kept = self._page.shelf.get(identity)

        def back(_result: object) -> None:
            if kept is not None:
                self._desk.messages.take_back(self._binned_words(kept))
            self._page.show_voice(identity)

        self._run(lambda: self._voices.bring_back(identity), back)

    def empty_bin(self) -> None:
        count = len(self._page.shelf.binned)
        names = ", ".join(one.card.name for one in self._page.shelf.binned[:5])
        asked = AskDialog(
            self.tr("Empty the bin"),
            counted(count, self.tr("Delete 1 voice for good?"), self.tr("Delete %n voices for good?")),
            [
                f"{names}…" if count > 5 else names,
                self.tr("With their recordings and consents. What they said stays in the library."),
            ],
            self.tr("Empty the bin"),
            self._page,
            "danger",
        )
        if asked.agreed():
            self._run(self._voices.empty_bin)

    def _binned_words(self, kept: "KeptVoice") -> str:
        return self.tr("“{name}” is in the bin.").replace("{name}", kept.card.name)

    # Sound and script

    def hear(self, key: str, file: str) -> None:
        """A file of the chosen voice."""
        kept = self._page.chosen
        path = self._page.shelf.file(kept, file) if kept is not None else None
        if path is not None:
            self._page.sounds.play(key, str(path))

    def show_document(self, file: str) -> None:
        """A file of the chosen voice, in the file manager."""
        kept = self._page.chosen
        path = self._page.shelf.file(kept, file) if kept is not None else None
        if path is not None:
            self._reveal(path)

    def use(self, kept: "KeptVoice") -> None:
        """For the whole script, or for one of those who speak in it."""
        names = speakers(self._page.session.project)
        if not names:
            self._cast(kept, "")
            return
        menu = QMenu(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        whole = menu.addAction(icons.icon("file-text"), self.tr("For the whole script"))
        whole.triggered.connect(lambda _=False: self._cast(kept, ""))
        menu.addSeparator()
        for name in names:
            action = menu.addAction(icons.icon("user-round"), name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, name=name: self._cast(kept, name))
        sheet = self._page.details.sheet
        button = sheet.use if sheet is not None else self._page
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _cast(self, kept: "KeptVoice", speaker: str) -> None:
        session, voices = self._page.session, self._page.sounds.voices
        voices.look_for_voices()
        project = session.project
        role = project.cast.role(speaker) if speaker else None
        before = role.voice if role is not None else project.voice if not speaker else VoiceChoice("")
        choice = voices.chosen_with(before, kept.voice.id, project.language)

        def cast(project: Project) -> Project:
            if speaker:
                return edits.set_role(project, speaker, choice)
            return edits.set_default_voice(project, choice)

        try:
            session.edit(self.tr("Cast {name}").replace("{name}", speaker or kept.card.name), cast)
        except StudioError as error:
            self._desk.messages.error(error)
            return
        who = (
            self.tr("{speaker} speaks as “{voice}” now.") if speaker else self.tr("The script speaks as “{voice}” now.")
        )
        words = who.replace("{speaker}", speaker).replace("{voice}", kept.card.name)
        terms, tone = sale(self._page.shelf.rights(kept))
        hint = "" if tone == "success" else self.tr("What it says: {terms}.").replace("{terms}", terms)
        self._desk.messages.say(words, hint, tone="warning" if hint else "success")

    # Sharing

    def share(self, kept: "KeptVoice") -> None:
        dialog = self.share_dialog = ShareDialog(kept, self._page.shelf, self._page)
        dialog.setModal(True)
        dialog.accepted.connect(lambda: self._save(kept, dialog.with_samples))
        dialog.finished.connect(self._asked)
        dialog.show()

    def _asked(self) -> None:
        if self.share_dialog is not None:
            self.share_dialog.deleteLater()
            self.share_dialog = None

    def _save(self, kept: "KeptVoice", samples: bool) -> None:
        wanted = str(Path(self._folder()) / f"{file_stem(kept.card.name)}{ENDING}")
        ours = self.tr("Voices")
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("Share a voice"), wanted, f"{ours} (*{ENDING})")
        if not path:
            return
        path = path if path.lower().endswith(ENDING) else f"{path}{ENDING}"
        self.remember(_FOLDER, str(Path(path).parent))

        def shared(_result: "JsonObject") -> None:
            words = self.tr("“{name}” is in one file.").replace("{name}", kept.card.name)
            show = (self.tr("Show in folder"), lambda: self._reveal(Path(path)))
            self._desk.messages.say(words, path, action=show, tone="success")

        title = self.tr("Share {name}").replace("{name}", kept.card.name)
        self._submit("voice.share", {"voice": kept.voice.id, "path": path, "samples": samples}, title, shared)

    def choose_import(self) -> None:
        ours = self.tr("Voices")
        paths, _ = QFileDialog.getOpenFileNames(
            self._page, self.tr("Import voices"), self._folder(), f"{ours} (*{ENDING})"
        )
        if paths:
            self.remember(_FOLDER, str(Path(paths[0]).parent))
        for path in paths:
            self.bring(path)

    def bring(self, path: str) -> None:
        """A shared voice. What is wrong with one that is refused, the window says."""
        title = self.tr("Import {name}").replace("{name}", Path(path).name)
        self._submit("voice.import", {"path": path}, title, self._brought)

    def _brought(self, result: "JsonObject") -> None:
        self._page.show_voice(result["voice"])
        kept = self._page.shelf.get(result["voice"])
        if kept is None:
            return
        terms, tone = sale(self._page.shelf.rights(kept))
        words = self.tr("“{name}” is among your voices.").replace("{name}", kept.card.name)
        if result["known"]:
            words = self.tr("“{name}” was among your voices already.").replace("{name}", kept.card.name)
        told = self.tr("Voice of {person}. {terms}. Signed by {signer}.")
        told = told.replace("{person}", kept.voice.consent.person).replace("{terms}", terms)
        self._desk.messages.say(
            words,
            told.replace("{signer}", result["signer"]),
            tone="success" if tone == "success" else "warning",
        )

    # Inner

    def remember(self, name: str, value: object) -> None:
        try:
            self._desk.settings[name] = value
        except StudioError as error:
            self._desk.messages.error(error)

    def _run(self, work: "Callable[[], object]", then: "Callable[[object], None] | None" = None) -> None:
        self._page.background.run(work, then or (lambda _result: self._page.look()))

    def _submit(self, operation: str, request: "JsonObject", title: str, done: "Callable[[JsonObject], None]") -> None:
        def finished(outcome: Outcome) -> None:
            if outcome.state is JobState.DONE:
                done(outcome.result or {})

        try:
            self._desk.jobs.submit(Job(operation, request, title), finished)
        except StudioError as error:
            self._desk.messages.error(error)

    def _reveal(self, path: Path) -> None:
        cannot = self.tr("The folder cannot be shown.")
        reveal(path, self._page, lambda: self._desk.messages.say(cannot, str(path.parent)))

    def _folder(self) -> str:
        before = self._desk.settings.get(_FOLDER)
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return before if isinstance(before, str) else place

    def _pictures_folder(self) -> str:
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)


def _write(studio: "Studio", identity: str, changes: dict[str, object]) -> None:
    """Change a card as it stands now. Raises `RequestError` for a name that cannot be, `UnknownVoice`."""
    from audiostudio.operations.voices.create import require_name

    if "name" in changes:
        changes["name"] = require_name(studio, str(changes["name"]), but=identity)
    studio.voices.write_card(identity, replace(studio.voices.get(identity).card, **changes))
