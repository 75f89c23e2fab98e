"""Where a piece is asked for: words, length, engine, and under “More” what most people leave to the composer."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.music.plan import Brief
from audiostudio.music.song import Song
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.engine_choice import EngineChoice, music_engines
from audiostudio.ui.music.guides import Guide
from audiostudio.ui.music.more import MoreControls, new_seed
from audiostudio.ui.music.popups import LengthChoice
from audiostudio.ui.music.prompt_field import PromptField
from audiostudio.ui.music.words import length
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, SectionHeader, Separator, steady
from audiostudio.ui.widgets.layout import SCROLL_BAR

if TYPE_CHECKING:
    from audiostudio.engines.base import Capabilities
    from audiostudio.jobs import JsonObject

WIDTH = 360
USUAL_SECONDS = 30.0


class ComposePanel(QWidget):
    """Edits the piece that is shown; `make_wanted` when music is to be made of it."""

    make_wanted = Signal()

    def __init__(self, work: MusicWork, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._busy = False
        self.setFixedWidth(WIDTH)
        self.prompt = PromptField(self)
        self.length = LengthChoice(self)
        self.engine = EngineChoice(work, self)
        self.longest = QLabel(self)
        self.longest.setProperty("role", "warning")
        self.longest.setWordWrap(True)
        self.guides = {
            "continues": Guide(
                work, shelf, "continues", self.tr("Goes on from"), self.tr("The music begins with this track."), self
            ),
            "melody": Guide(
                work, shelf, "melody", self.tr("Melody of"), self.tr("The music follows this track’s melody."), self
            ),
        }
        self.fold = Button(self.tr("More"), "ghost", "chevron-right", self, small=True)
        self.fold.setCheckable(True)
        self.more = MoreControls(work, self)
        self.make = Button(self.tr("Make music"), "primary", "sparkles", self)
        self._lay_out()
        self.prompt.edited.connect(self._asked)
        self.length.chosen.connect(lambda seconds: self._change_brief(seconds=seconds))
        self.engine.chosen.connect(lambda name: work.change(self.tr("Choose the engine"), engine=name, options=()))
        self.engine.options_chosen.connect(
            lambda options: work.change(self.tr("Change the engine’s settings"), "engine options", options=options)
        )
        self.engine.needs_known.connect(self._look)
        self.fold.toggled.connect(self._folded)
        self.more.edited.connect(self._brief_chosen)
        self.make.clicked.connect(self.make_wanted)
        self.fold.setChecked(bool(work.recall("more", False)))
        self._folded(self.fold.isChecked())
        self.setFocusProxy(self.prompt)

    @property
    def brief(self) -> Brief:
        """What will be made, as far as it is known."""
        return self.prompt.brief

    @property
    def seconds(self) -> float:
        return self.brief.seconds or USUAL_SECONDS

    def show_piece(self, piece: Song | None) -> None:
        if piece is None:
            piece = Song("")
        self.prompt.show_prompt(piece.prompt, piece.brief)
        self.engine.show_engine(piece.engine, piece.options)
        self._show_brief()
        self._look()

    def show_busy(self, busy: bool) -> None:
        """Music is being made: one thing at a time."""
        self._busy = busy
        self._look()

    def request(self) -> "JsonObject":
        """What `music.make` is asked for; draws another seed where it is not locked."""
        from audiostudio.timeline.schema import encode

        self.prompt.flush()
        engine = self.engine.engine
        assert engine is not None
        if not self.more.locked:
            self.more.draw_seed()
        chosen = self.prompt.chosen
        if not chosen.seed:
            chosen = self._with_seed(chosen)
        return {
            "engine": engine.name,
            "prompt": self.prompt.prompt,
            "brief": encode(chosen),
            "seconds": self.seconds,
            "seed": chosen.seed,
            "options": dict(self._work.piece.options) if self._work.piece is not None else {},
            **self.more.wanted(engine.capabilities),
            **self._guided(engine.capabilities),
        }

    def request_of(self, piece: Song) -> "JsonObject":
        """What `music.make` is asked for to render the plan of a piece."""
        engines = music_engines(self._work)
        engine = next((one for one in engines if one.name == piece.engine and one.capabilities.score), None)
        engine = engine or next(one for one in engines if one.capabilities.score)
        wanted = self.more.wanted(engine.capabilities)
        return {
            "engine": engine.name,
            "prompt": piece.prompt,
            "seed": piece.brief.seed,
            "options": dict(piece.options) if engine.name == piece.engine else {},
            **wanted,
            "count": 1,
        }

    def close(self) -> bool:
        self.prompt.flush()
        self.engine.close()
        return super().close()

    def _guided(self, capabilities: "Capabilities") -> "JsonObject":
        """The recordings that the engine is given."""
        able = {"continues": capabilities.continuation, "melody": capabilities.melody}
        chosen = {name: guide.asset for name, guide in self.guides.items() if able[name]}
        return {name: asset.id for name, asset in chosen.items() if asset is not None}

    def _with_seed(self, chosen: Brief) -> Brief:
        seeded = replace(chosen, seed=new_seed())
        self._brief_chosen(seeded)
        return seeded

    def _asked(self, prompt: str, chosen: Brief) -> None:
        before = self._work.piece or Song("")
        names = [one.name for one in fields(Brief) if getattr(chosen, one.name) != getattr(before.brief, one.name)]
        merge = "prompt" if prompt != before.prompt else f"brief {' '.join(names)}"
        self._work.change(self.tr("Describe the music"), merge, prompt=prompt, brief=chosen)
        self._show_brief()
        self._look()

    def _change_brief(self, **changed: object) -> None:
        self._brief_chosen(replace(self.prompt.chosen, **changed))

    def _brief_chosen(self, chosen: Brief) -> None:
        self.prompt.show_prompt(self.prompt.prompt, chosen)
        self._asked(self.prompt.prompt, chosen)

    def _show_brief(self) -> None:
        self.length.show_seconds(self.seconds)
        self.more.show_brief(self.prompt.brief, self.prompt.chosen)

    def _look(self) -> None:
        engine = self.engine.engine
        if engine is not None:
            can = engine.capabilities
            self.more.show_engine(can)
            self.guides["continues"].setVisible(can.continuation)
            self.guides["melody"].setVisible(can.melody)
            words = self.tr("{engine} makes {length} at most.").replace("{engine}", engine.title)
            self.longest.setText(words.replace("{length}", length(can.longest)))
            self.longest.setVisible(0 < can.longest < self.seconds)
        self.make.setEnabled(self.engine.usable and not self._busy and not self._work.session.read_only)

    def _folded(self, shown: bool) -> None:
        self.more.setVisible(shown)
        self.fold.set_icon("chevron-down" if shown else "chevron-right")
        self._work.keep("more", shown)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * GRID, GRID + HALF, 2 * GRID - SCROLL_BAR, GRID)
        column.setSpacing(GRID + HALF)
        column.addWidget(self._caption(self.prompt.text.accessibleName()))
        column.addWidget(self.prompt)
        column.addWidget(self._caption(self.tr("Length")))
        column.addWidget(self.length)
        column.addWidget(self._caption(self.tr("Engine")))
        column.addWidget(self.engine)
        column.addWidget(self.longest)
        for guide in self.guides.values():
            column.addWidget(guide)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.more)
        column.addStretch(1)
        area = QScrollArea(self)
        steady(area)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # so that nothing moves
        area.setWidget(inner)
        foot = QVBoxLayout()
        foot.setContentsMargins(2 * GRID, GRID + HALF, 2 * GRID, GRID + HALF)
        foot.setSpacing(GRID)
        row = QHBoxLayout()
        row.addWidget(self.make, 1)
        foot.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(Separator(parent=self))
        whole.addLayout(foot)

    def _caption(self, text: str) -> QLabel:
        return SectionHeader(text, self).label
