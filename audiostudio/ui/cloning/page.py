"""Making a voice, in four steps that are all in sight."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.rights import Rights
from audiostudio.timeline import edits
from audiostudio.ui.cloning.consent import ConsentStep
from audiostudio.ui.cloning.kinds import KindStep
from audiostudio.ui.cloning.leftovers import Leftovers
from audiostudio.ui.cloning.make import MakeStep
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.cloning.recording import Recording
from audiostudio.ui.cloning.result import ResultView
from audiostudio.ui.cloning.samples import SamplesStep
from audiostudio.ui.cloning.sounds import Sounds
from audiostudio.ui.cloning.stepper import Stepper
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import AskDialog, Badge, Button, Separator, steady

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

STEPS = ("kind", "samples", "consent", "make")
WIDEST = 880
"""Pixels of a step: lines that are longer are hard to read."""
_GUTTER = GRID + GRID // 2
"""Where a step's scroll bar runs."""


class MakerPage(QWidget):
    """Everything of the voice that is being made. `close()` ends it; the draft stays in the profile."""

    made = Signal(str)
    """The id of a voice that was made."""
    list_wanted = Signal(str)
    """The user wants to see all own voices, and among them this one."""

    def __init__(self, desk: "Desk", project: "OpenProject", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._session = desk, project.session
        self._closed = False
        self.making = Making(desk, self)
        self.making.failed.connect(desk.messages.error)
        self.sounds = Sounds(self.making, self)
        self.recording = Recording(self)
        self.leftovers = Leftovers(self)
        titles = {
            "kind": self.tr("Kind of voice"),
            "samples": self.tr("Samples"),
            "consent": self.tr("Consent"),
            "make": self.tr("Make"),
        }
        self.stepper = Stepper(list(titles.items()), self)
        self.kind = KindStep(self.making, self)
        self.samples = SamplesStep(self.making, self.sounds, self)
        self.consent = ConsentStep(self.making, self.sounds, self)
        self.make = MakeStep(self.making, self._lacks, self)
        self.make.set_consent(self.consent.record, self.consent.rights)
        self.result = ResultView(self.making, self.sounds, self)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "title")
        self.lead = QLabel(self)
        self.lead.setProperty("role", "secondary")
        self.lead.setWordWrap(True)
        self.sell = Badge("", "plain", self)
        self.again = QLabel(self)
        self.again.setProperty("role", "secondary")
        self.again.setWordWrap(True)
        self.other = Button(self.tr("Back to the new voice"), "ghost", "undo-2", self, small=True)
        self.over = Button(self.tr("Start over"), "ghost", "rotate-ccw", self, small=True)
        self.over.setToolTip(self.tr("An empty draft; recordings stay in the library"))
        self.back = Button(self.tr("Back"), "secondary", parent=self)
        self.next = Button(self.tr("Next"), "primary", parent=self)
        self._stack = QStackedWidget(self)
        self._areas: dict[str, QScrollArea] = {}
        self._lay_out()
        self._connect()
        self.show_draft()

    @property
    def step(self) -> str:
        """The key of the step that is shown."""
        return self.making.draft.step if self.making.draft.step in STEPS else STEPS[0]

    def go(self, step: str) -> None:
        """Steps can be visited in any order."""
        self.making.draft.step = step
        self.sounds.stop()
        if self.next.hasFocus() or self.back.hasFocus() or any(one.hasFocus() for one in self.stepper.steps.values()):
            self.stepper.steps[step].setFocus(Qt.FocusReason.OtherFocusReason)
        self.making.touch()
        if step == "consent":
            self.consent.enter()
        self._areas[self._shown].verticalScrollBar().setValue(0)

    def make_again(self, voice: str) -> None:
        """Make an own voice again, with more samples; the draft of a new voice waits. Raises nothing: a voice that is
        gone is said."""
        try:
            kept = self.desk.studio.voices.get(voice)
        except StudioError as error:
            self.desk.messages.error(error)
            return
        if self._busy():
            return
        self.making.begin(voice)
        draft = self.making.draft
        if draft.empty or draft.made is not None:
            self.making.forget()
            draft = self.making.draft
            draft.engine, draft.language = kept.voice.engine, kept.voice.language
            draft.name, draft.tags, draft.description = kept.card.name, list(kept.card.tags), kept.card.description
            consent = kept.voice.consent
            draft.consent.whose, draft.consent.person, draft.consent.scope = (
                consent.whose,
                consent.person,
                consent.scope,
            )
        self.go("samples")

    def make_new(self) -> None:
        """Another voice: the draft of a new one."""
        if self._busy():
            return
        self.making.begin()
        if self.making.draft.made is not None:
            self.making.forget()
        self.go(self.step)

    def use(self, voice: str) -> None:
        """Cast it: the voice of the script."""
        voices = VoiceList(self.desk.studio)
        found = voices.get(voice)
        if found is None:
            self.desk.messages.say(self.tr("That voice is not here any more."), tone="warning")
            return
        project = self._session.project
        choice = voices.chosen_with(project.voice, voice, project.language)
        try:
            self._session.edit(self.tr("Choose a voice"), lambda one: edits.set_default_voice(one, choice))
        except StudioError as error:
            self.desk.messages.error(error)
            return
        show = self.tr("Show"), lambda: self.desk.commands.run("view.tab.speech")
        self.desk.messages.say(filled(self.tr("“{name}” speaks the script now."), name=found.name), action=show)

    def show_draft(self) -> None:
        if self._closed:
            return
        draft, key = self.making.draft, self._shown
        self._stack.setCurrentWidget(self._areas[key])
        states = {
            "kind": (self.kind.ready(), False, self.kind.summary()),
            "samples": (self.samples.ready(), self.samples.wrong(), self.samples.summary()),
            "consent": (self.consent.ready(), self.consent.wrong(), self.consent.summary()),
            "make": (draft.made is not None, False, self.make.summary()),
        }
        for name, (done, wrong, summary) in states.items():
            state = "wrong" if wrong else "done" if done else "open"
            self.stepper.steps[name].show_state(state, summary, name == self.step)
        self.setFocusProxy(self.stepper.steps[self.step])
        heading, lead = self._words()[key]
        self.heading.setText(heading)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self._show_head()
        place = STEPS.index(self.step)
        self.back.setEnabled(place > 0 and not self.make.busy)
        self.next.setVisible(place < len(STEPS) - 1)
        self.next.setEnabled(states[self.step][0])
        self.over.setVisible(key != "result")
        self.over.setEnabled(not draft.empty and not self.make.busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._closed:
            self.kind.look()
            self.leftovers.look()
            if self.step == "consent":
                self.consent.enter()

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self.recording.close()
            self.kind.close()
            self.sounds.close()
            self.making.close()
        return super().close()

    # Inner

    @property
    def _shown(self) -> str:
        return "result" if self.step == "make" and self.making.draft.made is not None else self.step

    def _words(self) -> dict[str, tuple[str, str]]:
        """Headings and what a step is about."""
        return {
            "kind": (
                self.tr("Which kind of voice?"),
                self.tr("Whether you may sell what the voice says is settled here, before you record anything."),
            ),
            "samples": (
                self.tr("Let it hear the speaker"),
                self.tr("Good samples make a good voice. Each is measured here; the files stay as they are."),
            ),
            "consent": (
                self.tr("Whose voice is it?"),
                self.tr("A voice belongs to a person. The record made here stays with the voice and goes with it."),
            ),
            "make": (self.tr("Make the voice"), ""),
            "result": (filled(self.tr("“{name}” is ready"), name=self._made_name()), ""),
        }

    def _made_name(self) -> str:
        draft = self.making.draft
        return str((draft.made or {}).get("name") or draft.name)

    def _show_head(self) -> None:
        from audiostudio.ui.cloning.words import kind_name, sell_words

        draft, engine = self.making.draft, self.making.engine
        self.sell.setVisible(engine is not None and self._shown in ("samples", "consent", "result"))
        if engine is not None:
            made = draft.made if self._shown == "result" else None
            rights = Rights.from_json(made["rights"]) if made and "rights" in made else engine.rights
            words, tone = sell_words(rights, engine.capabilities.remote)
            self.sell.setText(f"{kind_name(engine)}, {engine.title} · {words}")
            self.sell.setProperty("tone", tone)
            self.sell.style().polish(self.sell)
        again = bool(draft.again)
        self.again.setVisible(again)
        self.other.setVisible(again)
        if again:
            self.again.setText(filled(self.tr("“{name}” is made again, with more samples."), name=draft.name))

    def _busy(self) -> bool:
        """Whether a voice is being made, which is said: its draft must stay."""
        if self.make.busy:
            self.go("make")
            self.desk.messages.say(self.tr("A voice is being made."), self.tr("Wait until it is done, or cancel it."))
        return self.make.busy

    def _lacks(self) -> list[str]:
        """What the steps before the last still need."""
        found = []
        if not self.kind.ready():
            found.append(self.tr("Step 1: choose a kind of voice that is ready on this computer."))
        if not self.samples.ready():
            busy = self.making.checking
            found.append(
                self.tr("Step 2: the samples are being checked.")
                if busy
                else self.tr("Step 2: add samples that can be used.")
            )
        if not self.consent.ready():
            found.append(self.tr("Step 3: the consent is not complete."))
        return found

    def _start_over(self) -> None:
        heading = self.tr("Start over?")
        told = [self.tr("The draft is emptied: samples, consent and name. Files and recordings stay where they are.")]
        if AskDialog(self.tr("Start over"), heading, told, self.tr("Start over"), self, "danger").agreed():
            self.making.forget()

    def _move(self, by: int) -> None:
        self.go(STEPS[min(len(STEPS) - 1, max(0, STEPS.index(self.step) + by))])

    def _connect(self) -> None:
        self.stepper.chosen.connect(self.go)
        self.back.clicked.connect(lambda: self._move(-1))
        self.next.clicked.connect(lambda: self._move(1))
        self.over.clicked.connect(self._start_over)
        self.other.clicked.connect(self.make_new)
        self.kind.chosen_for_good.connect(lambda: self.go("samples"))
        self.kind.connect_wanted.connect(lambda: self.desk.commands.run("view.tab.cloud"))
        self.samples.record_wanted.connect(self.recording.samples)
        self.consent.phrase.record_wanted.connect(self.recording.phrase)
        self.make.made.connect(self._made_one)
        self.result.use_wanted.connect(self.use)
        self.result.again_wanted.connect(self.make_again)
        self.result.new_wanted.connect(self._another)
        self.result.other_wanted.connect(lambda: self.go("kind"))
        self.result.list_wanted.connect(self.list_wanted)
        self.making.changed.connect(self.show_draft)

    def _made_one(self, voice: str) -> None:
        if self.isVisible():
            self.result.hear.setFocus(Qt.FocusReason.OtherFocusReason)
        self.made.emit(voice)

    def _another(self) -> None:
        self.making.begin()
        self.making.forget()
        self.go("kind")

    def _lay_out(self) -> None:
        steps = {
            "kind": self.kind,
            "samples": self.samples,
            "consent": self.consent,
            "make": self.make,
            "result": self.result,
        }
        for name, step in steps.items():
            self._areas[name] = _scrolling(step, self._stack)
            self._stack.addWidget(self._areas[name])
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.heading)
        head.addWidget(self.sell)
        head.addStretch(1)
        head.addWidget(self.over)
        head.addSpacing(_GUTTER)
        again = QHBoxLayout()
        again.setSpacing(GRID)
        again.addWidget(self.again, 1)
        again.addWidget(self.other)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.setContentsMargins(0, 0, _GUTTER, 0)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.next)
        right = QVBoxLayout()
        right.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        right.setSpacing(GRID + GRID // 2)
        right.addLayout(again)
        right.addLayout(head)
        right.addWidget(self.lead)
        right.addSpacing(GRID // 2)
        right.addWidget(self._stack, 1)
        right.addLayout(foot)
        holder = QWidget(self)
        holder.setMaximumWidth(WIDEST + 6 * GRID)
        holder.setLayout(right)
        left = QVBoxLayout()
        left.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        left.addWidget(self.stepper, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addLayout(left)
        row.addWidget(Separator(vertical=True, parent=self))
        row.addWidget(holder, 100)
        row.addStretch(1)


def _scrolling(step: QWidget, parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    steady(area)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, _GUTTER, GRID)
    column.addWidget(step)
    area.setWidget(inner)
    return area
