"""Kokoro's decoder, written anew in OpenVINO's operations: the same network, laid out so that it runs fast.

Sounds are pictures one row high, shape (1, channels, 1, time): the plugin then keeps channels innermost through
convolution and normalisation, with no copying in between. The snake x + sin²(αx)/α is a chain of operations with
one input each, which run as one pass. See docs/decisions/kokoro-decoder-is-rewritten-for-openvino.md.
"""

from typing import Any

import numpy as np

from audiostudio.engines.kokoro.stages import Floats
from audiostudio.engines.kokoro.weights import Weights
from audiostudio.engines.openvino import runtime

BINS = 22
"""Channels of the hum's spectrum and of the sound's: 11 magnitudes, 11 phases."""
STYLE = 128
"""Of a style's 256 values the first half is the decoder's."""

_UPSAMPLING = ((10, 5), (6, 3))
_DILATIONS = (1, 3, 5)


def build(weights: Weights) -> Any:
    """An `openvino.Model` from `f0`, `energy`, `features`, `hum` and `style` to the sound's spectrum, shape
    (1, 22, 1, 120 · frames + 1)."""
    openvino = runtime()
    op = openvino.opset13
    network = _Network(weights, op)

    def entry(name: str, *shape: int) -> Any:
        return op.parameter(list(shape), openvino.Type.f32, name=name)

    f0, energy = entry("f0", 1, 1, 1, -1), entry("energy", 1, 1, 1, -1)
    features, hum = entry("features", 1, 512, 1, -1), entry("hum", 1, BINS, 1, -1)
    network.style = entry("style", 1, STYLE)
    content = network.contents(features, f0, energy)
    return openvino.Model([network.generator(content, hum)], [f0, energy, features, hum, network.style], "decoder")


