"""The Tools page: a track above, a tool below it, and what came of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.engine_choice import music_engines
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.panel import Panel
from audiostudio.ui.music.tools.findings import Facts, Seams
from audiostudio.ui.music.tools.forms import ToolForm, form_of, tools
from audiostudio.ui.music.tools.source import SourceBox, TrackView, analysed_stretches
from audiostudio.ui.music.version_card import VersionCard
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, SectionHeader, SegmentedControl, steady

if TYPE_CHECKING:
    from audiostudio.jobs import JsonObject
    from audiostudio.library.model import Asset

_RESULTS = 12
"""That are shown; all are in the library."""


class ToolsPage(QScrollArea):
    def __init__(self, work: MusicWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._work = work
        self._tools = {one.name: one for one in tools()}
        self._running = ""
        self.shelf = Shelf(work, self)
        self.source = SourceBox(work, self.shelf, self)
        self.strip = SegmentedControl([(one.name, one.title) for one in self._tools.values()], self, self.tr("Tool"))
        engines = music_engines(work)
        self.forms: dict[str, ToolForm] = {name: form_of(one, engines, self) for name, one in self._tools.items()}
        self.about = QLabel(self)
        self.about.setProperty("role", "secondary")
        self.about.setWordWrap(True)
        self._stack = QStackedWidget(self)
        for form in self.forms.values():
            self._stack.addWidget(form)
            form.run.clicked.connect(self.run)
            form.changed.connect(self._look)
        self.making = MakingStrip(work.desk, self)
        self.facts = Facts(self)
        self.facts.hide()
        self.results: list[QWidget] = []
        self._lay_out()
        self.source.changed.connect(self._source_changed)
        self.strip.changed.connect(self._show)
        self.making.busy_changed.connect(lambda _busy: self._look())
        self.making.ended.connect(self._ended)
        work.sounds.changed.connect(self._show_state)
        work.sounds.moved.connect(self._moved)
        self.strip.choose(str(work.recall("tool", "fit")) if work.recall("tool", "fit") in self._tools else "fit")
        self._show(self.strip.value())
        kept = work.recall("tools source")
        if isinstance(kept, str):
            self.source.take(kept)

    @property
    def form(self) -> ToolForm:
        return self.forms[self.strip.value()]

    def show_piece(self) -> None:
        """The tools do not depend on the piece."""

    def take_asset(self, asset: str) -> None:
        self.source.take(asset)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        (self.source.choose if self.source.asset is None else self.form.run).setFocus(reason)

    def run(self) -> None:
        """Use the tool that is shown."""
        asset, form = self.source.asset, self.form
        if asset is None or not form.ready:
            return
        if form.tool.name == "lyrics":
            self._add_lyrics(asset)
            return
        request = {"asset": asset.id, **form.request()}
        title = f"{form.tool.title}: “{asset.name}”"
        self._running = form.tool.name
        self.making.run(Job(form.tool.operation, request, title, project=self._work.project.id))

    def close(self) -> bool:
        self.making.close()
        self.shelf.close()
        return super().close()

    def _show(self, name: str) -> None:
        self._stack.setCurrentWidget(self.forms[name])
        self._stack.setFixedHeight(max(one.sizeHint().height() for one in self.forms.values()))
        self.about.setText(self._tools[name].about)
        self._work.keep("tool", name)
        self._look()

    def _look(self) -> None:
        for form in self.forms.values():
            form.run.setEnabled(form.ready and not self.making.busy)

    def _source_changed(self) -> None:
        asset = self.source.asset
        for form in self.forms.values():
            form.show_asset(asset)
        known = asset.detail.get("analysis") if asset is not None else None
        self.facts.setVisible(isinstance(known, dict))
        if isinstance(known, dict):
            self._show_analysis(known)
        self._look()

    def _ended(self, outcome: Outcome) -> None:
        if outcome.state is not JobState.DONE or outcome.result is None:
            return
        result, tool = outcome.result, self._running
        if tool == "analyse":
            self._show_analysis(result)
        elif tool == "separate":
            stems = [one["asset"] for one in result["stems"]]
            self.shelf.look(stems, lambda assets: self._add_stems(assets))
        else:
            self.shelf.look([result["asset"]], lambda assets: self._add_result(tool, assets, result))

    def _show_analysis(self, found: "JsonObject") -> None:
        self.facts.show_analysis(found)
        self.facts.show()
        self.source.track.wave.show_stretches(analysed_stretches(found))
        downbeats = found.get("downbeats")
        self.source.track.wave.show_marks([float(one) for one in downbeats or ()], "border_strong")

    def _add_result(self, tool: str, assets: "list[Asset]", result: "JsonObject") -> None:
        for asset in assets:
            if tool == "fit":
                self._insert(self._fitted(asset, list(result.get("seams") or ())))
            else:
                self._insert(self._card(asset))

    def _fitted(self, asset: "Asset", seams: "list[JsonObject]") -> QWidget:
        """The track with its seams."""
        box = Panel(self)
        track = TrackView(self._work, self.shelf, box)
        track.show_asset(asset)
        to_timeline = Button(self.tr("To the timeline"), "secondary", "plus", box, small=True)
        to_timeline.clicked.connect(lambda: self._work.desk.errands.timeline_wanted.emit([asset.id]))
        library = Button(self.tr("Show in the library"), "ghost", "library-big", box, small=True)
        library.clicked.connect(lambda: self._work.desk.errands.asset_wanted.emit(asset.id))
        track.tools.addWidget(library)
        track.tools.addWidget(to_timeline)
        found = Seams(track, box)
        found.show_seams(seams)
        found.heard.connect(lambda start, end: self._work.sounds.play(track.key, asset.path, start, end))
        column = QVBoxLayout(box)
        column.setContentsMargins(GRID + HALF, GRID + HALF, GRID + HALF, GRID + HALF)
        column.setSpacing(GRID)
        column.addWidget(track)
        column.addWidget(found)
        return box

    def _add_stems(self, assets: "list[Asset]") -> None:
        for asset in reversed(assets):
            self._insert(self._card(asset))
        together = Button(self.tr("All stems to the timeline"), "secondary", "plus", self, small=True)
        ids = [asset.id for asset in assets]
        together.clicked.connect(lambda: self._work.desk.errands.timeline_wanted.emit(ids))
        self._insert(together)

    def _card(self, asset: "Asset") -> VersionCard:
        card = VersionCard(asset, self.shelf, self)
        card.show_kept(False, False)
        sounds, errands = self._work.sounds, self._work.desk.errands
        card.play_wanted.connect(lambda one: sounds.toggle(one.id, one.path))
        card.sought.connect(lambda one, at: sounds.play(one.id, one.path, at))
        card.timeline_wanted.connect(lambda one: errands.timeline_wanted.emit([one.id]))
        card.library_wanted.connect(lambda one: errands.asset_wanted.emit(one.id))
        card.tools_wanted.connect(lambda one: self.take_asset(one.id))
        card.remove_wanted.connect(lambda one: self._bin(one, card))
        return card

    def _show_state(self, key: str, state: str) -> None:
        for card in self._cards(key):
            card.show_state(state)

    def _moved(self, key: str, seconds: float) -> None:
        for card in self._cards(key):
            card.wave.set_position(seconds)

    def _cards(self, asset: str) -> list[VersionCard]:
        return [one for one in self.results if isinstance(one, VersionCard) and one.asset.id == asset]

    def _bin(self, asset: "Asset", card: VersionCard) -> None:
        library = self._work.desk.studio.library

        def gone(_none: object) -> None:
            if card in self.results:
                self._forget(card)

        self._work.clerk.ask(lambda: library.bin([asset.id]), gone)

    def _add_lyrics(self, asset: "Asset") -> None:
        tab = self.parentWidget()
        while tab is not None and not hasattr(tab, "add_lyrics"):
            tab = tab.parentWidget()
        if tab is not None:
            tab.add_lyrics(asset.id)

    def _insert(self, widget: QWidget) -> None:
        self._title.show()
        self._results.insertWidget(0, widget, 0, Qt.AlignmentFlag(0))
        self.results.insert(0, widget)
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget, 0, 2 * GRID))
        while len(self.results) > _RESULTS:
            self._forget(self.results[-1])

    def _forget(self, widget: QWidget) -> None:
        self.results.remove(widget)
        self._results.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * GRID, GRID + HALF, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + HALF)
        heading = QLabel(self.tr("Tools for any music"), inner)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addWidget(self.source)
        column.addWidget(self.facts)
        column.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.about)
        column.addWidget(self._stack)
        column.addWidget(self.making)
        self._title = SectionHeader(self.tr("Results"), inner)
        self._title.hide()
        column.addWidget(self._title)
        self._results = QVBoxLayout()
        self._results.setSpacing(GRID + HALF)
        column.addLayout(self._results)
        column.addStretch(1)
        self.setWidget(inner)
