"""What services take for what the user asks for: shown before, and asked about where it is much or too much."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JobState, JsonObject
from audiostudio.operations.script import line_request
from audiostudio.timeline.project import Line, Project
from audiostudio.ui import icons
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.script import ScriptState
from audiostudio.ui.speech.words import counted, filled
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import AskDialog

if TYPE_CHECKING:
    from audiostudio.operations.cloud.costs import Cost
    from audiostudio.ui.bridge import JobWatcher
    from audiostudio.ui.desk import Desk
    from audiostudio.ui.speech.preview import Preview

THRESHOLD = "cloud.ask_over"
"""The setting: credits over which is asked before they are spent."""
USUAL_THRESHOLD = 1000
_LATER = 250
"""Milliseconds without a change before costs are counted again."""
_SPENDING = (
    *("speech.generate", "speech.fix", "speech.preview", "speech.batch", "speech.timeline"),
    *("cloud.design", "cloud.sound_effect"),
)
_AGREED: "WeakSet[Desk]" = WeakSet()
"""The windows whose user agreed to spend much, since they were opened."""
_HEARS: "WeakSet[Desk]" = WeakSet()
"""Those whose user agreed that hearing something costs."""


class CostLine(QWidget):
    """One line about what Generate would send and take; nothing while it takes nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self._picture.setFixedWidth(16)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._picture)
        row.addWidget(self.words, 1)
        self._short = False
        self.hide()

    def show_costs(self, costs: "Sequence[Cost]") -> None:
        self._short = any(short_of(cost) for cost in costs)
        self.words.setText("\n".join(map(cost_sentence, costs)))
        self.words.setProperty("role", "warning" if self._short else "small")
        self.words.style().polish(self.words)
        self._tint()
        self.setVisible(bool(costs))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        name, token = ("triangle-alert", "warning") if self._short else ("share", "text_muted")
        self._picture.setPixmap(icons.pixmap(name, token, 14, self.devicePixelRatioF()))


