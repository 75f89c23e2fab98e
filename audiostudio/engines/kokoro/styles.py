"""Style tables: who speaks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audiostudio.engines.kokoro.stages import Floats
from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

VOICES = "kokoro-voices"
"""In the model store: a table for each voice that ships."""
STYLE = "style.bin"
"""The table of an own voice, in its folder."""

_SHAPE = (510, 256)
_SIZE = _SHAPE[0] * _SHAPE[1]


def style_table(files: Sequence[tuple[Path, float]]) -> Floats:
    """The weighted mean of voices, shape (510, 256): row n is the style for n tokens. Raises `ModelDamaged`."""
    total = np.zeros(_SHAPE, np.float64)
    for path, weight in files:
        with storage_errors(path):
            table = np.fromfile(path, "<f4", _SIZE + 1)
        if table.size != _SIZE or not np.isfinite(table).all():
            raise ModelDamaged(f"The voice {path} is damaged.", "Run `audiostudio models verify kokoro-voices`.")
        total += weight * table.reshape(_SHAPE)
    return total.astype(np.float32)
