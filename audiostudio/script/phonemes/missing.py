"""Saying what is not installed."""

import contextlib
from collections.abc import Iterator

from audiostudio.errors import EngineUnavailable


@contextlib.contextmanager
def installed(language: str, *packages: str) -> Iterator[None]:
    """Turn a failed import in the block into `EngineUnavailable` that names the packages."""
    try:
        yield
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            f"{language} cannot be spoken: {' and '.join(packages)} cannot be loaded ({str(error)[:120]}).",
            f"Install it with: pip install {' '.join(packages)}",
        ) from error
