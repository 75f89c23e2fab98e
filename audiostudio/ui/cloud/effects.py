"""Sound effects: described, made into the library, heard, dragged to where they are needed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from audiostudio.jobs import Job, JsonObject
from audiostudio.operations.cloud import costs
from audiostudio.ui.cloud.page import CostNote, ServicePage
from audiostudio.ui.cloud.rows import SoundRow, clear
from audiostudio.ui.speech.words import length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, EmptyState, LabeledSlider

if TYPE_CHECKING:
    from audiostudio.library.model import Asset
    from audiostudio.ui.cloud.tab import CloudTab

MOST = 30
"""Of the newest that are listed; all are in the library."""
SECONDS = (0.5, 30.0)


class EffectsPage(ServicePage):
    def __init__(self, tab: "CloudTab") -> None:
        super().__init__(tab)
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName(self.tr("What is to be heard"))
        self.text.setPlaceholderText(self.tr("A heavy oak door creaks open, then rain on a tin roof."))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(72)
        self.free = QCheckBox(self.tr("As long as it needs"), self)
        self.free.setChecked(True)
        self.seconds = LabeledSlider(self.tr("Seconds"), *SECONDS, 5.0, 0.5, " s", 1, self)
        self.seconds.setEnabled(False)
        self.influence = LabeledSlider(self.tr("Keeps to the words"), 0.0, 100.0, 30.0, 5.0, " %", parent=self)
        self.loop = QCheckBox(self.tr("Seamless loop"), self)
        self.cost = CostNote(self)
        self.make = Button(self.tr("Make the sound"), "primary", "audio-lines", self)
        self.empty = EmptyState(
            "audio-lines",
            self.tr("Describe a sound. It comes into the library, and can be dragged from here."),
            parent=self,
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        self._lay_out()
        self.text.textChanged.connect(self._look)
        self.free.toggled.connect(lambda on: self.seconds.setEnabled(not on))
        self.free.toggled.connect(lambda _on: self._look())
        self.seconds.value_changed.connect(lambda _value: self._look())
        self.make.clicked.connect(self._make)
        self.task.busy_changed.connect(lambda _busy: self._look())
        self._look()
        self._list()

    @property
    def wanted(self) -> float | None:
        """Seconds; None: as long as it needs."""
        return None if self.free.isChecked() else self.seconds.value()

    def show_cost(self) -> None:
        self.cost.show_cost(costs.sound_effect(self.desk.studio, self.wanted))

    # Inner

    def _look(self) -> None:
        self.show_cost()
        self.make.setEnabled(bool(self.text.toPlainText().strip()) and not self.task.busy)

    def _make(self) -> None:
        if not self.tab.paying.agree_to([costs.sound_effect(self.desk.studio, self.wanted)]):
            return
        request: JsonObject = {
            "text": self.text.toPlainText().strip(),
            "seconds": self.wanted,
            "influence": self.influence.value() / 100,
            "loop": self.loop.isChecked(),
            "project": self.tab.session.project.id,
        }
        title = self.tr("Make a sound effect")
        self.task.run(Job("cloud.sound_effect", request, title), lambda _result: self._list())

    def _list(self) -> None:
        """The newest of them, looked up beside the window."""
        from audiostudio.library.model import AssetKind, AssetSource, Query

        query = Query(kinds=(AssetKind.SOUND_EFFECT,), sources=(AssetSource.AI_VOICE,))
        self.tab.beside(lambda: self.desk.studio.library.search(query, 0, MOST).assets, self._show)

    def _show(self, assets: "tuple[Asset, ...]") -> None:
        clear(self._rows, self.rows)
        for asset in assets:
            row = self.rows[asset.id] = SoundRow(asset.id, asset.name, length(asset.duration or 0.0), self)
            row.asset = asset
            path = str(asset.path)
            row.play_wanted.connect(lambda key, path=path: self.hear(key, "library.listen", {"path": path}))
            self._rows.addWidget(row)
        self.empty.setVisible(not assets)

    def _lay_out(self) -> None:
        self.column.addWidget(self.caption(self.text.accessibleName()))
        self.column.addWidget(self.text)
        sliders = QHBoxLayout()
        sliders.setSpacing(2 * GRID)
        sliders.addWidget(self.seconds, 1)
        sliders.addWidget(self.influence, 1)
        boxes = QHBoxLayout()
        boxes.setSpacing(2 * GRID)
        boxes.addWidget(self.free)
        boxes.addWidget(self.loop)
        boxes.addStretch(1)
        self.column.addLayout(boxes)
        self.column.addLayout(sliders)
        self.column.addWidget(self.cost)
        self.column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.task)
        self.column.addLayout(self._rows)
        self.column.addWidget(self.empty, 1)
        self.column.addStretch(1)
