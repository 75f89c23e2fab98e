"""Kokoro's ONNX graph, taken apart at named tensors into its three stages.

The parts together give exactly the audio of the whole. Works on exports of Kokoro v1.0 whose inputs are `tokens`,
`style` and `speed`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.engines.onnx import read_model

if TYPE_CHECKING:
    import onnx

DURATIONS = "/encoder/Clip_output_0"
F0 = "/encoder/Reshape_output_0"
ENERGY = "/encoder/Reshape_1_output_0"
FEATURES = "/encoder/MatMul_1_output_0"
AUDIO = "audio"


def read(path: Path) -> "onnx.ModelProto":
    """The whole model. Raises `ModelDamaged`."""
    return read_model(path, {DURATIONS, F0, ENERGY, FEATURES, AUDIO})
