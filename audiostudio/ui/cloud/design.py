"""Voice design: a description, three voices to hear, one to keep under a name."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JsonObject
from audiostudio.operations.cloud import costs
from audiostudio.ui.cloud.page import CostNote, ServicePage
from audiostudio.ui.cloud.rows import SoundRow, clear
from audiostudio.ui.speech.words import filled, length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, EmptyState, LabeledSlider

if TYPE_CHECKING:
    from audiostudio.ui.cloud.tab import CloudTab

DESCRIPTION = (20, 1000)
"""Characters, as the service takes them."""
SAMPLE = (100, 1000)


class DesignPage(ServicePage):
    def __init__(self, tab: "CloudTab") -> None:
        super().__init__(tab)
        self._described = ""
        self._ids: list[str] = []
        self.description = self._text(self.tr("Describe the voice"), 84)
        self.description.setPlaceholderText(
            self.tr("An old sailor with a rough, warm voice who takes his time and smiles while he speaks.")
        )
        self.sample = self._text(self.tr("What it says to be tried"), 60)
        self.sample.setPlaceholderText(self.tr("Empty: a text that fits is written for it."))
        self.guidance = LabeledSlider(self.tr("Keeps to the description"), 0.0, 100.0, 5.0, 1.0, " %", parent=self)
        self.loudness = LabeledSlider(self.tr("Loudness"), -1.0, 1.0, 0.0, 0.1, "", 1, self, signed=True)
        self.needs = self.caption("")
        self.cost = CostNote(self)
        self.make = Button(self.tr("Design three voices"), "primary", "sparkles", self)
        self.empty = EmptyState("mic-vocal", self.tr("Describe a voice, and hear three that fit."), parent=self)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("Name of the voice"))
        self.name.setAccessibleName(self.tr("Name of the voice"))
        self.keep = Button(self.tr("Keep it"), "primary", "check", self)
        self._keeping = QWidget(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        self._lay_out()
        self.description.textChanged.connect(self._look)
        self.sample.textChanged.connect(self._look)
        self.make.clicked.connect(self._make)
        self.name.textChanged.connect(lambda _text: self._look())
        self.name.returnPressed.connect(self._keep)
        self.keep.clicked.connect(self._keep)
        self.task.busy_changed.connect(lambda _busy: self._look())
        self._look()

    @property
    def chosen(self) -> str | None:
        """The id of the preview that would be kept."""
        return next((row.key for row in self.rows.values() if row.selected), None)

    def show_cost(self) -> None:
        said = self.sample.toPlainText().strip()
        self.cost.show_cost(costs.design(self.desk.studio, said), at_most=not said)

    # Inner

    def _look(self) -> None:
        """What can be pressed, and what it would cost."""
        described, said = len(self.description.toPlainText().strip()), len(self.sample.toPlainText().strip())
        good = DESCRIPTION[0] <= described <= DESCRIPTION[1] and (not said or SAMPLE[0] <= said <= SAMPLE[1])
        words = ""
        if not DESCRIPTION[0] <= described <= DESCRIPTION[1]:
            words = filled(self.tr("The description has {count} characters; it needs 20 to 1,000."), count=described)
        elif not good:
            words = filled(self.tr("The text has {count} characters; it needs 100 to 1,000, or none."), count=said)
        self.needs.setText(words)
        self.needs.setVisible(bool(words))
        self.show_cost()
        self.make.setEnabled(good and not self.task.busy)
        self.keep.setEnabled(bool(self.name.text().strip()) and self.chosen is not None and not self.task.busy)

    def _make(self) -> None:
        text, said = self.description.toPlainText().strip(), self.sample.toPlainText().strip()
        if not self.tab.paying.agree_to([costs.design(self.desk.studio, said)]):
            return
        request: JsonObject = {
            "description": text,
            "text": said,
            "guidance": self.guidance.value(),
            "loudness": self.loudness.value(),
        }
        self._described = text
        self.task.run(Job("cloud.design", request, self.tr("Design three voices")), self._designed)

    def _designed(self, result: JsonObject) -> None:
        self.tab.previews.stop()
        clear(self._rows, self.rows)
        self._ids = [one["id"] for one in result["previews"]]
        for number, one in enumerate(result["previews"], 1):
            name = filled(self.tr("Voice {number}"), number=number)
            row = self.rows[one["id"]] = SoundRow(one["id"], name, length(one["seconds"]), self)
            path = one["path"]
            row.play_wanted.connect(lambda key, path=path: self.hear(key, "library.listen", {"path": path}))
            row.clicked.connect(lambda row=row: self._choose(row))
            self._rows.addWidget(row)
        self.empty.hide()
        self._keeping.show()
        if self._ids:
            self._choose(self.rows[self._ids[0]])

    def _choose(self, row: SoundRow) -> None:
        for one in self.rows.values():
            one.set_selected(one is row)
        self._look()

    def _keep(self) -> None:
        chosen, name = self.chosen, self.name.text().strip()
        if chosen is None or not name:
            return
        unwanted = [one for one in self._ids if one != chosen]
        request = {"id": chosen, "name": name, "description": self._described, "unwanted": unwanted}
        title = filled(self.tr("Keep “{name}”"), name=name)
        self.task.run(Job("cloud.keep_voice", request, title), lambda result: self._kept(result["voice"], name))

    def _kept(self, voice: str, name: str) -> None:
        self.tab.previews.stop()
        clear(self._rows, self.rows)
        self.name.clear()
        self._keeping.hide()
        self.empty.show()
        self.desk.messages.say(filled(self.tr("“{name}” is one of your voices now."), name=name), tone="success")
        self.tab.show_voice(voice)

    def _text(self, name: str, height: int) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setAccessibleName(name)
        field.setTabChangesFocus(True)
        field.setFixedHeight(height)
        return field

    def _lay_out(self) -> None:
        keeping = QHBoxLayout(self._keeping)
        keeping.setContentsMargins(0, 0, 0, 0)
        keeping.setSpacing(GRID)
        keeping.addWidget(self.name, 1)
        keeping.addWidget(self.keep)
        self._keeping.hide()
        for field in (self.description, self.sample):
            self.column.addWidget(self.caption(field.accessibleName()))
            self.column.addWidget(field)
        sliders = QHBoxLayout()
        sliders.setSpacing(2 * GRID)
        sliders.addWidget(self.guidance, 1)
        sliders.addWidget(self.loudness, 1)
        self.column.addLayout(sliders)
        for widget in (self.needs, self.cost):
            self.column.addWidget(widget)
        self.column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.task)
        self.column.addLayout(self._rows)
        self.column.addWidget(self._keeping)
        self.column.addWidget(self.empty, 1)
        self.column.addStretch(1)
