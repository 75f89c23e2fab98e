"""The engines: what is here, what more there is to have, what it takes and under which licence."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JsonObject
from audiostudio.ui.cloning.engines_card import EngineRow, EnvironmentCard
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.words import filled, megabytes
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import AskDialog, Button, SectionHeader, Spinner, steady

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio
    from audiostudio.ui.bridge import JobWatcher
    from audiostudio.ui.desk import Desk

INSTALL, REMOVE, DOCTOR, PULL = "engines.install", "engines.remove", "engines.doctor", "models.pull"


def open_engines(desk: "Desk", name: str = "") -> "EnginesDialog":
    """Show the engines; `name`: that engine, or environment, is wanted, and asked about if it is not here."""
    window = QApplication.activeWindow()
    while window is not None and window.parentWidget() is not None:
        window = window.parentWidget()
    dialog = window.findChild(EnginesDialog) if window is not None else None
    if dialog is None:
        dialog = EnginesDialog(desk, window)
    dialog.show()
    dialog.raise_()
    dialog.want(name)
    return dialog


class EnginesDialog(QDialog):
    """Stays beside the work: what it began goes on when it is closed, and the jobs show it."""

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Engines"))
        self._desk = desk
        self._wanted = ""
        self.cards: dict[str, EnvironmentCard] = {}
        """By environment."""
        self.rows: dict[str, EngineRow] = {}
        """Of the engines that are part of the studio."""
        self._known: list[JsonObject] = []
        self._background = Background(self)
        self._background.failed.connect(desk.messages.error)
        self._busy = Spinner(24, self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, GRID, GRID)
        self._column.setSpacing(2 * GRID)
        self._own = QVBoxLayout()
        self._own.setSpacing(GRID)
        self._lay_out()
        desk.jobs.added.connect(self._added)
        desk.jobs.changed.connect(self._changed)
        self.look()

    def want(self, name: str) -> None:
        """Ask about an engine, or environment, as soon as it is known."""
        self._wanted = name
        if self._known:
            self._show_wanted()

    def look(self) -> None:
        """See anew what there is."""
        studio = self._desk.studio

        def found() -> tuple[list[JsonObject], list[JsonObject]]:
            from audiostudio.operations.engines import overview

            return overview(studio), built_in(studio)

        self._background.run(found, self._show)

    def closeEvent(self, event) -> None:
        self._desk.jobs.added.disconnect(self._added)
        self._desk.jobs.changed.disconnect(self._changed)
        self._background.close()
        super().closeEvent(event)

    # What the user does

    def install(self, name: str) -> None:
        """An environment, or an engine with what it needs, once its terms were read and agreed to."""
        place = next(one for one in self._known if name == one["name"] or name in _engines(one))
        studio = self._desk.studio
        wanted = [
            model["name"]
            for engine in place["engines"]
            for model in engine["models"]
            if engine["name"] == name and model["state"] != "present"
        ]
        models = [studio.models.manifest(model) for model in wanted]
        if place["state"] == "ready" and not models:
            return
        texts = []
        if place["state"] != "ready":
            here = filled(
                self.tr("{title}: {download} to fetch, {disk} on the disk. {licences}"),
                title=place["title"],
                download=megabytes(place["download"]),
                disk=megabytes(place["disk"]),
                licences=place["licences"],
            )
            texts += [here, *([place["note"]] if place["note"] else [])]
            if not place["ran"]:
                texts.append(self.tr("Nobody has tried this on a computer of your kind yet."))
        texts += [f"{model.title} · {megabytes(model.download)} · {model.licence}\n{model.purpose}" for model in models]
        forbidden = [model.title for model in models if model.rights.commercial is False]
        if forbidden:
            words = self.tr("What is made with {names} may not be sold.")
            texts.append(words.replace("{names}", ", ".join(forbidden)))
        asked = AskDialog(
            self.tr("Install an engine"),
            self.tr("Install this?"),
            texts,
            self.tr("Agree and install"),
            self,
            icon="download",
            reading=_licences([model.licence_text for model in models]) if models else None,
        )
        asked.setMinimumWidth(560)
        if asked.agreed():
            title = self.tr("Install {name}").replace("{name}", self._title(name))
            self._submit(Job(INSTALL, {"name": name, "accept": True}, title))

    def remove(self, name: str) -> None:
        place = next(one for one in self._known if one["name"] == name)
        engines = ", ".join(engine["title"] for engine in place["engines"])
        asked = AskDialog(
            self.tr("Remove an environment"),
            self.tr("Remove {title}?").replace("{title}", place["title"]),
            [
                self.tr("These cannot be used then: {engines}.").replace("{engines}", engines),
                self.tr("Your voices and the engines’ models stay; it can be installed again."),
            ],
            self.tr("Remove"),
            self,
            "danger",
        )
        if asked.agreed():
            self._submit(Job(REMOVE, {"name": name}, self.tr("Remove {title}").replace("{title}", place["title"])))

    def check(self, name: str) -> None:
        """Try it: what imports, and which device it truly uses."""
        title = self.tr("Check {title}").replace("{title}", self._title(name))
        self._submit(Job(DOCTOR, {"name": name}, title))

    def fetch(self, name: str) -> None:
        """The models of an engine that is part of the studio."""
        from audiostudio.ui.speech.models_dialog import ModelsDialog

        studio = self._desk.studio
        manifest = studio.engines.manifest(name)
        models = [studio.models.manifest(one) for one in manifest.models if not studio.models.present(one)]
        dialog = ModelsDialog(models, self)
        if models and dialog.exec() == QDialog.DialogCode.Accepted:
            for model in models:
                title = self.tr("Fetch {model}").replace("{model}", model.title)
                self._submit(Job(PULL, {"name": model.name, "accept": True}, title))
        dialog.deleteLater()

    # What is shown

    def _show(self, found: tuple[list[JsonObject], list[JsonObject]]) -> None:
        self._known, own = found
        self._busy.hide()
        for place in self._known:
            card = self.cards.get(place["name"])
            if card is None:
                card = self.cards[place["name"]] = self._card(place["name"])
            card.show_place(place)
        for engine in own:
            row = self.rows.get(engine["name"])
            if row is None:
                row = self.rows[engine["name"]] = EngineRow(engine["name"], self)
                row.install_wanted.connect(self.fetch)
                self._own.addWidget(row)
            row.show_engine(engine, "ready")
        self._follow_jobs()
        self._show_wanted()

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        place = next((one for one in self._known if wanted and wanted in (one["name"], *_engines(one))), None)
        if place is None:
            return
        card = self.cards[place["name"]]
        self._area.ensureWidgetVisible(card)
        if card.watcher is None and place["available"]:
            self.install(wanted)

    def _card(self, name: str) -> EnvironmentCard:
        card = EnvironmentCard(name, self)
        card.install_wanted.connect(self.install)
        card.remove_wanted.connect(self.remove)
        card.check_wanted.connect(self.check)
        self._column.insertWidget(len(self.cards), card)
        return card

    def _follow_jobs(self) -> None:
        for watcher in self._desk.jobs.active:
            self._added(watcher)

    def _added(self, watcher: "JobWatcher") -> None:
        """Whoever began it."""
        if watcher.job.operation in (INSTALL, REMOVE, DOCTOR):
            card = self._card_of(watcher.job.request["name"])
            if card is not None:
                card.follow(watcher)

    def _changed(self, watcher: "JobWatcher") -> None:
        if watcher.done and watcher.job.operation in (INSTALL, REMOVE, DOCTOR, PULL):
            self.look()

    def _card_of(self, name: str) -> EnvironmentCard | None:
        place = next((one for one in self._known if name in (one["name"], *_engines(one))), None)
        return self.cards.get(place["name"]) if place else None

    def _title(self, name: str) -> str:
        """Of an environment or engine."""
        titles = {one["name"]: one["title"] for one in self._known}
        titles |= {engine["name"]: engine["title"] for one in self._known for engine in one["engines"]}
        return titles.get(name, name)

    def _submit(self, job: Job) -> None:
        try:
            self._desk.jobs.submit(job)
        except StudioError as error:
            self._desk.messages.error(error)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setLayout(self._column)
        own = QVBoxLayout()
        own.setSpacing(GRID)
        own.addWidget(SectionHeader(self.tr("Part of Audio Studio"), inner))
        own.addLayout(self._own)
        self._column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignCenter)
        self._column.addLayout(own)
        self._column.addStretch(1)
        self._area = QScrollArea(self)
        steady(self._area)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inner)
        head = QLabel(self.tr("Engines"), self)
        head.setProperty("role", "heading")
        hint = QLabel(
            self.tr("Some engines need packages of their own. They lie in a folder that can be removed at any time."),
            self,
        )
        hint.setProperty("role", "secondary")
        hint.setWordWrap(True)
        self.done_button = Button(self.tr("Close"), "secondary", parent=self)
        self.done_button.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.done_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(GRID)
        whole.addWidget(head)
        whole.addWidget(hint)
        whole.addSpacing(GRID)
        whole.addWidget(self._area, 1)
        whole.addLayout(foot)
        self.resize(680, 640)


def built_in(studio: "Studio") -> list[JsonObject]:
    """The engines on this computer that need no environment, as `operations.engines.overview` describes engines."""
    here = []
    known = set(studio.models.names())
    for one in studio.engines.manifests():
        if one.environment or one.capabilities.remote or one.kind not in ("speech", "music"):
            continue
        models = [
            {"name": name, "title": studio.models.manifest(name).title, "state": studio.models.state(name)}
            | {"download": studio.models.manifest(name).download}
            for name in one.models
            if name in known
        ]
        here.append({"name": one.name, "title": one.title, "rights": one.rights.to_json(), "models": models})
    return here


def _engines(place: JsonObject) -> list[str]:
    return [engine["name"] for engine in place["engines"]]


def _licences(texts: list[str]) -> QPlainTextEdit:
    shown = QPlainTextEdit()
    shown.setReadOnly(True)
    shown.setPlainText("\n\n".join(dict.fromkeys(texts)))
    shown.setMinimumHeight(180)
    shown.setAccessibleName(QApplication.translate("EnginesDialog", "Licences"))
    return shown
