"""Who made it: the key with which a profile signs what leaves no doubt where it is from."""

import base64
import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.files import alone
from audiostudio.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_NAME = "signing"
_BYTES = 32


class Identity:
    """The Ed25519 key of the profile in `root`, made on this machine when it is first needed.

    Its private part lies where API keys lie, and leaves that place only to sign. Any number of processes may use it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def private_key(self) -> "Ed25519PrivateKey":
        """Raises `StorageError`."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._secret())

    @cached_property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self.private_key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """64 bytes. Raises `StorageError` where the key cannot be read or kept."""
        return self.private_key.sign(data)

    def _secret(self) -> bytes:
        keys = Keys(self._root)
        with alone(self._root / "signing"):  # or two would make one each
            found = _decoded(keys.get(_NAME) or "")
            if found is None:
                from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

                found = Ed25519PrivateKey.generate().private_bytes_raw()
                keys.set(_NAME, base64.b64encode(found).decode())
            return found


def is_signed(data: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether `signature` is that of `data` by the owner of `public_key`; False also for what is none."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """What people compare: `3f2a-9b1c-…`, 32 hex digits of the key's SHA-256."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return "-".join(digits[at : at + 4] for at in range(0, 32, 4))


def _decoded(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return found if len(found) == _BYTES else None
