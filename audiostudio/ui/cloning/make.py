"""Step 4: a name, and the making itself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JsonObject, Partial, Progress
from audiostudio.rights import inherited
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.cloning.making import MAKES, Making
from audiostudio.ui.cloning.words import kind_name, sell_words
from audiostudio.ui.jobs_panel import time_left
from audiostudio.ui.speech.words import counted, filled, language_name
from audiostudio.ui.theme import GRID, set_property
from audiostudio.ui.widgets import Badge, Button, Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiostudio.rights import Rights

LONGEST = 3600
"""Seconds that may be learnt at most."""


class MakeStep(QWidget):
    made = Signal(str)
    """The voice's id."""

    def __init__(self, making: Making, missing: "Callable[[], list[str]]", parent: QWidget | None = None) -> None:
        """`missing()`: what the steps before still need, as sentences."""
        super().__init__(parent)
        self.making, self._missing = making, missing
        self._consent: Callable[[], JsonObject | None] = lambda: None
        self._terms: Callable[[], Rights] = lambda: inherited(())
        self._watcher: JobWatcher | None = None
        self.name = QLineEdit(self)
        self.name.setMaxLength(60)
        self.name.setAccessibleName(self.tr("Name of the voice"))
        self.name.setPlaceholderText(self.tr("As it stands in the gallery and in the script"))
        self.tags = QLineEdit(self)
        self.tags.setAccessibleName(self.tr("Tags"))
        self.tags.setPlaceholderText(self.tr("Separated by commas"))
        self.more = Button(self.tr("More"), "ghost", "chevron-right", self, small=True)
        self.more.setCheckable(True)
        self.description = QLineEdit(self)
        self.description.setMaxLength(300)
        self.description.setAccessibleName(self.tr("Description"))
        self.keep = QCheckBox(self.tr("Keep the samples with the voice, so that it can be made again"), self)
        self.seconds = QSpinBox(self)
        self.seconds.setRange(0, LONGEST)
        self.seconds.setSingleStep(30)
        self.seconds.setSuffix(self.tr(" s"))
        self.seconds.setSpecialValueText(self.tr("As long as it needs"))
        self.seconds.setAccessibleName(self.tr("Learn at most"))
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("Another number makes a slightly different voice; the same one the same voice"))
        self.facts = QLabel(self)
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.sell = Badge("", "plain", self)
        self.lacks = QLabel(self)
        self.lacks.setWordWrap(True)
        self.lacks.setProperty("role", "warning")
        self.make = Button(self.tr("Make the voice"), "primary", "sparkles", self)
        self.progress = QFrame(self)
        self.progress.setProperty("surface", "panel")
        self.stage = QLabel(self.progress)
        self.stage.setWordWrap(True)
        self.bar = QProgressBar(self.progress)
        self.bar.setTextVisible(False)
        self.note = QLabel(self.progress)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.hide()
        self.left = QLabel(self.progress)
        self.left.setProperty("role", "small")
        self.cancel = Button(self.tr("Cancel"), "secondary", parent=self.progress, small=True)
        self.error = QLabel(self)
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setProperty("role", "error")
        self.error.hide()
        self._lay_out()
        self._connect()
        self.take_over()
        self.show_draft()

    @property
    def busy(self) -> bool:
        return self._watcher is not None

    def set_consent(self, record: "Callable[[], JsonObject | None]", terms: "Callable[[], Rights]") -> None:
        """Where the consent's record is had when the voice is made, and its terms."""
        self._consent, self._terms = record, terms

    def summary(self) -> str:
        return self.tr("Being made…") if self.busy else self.making.draft.name.strip()

    def start(self) -> None:
        """Make it, if nothing is missing."""
        if self.busy or not self._ready():
            return
        draft = self.making.draft
        options = {"language": draft.language, "seed": str(draft.seed)}
        if draft.seconds:
            options["seconds"] = str(draft.seconds)
        request: JsonObject = {
            "name": " ".join(draft.name.split()),
            "engine": draft.engine,
            "language": draft.language,
            "samples": [{"path": one.now.path, "name": one.name} for one in draft.usable],
            "options": options,
            "card": {"description": draft.description.strip(), "tags": draft.tags},
            "keep_samples": draft.keep_samples,
        }
        consent = self._consent()
        if consent is not None:
            request["consent"] = consent
        if draft.again:
            request["voice"] = draft.again
        title = filled(self.tr("Make the voice “{name}”"), name=request["name"])
        operation = "voice.retrain" if draft.again else "voice.create"
        self.error.hide()
        self.note.clear()
        self.note.hide()
        watcher = self.making.run(Job(operation, request, title), self._made, self._failed)
        if watcher is not None:
            self._watch(watcher)
        self.making.changed.emit()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_over(self) -> None:
        """A voice of this draft that was being made when another project was opened."""
        for watcher in self.making.desk.jobs.active:
            job = watcher.job
            if job.operation in MAKES and job.request.get("voice", "") == self.making.draft.again and not self.busy:
                self.making.follow(watcher, self._made, self._failed)
                self._watch(watcher)
                self._progressed(watcher.latest)

    def show_draft(self) -> None:
        draft, engine = self.making.draft, self.making.engine
        values = ((self.name, draft.name), (self.description, draft.description))
        for field, text in values:
            if field.text() != text:
                field.setText(text)
        if not self.tags.hasFocus():
            self.tags.setText(", ".join(draft.tags))
        for box, number in ((self.seed, draft.seed), (self.seconds, draft.seconds or 0)):
            box.blockSignals(True)
            box.setValue(number)
            box.blockSignals(False)
        self.keep.blockSignals(True)
        self.keep.setChecked(draft.keep_samples)
        self.keep.blockSignals(False)
        self._show_facts()
        lacks = self._missing()
        if engine is not None and not lacks and not self.busy:
            lacks = self._nameless()
        self.lacks.setText("\n".join(lacks))
        self.lacks.setVisible(bool(lacks) and not self.busy)
        self.make.setEnabled(self._ready() and not self.busy)
        self.make.setVisible(not self.busy)
        self.progress.setVisible(self.busy)
        for widget in (self.name, self.tags, self.more, *self._folded):
            widget.setEnabled(not self.busy)

    # Inner

    def _ready(self) -> bool:
        return not self._missing() and not self._nameless()

    def _nameless(self) -> list[str]:
        """What is wrong with its name, as sentences."""
        draft = self.making.draft
        name = " ".join(draft.name.split())
        if not name:
            return [self.tr("Give the voice a name.")]
        voices = self.making.desk.studio.voices.voices()
        taken = [one for one in voices if one.card.name.casefold() == name.casefold() and one.voice.id != draft.again]
        if taken and draft.made is None:
            return [filled(self.tr("There is already a voice called “{name}”: choose another name."), name=name)]
        return []

    def _show_facts(self) -> None:
        draft, engine = self.making.draft, self.making.engine
        self.sell.setVisible(engine is not None)
        if engine is None:
            self.facts.clear()
            return
        parts = (
            f"{kind_name(engine)}, {engine.title}",
            language_name(draft.language),
            counted(len(draft.usable), self.tr("1 sample"), self.tr("%n samples")),
            draft.consent.person,
        )
        self.facts.setText(" · ".join(part for part in parts if part))
        words, tone = sell_words(inherited([engine.rights, self._terms()]), engine.capabilities.remote)
        self.sell.setText(words)
        set_property(self.sell, "tone", tone)

    def _watch(self, watcher: JobWatcher) -> None:
        self._watcher = watcher
        watcher.progress.connect(self._progressed)
        watcher.partial.connect(self._told)
        self._progressed(Progress(None, self.tr("Getting ready")))

    def _told(self, partial: Partial) -> None:
        if partial.kind == "note":
            self.note.setText("\n".join(filter(None, (self.note.text(), partial.data["message"]))))
            self.note.show()

    def _progressed(self, progress: Progress) -> None:
        if progress.message:
            self.stage.setText(progress.message)
        self.bar.setRange(0, 0 if progress.fraction is None else 1000)
        if progress.fraction is not None:
            self.bar.setValue(round(1000 * progress.fraction))
        left = time_left(progress.seconds_left)
        self.left.setText(filled(self.tr("{time} left"), time=left) if left else "")

    def _made(self, result: JsonObject) -> None:
        self._watcher = None
        draft = self.making.draft
        draft.made = result | {"engine": draft.engine, "method": self._method(), "person": draft.consent.person}
        self.making.touch()
        self.made.emit(result["voice"])

    def _method(self) -> str:
        engine = self.making.engine
        return engine.capabilities.cloning if engine is not None else ""

    def _failed(self, error: StudioError | None) -> None:
        self._watcher = None
        if error is not None:
            self.error.setText(f"{error.sentence} {error.hint}".strip())
            self.error.show()
        self.making.changed.emit()

    def _write(self, *_value: object) -> None:
        draft = self.making.draft
        draft.name, draft.description = self.name.text(), self.description.text()
        draft.tags = [tag for part in self.tags.text().split(",") if (tag := " ".join(part.split()))]
        draft.keep_samples, draft.seed = self.keep.isChecked(), self.seed.value()
        draft.seconds = self.seconds.value() or None
        self.making.touch()

    def _unfold(self, on: bool) -> None:
        self.more.set_icon("chevron-down" if on else "chevron-right")
        for widget in self._folded:
            self._form.setRowVisible(widget, on)

    def _connect(self) -> None:
        for field in (self.name, self.tags, self.description):
            field.textEdited.connect(self._write)
        self.name.returnPressed.connect(self.start)
        self.keep.toggled.connect(self._write)
        for box in (self.seed, self.seconds):
            box.valueChanged.connect(self._write)
        self.more.toggled.connect(self._unfold)
        self.make.clicked.connect(self.start)
        self.cancel.clicked.connect(lambda: self._watcher.cancel() if self._watcher else None)
        self.making.changed.connect(self.show_draft)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.facts, 1)
        head.addWidget(self.sell)
        form = self._form = Form("secondary")
        form.row(self.name.accessibleName(), self.name)
        form.row(self.tags.accessibleName(), self.tags)
        more = QHBoxLayout()
        more.addWidget(self.more)
        more.addStretch(1)
        form.addRow(more)
        self._folded = (self.description, self.seconds, self.seed, self.keep)
        for widget in self._folded[:-1]:
            form.row(widget.accessibleName(), widget)
        form.addRow(self.keep)
        for box in (self.seconds, self.seed):
            box.setMaximumWidth(220)
            box.lineEdit().setTextMargins(GRID, 0, 0, 0)  # the style sheet's padding stops at the buttons
        self._unfold(False)
        foot = QHBoxLayout()
        foot.addWidget(self.left, 1)
        foot.addWidget(self.cancel)
        inner = QVBoxLayout(self.progress)
        inner.setContentsMargins(2 * GRID, GRID + GRID // 2, 2 * GRID, GRID + GRID // 2)
        inner.setSpacing(GRID)
        inner.addWidget(self.stage)
        inner.addWidget(self.bar)
        inner.addWidget(self.note)
        inner.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addLayout(head)
        column.addLayout(form)
        column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.progress)
        column.addWidget(self.lacks)
        column.addWidget(self.error)
        column.addStretch(1)
