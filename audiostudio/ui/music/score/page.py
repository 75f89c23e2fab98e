"""The score of the piece that is shown. Every edit is one of its plan, in the project's undo; Update renders it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job
from audiostudio.music import planning
from audiostudio.music.plan import FASTEST, SLOWEST, Plan
from audiostudio.music.score import Score
from audiostudio.music.theory import Key
from audiostudio.timeline.schema import encode
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.more import new_seed
from audiostudio.ui.music.plans import plan_of
from audiostudio.ui.music.popups import KeyPopup
from audiostudio.ui.music.score import edits
from audiostudio.ui.music.score.lane import SectionLane
from audiostudio.ui.music.score.parts import HEAD, PartRow
from audiostudio.ui.music.score.section_panel import SectionPanel
from audiostudio.ui.music.versions import VersionList
from audiostudio.ui.music.words import length, number
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, EmptyState, IconButton, Menu, steady

if TYPE_CHECKING:
    from audiostudio.library.model import Asset

_HEAR = 12
"""Seconds of a section that is only heard to try it."""


class ScorePage(QWidget):
    presets_wanted = Signal()
    update_wanted = Signal()

    def __init__(self, work: MusicWork, shelf: Shelf, versions: VersionList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._shelf, self._versions = work, shelf, versions
        self._plan: Plan | None = None
        self.score: Score | None = None
        """As the plan is now; None while it is composed."""
        self._piece = ""
        self._busy = False
        self.rows: list[PartRow] = []
        self.empty = EmptyState(
            "sliders-horizontal",
            self.tr("Make music first: then its sections, chords and parts can be edited here."),
            self.tr("Show presets"),
            self,
        )
        self.empty.acted.connect(self.presets_wanted)
        self.body = QWidget(self)
        self._build()
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty, 1)
        column.addWidget(self.body, 1)
        self.show_piece()

    # What is shown

    def show_piece(self) -> None:
        """The piece that is shown may be another one, or its plan."""
        piece = self._work.piece
        plan = piece.plan if piece is not None else None
        self.empty.setVisible(plan is None)
        self.body.setVisible(plan is not None)
        identity = piece.id if piece is not None else ""
        if identity != self._piece:
            self._piece, self.score = identity, None
            self.lane.at = 0
        if plan is self._plan and self.score is not None:
            self._show()
            return
        self._plan = plan
        if plan is None:
            return
        self._show()
        self._work.clerk.ask(lambda: _composed(plan), lambda score: self._composed(plan, score), "score")

    def show_busy(self, busy: bool) -> None:
        self._busy = busy
        self.renew.set_busy(busy)
        self._show_changes()

    @property
    def rendering(self) -> "Asset | None":
        """The version that sounds as the plan says, else the newest of those that it goes back to."""
        planned = [(asset, plan_of(asset)) for asset in self._versions.assets]
        same = [asset for asset, plan in planned if plan is not None and plan == self._plan]
        seed = self._plan.seed if self._plan is not None else None
        akin = [asset for asset, plan in planned if plan is not None and plan.seed == seed]
        others = [asset for asset, plan in planned if plan is not None]
        return next(iter((*same, *akin, *others)), None)

    def _composed(self, plan: Plan, score: Score) -> None:
        if plan is self._plan:
            self.score = score
            self._show()

    def _show(self) -> None:
        plan = self._plan
        if plan is None:
            return
        if not self.bpm.hasFocus():
            self.bpm.setText(number(plan.bpm))
        self.key.setText(plan.key)
        self.key.setAccessibleName(self.tr("Key: {key}").replace("{key}", plan.key))
        self.facts.setText(f"{plan.metre}  ·  {length(plan.seconds)}")
        self._show_changes()
        self._show_section()
        while len(self.rows) > len(plan.parts):
            row = self.rows.pop()
            self._parts.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(plan.parts):
            self._add_row(len(self.rows))
        rendered = self.rendering
        _, changed, _ = edits.changes(plan, plan_of(rendered) if rendered is not None else None)
        alone, score = edits.alone_at(plan), self._fitting()
        for number_, row in enumerate(self.rows):
            row.show_part(plan.parts[number_], alone == number_, number_ in changed and rendered is not None)
            row.show_score(score, score.parts[number_] if score is not None and number_ < len(score.parts) else None)

    def _show_changes(self) -> None:
        plan, rendered = self._plan, self.rendering
        if plan is None:
            return
        sections, parts, whole = edits.changes(plan, plan_of(rendered) if rendered is not None else None)
        changed = bool(sections or parts or whole)
        score = self._fitting()
        chords = [edits.chords_of(plan, score, n) for n in range(len(plan.sections))] if score is not None else []
        self.lane.show_plan(plan, chords, sections if rendered is not None else frozenset())
        self.state.setVisible(changed and rendered is not None)
        self.play.setEnabled(rendered is not None)
        self.renew.setEnabled(changed and not self._busy and not self._work.session.read_only)

    def _show_section(self) -> None:
        plan, score = self._plan, self._fitting()
        if plan is None or not plan.sections:
            return
        at = min(self.lane.at, len(plan.sections) - 1)
        chords = edits.chords_of(plan, score, at) if score is not None else plan.sections[at].chords
        self.section.show_section(plan.sections[at], chords, Key.parse(plan.key))

    def _fitting(self) -> Score | None:
        """The score while it has the plan's sections: a moment after an edit it does not."""
        score, plan = self.score, self._plan
        if score is None or plan is None or len(score.sections) != len(plan.sections):
            return None
        same = all(one.bars == other.bars for one, other in zip(score.sections, plan.sections, strict=True))
        return score if same else None

    # What the user does

    def edit(self, label: str, change: Callable[[Plan], Plan], merge: str = "") -> None:
        """One undo step of the project."""
        if self._plan is None:
            return
        try:
            changed = change(self._plan)
        except StudioError as error:
            self._work.desk.messages.error(error)
            self._show()
            return
        if changed != self._plan:
            self._work.change(label, merge, plan=changed)
        else:
            self._show()

    def hear(self, index: int) -> None:
        """A section: of the rendering while that is as the score says, else composed and rendered just now."""
        plan, rendered = self._plan, self.rendering
        if plan is None:
            return
        sounds, key = self._work.sounds, f"section {index}"
        if sounds.state(key) != "idle":
            sounds.stop()
            return
        start, end = self._span(index)
        if rendered is not None and plan_of(rendered) == plan:
            sounds.play(key, rendered.path, start, end)
            return
        wanted = edits.only(plan, index)
        job = Job("music.audition", {"plan": encode(wanted), "seconds": min(_HEAR, wanted.seconds)}, self.tr("Hear it"))
        sounds.toggle_made(key, job)

    def _span(self, index: int) -> tuple[float, float]:
        """Seconds of a section."""
        plan = self._plan
        assert plan is not None
        bars = sum(section.bars for section in plan.sections[:index])
        score = self.score
        if score is None:
            return 0.0, plan.seconds
        bar = score.metre.bar
        return score.seconds_at(bars * bar), score.seconds_at((bars + plan.sections[index].bars) * bar)

    def _set_tempo(self) -> None:
        try:
            bpm = float(self.bpm.text().replace(",", "."))
        except ValueError:
            bpm = 0.0
        if SLOWEST <= bpm <= FASTEST:
            self.edit(self.tr("Change the tempo"), lambda plan: edits.at_tempo(plan, bpm) if bpm != plan.bpm else plan)
        else:
            self._show()

    def _open_keys(self) -> KeyPopup | None:
        if self._plan is None:
            return None
        popup = KeyPopup(self.window(), self._plan.key)
        label = self.tr("Change the key")
        popup.chosen.connect(lambda key: self.edit(label, lambda plan: planning.in_key(plan, key), "key"))
        popup.open_below(self.key)
        return popup

    def _open_adding(self) -> None:
        from audiostudio.ui.music.structure import KINDS
        from audiostudio.ui.music.words import shown

        menu = Menu(self)
        at = self.lane.at + 1
        for kind in KINDS:
            label = self.tr("Add “{name}”").replace("{name}", shown(kind))
            action = menu.addAction(shown(kind))
            action.triggered.connect(
                lambda _on=False, kind=kind, label=label: self.edit(
                    label, lambda plan: edits.added(plan, at, kind, new_seed())
                )
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.section.add.mapToGlobal(self.section.add.rect().bottomLeft()))

    def _play(self) -> None:
        rendered = self.rendering
        if rendered is not None:
            self._work.sounds.toggle(rendered.id, rendered.path)

    def _sound_changed(self, key: str, state: str) -> None:
        rendered = self.rendering
        on = state in ("busy", "playing")
        if rendered is not None and key == rendered.id:
            self.play.set_icon("pause:solid" if on else "play:solid")
            self.play.set_label(self.tr("Pause") if on else self.tr("Play the last rendering"))
        if key.startswith("section "):
            self.section.play.set_icon("square:solid" if on else "play:solid")
        if state == "idle":
            self._show_played(0.0)

    def _sound_moved(self, key: str, seconds: float) -> None:
        rendered = self.rendering
        if rendered is None or self._plan is None:
            return
        whole = key == rendered.id or (key.startswith("section ") and plan_of(rendered) == self._plan)
        if whole and self.isVisible():
            self._show_played(seconds)

    def _show_played(self, seconds: float) -> None:
        score = self.score
        share = min(1.0, seconds / score.seconds_at(score.ticks)) if score is not None and score.ticks else 0.0
        bars = sum(section.bars for section in self._plan.sections) if self._plan is not None else 0
        self.lane.show_played(share * bars)
        for row in self.rows:
            row.notes.show_played(share)

    # Building

    def _build(self) -> None:
        self.play = IconButton("play:solid", self.tr("Play the last rendering"), self, filled=True)
        self.bpm = QLineEdit(self)
        self.bpm.setFixedWidth(64)
        self.bpm.setAccessibleName(self.tr("Tempo"))
        self.bpm.setToolTip(self.tr("Beats a minute"))
        self.key = Button("", "secondary", parent=self)
        self.key.setToolTip(self.tr("Another key: everything moves with it"))
        self.facts = QLabel(self)
        self.facts.setProperty("role", "secondary")
        self.state = Badge(self.tr("Changed"), "warning", self)
        self.state.setToolTip(self.tr("What has a dot is not as it was rendered last."))
        self.renew = Button(self.tr("Update"), "primary", "refresh-cw", self)
        self.renew.setToolTip(self.tr("Render the score as it is now: a new version"))
        self.lane = SectionLane(self)
        self.section = SectionPanel(self)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        unit = QLabel(self.tr("bpm"), self)
        unit.setProperty("role", "secondary")
        for part in (self.play, self.bpm, unit, self.key, self.facts):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.state)
        head.addWidget(self.renew)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, GRID, 2 * GRID)
        rows.setSpacing(0)
        lane = QHBoxLayout()
        lane.setSpacing(0)
        corner = QLabel(self.tr("Sections"), self)
        corner.setProperty("role", "section")
        corner.setFixedWidth(HEAD)
        corner.setContentsMargins(8, 0, 0, 0)
        lane.addWidget(corner)
        lane.addWidget(self.lane, 1)
        rows.addLayout(lane)
        rows.addSpacing(GRID)
        rows.addWidget(self.section)
        rows.addSpacing(GRID)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(0)
        rows.addLayout(self._parts)
        rows.addStretch(1)
        area = QScrollArea(self)
        steady(area)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + HALF)
        column.addLayout(head)
        column.addWidget(area, 1)

    def _add_row(self, index: int) -> None:
        row = PartRow(self)
        if index:
            row.layout().setContentsMargins(0, HALF, 0, HALF)
        self._parts.addWidget(row)
        self.rows.append(row)
        mute, instrument = self.tr("Mute a part"), self.tr("Change an instrument")
        volume, pan = self.tr("Change a part’s volume"), self.tr("Pan a part")
        row.muted.connect(lambda on: self.edit(mute, lambda plan: edits.with_part(plan, index, muted=on)))
        row.soloed.connect(lambda: self.edit(self.tr("Solo a part"), lambda plan: edits.solo(plan, index)))
        row.instrument_chosen.connect(
            lambda name: self.edit(instrument, lambda plan: edits.with_part(plan, index, instrument=name))
        )
        row.gained.connect(
            lambda gain, key: self.edit(volume, lambda plan: edits.with_part(plan, index, volume=gain), f"volume {key}")
        )
        row.panned.connect(
            lambda side, key: self.edit(pan, lambda plan: edits.with_part(plan, index, pan=side), f"pan {key}")
        )

    def _connect(self) -> None:
        lane, panel = self.lane, self.section
        self.play.clicked.connect(self._play)
        self.renew.clicked.connect(self.update_wanted)
        self.bpm.editingFinished.connect(self._set_tempo)
        self.key.clicked.connect(self._open_keys)
        lane.chosen.connect(lambda _index: self._show_section())
        lane.chords_wanted.connect(lambda _index: self.section.open_chord(0))
        lane.play_wanted.connect(self.hear)
        lane.moved.connect(self._move)
        lane.lengthened.connect(self._lengthen)
        lane.again_wanted.connect(self._again)
        lane.remove_wanted.connect(self._remove)
        panel.kind_chosen.connect(
            lambda kind: self.edit(self.tr("Change a section"), lambda plan: edits.of_kind(plan, lane.at, kind))
        )
        panel.lengthened.connect(lambda bars: self._lengthen(lane.at, bars))
        panel.energy_chosen.connect(self._energy)
        panel.chord_chosen.connect(self._chord)
        panel.chords_drawn.connect(
            lambda: self.edit(
                self.tr("Let the composer choose chords"), lambda plan: edits.with_section(plan, lane.at, chords=())
            )
        )
        panel.again_wanted.connect(lambda: self._again(lane.at))
        panel.play_wanted.connect(lambda: self.hear(lane.at))
        panel.repeat_wanted.connect(
            lambda: self.edit(self.tr("Repeat a section"), lambda plan: edits.repeated(plan, lane.at))
        )
        panel.add_wanted.connect(self._open_adding)
        panel.remove_wanted.connect(lambda: self._remove(lane.at))
        self._versions.came.connect(self._show)
        self._work.sounds.changed.connect(self._sound_changed)
        self._work.sounds.moved.connect(self._sound_moved)

    def _move(self, index: int, to: int) -> None:
        self.lane.at = to
        self.edit(self.tr("Move a section"), lambda plan: edits.moved(plan, index, to))

    def _lengthen(self, index: int, bars: int) -> None:
        self.edit(self.tr("Lengthen a section"), lambda plan: edits.lengthened(plan, index, bars), f"bars {index}")

    def _again(self, index: int) -> None:
        seed = new_seed()
        self.edit(self.tr("Another section"), lambda plan: planning.regenerated(plan, index, seed))

    def _remove(self, index: int) -> None:
        self.edit(self.tr("Take a section away"), lambda plan: edits.removed(plan, index))

    def _energy(self, energy: float) -> None:
        at = self.lane.at
        self.edit(
            self.tr("Change a section’s energy"), lambda plan: edits.with_section(plan, at, energy=energy), "energy"
        )

    def _chord(self, place: int, chord: str) -> None:
        score, at = self._fitting(), self.lane.at
        if score is not None:
            self.edit(self.tr("Change a chord"), lambda plan: edits.with_chord(plan, score, at, place, chord))


def _composed(plan: Plan) -> Score:
    from audiostudio.music.composing import compose

    return compose(plan)
