"""One undo stack for everything in a project.

Takes are facts, not decisions: a job that finishes adds its takes, or what it found of them, without an undo step, so
the next undo takes back what the user did last, and no undo or redo ever loses a take. Choosing or removing a take is
a decision and an undo step like any other. This works because `Project.takes` only grows at its end, where no other
edit looks, and because no edit touches `Take.check`, `Take.words` or `Project.transcripts`.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from audiostudio.errors import ProjectDamaged
from audiostudio.timeline.difference import PatchMismatch, apply, difference
from audiostudio.timeline.project import Project, Take, TakeCheck, TakeWord, Transcript

Edit: TypeAlias = Callable[[Project], Project]
Listener: TypeAlias = Callable[[Project, Project], None]

LIMIT = 8 * 2**20
"""Bytes that the steps of one project may take; beyond, the oldest are dropped."""
MERGE_WITHIN = 1.0
"""Seconds between two edits that may still become one step."""
LONGEST_STEP = 20.0
"""Seconds after which typing without a pause begins another step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the user did, as patches in the order of their making."""

    label: str
    patches: tuple[str, ...]
    """JSON, see `timeline.difference`."""

    @property
    def size(self) -> int:
        return sum(map(len, self.patches)) + len(self.label)


@dataclass(frozen=True, slots=True)
class Record:
    """One change of a history, for a journal."""

    kind: str
    """`edit` (a new step), `merge` (into the last step), `drop` (the last step, which came to nothing), `undo`,
    `redo` or `takes` (no step: what became known of takes and media)."""
    label: str = ""
    patches: tuple[str, ...] = ()
    """JSON, in the order of the step; `undo` applies them backwards."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A history as of one moment."""

    project: Project
    undo: tuple[Step, ...]
    redo: tuple[Step, ...]
    changes: int
    """How many records were logged before."""


class Steps:
    """The steps that can be undone and redone, without the document."""

    def __init__(self, undo: Iterable[Step] = (), redo: Iterable[Step] = (), limit: int = LIMIT) -> None:
        self.undo = deque(undo)
        self.redo = deque(redo)
        self._limit = limit
        self.size = sum(step.size for step in (*self.undo, *self.redo))
        """In bytes, about: characters of JSON."""

    def push(self, step: Step) -> None:
        self.size -= sum(gone.size for gone in self.redo)
        self.redo.clear()
        self.undo.append(step)
        self.size += step.size
        while self.size > self._limit and len(self.undo) > 1:
            self.size -= self.undo.popleft().size

    def revise(self, patches: tuple[str, ...]) -> None:
        """Let the last step be made of `patches`."""
        last = self.drop()
        self.push(replace(last, patches=patches))

    def drop(self) -> Step:
        last = self.undo.pop()
        self.size -= last.size
        return last

    def shift(self, step: Step, *, reverse: bool) -> None:
        """Move the last step, which is `step`, between the two stacks, or take it in where it was forgotten."""
        source, target = (self.undo, self.redo) if reverse else (self.redo, self.undo)
        self.size += step.size - (source.pop().size if source else 0)
        target.append(step)


def walk(step: Step, document: Any, *, reverse: bool) -> Any:
    """The document after `step` was undone or done again."""
    for patch in reversed(step.patches) if reverse else step.patches:
        document = apply(json.loads(patch), document, reverse=reverse)
    return document


