"""API keys with the real `keyring`: its fail backend (a machine without one) and a real backend that keeps a file."""

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

from audiostudio.errors import RequestError
from audiostudio.keys import Keys

KEY = "sk_0123456789abcdefSECRET"


class FileKeyring(KeyringBackend):
    """Keeps passwords in a file, as keyring's own file backends do."""

    priority = 5

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.locked = False

    def _all(self) -> dict[str, str]:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service}\n{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise PasswordSetError("locked")
        self.path.write_text(json.dumps(self._all() | {f"{service}\n{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._all()
        if kept.pop(f"{service}\n{username}", None) is None:
            raise PasswordDeleteError("not found")
        self.path.write_text(json.dumps(kept))


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def a_keyring(tmp_path: Path) -> Iterator[FileKeyring]:
    before = keyring.get_keyring()
    backend = FileKeyring(tmp_path / "ring.json")
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_a_file_that_only_its_user_can_read(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    keys = Keys(root)
    assert keys.get("elevenlabs") is None
    assert keys.where("elevenlabs") == ""
    assert keys.set("elevenlabs", f" {KEY}\n") == "file"
    assert keys.set("other", "abc") == "file"
    assert Keys(root).get("elevenlabs") == KEY
    assert keys.where("elevenlabs") == "file"
    assert stat.S_IMODE((root / "keys.json").stat().st_mode) == 0o600
    assert keys.delete("elevenlabs")
    assert not keys.delete("elevenlabs")
    assert Keys(root).get("elevenlabs") is None
    assert Keys(root).get("other") == "abc"
    assert KEY not in "".join(path.read_text() for path in root.iterdir())


def test_in_the_keyring_where_there_is_one(tmp_path: Path, a_keyring: FileKeyring) -> None:
    keys = Keys(tmp_path / "profile")
    assert keys.set("elevenlabs", KEY) == "keyring"
    assert keys.where("elevenlabs") == "keyring"
    assert Keys(tmp_path / "profile").get("elevenlabs") == KEY
    assert not (tmp_path / "profile" / "keys.json").exists()
    assert Keys(tmp_path / "another profile").get("elevenlabs") is None
    assert keys.delete("elevenlabs")
    assert keys.get("elevenlabs") is None


def test_a_locked_keyring_leaves_the_file(tmp_path: Path, a_keyring: FileKeyring) -> None:
    a_keyring.locked = True
    keys = Keys(tmp_path / "profile")
    assert keys.set("elevenlabs", KEY) == "file"
    a_keyring.locked = False
    assert keys.set("elevenlabs", "newer") == "keyring"
    assert keys.get("elevenlabs") == "newer"
    assert KEY not in (tmp_path / "profile" / "keys.json").read_text()


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize("key", ["", "  ", "two words", "ключ", "a\nb", "x" * 501, "caf\u00e9", "a\x00b"])
def test_what_cannot_be_a_key_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(RequestError) as caught:
        Keys(tmp_path).set("elevenlabs", key)
    assert len(key.strip()) < 2 or key not in str(caught.value)
    assert not (tmp_path / "keys.json").exists()


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff", b'{"elevenlabs": 3}'])
def test_a_damaged_file_holds_no_keys(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "keys.json").write_bytes(damage)
    keys = Keys(tmp_path)
    assert keys.get("elevenlabs") is None
    keys.set("elevenlabs", KEY)
    assert keys.get("elevenlabs") == KEY


@pytest.mark.usefixtures("no_keyring")
def test_neither_repr_nor_log_tells_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keys = Keys(tmp_path)
    keys.set("elevenlabs", KEY)
    keys.get("elevenlabs")
    assert KEY not in repr(keys) + caplog.text