class Paying(QObject):
    """Counts beside the window what the lines that are not made cost, and asks before much is spent."""

    def __init__(self, desk: "Desk", script: ScriptState, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._script, self._parent = desk, script, parent
        self.line = CostLine(parent)
        self._background = Background(self)
        self._background.failed.connect(self._not_counted)
        self._counting = False
        self._known: tuple[Project, list[str], list[Cost]] | None = None
        """A project, its lines that are not made, and what they cost."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LATER)
        self._soon.timeout.connect(self._count)
        desk.jobs.changed.connect(self._job_changed)

    def look(self) -> None:
        """The script, a voice or an account changed."""
        if self._services():
            self._soon.start()
        else:
            self._soon.stop()
            self.line.show_costs(())

    def agreed(self, lines: Sequence[Line]) -> bool:
        """Whether these may be made; the user is asked where they cost much or more than there is."""
        return not self._services() or self.agree_to(self._of_lines(lines))

    def agreed_tries(self, lines: Sequence[Line]) -> bool:
        """As `agreed`, for lines of which each stands as often as it may be made: some may be good sooner."""
        return not self._services() or self.agree_to(self._of_lines(lines), at_most=True)

    def agreed_requests(self, asked: Iterable[JsonObject]) -> bool:
        """As `agreed`, for lines of no project, as `operations.script.delivery` has them, with their slots."""
        return not self._services() or self.agree_to(self._asked_for(asked))

    def agreed_preview(self, preview: "Preview") -> bool:
        """As `agreed`, for something that is only heard."""
        if preview.operation != "speech.preview" or not self._services():
            return True
        lines = preview.request.get("lines", [preview.request])
        costs = self._asked_for({**one, "slot": None} for one in lines)
        taken = any(cost.credits for cost in costs)
        if taken and self._desk not in _HEARS:
            hint = self.tr("Samples of voices are free; what they say of yours is not. You are asked once.")
            if not self._ask(costs, hint):
                return False
            _HEARS.add(self._desk)
            return True
        return self.agree_to(costs)

    def agree_to(self, costs: "Sequence[Cost]", at_most: bool = False) -> bool:
        """Whether this may be spent. `at_most`: it may come to less."""
        threshold = self._desk.settings.get(THRESHOLD, USUAL_THRESHOLD)
        much = any((cost.credits or 0) > threshold for cost in costs) and self._desk not in _AGREED
        if not much and not any(short_of(cost) for cost in costs):
            return True
        hint = self.tr("You are asked once until you close the window; the limit is your choice.")
        agreed = self._ask(costs, hint, at_most)
        if agreed:
            _AGREED.add(self._desk)
        return agreed

    def _ask(self, costs: "Sequence[Cost]", hint: str, at_most: bool = False) -> bool:
        short = any(short_of(cost) for cost in costs)
        hint = self.tr("What the credits suffice for is made; the rest stays as it is.") if short else hint
        return AskDialog(
            self.tr("Before this is sent"),
            self.tr("There are too few credits for this.") if short else self.tr("Send this?"),
            [*(cost_sentence(cost, at_most) for cost in costs), hint],
            self.tr("Send it all the same") if short else self.tr("Send"),
            self._parent,
        ).agreed()

    def close(self) -> None:
        self._soon.stop()
        self._desk.jobs.changed.disconnect(self._job_changed)
        self._background.close()

    # Inner

    def _services(self) -> bool:
        """Whether anything could cost something: otherwise nothing is counted at all."""
        engines = {one.name for one in self._desk.studio.engines.manifests() if one.capabilities.remote}
        return bool(engines) and any(voice.engine in engines for voice in self._desk.studio.engines.voices())

    def _of_lines(self, lines: Sequence[Line]) -> "list[Cost]":
        known = self._known
        if known is not None and known[0] is self._script.project and known[1] == [line.id for line in lines]:
            return known[2]
        return self._asked_for(_requests(self._script, lines))

    def _asked_for(self, asked: Iterable[JsonObject]) -> "list[Cost]":
        """Nothing where it cannot be said, such as of a voice that is gone: making it says why."""
        from audiostudio.operations.cloud.costs import cost
        from audiostudio.operations.speech import Delivery

        free: list[Delivery] = []
        fitted: list[Delivery] = []
        for one in asked:
            (fitted if one.get("slot") else free).append(Delivery.from_json(one))
        try:
            return cost(self._desk.studio, free, fitted)
        except StudioError:
            return []

    def _count(self) -> None:
        if self._counting:
            self._soon.start()
            return
        self._counting = True
        frozen = ScriptState(self._script.project, self._script.everywhere)

        def count() -> "tuple[Project, list[str], list[Cost]]":
            unmade = frozen.unmade()
            return frozen.project, [line.id for line in unmade], self._asked_for(_requests(frozen, unmade))

        self._background.run(count, self._counted)

    def _counted(self, found: "tuple[Project, list[str], list[Cost]]") -> None:
        self._counting = False
        self._known = found
        self.line.show_costs(found[2])

    def _not_counted(self, _error: StudioError) -> None:
        self._counting = False
        self.line.show_costs(())

    def _job_changed(self, watcher: "JobWatcher") -> None:
        if watcher.done and watcher.job.operation.startswith("cloud."):
            self._known = None
            self.look()


def spent(desk: "Desk", watcher: "JobWatcher") -> bool:
    """Whether an account has less now than it had."""
    if not watcher.done or watcher.job.operation not in _SPENDING or watcher.state is JobState.QUEUED:
        return False
    request = watcher.job.request
    spoken = request.get("lines", [request] if "voice" in request else [])
    spoken = [*spoken, *(row["asked"] for row in request.get("rows", ()))]
    remote = {one.name for one in desk.studio.engines.manifests() if one.capabilities.history}
    voices = {voice.id for voice in desk.studio.engines.voices() if voice.engine in remote}
    made = [one for one in spoken if one.get("voice") in voices and "take" not in one]
    return watcher.job.operation.startswith("cloud.") or bool(made)


def _requests(script: ScriptState, lines: Iterable[Line]) -> Iterator[JsonObject]:
    return (line_request(script.project, line, script.pronouncing) for line in lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Costs", text)


def short_of(cost: "Cost") -> bool:
    """Whether the account has too little, and no more can be had."""
    return cost.suffices is False and not cost.extends


def cost_sentence(cost: "Cost", at_most: bool = False) -> str:
    """What is sent, what it takes and what is left after. `at_most`: it may come to less."""
    at_most = at_most or cost.at_most
    what = counted(cost.characters, _tr("1 character"), _tr("%n characters"))
    what = filled(_tr("At most {what}"), what=what) if at_most else what
    if cost.credits is None:
        return filled(_tr("{what} go to {who}, which does not say what it costs."), what=what, who=cost.title)
    if cost.characters and at_most:
        sent = filled(_tr("{what} go to {who} for at most {n} credits"), what=what, who=cost.title, n=cost.credits)
    elif cost.characters:
        sent = filled(_tr("{what} go to {who} for {credits} credits"), what=what, who=cost.title, credits=cost.credits)
    else:
        sent = filled(_tr("{who} takes {credits} credits"), who=cost.title, credits=cost.credits)
    return f"{sent}{_left(cost, at_most)}"


def _left(cost: "Cost", at_most: bool) -> str:
    if cost.remaining is None:
        return _tr("; what is left is not known yet.")
    left = cost.remaining - (cost.credits or 0)
    if left >= 0 and at_most:
        return filled(_tr("; at least {left} are left after."), left=left)
    if left >= 0:
        return filled(_tr("; {left} are left after."), left=left)
    if cost.extends:
        return filled(_tr("; that is {over} more than your plan has, and is billed."), over=-left)
    return filled(_tr("; only {left} are left. Shorten it, choose a local voice, or buy more."), left=cost.remaining)
