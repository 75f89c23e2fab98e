"""HTDemucs's file becomes a network, by demucs's own code. Nothing in the file is executed."""

import importlib
import inspect
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from audiostudio.engines.musicgen.standins import standins
from audiostudio.engines.torch_device import checkpoint_errors


class _Named:
    """Stands for the class that a checkpoint names."""


def load(path: Path, title: str) -> Any:
    """The `HTDemucs` of a checkpoint as demucs publishes them, ready to infer.

    Raises `ModelDamaged` for a file that is none, or holds more than numbers; `ImportError`.
    """
    import torch

    with standins():
        from demucs.htdemucs import HTDemucs
    # Beside tensors the published file has a fraction, some measured numbers, and the class by its name; a number's
    # maker is known by the name that it had in older numpys, too.
    scalar = importlib.import_module("numpy._core.multiarray").scalar
    known = [
        (_Named, "demucs.htdemucs.HTDemucs"),
        Fraction,
        scalar,
        (scalar, "numpy.core.multiarray.scalar"),
        np.dtype,
        type(np.dtype(np.float64)),
    ]
    with checkpoint_errors(title, path):
        with torch.serialization.safe_globals(known):
            package = torch.load(path, map_location="cpu", weights_only=True)
        if package["klass"] is not _Named or package["args"]:
            raise ValueError("another network")
        network = HTDemucs(**_understood(HTDemucs, package["kwargs"]))
        network.load_state_dict(package["state"])
    return network.float().eval()


def _understood(kind: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Without settings of a demucs that nobody uses any more."""
    names = inspect.signature(kind).parameters
    return {name: value for name, value in settings.items() if name in names}
