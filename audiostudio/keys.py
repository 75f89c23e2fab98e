"""API keys: in the system's keyring, or, where there is none, in a file that only its user can read.

A key goes from here to the provider and nowhere else: not into logs, errors, requests of jobs, project files or `repr`.
"""

import contextlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import RequestError
from audiostudio.files import alone, new_file, storage_errors

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_KEY = re.compile(r"[!-~]{1,500}")


class Keys:
    """The keys of one profile, by the name of an engine. Any number of processes may use them."""

    def __init__(self, root: Path) -> None:
        self._file = root / "keys.json"
        self._service = f"Audio Studio {root}"

    def get(self, name: str) -> str | None:
        """The key, if there is one. Raises `StorageError` when its file cannot be read."""
        return self._of_keyring(name) or self._read().get(name)

    def where(self, name: str) -> str:
        """`keyring`, `file` or, where there is no key, nothing."""
        return "keyring" if self._of_keyring(name) else "file" if name in self._read() else ""

    def set(self, name: str, key: str) -> str:
        """Keep `key` in place of an earlier one; where it lies now: `keyring` or `file`.

        Raises `RequestError` for what cannot be a key, `StorageError`.
        """
        key = key.strip()
        if not _KEY.fullmatch(key):
            raise RequestError(
                "That is not an API key: it is empty, or has spaces or other letters than keys are made of.",
                "Copy the whole key from the provider's page, and nothing else.",
            )
        if self._into_keyring(name, key):
            self._change(name, None)
            return "keyring"
        self._change(name, key)
        return "file"

    def delete(self, name: str) -> bool:
        """Forget the key; whether there was one."""
        from keyring.errors import KeyringError

        was = self.get(name) is not None
        backend = _backend()
        if backend is not None:
            with contextlib.suppress(KeyringError):  # it holds none
                backend.delete_password(self._service, name)
        self._change(name, None)
        return was

    def _of_keyring(self, name: str) -> str | None:
        from keyring.errors import KeyringError

        backend = _backend()
        if backend is not None:
            with contextlib.suppress(KeyringError):  # locked, or gone since
                return backend.get_password(self._service, name) or None
        return None

    def _into_keyring(self, name: str, key: str) -> bool:
        from keyring.errors import KeyringError

        backend = _backend()
        if backend is not None:
            with contextlib.suppress(KeyringError):
                backend.set_password(self._service, name, key)
                return True
        return False

    def _read(self) -> dict[str, str]:
        with storage_errors(self._file), contextlib.suppress(FileNotFoundError):
            data = self._file.read_bytes()
            with contextlib.suppress(ValueError, RecursionError):
                found = json.loads(data)
                if isinstance(found, dict):
                    return {name: key for name, key in found.items() if isinstance(key, str)}
        return {}

    def _change(self, name: str, key: str | None) -> None:
        if key is None and not self._file.exists():
            return
        with alone(self._file):
            keys = self._read()
            if keys.get(name) == key:
                return
            if key is None:
                del keys[name]
            else:
                keys[name] = key
            with new_file(self._file) as half:
                half.chmod(0o600)  # before anything is in it
                half.write_text(json.dumps(keys), encoding="utf-8")


def _backend() -> "KeyringBackend | None":
    """The system's keyring, if it can keep anything."""
    import keyring

    backend = keyring.get_keyring()
    return backend if backend.priority > 0 else None
