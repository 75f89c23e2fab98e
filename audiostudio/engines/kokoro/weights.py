"""The decoder's weights, read by name out of the ONNX export and back in floating point."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.kokoro.stages import Floats

if TYPE_CHECKING:
    import onnx

_NODES = "/decoder/decoder/"
_VALUES = "decoder.decoder."


class Weights:
    """Names are those of Kokoro's own modules, such as `generator/resblocks.0/convs1.2`.

    Raises `KeyError` when the model lacks one.
    """

    def __init__(self, model: "onnx.ModelProto") -> None:
        self._tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        self._inputs = {node.name: tuple(node.input) for node in model.graph.node}

    def convolution(self, name: str) -> tuple[Floats, Floats | None]:
        """Weight of shape (out, in, taps), and bias of shape (out,) where there is one."""
        return self._matrix(f"{_NODES}{name}/Conv"), self._optional(f"{_VALUES}{_dotted(name)}.bias")

    def linear(self, name: str) -> tuple[Floats, Floats]:
        """Weight of shape (in, out) and bias of shape (out,)."""
        return self._matrix(f"{_NODES}{name}/Gemm_MatMul"), self.value(f"{name}.bias")

    def upsampling(self, name: str) -> tuple[Floats, Floats]:
        """A transposed convolution's weight, of shape (in, out, taps), and bias."""
        return self._tensor(self._inputs[f"{_NODES}{name}/ConvTranspose"][1]), self.value(f"{name}.bias")

    def value(self, name: str) -> Floats:
        return self._tensor(f"{_VALUES}{_dotted(name)}")

    def source(self) -> tuple[Floats, float]:
        """The weight of each harmonic, shape (9,), and their bias."""
        node = f"{_NODES}generator/m_source/l_linear/MatMul"
        return self._tensor(self._inputs[node][1])[:, 0], float(self.value("generator/m_source/l_linear.bias")[0])

    def inverse_transform(self) -> Floats:
        """What makes sound of a spectrum: shape (22, 20), real parts first."""
        return self._tensor(f"{_VALUES}generator.stft.istft.stft.inverse_basis")[:, 0]

    def _matrix(self, node: str) -> Floats:
        """The weight of a node that may be quantised: `(integers − zero) · scale`."""
        if node in self._inputs:
            return self._tensor(self._inputs[node][1])
        _, name, _, zero = self._inputs[f"{node}_quant"]
        scale = self._tensor(name.removesuffix("_quantized") + "_scale")
        weight = self._tensor(name) - self._tensor(zero)
        weight *= scale
        return weight

    def _optional(self, name: str) -> Floats | None:
        return self._tensor(name) if name in self._tensors else None

    def _tensor(self, name: str) -> Floats:
        from onnx import numpy_helper

        array: NDArray[np.generic] = numpy_helper.to_array(self._tensors[name])
        return array.astype(np.float32)


def _dotted(name: str) -> str:
    return name.replace("/", ".")
