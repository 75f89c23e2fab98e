"""What PyTorch runs on, its chances, and its files. PyTorch is imported when it is used."""

import os
import pickle
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audiostudio.errors import EngineFailed, EngineUnavailable, ModelDamaged

DEVICE = "AUDIOSTUDIO_TORCH_DEVICE"
"""Environment variable: `cpu`, `cuda` or `mps` instead of the best that there is."""


def best_device(mps: bool = False) -> str:
    """`cuda`, `mps` (where the network runs on it) or `cpu`. Raises `EngineUnavailable` for one that is not there."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": mps and torch.backends.mps.is_available(), "cpu": True}
    wanted = os.environ.get(DEVICE, "").strip().lower()
    if wanted and not there.get(wanted):
        raise EngineUnavailable(
            f"PyTorch cannot run on “{wanted[:20]}” here, which {DEVICE} asks for.",
            f"Set {DEVICE} to {' or '.join(name for name, have in there.items() if have)}, or unset it.",
        )
    return wanted or next(name for name, have in there.items() if have)


def device_name(device: str) -> str:
    """For people: `NVIDIA GeForce RTX 4070 (CUDA)`, `the processor`."""
    import torch

    if device == "cuda":
        return f"{torch.cuda.get_device_name()} (CUDA)"
    return "Apple graphics (Metal)" if device == "mps" else "the processor"


def seed(*numbers: int) -> None:
    """Begin PyTorch's chances anew, so that the same numbers give the same samples."""
    import torch

    torch.manual_seed(zlib.crc32(repr(numbers).encode()))


@contextmanager
def checkpoint_errors(title: str, path: Path) -> Iterator[None]:
    """Raises `ModelDamaged` for a checkpoint that is none, is of another network, or holds more than numbers."""
    import torch

    try:
        yield
    except pickle.UnpicklingError as error:
        raise ModelDamaged(
            f"{path.name} of {title} holds more than numbers, or is damaged; it was not opened: {path}.",
            "It may be made to run a program. Remove the model, and fetch it again from its own source.",
        ) from error
    except torch.OutOfMemoryError:
        raise
    except (EOFError, KeyError, TypeError, ValueError, AttributeError, AssertionError, RuntimeError) as error:
        if "memory" in str(error):
            raise
        raise ModelDamaged(
            f"{path.name} of {title} is no model that this engine knows: {path}.", "Fetch the model again."
        ) from error


def save_tensors(tensors: dict[str, Any], path: Path, note: dict[str, str] | None = None) -> None:
    """Write tensors as safetensors: numbers and nothing else."""
    from safetensors.torch import save_file

    save_file({name: one.detach().cpu().contiguous() for name, one in tensors.items()}, str(path), note)


def load_tensors(path: Path, shapes: Mapping[str, tuple[int | None, ...]], title: str) -> dict[str, Any]:
    """Tensors of a voice as `save_tensors` wrote them. `shapes`: what they must have; None is any length.

    Raises `EngineFailed` when the file is damaged or made for something else.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found: dict[str, Any] = load_file(str(path))
    except (OSError, SafetensorError) as error:
        raise unusable(title) from error
    for name, shape in shapes.items():
        one = found.get(name)
        if one is None or one.dim() != len(shape) or not bool(torch.isfinite(one).all()):
            raise unusable(title)
        if any(want not in (None, have) for want, have in zip(shape, one.shape, strict=True)):
            raise unusable(title)
    return found


def unusable(title: str) -> EngineFailed:
    return EngineFailed(
        f"What this voice was learnt as cannot be used by {title}: it is damaged, or of another model.",
        "Train the voice again, or import it again.",
    )
