"""The Music page: what is wanted on the left; presets, versions and the score on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JobState, Outcome, Partial
from audiostudio.music.plan import Brief
from audiostudio.timeline import songs
from audiostudio.timeline.schema import encode
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.compose import ComposePanel
from audiostudio.ui.music.gallery import Gallery
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.plans import plan_from
from audiostudio.ui.music.score.page import ScorePage
from audiostudio.ui.music.versions import VersionList
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.jobs import JsonObject
    from audiostudio.music.presets import Preset

PRESETS, VERSIONS, SCORE = "presets", "versions", "score"


class MusicPage(QWidget):
    def __init__(self, work: MusicWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._made_for = ""
        """The piece that music is being made of."""
        self._run = 0
        """How many pieces have come of this run."""
        self.shelf = Shelf(work, self)
        self.compose = ComposePanel(work, self.shelf, self)
        self.making = MakingStrip(work.desk, self)
        self.strip = SegmentedControl(
            ((PRESETS, self.tr("Presets")), (VERSIONS, self.tr("Versions")), (SCORE, self.tr("Edit"))),
            self,
            self.tr("Show"),
        )
        self.gallery = Gallery(work, self.shelf, self)
        self.versions = VersionList(work, self.shelf, self)
        self._stack = QStackedWidget(self)
        self.pages: dict[str, QWidget] = {PRESETS: self.gallery, VERSIONS: self.versions}
        """Those that were made: the score's when it is first shown."""
        for page in self.pages.values():
            self._stack.addWidget(page)
        self._lay_out()
        self.strip.changed.connect(self._show)
        self.gallery.used.connect(self.use)
        self.versions.presets_wanted.connect(lambda: self.go(PRESETS))
        self.versions.kept.connect(lambda: self.go(SCORE))
        self.versions.tools_wanted.connect(self._use_tool)
        self.compose.make_wanted.connect(self.make)
        self.making.came.connect(self._came)
        self.making.ended.connect(self._ended)
        self.making.busy_changed.connect(self.compose.show_busy)
        self.making.busy_changed.connect(self.versions.show_busy)
        self.setFocusProxy(self.compose)
        usual = VERSIONS if work.piece is not None and work.piece.versions else PRESETS
        self.go(str(work.recall("music page", usual)))

    @property
    def shown(self) -> str:
        return self.strip.value()

    @property
    def score(self) -> ScorePage:
        made = self.pages.get(SCORE)
        if not isinstance(made, ScorePage):
            made = self.pages[SCORE] = ScorePage(self._work, self.shelf, self.versions, self)
            self._stack.addWidget(made)
            made.presets_wanted.connect(lambda: self.go(PRESETS))
            made.update_wanted.connect(self.update_music)
            self.making.busy_changed.connect(made.show_busy)
            made.show_busy(self.making.busy)
        return made

    def go(self, name: str) -> None:
        """Show presets, versions or the score."""
        if name in (PRESETS, VERSIONS, SCORE):
            self.strip.choose(name)
            self._show(name)

    def show_piece(self) -> None:
        """The piece that is shown may be another one."""
        self.compose.show_piece(self._work.piece)
        self.versions.show_piece()
        if self.shown == SCORE:
            self.score.show_piece()

    def use(self, preset: "Preset") -> None:
        """Begin with a preset: in the piece that is shown while nothing was made of it, else in a new one."""
        fields = {"title": preset.title, "prompt": preset.prompt, "brief": Brief()}
        piece = self._work.piece
        if piece is not None and not piece.versions and piece.plan is None:
            self._work.change(self.tr("Use “{name}”").replace("{name}", preset.title), **fields)
        else:
            self._work.begin(**fields)
        self.compose.make.setFocus(Qt.FocusReason.OtherFocusReason)

    def make(self) -> None:
        """Compose anew, from the words."""
        if self._work.piece is None:
            self._work.begin()
        if self._work.piece is not None:
            self._submit(self.compose.request(), self.tr("Make music"))

    def update_music(self) -> None:
        """Render the score as it was edited."""
        piece = self._work.piece
        if piece is None or piece.plan is None:
            return
        request = {**self.compose.request_of(piece), "plan": encode(piece.plan)}
        self._submit(request, self.tr("Render the score"))

    def close(self) -> bool:
        self.making.close()
        self.compose.close()
        for page in self.pages.values():
            page.close()
        self.shelf.close()
        return super().close()

    def _submit(self, request: "JsonObject", title: str) -> None:
        piece = self._work.piece
        assert piece is not None
        if self.making.busy:  # what is made now belongs to another run
            return
        name = {"name": piece.title} if piece.title else {}
        wanted = {**request, **name, "project": self._work.project.id, "song": piece.id}
        self._made_for, self._run = piece.id, 0
        began = self.making.run(Job("music.make", wanted, title, project=self._work.project.id))
        if began and self.shown == PRESETS:
            self.go(VERSIONS)

    def _came(self, part: Partial) -> None:
        if part.kind != "piece":
            return
        data, identity = part.data, self._made_for
        plan = plan_from(data.get("plan")) if self._run == 0 else None
        self._run += 1
        if any(one.id == identity for one in self._work.pieces):
            label = self.tr("Make “{name}”").replace("{name}", data["name"])
            self._work.edit(label, lambda project: songs.made(project, identity, plan, [data["asset"]]), identity)

    def _ended(self, outcome: Outcome) -> None:
        if outcome.state is JobState.DONE and self.shown == PRESETS:
            self.go(VERSIONS)

    def _use_tool(self, asset: str) -> None:
        tab = self.parentWidget()
        while tab is not None and not hasattr(tab, "use_tool"):
            tab = tab.parentWidget()
        if tab is not None:
            tab.use_tool(asset)

    def _show(self, name: str) -> None:
        page = self.score if name == SCORE else self.pages[name]
        typing = self.compose.isAncestorOf(QApplication.focusWidget() or self)
        self._stack.setCurrentWidget(page)
        self._work.keep("music page", name)
        for part in (self.compose, self._line):  # the score needs the room
            part.setVisible(name != SCORE)
        if name == SCORE:
            self.score.show_piece()
            if typing:
                self.score.lane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(2 * GRID, GRID + GRID // 2, GRID, 0)
        right.setSpacing(GRID + GRID // 2)
        right.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.making)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.compose)
        self._line = Separator(True, self)
        row.addWidget(self._line)
        row.addLayout(right, 1)
