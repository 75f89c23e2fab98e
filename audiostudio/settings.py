"""Choices that are remembered: one JSON object in the profile. Several processes may write it at the same time."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audiostudio.errors import MissingMedia, StorageError
from audiostudio.files import replace_file, storage_errors
from audiostudio.lock import FileLock

_PATIENCE = 2.0
"""Seconds for another process to write its choice, which takes milliseconds."""


class Settings:
    """Reads and remembers JSON values by dotted name, e.g. `settings["speech.voice"] = "af_heart"`.

    Only what was changed here is written; what another process changed stays, and is known here from then on.
    A damaged file is kept beside as `settings.json.damaged` and everything starts from its defaults.
    Raises `StorageError` when there is a file that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._values: dict[str, Any] = self._read() or {}
        self._changed: set[str] = set()
        """Names whose values are not in the file yet."""

    def get(self, name: str, default: Any = None) -> Any:
        return self._values.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Remember `value`. Raises `StorageError` when the profile cannot be written; it is known here all the same."""
        with self._lock:
            if name in self._values and self._values[name] == value and not self._changed:
                return
            self._values = {**self._values, name: value}
            self._changed.add(name)
            with self._alone():
                there = self._read()
                values = self._values if there is None else there | {one: self._values[one] for one in self._changed}
                replace_file(self._path, json.dumps(values, indent=1, sort_keys=True).encode())
            self._values = values
            self._changed.clear()

    def _read(self) -> dict[str, Any] | None:
        """What the file says; None where there is none, or none that makes sense."""
        try:
            with storage_errors(self._path):
                values = json.loads(self._path.read_bytes())
        except MissingMedia:
            return None
        except (ValueError, RecursionError):
            with contextlib.suppress(OSError):  # where nothing can be written it is still read as nothing
                self._path.replace(self._path.with_name(self._path.name + ".damaged"))
            return None
        return values if isinstance(values, dict) else {}

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process writes meanwhile."""
        lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        until = time.monotonic() + _PATIENCE
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            while not lock.acquire():
                if time.monotonic() > until:
                    raise StorageError(
                        "Another Audio Studio holds the settings.",
                        "Close it, then choose again: it was not remembered.",
                    )
                time.sleep(0.005)
        try:
            yield
        finally:
            lock.release()
