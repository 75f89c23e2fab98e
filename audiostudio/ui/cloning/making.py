"""The voice that is being made: its draft, and what is asked about it. The steps show it and change it here."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.cloning.draft import Draft, DraftFile, DraftSample, Version
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.words import filled

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.ui.desk import Desk

MOST = 20
"""Samples of one voice."""
MAKES = ("voice.create", "voice.retrain")
"""Jobs that make a voice."""
_SAVED_AFTER = 400
"""Milliseconds after the last change."""


class Making(QObject):
    """For the window's thread. `close()` ends it; what was not saved is saved then, and a voice that is being made is
    made all the same."""

    changed = Signal()
    """The draft, or what is known of it."""
    failed = Signal(object)
    """A `StudioError` that no step shows in its own place."""

    def __init__(self, desk: "Desk", parent: QObject) -> None:
        super().__init__(parent)
        self.desk = desk
        self.background = Background(self)
        self.background.failed.connect(self.failed)
        self._folder = desk.studio.profile.root / "drafts"
        self._file = DraftFile(self._folder)
        self.draft = Draft()
        self.together: JsonObject | None = None
        """What `voice.check` says of all usable samples."""
        self.check_error: StudioError | None = None
        """Why nothing could be checked."""
        self._check: JobWatcher | None = None
        self._check_again = False
        self._watchers: list[JobWatcher] = []
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(_SAVED_AFTER)
        self._save.timeout.connect(self._save_beside)
        self._load()

    # The draft

    def touch(self) -> None:
        """The draft was changed: show and save it."""
        self._save.start()
        self.changed.emit()

    def reopen(self) -> None:
        """What the voice was made of is changed: another one can be made of it. The voice stays."""
        self.draft.made = None

    def begin(self, again: str = "") -> None:
        """Go to the draft of a new voice, or of one that is made again; that which is here is kept."""
        self._flush()
        self._file = DraftFile(self._folder, again)
        self._load()
        self.draft.again = again
        self.touch()

    def forget(self) -> None:
        """An empty draft in the place of this one. Files that were recorded stay in the library."""
        again = self.draft.again
        self._cancel_check()
        self.draft = Draft(engine=self.draft.engine, language=self.draft.language, again=again)
        self.together = self.check_error = None
        self.touch()

    @property
    def engine(self) -> "EngineManifest | None":
        """The one that was chosen, if it is still there."""
        return next((one for one in makers(self.desk) if one.name == self.draft.engine), None)

    # Samples

    @property
    def checking(self) -> bool:
        return self._check is not None

    def add(self, paths: Iterable[Path], *, asset: str = "", name: str = "", passage: int | None = None) -> int:
        """Files as samples; how many were not there already. One that reads the same passage takes the other's
        place."""
        here = {version.path for one in self.draft.samples for version in (one.now, *one.before)}
        fresh = [path for path in dict.fromkeys(map(str, paths)) if path not in here]
        room = MOST - len(self.draft.samples)
        if len(fresh) > room:
            self.failed.emit(
                StudioError(
                    filled(self.tr("A voice is made of {most} samples at most."), most=MOST),
                    self.tr("Three to five good ones are better than many."),
                )
            )
        if passage is not None and fresh:
            self.draft.samples = [one for one in self.draft.samples if one.passage != passage]
        for path in fresh[:room]:
            self.draft.samples.append(DraftSample(name or Path(path).name, Version(path), asset=asset, passage=passage))
        if fresh:
            self.reopen()
            self.touch()
            self.check()
        return len(fresh[:room])

    def remove(self, sample: DraftSample) -> int:
        """Take it out of the voice; its file stays. Where it was among the others."""
        place = self.draft.samples.index(sample)
        del self.draft.samples[place]
        self.reopen()
        self.touch()
        self.check()
        return place

    def put_back(self, sample: DraftSample, place: int) -> None:
        self.draft.samples.insert(place, sample)
        self.touch()
        self.check()

    def take(self, sample: DraftSample, offer: str) -> JobWatcher | None:
        """Take an offer: a new file beside the one before."""
        request: JsonObject = {"file": sample.now.path, "offers": [offer], "language": self.draft.language}
        title = filled(self.tr("Prepare {name}"), name=sample.name)

        def done(result: JsonObject) -> None:
            if sample in self.draft.samples:
                sample.before.append(sample.now)
                sample.taken.append(offer)
                sample.now = Version(result["path"], result["sample"])
                self.reopen()
                self.touch()
                self.check()

        return self.run(Job("voice.prepare", request, title), done)

    def undo(self, sample: DraftSample) -> None:
        """The file as it was before the last offer."""
        if sample.before:
            sample.now = sample.before.pop()
            sample.taken.pop()
            self.touch()
            self.check()

    def keep_recording(self, recording: Path, name: str, text: str, then: Callable[[str, Path], None]) -> None:
        """What a microphone gave becomes a file of the library: `then(asset id, path)`."""
        request = {"recording": str(recording), "name": name, "text": text}

        def kept(result: JsonObject) -> None:
            asset = result["asset"]
            library = self.desk.studio.library
            self.background.run(lambda: library.get(asset).path, lambda path: then(asset, path))

        self.run(Job("takes.keep", request, name), kept)

    def check(self) -> None:
        """Ask what the samples are good for; again when they change meanwhile."""
        if self._check is not None:
            self._check_again = True
            self._check.cancel()
            return
        self.together = self.check_error = None
        files = [one.now.path for one in self.draft.samples]
        if not files:
            self.changed.emit()
            return
        request = {"files": files, "keep": True, "language": self.draft.language}
        watcher = self.run(Job("voice.check", request, self.tr("Check the samples")), self._checked, self._check_failed)
        self._check = watcher
        if watcher is not None:
            watcher.partial.connect(lambda partial: self._came(partial.data) if partial.kind == "sample" else None)
        self.changed.emit()

    # Asking

    def run(
        self,
        job: Job,
        done: Callable[[JsonObject], None],
        failed: Callable[[StudioError | None], None] | None = None,
    ) -> JobWatcher | None:
        """`done(result)`, or `failed(error)`, None when it was cancelled; without `failed` an error is said over the
        window."""
        try:
            watcher = self.desk.jobs.submit(job)
        except StudioError as error:
            if failed is None:
                self.failed.emit(error)
            else:
                failed(error)
            return None
        self.follow(watcher, done, failed)
        return watcher

    def follow(
        self,
        watcher: JobWatcher,
        done: Callable[[JsonObject], None],
        failed: Callable[[StudioError | None], None] | None = None,
    ) -> None:
        """As `run`, of a job that runs already."""
        watcher.told = failed is not None
        self._watchers.append(watcher)
        watcher.finished.connect(lambda outcome: self._ended(watcher, outcome, done, failed))

    def beside(
        self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[StudioError], None]
    ) -> None:
        """Short work beside the window."""

        def guarded() -> Any:
            try:
                return work()
            except StudioError as error:
                return error

        self.background.run(guarded, lambda found: failed(found) if isinstance(found, StudioError) else then(found))

    def close(self) -> None:
        self._flush()
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            watcher.told = False
            if watcher.job.operation not in MAKES:
                watcher.cancel()
        self.background.close()

    # Inner

    def _load(self) -> None:
        self._cancel_check()
        self.together = self.check_error = None
        try:
            self.draft = self._file.read()
        except StudioError as error:
            self.draft = Draft()
            self.failed.emit(error)
        for sample in self.draft.samples:
            while sample.before and not Path(sample.now.path).is_file():  # what can be made again may be gone
                sample.now = sample.before.pop()
                sample.taken.pop()
        if self.draft.samples:
            self.check()

    def _flush(self) -> None:
        if self._save.isActive():
            self._save.stop()
            try:
                self._file.write(self.draft.to_json())
            except StudioError as error:
                self.desk.messages.error(error)

    def _save_beside(self) -> None:
        file, data = self._file, self.draft.to_json()
        self.background.run(lambda: file.write(data))

    def _cancel_check(self) -> None:
        watcher, self._check, self._check_again = self._check, None, False
        if watcher is not None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)
            watcher.cancel()

    def _came(self, found: JsonObject) -> None:
        for sample in self.draft.samples:
            if sample.now.path == found["file"]:
                sample.now.check = found
                self.touch()

    def _checked(self, result: JsonObject) -> None:
        self._check = None
        for found in result["samples"]:
            self._came(found)
        self.together = result["together"]
        self._next_check()

    def _check_failed(self, error: StudioError | None) -> None:
        self._check = None
        self.check_error = error
        self._next_check()

    def _next_check(self) -> None:
        again, self._check_again = self._check_again, False
        if again:
            self.check()
        else:
            self.touch()

    def _ended(self, watcher: JobWatcher, outcome: Outcome, done: Any, failed: Any) -> None:
        if watcher not in self._watchers:
            return
        self._watchers.remove(watcher)
        if outcome.state is JobState.DONE:
            done(outcome.result or {})
        elif failed is not None:
            failed(outcome.error if isinstance(outcome.error, StudioError) else None)
            watcher.told = outcome.error is None or isinstance(outcome.error, StudioError)


def makers(desk: "Desk") -> "list[EngineManifest]":
    """Engines that make voices: those that work at once first, then those of this computer."""
    able = [one for one in desk.studio.engines.manifests() if one.kind == "speech" and one.capabilities.cloning]
    return sorted(able, key=lambda one: (one.capabilities.cloning != "match", one.capabilities.remote, one.title))
