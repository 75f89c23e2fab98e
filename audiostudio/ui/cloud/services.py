"""The services: their keys, what is known of them, and the questions that the user has them asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState
from audiostudio.operations.cloud import accounts
from audiostudio.operations.cloud.accounts import AccountState
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.paying import spent

if TYPE_CHECKING:
    from audiostudio.engines.remote.services import Server
    from audiostudio.ui.desk import Desk


class Services(QObject):
    """Keyrings may take their time: they are asked beside the window."""

    changed = Signal()
    """What is known is known anew: see `states`."""
    failed = Signal(object)
    """A `StudioError` of something that needs no job."""

    def __init__(self, desk: "Desk", parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = Background(self)
        self._background.failed.connect(self.failed)
        self.states: tuple[AccountState, ...] = ()
        desk.jobs.changed.connect(self._job_changed)

    @property
    def usable(self) -> bool:
        """Whether there is a voice that could speak; asks nobody."""
        engines = {one.name for one in self._desk.studio.engines.manifests() if one.capabilities.remote}
        return any(voice.engine in engines for voice in self._desk.studio.engines.voices())

    def able(self, what: str) -> AccountState | None:
        """The service that can be asked for `designs_voices`, `sound_effects` or `history`."""
        names = {one.name for one in self._desk.studio.engines.manifests() if getattr(one.capabilities, what) is True}
        return next((one for one in self.states if one.engine in names and not one.needs_key), None)

    def look(self) -> None:
        """See anew what is known."""
        self._background.run(lambda: tuple(accounts.states(self._desk.studio)), self._show)

    def try_key(self, engine: str, key: str, then: Callable[[str | None], None]) -> None:
        """`then(before)` when it is kept: with the key that it replaces."""
        self._background.run(lambda: accounts.try_key(self._desk.studio, engine, key), then)

    def put_back_key(self, engine: str, key: str) -> None:
        """The one that was replaced: the other is not accepted."""
        self._background.run(lambda: accounts.put_back(self._desk.studio, engine, key), lambda _none: self.look())

    def remove_key(self, engine: str) -> None:
        self._background.run(lambda: accounts.remove_key(self._desk.studio, engine), lambda _was: self.look())

    def keep_server(self, server: "Server", key: str | None, then: "Callable[[Server], None]") -> None:
        """Add it where its name is empty, else change it."""

        def keep() -> "Server":
            studio = self._desk.studio
            if server.name:
                return accounts.edit_server(studio, server, key)
            return accounts.add_server(studio, server, key or "")

        self._background.run(keep, lambda kept: (self.look(), then(kept)))

    def remove_server(self, name: str) -> None:
        self._background.run(lambda: accounts.remove_server(self._desk.studio, name), lambda _none: self.look())

    def close(self) -> None:
        self._desk.jobs.changed.disconnect(self._job_changed)
        self._background.close()

    # Inner

    def _show(self, states: tuple[AccountState, ...]) -> None:
        self.states = states
        self.changed.emit()

    def _job_changed(self, watcher: JobWatcher) -> None:
        if not watcher.done:
            return
        if watcher.job.operation in ("cloud.check_key", "cloud.voices", "cloud.account", "cloud.keep_voice"):
            self.look()
        elif watcher.state is not JobState.INTERRUPTED and spent(self._desk, watcher):
            self._ask_for_account()

    def _ask_for_account(self) -> None:
        """What is left, after something was spent."""
        state = self.able("history")
        if state is None:
            return
        try:
            self._desk.jobs.submit(Job("cloud.account", {"engine": state.engine}, self.tr("Ask what is left")))
        except StudioError as error:
            self.failed.emit(error)
