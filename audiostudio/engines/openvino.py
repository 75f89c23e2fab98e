"""OpenVINO behind one door: without its telemetry, errors in the user's words."""

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, cast

from audiostudio.errors import EngineFailed, EngineUnavailable


def runtime() -> Any:
    """The module `openvino`. Raises `EngineUnavailable`.

    On import it tells Google Analytics that it is used, without asking, if the package `openvino_telemetry` is
    there: so for OpenVINO it is not there.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = cast(ModuleType, None)
    try:
        import openvino
    except ImportError as error:
        raise EngineUnavailable(f"OpenVINO cannot be used: {error}.", "Install Audio Studio again.") from error
    return openvino


@contextlib.contextmanager
def errors() -> Iterator[None]:
    """Turn whatever OpenVINO raises into `EngineFailed`."""
    try:
        yield
    except RuntimeError as error:
        reason = [line for line in str(error).splitlines() if line.strip()] or ["for an unknown reason"]
        raise EngineFailed(
            f"OpenVINO failed: {reason[-1].strip()[:200]}", "Try again; if it fails again, report it with the log."
        ) from error
