"""The numbers of a MusicGen language model, laid out as `fast` wants them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PERIOD = 10_000.0


@dataclass(frozen=True, slots=True)
class Dense:
    """A matrix, shape (out, in), and what is added; or a norm's scale and shift. Tensors."""

    weight: Any
    bias: Any = None


@dataclass(frozen=True, slots=True)
class Attention:
    norm: Dense
    packed: Dense
    """Queries, keys and values, one under the other."""
    joined: Dense


@dataclass(frozen=True, slots=True)
class Layer:
    own: Attention
    cross: Attention | None
    """To what the text says."""
    norm: Dense
    widened: Dense
    narrowed: Dense


@dataclass(frozen=True, slots=True)
class Weights:
    tokens: Any
    """Embeddings, shape (codebooks, tokens + 1, width): the last stands for nothing."""
    layers: tuple[Layer, ...]
    norm: Dense
    logits: Dense
    """Of all codebooks, one under the other."""
    heads: int

    @property
    def codebooks(self) -> int:
        return int(self.tokens.shape[0])

    @property
    def cardinality(self) -> int:
        """Tokens of a codebook; also the number of the one that stands for nothing."""
        return int(self.tokens.shape[1]) - 1

    @property
    def width(self) -> int:
        return int(self.tokens.shape[2])


def read(state: Mapping[str, Any], settings: Mapping[str, Any], device: str, half: bool) -> Weights:
    """From a checkpoint's `best_state` and the `transformer_lm` of its configuration.

    Norms and embeddings are kept in 32 bits, matrices in 16 where `half`. Raises `KeyError`, `ValueError` for a
    network of another build.
    """
    import torch

    _check(settings)
    kind = torch.float16 if half else torch.float32

    def exact(name: str) -> Dense:
        return Dense(state[f"{name}.weight"].to(device, torch.float32), state[f"{name}.bias"].to(device, torch.float32))

    def matrix(weight: str, bias: str) -> Dense:
        added = state.get(bias)
        return Dense(state[weight].to(device, kind), None if added is None else added.to(device, kind))

    def dense(name: str) -> Dense:
        return matrix(f"{name}.weight", f"{name}.bias")

    def attention(at: str, norm: str) -> Attention:
        return Attention(exact(norm), matrix(f"{at}.in_proj_weight", f"{at}.in_proj_bias"), dense(f"{at}.out_proj"))

    def layer(at: str) -> Layer:
        crossed = f"{at}.cross_attention.in_proj_weight" in state
        return Layer(
            attention(f"{at}.self_attn", f"{at}.norm1"),
            attention(f"{at}.cross_attention", f"{at}.norm_cross") if crossed else None,
            exact(f"{at}.norm2"),
            dense(f"{at}.linear1"),
            dense(f"{at}.linear2"),
        )

    books = range(int(settings["n_q"]))
    outs = [dense(f"linears.{book}") for book in books]
    biases = [one.bias for one in outs if one.bias is not None]
    found = re.compile(r"transformer\.layers\.(\d+)\.")
    count = max(int(match[1]) for match in map(found.match, state) if match) + 1
    return Weights(
        torch.stack([state[f"emb.{book}.weight"].to(device, torch.float32) for book in books]),
        tuple(layer(f"transformer.layers.{number}") for number in range(count)),
        exact("out_norm"),
        Dense(torch.cat([one.weight for one in outs]), torch.cat(biases) if biases else None),
        int(settings["num_heads"]),
    )


def _check(settings: Mapping[str, Any]) -> None:
    """Only the build that all of MusicGen and AudioGen has is known here."""
    wanted = {
        "norm_first": True, "norm": "layer_norm", "activation": "gelu", "causal": True, "kv_repeat": 1,
        "positional_embedding": "sin", "past_context": None, "layer_scale": None,
        "max_period": PERIOD, "positional_scale": 1,
        "qk_layer_norm": False, "qk_layer_norm_cross": False,
    }  # fmt: skip
    strange = [name for name, value in wanted.items() if settings.get(name, value) != value]
    if strange:
        raise ValueError(f"a network with another {strange[0]}")
