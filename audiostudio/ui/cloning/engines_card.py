"""An engine environment with the engines in it, and how an installation goes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JobState, JsonObject, Outcome, Progress
from audiostudio.rights import Rights
from audiostudio.ui.library.details import sale_words
from audiostudio.ui.speech.words import filled, megabytes
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, FlowLayout, Separator

if TYPE_CHECKING:
    from audiostudio.ui.bridge import JobWatcher


def _tr(text: str) -> str:
    return QCoreApplication.translate("Engines", text)


def state_words(state: str) -> tuple[str, str]:
    """Of an environment, and the tone of its badge."""
    return {
        "missing": (_tr("Not installed"), "plain"),
        "incomplete": (_tr("Half installed"), "warning"),
        "ready": (_tr("Ready"), "success"),
        "outdated": (_tr("Works, an update is there"), "warning"),
        "broken": (_tr("Broken"), "error"),
        "installing": (_tr("Being installed"), "accent"),
        "unavailable": (_tr("Not for this kind of computer"), "plain"),
    }[state]


def install_words(state: str) -> str:
    """What installing is called in a state."""
    return {
        "incomplete": _tr("Go on…"),
        "outdated": _tr("Update…"),
        "broken": _tr("Repair…"),
    }.get(state, _tr("Install…"))


class EngineRow(QWidget):
    """One engine: its terms, and what it still needs."""

    install_wanted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLabel(self)
        self.name.setProperty("role", "strong")
        self.sale = Badge("", "plain", self)
        self.state = QLabel(self)
        self.state.setProperty("role", "small")
        self.state.setWordWrap(True)
        self.install = Button(_tr("Fetch…"), "secondary", "download", self, small=True)
        self.install.clicked.connect(lambda: self.install_wanted.emit(name))
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name)
        head.addWidget(self.sale)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addLayout(head)
        words.addWidget(self.state)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(words, 1)
        row.addWidget(self.install)

    def show_engine(self, engine: JsonObject, environment: str) -> None:
        """`environment`: the state of that which it runs in; `ready` where it needs none."""
        missing = [model for model in engine["models"] if model["state"] != "present"]
        words, tone = sale_words(Rights.from_json(engine["rights"]))
        self.name.setText(engine["title"])
        self.sale.setText(words)
        self.sale.setProperty("tone", tone)
        self.sale.style().polish(self.sale)
        names = ", ".join(f"{model['title']} ({megabytes(model['download'])})" for model in missing)
        if environment not in ("ready", "outdated"):
            told = _tr("Waits for what it runs in.")
            told += f" {filled(_tr('Its model comes along: {names}.'), names=names)}" if missing else ""
        else:
            told = filled(_tr("Needs {names}."), names=names) if missing else _tr("Ready")
        self.state.setText(told)
        self.install.setText(_tr("Fetch…") if environment == "ready" else _tr("Install…"))
        self.install.setVisible(bool(missing) or environment in ("missing", "incomplete", "broken"))
        self.setAccessibleName(f"{engine['title']}, {words}, {told}")


class EnvironmentCard(QFrame):
    install_wanted = Signal(str)
    """An environment or an engine."""
    remove_wanted = Signal(str)
    check_wanted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("message", "info")
        self.name = name
        self.rows: dict[str, EngineRow] = {}
        self.watcher: JobWatcher | None = None
        """What is done to it now."""
        self._place: JsonObject = {}
        self.title = QLabel(self)
        self.title.setProperty("role", "subheading")
        self.state = Badge("", "plain", self)
        self.purpose = self._words("secondary")
        self.size = self._words("small")
        self.diagnosis = self._words("small")
        self.problem = self._words("problem")
        for label in (self.diagnosis, self.problem):
            label.hide()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.message = self._words("small")
        self.cancel = Button(_tr("Cancel"), "secondary", parent=self, small=True)
        self.install = Button("", "primary", "download", self, small=True)
        self.check = Button(_tr("Check"), "secondary", "circle-check", self, small=True)
        self.check.setToolTip(_tr("Start it and see what works, and on which device"))
        self.remove = Button(_tr("Remove…"), "secondary", "trash-2", self, small=True)
        self._engines = QVBoxLayout()
        self._engines.setSpacing(GRID + HALF)
        self._lay_out()
        self.install.clicked.connect(lambda: self.install_wanted.emit(self.name))
        self.check.clicked.connect(lambda: self.check_wanted.emit(self.name))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.name))
        self.cancel.clicked.connect(lambda: self.watcher.cancel() if self.watcher else None)

    def show_place(self, place: JsonObject) -> None:
        """As `operations.engines.overview` describes it."""
        self._place = place
        self.title.setText(place["title"])
        self.purpose.setText(place["purpose"])
        for engine in place["engines"]:
            row = self.rows.get(engine["name"])
            if row is None:
                row = self.rows[engine["name"]] = EngineRow(engine["name"], self)
                row.install_wanted.connect(self.install_wanted)
                self._engines.addWidget(row)
            row.show_engine(engine, place["state"])
            row.install.setEnabled(place["available"])
        self._show_state()

    def follow(self, watcher: "JobWatcher") -> None:
        """Something is done to it."""
        if self.watcher is not None or watcher.done:
            return
        self.watcher = watcher
        self.problem.hide()
        watcher.progress.connect(self._progressed)
        watcher.finished.connect(self._finished)
        self._progressed(watcher.latest)
        self._show_state()

    def _finished(self, outcome: Outcome) -> None:
        watcher, self.watcher = self.watcher, None
        if isinstance(outcome.error, StudioError):
            self.problem.setText(f"{outcome.error.sentence} {outcome.error.hint}".strip())
            self.problem.show()
            watcher.told = self.isVisible()
        elif watcher.job.operation == "engines.doctor" and outcome.state is JobState.DONE:
            self._show_diagnosis(outcome.result or {})
        self._show_state()

    def _show_diagnosis(self, found: JsonObject) -> None:
        """As `engines.doctor` tells it."""
        told = [filled(_tr("Python {version}"), version=found["python"])]
        if found["device"]:
            told.append(filled(_tr("runs on {device}"), device=found["device"]))
        lines = [" · ".join(told)]
        lines += [
            filled(_tr("{module} does not work: {why}"), module=one, why=why) for one, why in found["failures"].items()
        ]
        for name, (wanted, there) in found["drifted"].items():
            lines.append(filled(_tr("{name} is {there}, not {wanted}"), name=name, there=there, wanted=wanted))
        if len(lines) == 1:
            lines.append(_tr("All of it works."))
        self.diagnosis.setText("\n".join(lines[:8]))
        self.diagnosis.show()

    def _progressed(self, progress: Progress) -> None:
        self.bar.setRange(0, 0 if progress.fraction is None else 1000)
        self.bar.setValue(round(1000 * (progress.fraction or 0.0)))
        self.message.setText(progress.message)

    def _show_state(self) -> None:
        place, busy = self._place, self.watcher is not None
        if not place:
            return
        installing = busy and self.watcher.job.operation == "engines.install"
        state = "installing" if installing else place["state"] if place["available"] else "unavailable"
        words, tone = state_words(state)
        self.state.setText(words)
        self.state.setProperty("tone", tone)
        self.state.style().polish(self.state)
        here = filled(_tr("{size} on the disk."), size=megabytes(place["size"])) if place["size"] else ""
        wanted = filled(
            _tr("{download} to fetch, {disk} on the disk."),
            download=megabytes(place["download"]),
            disk=megabytes(place["disk"]),
        )
        self.size.setText(f"{here or wanted} {_tr('Licences: {names}').replace('{names}', place['licences'])}")
        for widget in (self.bar, self.message, self.cancel):
            widget.setVisible(busy)
        whole = place["state"] == "ready"
        self.install.setText(install_words(place["state"]))
        self.install.setVisible(not busy and not whole and place["available"])
        self.check.setVisible(not busy and place["state"] in ("ready", "outdated", "broken"))
        self.remove.setVisible(not busy and place["state"] != "missing")
        for row in self.rows.values():
            row.install.setEnabled(not busy and place["available"])

    def _words(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title)
        head.addWidget(self.state)
        head.addStretch(1)
        box = QWidget(self)
        buttons = FlowLayout(box, GRID)
        for button in (self.install, self.check, self.remove):
            buttons.addWidget(button)
        going = QHBoxLayout()
        going.setSpacing(GRID)
        going.addWidget(self.message, 1)
        going.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID + HALF, 2 * GRID, GRID + HALF)
        column.setSpacing(GRID)
        column.addLayout(head)
        for widget in (self.purpose, self.size, self.problem, self.diagnosis, self.bar):
            column.addWidget(widget)
        column.addLayout(going)
        column.addWidget(box)
        column.addWidget(Separator(parent=self))
        column.addLayout(self._engines)
