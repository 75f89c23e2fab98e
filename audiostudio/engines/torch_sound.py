"""torchaudio as the engines' packages need it: without its compiled parts, and without FFmpeg's libraries.

The registry's torchaudio is linked to CUDA and does not load beside a PyTorch for the processor; what is wanted of it
(resampling, filter banks) is written in Python.
"""

import sys
import types
from typing import Any


def torchaudio() -> Any:
    """The module, however it came; to be called before anything else imports it."""
    import torch

    if "torchaudio" not in sys.modules and torch.version.cuda is None:
        sys.modules["torchaudio._extension"] = _no_extension()
    import torchaudio as found

    found.load = _load
    return found


def _no_extension() -> types.ModuleType:
    module = types.ModuleType("torchaudio._extension")
    vars(module).update(
        __path__=[],
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        fail_if_no_align=lambda function: function,
        _check_cuda_version=lambda: None,
    )
    return module


def _load(uri: Any, *_: Any, **__: Any) -> tuple[Any, int]:
    """A WAV file's sound, shape (channels, samples), and its sample rate."""
    import soundfile
    import torch

    audio, sample_rate = soundfile.read(str(uri), dtype="float32", always_2d=True)
    return torch.from_numpy(audio.T.copy()), int(sample_rate)
