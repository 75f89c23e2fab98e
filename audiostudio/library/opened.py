"""What every part of an open library shares: the database, the media folder, and what can be undone."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from audiostudio.library.database import Database

_UNDO_DEPTH = 100


class Opened:
    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.media = folder / "media"
        self.database = database
        self._undo: deque[tuple[str, Callable[[], None]]] = deque(maxlen=_UNDO_DEPTH)
        self._undoing = threading.Lock()
        self._moving = threading.Lock()
        """Held while the file of a listed asset goes to another place."""

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back, such as `Rename “Intro”`; None: nothing."""
        try:
            return self._undo[-1][0]
        except IndexError:
            return None

    def undo(self) -> str | None:
        """Take back the last change made through this object; its label, or None when there was nothing to undo.

        What has since been removed for good is left out.
        """
        with self._undoing:
            if not self._undo:
                return None
            change = self._undo[-1]
            label, back = change
            back()
            with contextlib.suppress(ValueError):  # a hundred later changes, made meanwhile, pushed it out
                self._undo.remove(change)
            return label

    def _can_undo(self, label: str, back: Callable[[], None]) -> None:
        self._undo.append((label, back))
