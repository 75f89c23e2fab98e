"""Short work beside the window: reading files, the library's database."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from audiostudio.errors import StudioError


class Background(QObject):
    """Runs functions one after the other in one thread, and hands their results to the window's."""

    failed = Signal(object)
    """A `StudioError`."""
    _ended = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="speech-tab")
        self._closed = False
        self._ended.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        """`then(result)` is called in the window's thread; after `close` nothing is done any more."""
        if self._closed:
            return
        future = self._thread.submit(work)
        future.add_done_callback(
            lambda done: None if self._closed or done.cancelled() else self._ended.emit(done, then)
        )

    def close(self) -> None:
        """Forget what waits; wait for what runs."""
        self._closed = True
        self._thread.shutdown(cancel_futures=True)

    def _pass_on(self, future: "Future[Any]", then: Callable[[Any], None] | None) -> None:
        if self._closed:
            return
        try:
            result = future.result()
        except StudioError as error:
            self.failed.emit(error)
            return
        if then is not None:
            then(result)
