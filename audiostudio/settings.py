"""Choices that are remembered: one JSON object in the profile, written whole."""

import contextlib
import json
import threading
from pathlib import Path
from typing import Any

from audiostudio.files import replace_file, storage_errors


class Settings:
    """Reads and remembers JSON values by dotted name, e.g. `settings["speech.voice"] = "af_heart"`.

    A damaged file is kept beside as `settings.json.damaged` and everything starts from its defaults.
    Raises `StorageError` when there is a file that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {}
        with storage_errors(path), contextlib.suppress(FileNotFoundError):
            self._read(path.read_bytes())

    def _read(self, data: bytes) -> None:
        try:
            values = json.loads(data)
        except (ValueError, RecursionError):
            with contextlib.suppress(OSError):  # where nothing can be written it is still read as nothing
                self._path.replace(self._path.with_name(self._path.name + ".damaged"))
        else:
            self._values = values if isinstance(values, dict) else {}

    def get(self, name: str, default: Any = None) -> Any:
        return self._values.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Remember `value`. Raises `StorageError` when the profile cannot be written."""
        with self._lock:
            if name in self._values and self._values[name] == value:
                return
            self._values[name] = value
            replace_file(self._path, json.dumps(self._values, indent=1, sort_keys=True).encode())
