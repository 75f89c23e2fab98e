"""MusicGen's sampling loop, fast: what is asked for and its opposite (classifier-free guidance) in one pass, keys and
values in memory that is laid out once, and on NVIDIA cards each step replayed as one CUDA graph.

Gives the tokens that audiocraft's own loop gives.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from audiostudio.engines.musicgen.weights import PERIOD, Attention, Dense, Layer, Weights

_BUCKET = 256
"""Positions: a graph attends to a multiple of that many, so that a few graphs serve a whole piece."""
_DRAWN = 64
"""Steps for which chances are drawn at once."""


@dataclass(frozen=True, slots=True)
class Sampling:
    temperature: float = 1.0
    """0: always the likeliest."""
    top_k: int = 250
    """Among how many; 0: all."""
    top_p: float = 0.0
    """Among the likeliest that make up this share; wins over `top_k`; 0: all."""
    guidance: float = 3.0


class Decoder:
    """The language model at work on `rows` rows: the asked-for ones, then as many unconditional."""

    def __init__(self, weights: Weights, conditions: "Conditions", length: int, guidance: float) -> None:
        """`length`: positions that there will be, the conditions' prefix and all."""
        import torch

        self._weights = weights
        self._prefix = conditions.prefix
        self.rows = int(conditions.rows)
        self._guidance = guidance
        device = weights.tokens.device
        kind = weights.logits.weight.dtype
        width, heads = weights.width, weights.heads
        room = _bucket(length)
        shape = (len(weights.layers), self.rows, heads, room, width // heads)
        self._keys = torch.zeros(shape, device=device, dtype=kind)
        self._values = torch.zeros(shape, device=device, dtype=kind)
        self._places = _places(room, width, device)
        self._crossed = [self._cross_pair(layer.cross, conditions.cross) for layer in weights.layers if layer.cross]
        self._offsets = torch.arange(weights.codebooks, device=device) * (weights.cardinality + 1)
        self._position = 0
        self._graphs: dict[int, tuple[Any, Any]] = {}
        self._token = torch.zeros((self.rows, weights.codebooks, 1), device=device, dtype=torch.long)
        self._at = torch.zeros(1, device=device, dtype=torch.long)

    def first(self, tokens: Any) -> Any:
        """Logits after `tokens`, shape (asked-for rows, codebooks, n > 0) → (asked-for rows, codebooks, tokens)."""
        import torch

        x = self._embedded(torch.cat([tokens, tokens]))
        if self._prefix is not None:
            x = torch.cat([self._prefix.to(x.dtype), x], dim=1)
        length = x.shape[1]
        at = torch.arange(length, device=x.device)
        mask = at[None, :] <= at[:, None]
        self._position = length
        return self._guided(self._run(x, at, length, mask))

    def next(self, token: Any) -> Any:
        """Logits after one more token of each codebook, shape (asked-for rows, codebooks)."""
        import torch

        at = self._position
        self._position += 1
        if self._keys.device.type == "cuda":
            return self._replayed(token, at)
        x = self._embedded(torch.cat([token, token])[..., None])
        return self._guided(self._run(x, torch.tensor([at], device=x.device), at + 1, None))

    def _replayed(self, token: Any, at: int) -> Any:
        import torch

        self._token.copy_(torch.cat([token, token])[..., None])
        self._at.fill_(at)
        upto = _bucket(at + 1)
        if upto not in self._graphs:
            self._graphs[upto] = self._captured(upto)
        graph, logits = self._graphs[upto]
        graph.replay()
        return logits

    def _captured(self, upto: int) -> tuple[Any, Any]:
        """A graph of `_step`, and where its logits come to lie."""
        import torch

        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            self._step(upto)  # what is set up at a first call must not be in the graph
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            logits = self._step(upto)
        return graph, logits

    def _step(self, upto: int) -> Any:
        """Logits after `_token` at `_at`, from memory of which nothing is known but that it lies before `upto`."""
        import torch

        seen = torch.arange(upto, device=self._at.device)[None, :] <= self._at[:, None]
        return self._guided(self._run(self._embedded(self._token), self._at, upto, seen))

    def _embedded(self, tokens: Any) -> Any:
        """(rows, codebooks, n) → (rows, n, width)."""
        import torch

        flat = self._weights.tokens.flatten(0, 1)
        return torch.nn.functional.embedding(tokens + self._offsets[:, None], flat).sum(dim=1)

    def _run(self, x: Any, at: Any, upto: int, mask: Any) -> Any:
        """Logits after the last of `x`, shape (rows, codebooks, tokens). `at`: its positions; `upto`: how many keys
        it attends to, those that `mask`, shape (n, upto), allows."""
        weights = self._weights
        x = x + self._places[at]
        for number, layer in enumerate(weights.layers):
            x = x + self._attended(layer.own, number, x, at, upto, mask)
            if layer.cross is not None:
                x = x + self._crossing(layer.cross, number, x)
            x = x + self._widened(layer, x)
        logits = _linear(_normed(x[:, -1], weights.norm), weights.logits)
        return logits.float().view(self.rows, weights.codebooks, -1)

    def _attended(self, own: Attention, number: int, x: Any, at: Any, upto: int, mask: Any) -> Any:
        import torch

        rows, length, width = x.shape
        heads = self._weights.heads
        packed = _linear(_normed(x, own.norm), own.packed).view(rows, length, 3, heads, width // heads)
        query, key, value = (one.transpose(1, 2) for one in packed.unbind(2))
        keys, values = self._keys[number], self._values[number]
        keys.index_copy_(2, at, key)
        values.index_copy_(2, at, value)
        heard = torch.nn.functional.scaled_dot_product_attention(
            query, keys[:, :, :upto], values[:, :, :upto], attn_mask=mask
        )
        return _linear(heard.transpose(1, 2).reshape(rows, length, width), own.joined)

    def _crossing(self, cross: Attention, number: int, x: Any) -> Any:
        import torch

        rows, length, width = x.shape
        heads = self._weights.heads
        query = _linear(_normed(x, cross.norm), _part(cross.packed, 0, width))
        query = query.view(rows, length, heads, width // heads).transpose(1, 2)
        key, value = self._crossed[number]
        heard = torch.nn.functional.scaled_dot_product_attention(query, key, value)
        return _linear(heard.transpose(1, 2).reshape(rows, length, width), cross.joined)

    def _cross_pair(self, cross: Attention, source: Any) -> tuple[Any, Any]:
        """Keys and values of what is crossed with: the same at every step."""
        width, heads = self._weights.width, self._weights.heads
        rows, length, _ = source.shape

        def made(number: int) -> Any:
            return _linear(source, _part(cross.packed, number, width)).view(rows, length, heads, -1).transpose(1, 2)

        return made(1).contiguous(), made(2).contiguous()

    def _widened(self, layer: Layer, x: Any) -> Any:
        import torch

        wide = torch.nn.functional.gelu(_linear(_normed(x, layer.norm), layer.widened))
        return _linear(wide, layer.narrowed)

    def _guided(self, logits: Any) -> Any:
        asked, other = logits.chunk(2)
        return other + (asked - other) * self._guidance


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the language model listens to; the asked-for rows, then as many of nothing."""

    rows: int
    prefix: Any
    """Shape (rows, n, width), or None."""
    cross: Any
    """Shape (rows, n, width), or None."""

    @property
    def prefixed(self) -> int:
        return 0 if self.prefix is None else int(self.prefix.shape[1])


def generate(
    weights: Weights, pattern: Any, conditions: Conditions, prompt: Any, sampling: Sampling, seeds: Sequence[int]
) -> Generator[int, None, Any]:
    """Tokens, shape (asked-for rows, codebooks, `pattern.timesteps`); yields how many steps are done.

    `pattern`: audiocraft's, by which codebooks are interleaved. `prompt`: what it goes on from, the beginning of the
    result, shape (asked-for rows, codebooks, fewer). `seeds`: of each row.
    """
    import torch

    with torch.inference_mode():
        sequence, mask, start = _interleaved(weights, pattern, prompt)
        steps = sequence.shape[-1]
        decoder = Decoder(weights, conditions, conditions.prefixed + steps, sampling.guidance)
        draw = Chances(seeds, weights, sampling.temperature > 0)
        logits = decoder.first(sequence[..., :start])
        for step in range(start, steps):
            if step > start:
                logits = decoder.next(sequence[..., step - 1])
            token = chosen(logits, sampling, draw.next())
            token = torch.where(mask[:, step], token, weights.cardinality)
            known = sequence[..., step]
            sequence[..., step] = torch.where(known < 0, token, known)
            yield step + 1 - start
        codes, _, _ = pattern.revert_pattern_sequence(sequence, special_token=-1)
        return codes[..., : pattern.timesteps]


def steps_of(pattern: Any, prompted: int) -> int:
    """How many steps `generate` will take after `prompted` frames."""
    return len(pattern.layout) - int(pattern.get_first_step_with_timesteps(prompted))


def _interleaved(weights: Weights, pattern: Any, prompt: Any) -> tuple[Any, Any, int]:
    """The sequence with what is known of it, −1 elsewhere; where tokens stand; and the first step that is unknown."""
    import torch

    rows, books, length = prompt.shape
    codes = torch.full((rows, books, pattern.timesteps), -1, dtype=torch.long, device=weights.tokens.device)
    codes[..., :length] = prompt
    sequence, _, mask = pattern.build_pattern_sequence(codes, weights.cardinality)
    return sequence.clone(), mask, int(pattern.get_first_step_with_timesteps(length))


class Chances:
    """What decides between tokens, drawn on the processor so that every device has the same: of each row its own."""

    def __init__(self, seeds: Sequence[int], weights: Weights, wanted: bool) -> None:
        import torch

        self._generators = [torch.Generator().manual_seed(seed % (1 << 63)) for seed in seeds]
        self._shape = (weights.codebooks, weights.cardinality)
        self._device = weights.tokens.device
        self._wanted = wanted
        self._drawn: Any = None
        self._used = _DRAWN

    def next(self) -> Any:
        """Exponentially distributed, shape (rows, codebooks, tokens); None where nothing is drawn."""
        import torch

        if not self._wanted:
            return None
        if self._used == _DRAWN:
            drawn = [torch.empty(_DRAWN, *self._shape).exponential_(generator=one) for one in self._generators]
            self._drawn = torch.stack(drawn, dim=1).to(self._device)
            self._used = 0
        self._used += 1
        return self._drawn[self._used - 1]


def chosen(logits: Any, sampling: Sampling, chances: Any) -> Any:
    """A token of each codebook, shape (rows, codebooks). The likeliest by its chance divided by an exponentially
    distributed number is a draw by those chances."""
    import torch

    if chances is None:
        return logits.argmax(dim=-1)
    likely = torch.softmax(logits / sampling.temperature, dim=-1)
    if sampling.top_p > 0:
        ordered, places = likely.sort(dim=-1, descending=True)
        beyond = ordered.cumsum(dim=-1) - ordered > sampling.top_p
        likely = likely.masked_fill(torch.zeros_like(beyond).scatter(-1, places, beyond), 0)
    elif 0 < sampling.top_k < likely.shape[-1]:
        least = likely.topk(sampling.top_k, dim=-1).values[..., -1:]
        likely = likely.masked_fill(likely < least, 0)
    return (likely / chances).argmax(dim=-1)


def _bucket(length: int) -> int:
    return -(-length // _BUCKET) * _BUCKET


def _places(length: int, width: int, device: Any) -> Any:
    """What tells positions apart, shape (length, width)."""
    import torch

    half = width // 2
    along = torch.arange(half, device=device, dtype=torch.float32) / (half - 1)
    phase = torch.arange(length, device=device, dtype=torch.float32)[:, None] / PERIOD**along
    return torch.cat([phase.cos(), phase.sin()], dim=-1)


def _normed(x: Any, norm: Dense) -> Any:
    import torch

    return torch.nn.functional.layer_norm(x, (x.shape[-1],), norm.weight, norm.bias, 1e-5)


def _linear(x: Any, dense: Dense) -> Any:
    import torch

    return torch.nn.functional.linear(x.to(dense.weight.dtype), dense.weight, dense.bias)


def _part(dense: Dense, number: int, width: int) -> Dense:
    """Queries, keys or values alone."""
    inside = slice(number * width, (number + 1) * width)
    return Dense(dense.weight[inside], None if dense.bias is None else dense.bias[inside])
