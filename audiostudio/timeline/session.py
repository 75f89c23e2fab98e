"""A project that is open: its history, its file, and the thread between them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from audiostudio.errors import MissingMedia, ReadOnly, StorageError
from audiostudio.timeline.folder import Loaded, ProjectFolder
from audiostudio.timeline.history import Edit, History, Record
from audiostudio.timeline.lock import ProjectLock
from audiostudio.timeline.project import Project, Take, TakeCheck, TakeWord, Transcript
from audiostudio.timeline.writer import Writer

Problem = StorageError | MissingMedia


class ProjectSession:
    """An open project. Every change is in the journal moments later; nothing here waits for the disk but
    `flush` and `close`. Use as a context manager, or call `close`."""

    def __init__(
        self, folder: ProjectFolder, loaded: Loaded, lock: ProjectLock, problem: Problem | None, fresh: bool
    ) -> None:
        """`lock` is held unless `problem` says why the project can only be read."""
        self._lock = lock
        self.path: Path = folder.path
        self.read_only = problem is not None
        """Nothing can be changed, for the reason in `problem`."""
        self.recovered = loaded.recovered > 0 and not self.read_only
        """The program ended without closing the project; what was not saved came back from the journal."""
        self.unrecovered = loaded.generation
        """The generation of the version that was saved before all that: see `ProjectFile.read_unrecovered`."""
        self.torn = loaded.torn and not self.read_only
        """What came back may lack the last moment; the journal is kept among the backups."""
        self.problem = problem
        """Why the project is read-only, or why the last change could not be brought to the disk; None: all is well."""
        self.on_problem: Callable[[Problem | None], None] = lambda _: None
        """Called from another thread when `problem` changes."""
        self._writer = None if self.read_only else Writer(folder, loaded.generation, fresh, self._on_report)
        self.history = History(loaded.project, loaded.steps, log=self._log)
        if self._writer is not None:
            self._writer.start(self.history)
            if self.recovered:
                self._writer.save()

    def __enter__(self) -> "ProjectSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def project(self) -> Project:
        return self.history.project

    @property
    def changed(self) -> bool:
        """Whether the saved version lacks something (that the journal has)."""
        return self._writer is not None and self._writer.changed

    def edit(self, label: str, function: Edit, merge_key: str | None = None, *, slow: bool = False) -> Project:
        """See `History.edit`. Raises `ReadOnly`."""
        return self.history.edit(label, function, merge_key, slow=slow)

    def add_takes(self, *takes: Take) -> Project:
        return self.history.add_takes(*takes)

    def set_checks(self, checks: Mapping[str, TakeCheck]) -> Project:
        """See `History.set_checks`."""
        return self.history.set_checks(checks)

    def set_words(self, words: Mapping[str, tuple[TakeWord, ...]]) -> Project:
        """See `History.set_words`."""
        return self.history.set_words(words)

    def set_transcripts(self, *transcripts: Transcript) -> Project:
        """See `History.set_transcripts`."""
        return self.history.set_transcripts(*transcripts)

    def forget_transcripts(self, *media_ids: str) -> Project:
        """See `History.forget_transcripts`."""
        return self.history.forget_transcripts(*media_ids)

    def undo(self) -> bool:
        return self.history.undo()

    def redo(self) -> bool:
        return self.history.redo()

    def save(self) -> None:
        """Write a version of the project, keeping the one before as a backup. Does not wait; see `flush`."""
        if self._writer is None:
            raise self._refusal()
        if self._writer.changed:
            self._writer.save()

    def flush(self) -> None:
        """Wait until everything so far is on the disk. Raises the `StorageError` that prevents it."""
        if self._writer is not None:
            self._writer.flush()

    def close(self, *, discard: bool = False) -> None:
        """Save and let go of the project. Raises the `StorageError` that prevents it; the project then stays open,
        unless `discard`: then what is not on the disk is given up."""
        if self._writer is not None:
            if not discard:
                self.save()
                self._writer.flush()
            self._writer.stop()
            self._writer = None
            self.read_only = True
        self._lock.release()

    def _log(self, record: Record) -> None:
        if self._writer is None:
            raise self._refusal()
        self._writer.put(record)

    def _refusal(self) -> Problem:
        if self.problem is None:
            return ReadOnly("The project is closed.", "Open it again.")
        return type(self.problem)(self.problem.sentence, self.problem.hint)

    def _on_report(self, problem: Problem | None) -> None:
        self.problem = problem
        self.on_problem(problem)
