"""Asks the library beside the window's thread. A busy disk, or another program that holds the library, stops nobody."""

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from audiostudio.errors import StudioError


@dataclass(frozen=True, slots=True)
class _Question:
    number: int
    key: str
    ask: Callable[[], Any]
    answer: Callable[[Any], object] | None
    refused: Callable[[StudioError], object] | None


class Clerk(QObject):
    """Puts questions one after the other; answers arrive in the window's thread. The thread ends when all is asked."""

    failed = Signal(object)
    """The `StudioError` of a question that has nobody else to tell."""
    _came = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[_Question] = deque()
        self._newest: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._open = 0
        """Questions whose answers have not been handed over."""
        self._came.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        ask: Callable[[], Any],
        answer: Callable[[Any], object] | None = None,
        key: str = "",
        refused: Callable[[StudioError], object] | None = None,
    ) -> None:
        """Run `ask` in the thread and hand its result to `answer`, or its `StudioError` to `refused`.

        Of questions with the same `key` only the newest is answered.
        """
        with self._lock:
            if self._closed:
                return
            question = _Question(next(self._numbers), key, ask, answer, refused)
            if key:
                kept = deque(other for other in self._waiting if other.key != key)
                self._open -= len(self._waiting) - len(kept)
                self._waiting = kept
                self._newest[key] = question.number
            self._waiting.append(question)
            self._open += 1
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="library", daemon=True)
                self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a question or its answer is on its way."""
        with self._lock:
            return self._open > 0

    def close(self, finish: bool = False) -> None:
        """Answer nothing more. With `finish` what was asked is still done, without an answer."""
        with self._lock:
            self._closed = True
            if not finish:
                self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                question = self._waiting.popleft()
            result, error = None, None
            try:
                result = question.ask()
            except StudioError as problem:
                error = problem
            self._came.emit(question, result, error)

    @Slot(object, object, object)
    def _hand_over(self, question: _Question, result: Any, error: StudioError | None) -> None:
        with self._lock:
            self._open -= 1
        if self._closed or (question.key and self._newest[question.key] != question.number):
            return
        if error is None:
            if question.answer is not None:
                question.answer(result)
        elif question.refused is not None:
            question.refused(error)
        else:
            self.failed.emit(error)
