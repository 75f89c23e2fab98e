"""The signature of a voice: what files it is made of, and who says so.

`signature.json` holds the public key, the SHA-256 and size of every other file, and the signature of these.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audiostudio.errors import RequestError
from audiostudio.files import replace_file
from audiostudio.identity import Identity, fingerprint, is_signed

SIGNATURE = "signature.json"
RECORD = "voice.json"
_PURPOSE = b"Audio Studio voice 1\n"
_NAME = re.compile(r"(?!\.)[\w. -]{1,100}(?:/(?!\.)[\w. -]{1,100}){0,2}", re.ASCII)
_CHUNK = 1 << 20
_MOST = 1 << 20
"""Bytes of a `signature.json`."""


class BadSignature(ValueError):
    """Says in a sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Signature:
    files: Mapping[str, tuple[str, int]]
    """Names in the voice's folder; SHA-256 and bytes."""
    fingerprint: str
    """Of the key that signed."""


def sign(place: Path, identity: Identity) -> Signature:
    """Sign every file in `place`, which are safe on the disk then. Raises `OSError`, `StorageError`, and `RequestError`
    for names that `read_signature` would refuse."""
    strange = next((name for name in files_in(place) if not is_safe(name)), None)
    if strange is not None:
        raise RequestError(
            f"A voice can have no file called “{strange[-60:]}”.",
            "Its engine has to write names of plain letters and digits: tell its makers.",
        )
    files = {name: _settled(place / name) for name in files_in(place) if name != SIGNATURE}
    body = _body(files)
    record = {
        "key": base64.b64encode(identity.public_key).decode(),
        "files": {name: list(facts) for name, facts in files.items()},
        "signature": base64.b64encode(identity.sign(body)).decode(),
    }
    replace_file(place / SIGNATURE, json.dumps(record, indent=1).encode())
    return Signature(files, fingerprint(identity.public_key))


def files_in(place: Path) -> list[str]:
    """The names of all files in a folder, in order: `samples/1.flac`. Raises `OSError`."""
    found = [Path(folder, name) for folder, _, names in os.walk(place) for name in names]
    return sorted(path.relative_to(place).as_posix() for path in found)


def is_safe(name: str) -> bool:
    """Whether a file of a voice may be called so: plain letters, in the voice's folder, not hidden."""
    return _NAME.fullmatch(name) is not None


def read_signature(data: bytes) -> Signature:
    """Of the content of a `signature.json`, if its signature is right. Raises `BadSignature`."""
    try:
        record = json.loads(data) if len(data) <= _MOST else {}
        files = {name: (str(digest), _count(size)) for name, (digest, size) in record["files"].items()}
        key, signature = (base64.b64decode(record[name], validate=True) for name in ("key", "signature"))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadSignature("its signature cannot be read") from error
    if not all(map(is_safe, files)) or RECORD not in files or any(size < 0 for _, size in files.values()):
        raise BadSignature("its signature names files that no voice has")
    if not is_signed(_body(files), signature, key):
        raise BadSignature("its signature is wrong")
    return Signature(files, fingerprint(key))


def signed(place: Path) -> Signature:
    """The signature of the voice in `place`, if its record is the signed one and all its files are there, of the right
    size; what is in them `require_unchanged` tells. Raises `BadSignature`."""
    try:
        signature = read_signature((place / SIGNATURE).read_bytes())
    except OSError as error:
        raise BadSignature("its signature is missing") from error
    for name, (_, size) in signature.files.items():
        if _size(place / name) != size:
            raise BadSignature(f"{name} is missing or has changed")
    require_unchanged(place, signature, [RECORD])
    return signature


def require_unchanged(place: Path, signature: Signature, names: Iterable[str]) -> None:
    """Raises `BadSignature` for files that are not what was signed."""
    for name in names:
        if name not in signature.files:
            raise BadSignature(f"{name} is not signed")
        if not _is(place / name, *signature.files[name]):
            raise BadSignature(f"{name} is missing or has changed")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _is(path: Path, digest: str, size: int) -> bool:
    try:
        return _size(path) == size and _hashed(path) == (digest, size)
    except OSError:
        return False


def _hashed(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return _read(file.fileno())


def _settled(path: Path) -> tuple[str, int]:
    with path.open("rb+") as file:
        found = _read(file.fileno())
        os.fsync(file.fileno())
    return found


def _read(handle: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := os.read(handle, _CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _count(size: object) -> int:
    if type(size) is not int or size < 0:
        raise ValueError("no size")
    return size


def _body(files: Mapping[str, tuple[str, int]]) -> bytes:
    ordered = {name: list(files[name]) for name in sorted(files)}
    return _PURPOSE + json.dumps(ordered, ensure_ascii=True, separators=(",", ":")).encode()
