"""What remote engines know of the user: keys, addresses, and the voices that were fetched."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from audiostudio.engines.remote.services import Services
from audiostudio.errors import KeyNeeded
from audiostudio.files import replace_file, storage_errors
from audiostudio.keys import Keys
from audiostudio.profile import Profile

Catalogue: TypeAlias = dict[str, Any]
"""What was fetched of one engine: `fetched` (ISO 8601), `voices` (as in `resources/voices/ENGINE.json`) and, where it
tells them, `options`, `languages`, `speed` (in place of the manifest's), `rights`, `account`, `models`."""


class Accounts:
    """The accounts of one profile. Any number of processes may use them."""

    def __init__(self, profile: Profile) -> None:
        self.keys = Keys(profile.root)
        self.services = Services(profile.root)
        self.writers = Services(profile.root, writers=True)
        """Servers that write text."""
        self._cache = profile.cache / "voices"
        self._requests = profile.cache / "requests"
        self._read: dict[str, tuple[tuple[int, int], Catalogue]] = {}

    def requests(self, engine: str) -> Path:
        """The folder in which requests are counted, see `slots`."""
        return self._requests / engine

    def key(self, engine: str, title: str) -> str:
        """Raises `KeyNeeded` when there is none."""
        key = self.keys.get(engine)
        if key is None:
            raise KeyNeeded(f"{title} needs an API key.", f"Enter it, or run `audiostudio keys set {engine}`.")
        return key

    def catalogue(self, engine: str) -> Catalogue:
        """What was fetched last; empty when nothing was, or when it cannot be read. Not to be changed."""
        stamp = _stamp(self._file(engine))
        known = self._read.get(engine)
        if known is None or known[0] != stamp:
            self._read[engine] = known = stamp, self._fetched(engine)
        return known[1]

    def _fetched(self, engine: str) -> Catalogue:
        with suppress(OSError, ValueError, RecursionError):
            data = json.loads(self._file(engine).read_bytes())
            if isinstance(data, dict):
                return data
        return {}

    def keep_catalogue(self, engine: str, data: Catalogue) -> None:
        """Raises `StorageError`."""
        replace_file(self._file(engine), json.dumps(data, ensure_ascii=False).encode())

    def forget_catalogue(self, engine: str) -> None:
        """Raises `StorageError`."""
        with storage_errors(self._file(engine)):
            self._file(engine).unlink(missing_ok=True)

    def version(self) -> tuple[int, ...]:
        """Differs after any change of addresses, servers or catalogues by any process; cheap."""
        return _stamp(self.services.file) + _stamp(self._cache)

    def _file(self, engine: str) -> Path:
        return self._cache / f"{engine}.json"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino
