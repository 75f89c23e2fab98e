"""What audiocraft and demucs import and never need here: packages of gigabytes, or for training, stand in as names.

xformers gives `unbind`, which is PyTorch's own; spaCy a tokenizer of words for experiments; flashy trains on many
machines; PyAV and lameenc read and write files, which is done elsewhere; librosa gives one table, which is `chroma`.
The names are taken away again once all is imported, so that nobody else takes them for the packages.
"""

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

from audiostudio.engines.musicgen import chroma
from audiostudio.engines.torch_sound import torchaudio


def audiocraft() -> None:
    """Make `audiocraft.models.builders`, `.musicgen` and what they use importable. Raises `ImportError`.

    Its packages are opened without running their `__init__`: these import all of its training.
    """
    torchaudio()
    for name in ("audiocraft", "audiocraft.data", "audiocraft.models"):
        if name not in sys.modules:
            sys.modules[name] = _opened(name)
    with standins():
        import audiocraft.models.builders
        import audiocraft.models.musicgen  # noqa: F401


@contextmanager
def standins() -> Iterator[None]:
    """Inside, the names can be imported; what was imported under them before comes back afterwards."""
    put = _modules()
    before = {name: sys.modules.get(name) for name in put}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def _modules() -> dict[str, types.ModuleType]:
    import torch

    marker = type("LowerTriangularMask", (), {})
    ops = _module("xformers.ops", unbind=torch.unbind, LowerTriangularMask=marker, memory_efficient_attention=None)
    filters = _module("librosa.filters", chroma=_chroma)
    distrib = _module("flashy.distrib")
    found = [
        *(ops, _module("xformers", ops=ops), filters, _module("librosa", filters=filters)),
        *(distrib, _module("flashy", distrib=distrib), _module("spacy"), _module("av"), _module("lameenc")),
    ]
    return {one.__name__: one for one in found}


def _opened(name: str) -> types.ModuleType:
    spec = find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError(f"No module named {name!r}")
    module = types.ModuleType(name)
    module.__spec__ = spec
    module.__path__ = list(spec.submodule_search_locations)
    vars(module).update(__version__="1.3.0")
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    return module


def _module(name: str, **members: Any) -> types.ModuleType:
    module = types.ModuleType(name, "Stands in for a package that is not needed.")
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__path__ = []
    vars(module).update(members)
    return module


def _chroma(*, sr: float, n_fft: int, tuning: float, n_chroma: int) -> Any:
    """`librosa.filters.chroma`, as far as it is asked for."""
    if tuning:
        raise ValueError("a tuning is not known here")
    return chroma.filters(sr, n_fft, n_chroma)