class _Network:
    """The network's parts under the names of Kokoro's modules."""

    def __init__(self, weights: Weights, operations: Any) -> None:
        self._weights = weights
        self._op = operations
        self.style: Any = None

    def contents(self, features: Any, f0: Any, energy: Any) -> Any:
        op = self._op
        melody = [self._convolution(f0, "F0_conv", stride=2), self._convolution(energy, "N_conv", stride=2)]
        x = self._styled(op.concat([features, *melody], 1), "encode")
        residual = self._convolution(features, "asr_res/asr_res.0")
        for index in range(4):
            x = self._styled(op.concat([x, residual, *melody], 1), f"decode.{index}", double=index == 3)
        return x

    def generator(self, x: Any, hum: Any) -> Any:
        op = self._op
        for index, (stride, padding) in enumerate(_UPSAMPLING):
            last = index == len(_UPSAMPLING) - 1
            x = self._upsampled(self._leaky(x, 0.1), f"generator/ups.{index}", stride, padding)
            if last:
                x = op.pad(x, self._whole(0, 0, 0, 1), self._whole(0, 0, 0, 0), "reflect")
            source = self._convolution(
                hum, f"generator/noise_convs.{index}", stride=1 if last else 6, padding=0 if last else 3
            )
            x = op.add(x, self._snakes(source, f"generator/noise_res.{index}"))
            branches = [self._snakes(x, f"generator/resblocks.{3 * index + branch}") for branch in range(3)]
            x = op.multiply(op.add(op.add(branches[0], branches[1]), branches[2]), self._constant(1 / 3))
        return self._convolution(self._leaky(x, 0.01), "generator/conv_post")

    def _styled(self, x: Any, name: str, double: bool = False) -> Any:
        """A residual block in the voice's style; `double` doubles its rate."""
        op = self._op
        straight = self._convolution(self._repeated(x) if double else x, f"{name}/conv1x1")
        x = self._leaky(self._normalised(x, f"{name}/norm1"), 0.2)
        if double:
            x = self._pooled(x, f"{name}/pool")
        x = self._leaky(self._normalised(self._convolution(x, f"{name}/conv1"), f"{name}/norm2"), 0.2)
        return op.multiply(op.add(self._convolution(x, f"{name}/conv2"), straight), self._constant(0.5**0.5))

    def _snakes(self, x: Any, name: str) -> Any:
        for index, dilation in enumerate(_DILATIONS):
            y = self._snake(self._normalised(x, f"{name}/adain1.{index}"), f"{name}/alpha1.{index}")
            y = self._convolution(y, f"{name}/convs1.{index}", dilation=dilation)
            y = self._snake(self._normalised(y, f"{name}/adain2.{index}"), f"{name}/alpha2.{index}")
            x = self._op.add(self._convolution(y, f"{name}/convs2.{index}"), x)
        return x

    def _normalised(self, x: Any, name: str) -> Any:
        """Each channel to mean 0 and variance 1 over time, then to the style's own mean and spread."""
        op = self._op
        weight, bias = self._weights.linear(f"{name}/fc")
        wanted = op.add(op.matmul(self.style, self._constant(weight), False, False), self._constant(bias))
        wanted = op.reshape(wanted, self._whole(1, len(bias), 1, 1), False)
        spread, mean = op.split(wanted, op.constant(np.int64(1)), 2).outputs()
        level = op.mvn(x, self._whole(2, 3), True, 1e-5, "inside_sqrt")
        return op.add(op.multiply(level, op.add(spread, self._constant(1.0))), mean)

    def _snake(self, x: Any, name: str) -> Any:
        """x + sin²(αx)/α. With r = frac(αx/π) − ½ it is sin² = cos²(πr), cos(πr) = 2c² − 1, c = cos(πr/2), and c is
        a parabola in r², off by less than 1e-5."""
        op = self._op
        alpha = self._weights.value(name).reshape(1, -1, 1, 1)
        curve, bend, height = _COSINE

        def squared(y: Any) -> Any:
            return op.power(y, self._constant(2.0))

        def line(y: Any, slope: float, shift: float) -> Any:
            return op.add(op.multiply(y, self._constant(slope)), self._constant(shift))

        turns = op.floor_mod(op.multiply(x, self._constant(alpha / np.pi)), self._constant(1.0))
        square = squared(op.add(turns, self._constant(-0.5)))
        root = curve**0.5
        half = line(squared(line(square, root, bend / (2 * root))), 1.0, height - bend * bend / (4 * curve))
        whole = squared(line(squared(half), 2.0, -1.0))
        return op.add(op.multiply(whole, self._constant(1 / alpha)), x)

    def _convolution(self, x: Any, name: str, stride: int = 1, dilation: int = 1, padding: int | None = None) -> Any:
        """`padding` None keeps the length (unless `stride` does not)."""
        weight, bias = self._weights.convolution(name)
        edge = [0, (weight.shape[2] - 1) * dilation // 2 if padding is None else padding]
        kernel = self._constant(weight[:, :, None])
        return self._biased(self._op.convolution(x, kernel, [1, stride], edge, edge, [1, dilation]), bias)

    def _upsampled(self, x: Any, name: str, stride: int, padding: int) -> Any:
        weight, bias = self._weights.upsampling(name)
        edge = [0, padding]
        y = self._op.convolution_backprop_data(
            x, self._constant(weight[:, :, None]), [1, stride], pads_begin=edge, pads_end=edge, dilations=[1, 1]
        )
        return self._biased(y, bias)

    def _pooled(self, x: Any, name: str) -> Any:
        """Twice the rate, each channel by itself."""
        weight, bias = self._weights.upsampling(name)
        y = self._op.group_convolution_backprop_data(
            x,
            self._constant(weight[:, :, None, None]),
            [1, 2],
            pads_begin=[0, 1],
            pads_end=[0, 1],
            dilations=[1, 1],
            output_padding=[0, 1],
        )
        return self._biased(y, bias)

    def _repeated(self, x: Any) -> Any:
        return self._op.interpolate(
            x,
            self._constant([2.0]),
            "nearest",
            "scales",
            axes=self._whole(3),
            nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )

    def _leaky(self, x: Any, slope: float) -> Any:
        return self._op.prelu(x, self._constant([slope]))

    def _biased(self, x: Any, bias: Floats | None) -> Any:
        return x if bias is None else self._op.add(x, self._constant(bias.reshape(1, -1, 1, 1)))

    def _constant(self, value: Any) -> Any:
        return self._op.constant(np.asarray(value, np.float32))

    def _whole(self, *values: int) -> Any:
        return self._op.constant(np.array(values, np.int64))


def _cosine() -> tuple[float, float, float]:
    """a, b, c of cos(πr/2) ≈ a·r⁴ + b·r² + c for |r| ≤ ½."""
    r = np.cos(np.linspace(0, np.pi / 2, 2001)) / 2
    a, b, c = np.polyfit(r * r, np.cos(np.pi * r / 2), 2)
    return float(a), float(b), float(c)


_COSINE = _cosine()