class History:
    """The current project and the way here. Safe to use from several threads; listeners run in the editing one."""

    def __init__(
        self,
        project: Project,
        steps: Steps | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        log: Callable[[Record], None] = lambda _: None,
    ) -> None:
        """`log` is called, in order, with every change before it is made; an error of it prevents the change."""
        self._project = project
        self._steps = Steps() if steps is None else steps
        self._clock = clock
        self._journal = log
        self._changes = 0
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._run: _Run | None = None

    @property
    def project(self) -> Project:
        return self._project

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back; None when there is nothing."""
        with self._lock:
            return self._steps.undo[-1].label if self._steps.undo else None

    @property
    def redo_label(self) -> str | None:
        with self._lock:
            return self._steps.redo[-1].label if self._steps.redo else None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(before, after)` on every change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def edit(self, label: str, function: Edit, merge_key: str | None = None, *, slow: bool = False) -> Project:
        """Apply `function` as one undoable step and return the project after it.

        Edits with the same merge key shortly after each other, or however `slow` with nothing else between them,
        become one step. An edit that changes nothing leaves no step. Errors of `function` leave everything as it was.
        """
        with self._lock:
            before = self._project
            after = function(before)
            patch = difference(before, after)
            if patch is None:
                return before
            text = dump(patch)
            if self._merges(merge_key, slow):
                self._log(Record("merge", label, (text,)))
                self._steps.revise((*self._steps.undo[-1].patches, text))
            else:
                self._seal()
                self._log(Record("edit", label, (text,)))
                self._steps.push(Step(label, (text,)))
                self._run = None if merge_key is None else _Run(merge_key, before, self._clock(), 0.0)
            self._project = after
            if self._run is not None:
                self._run.last = self._clock()
        self._tell(before, after)
        return after

    def add_takes(self, *takes: Take) -> Project:
        """Add what a job made. No undo step: see the module's first lines."""
        return self._note(lambda project: replace(project, takes=project.takes + takes))

    def set_checks(self, checks: Mapping[str, TakeCheck]) -> Project:
        """What listening to takes, by their ids, found. No undo step; takes that are gone are left out."""
        return self._learn({take: {"check": check} for take, check in checks.items()})

    def set_words(self, words: Mapping[str, tuple[TakeWord, ...]]) -> Project:
        """When the words of takes, by their ids, sound. As `set_checks`."""
        return self._learn({take: {"words": found} for take, found in words.items()})

    def set_transcripts(self, *transcripts: Transcript) -> Project:
        """What is said in media. No undo step; an earlier one of the same medium goes."""
        ids = frozenset(one.id for one in transcripts)

        def learned(project: Project) -> Project:
            kept = [one for one in project.transcripts if one.id not in ids]
            return replace(project, transcripts=(*kept, *transcripts))

        return self._note(learned)

    def forget_transcripts(self, *media_ids: str) -> Project:
        """As if nobody had listened to these media. No undo step."""

        def forgotten(project: Project) -> Project:
            return replace(project, transcripts=tuple([one for one in project.transcripts if one.id not in media_ids]))

        return self._note(forgotten)

    def _learn(self, facts: Mapping[str, dict[str, Any]]) -> Project:
        def learned(project: Project) -> Project:
            takes = [replace(take, **facts[take.id]) if take.id in facts else take for take in project.takes]
            return replace(project, takes=tuple(takes))

        return self._note(learned)

    def _note(self, fact: Edit) -> Project:
        with self._lock:
            before = self._project
            after = fact(before)
            patch = difference(before, after)
            if patch is None:
                return before
            self._log(Record("takes", "", (dump(patch),)))
            self._project = after
            if self._run is not None:
                self._run.before = fact(self._run.before)
        self._tell(before, after)
        return after

    def undo(self) -> bool:
        """Take back the last step. False when there is none. Raises `ProjectDamaged` where its file was damaged."""
        return self._move(reverse=True)

    def redo(self) -> bool:
        return self._move(reverse=False)

    def frozen(self) -> "Frozen":
        """Everything, as of one moment."""
        with self._lock:
            self._collapse()
            return Frozen(self._project, tuple(self._steps.undo), tuple(self._steps.redo), self._changes)

    def _move(self, *, reverse: bool) -> bool:
        with self._lock:
            self._seal()
            if not (self._steps.undo if reverse else self._steps.redo):
                return False
            before = self._project
            step = (self._steps.undo if reverse else self._steps.redo)[-1]
            try:
                after: Project = walk(step, before, reverse=reverse)
            except PatchMismatch as error:
                raise _lost(step, "undone" if reverse else "done again") from error
            self._log(Record("undo" if reverse else "redo", step.label, step.patches))
            self._steps.shift(step, reverse=reverse)
            self._project = after
        self._tell(before, after)
        return True

    def _merges(self, key: str | None, slow: bool) -> bool:
        run = self._run
        if run is None or key is None or run.key != key:
            return False
        if slow:
            return True
        now = self._clock()
        return now - run.last <= MERGE_WITHIN and now - run.began <= LONGEST_STEP

    def _seal(self) -> None:
        """End a run of merged edits."""
        self._collapse()
        if self._run is not None and not self._steps.undo[-1].patches:
            self._log(Record("drop"))
            self._steps.drop()
        self._run = None

    def _collapse(self) -> None:
        """Make one small patch of the many of a run of merged edits."""
        if self._run is not None and len(self._steps.undo[-1].patches) > 1:
            patch = difference(self._run.before, self._project)
            self._steps.revise(() if patch is None else (dump(patch),))

    def _log(self, record: Record) -> None:
        self._journal(record)
        self._changes += 1

    def _tell(self, before: Project, after: Project) -> None:
        for listener in tuple(self._listeners):
            listener(before, after)


@dataclass(slots=True)
class _Run:
    """Edits with one merge key that are becoming one step."""

    key: str
    before: Project
    began: float
    last: float


def _lost(step: Step, what: str) -> ProjectDamaged:
    return ProjectDamaged(
        f"“{step.label}” cannot be {what}: what was kept of it is damaged.",
        "The project itself is whole; its earlier versions are in its backups.",
    )


def dump(value: Any) -> str:
    """Compact JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
