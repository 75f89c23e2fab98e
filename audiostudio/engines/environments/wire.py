"""Frozen dataclasses as JSON and back, by their type hints: what the studio and an engine's process say to each other.

Both sides run the same version of this program, so there is no schema and nothing is lifted.
"""

import math
import types
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from audiostudio.engines.base import SpeechChunk, TimedWord
from audiostudio.jobs.job import JsonObject, Partial
from audiostudio.jobs.protocol import Array
from audiostudio.script.spoken import Pause, Sentence

CHUNK = "chunk"
"""The kind of the `Partial` that a chunk travels as."""


def encode(value: Any) -> Any:
    """Dataclasses become objects, tuples arrays, paths text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: encode(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)  # JSON has no word for it; the engine says that it is no setting
    return str(value) if isinstance(value, Path) else value


def decode(hint: Any, data: Any) -> Any:
    """The value of type `hint` that `encode` gave."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        (kind,) = (one for one in arguments if one is not type(None))
        return None if data is None else decode(kind, data)
    if origin is tuple:
        kinds = [arguments[0]] * len(data) if arguments[1:] == (...,) else arguments
        return tuple(decode(kind, item) for kind, item in zip(kinds, data, strict=True))
    if hasattr(hint, "__dataclass_fields__"):
        return hint(**{name: decode(kind, data[name]) for name, kind in _hints(hint).items()})
    if hasattr(hint, "_fields"):
        return hint(*data)
    return hint(data) if hint in (float, Path) else data


def encoded_parts(parts: Iterable[Sentence | Pause]) -> list[JsonObject]:
    return [{type(part).__name__: encode(part)} for part in parts]


def decoded_parts(data: Iterable[JsonObject]) -> list[Sentence | Pause]:
    kinds: dict[str, type[Sentence] | type[Pause]] = {kind.__name__: kind for kind in (Sentence, Pause)}
    return [decode(kinds[name], fields) for part in data for name, fields in part.items()]


def partial_of(chunk: SpeechChunk) -> Partial:
    """A chunk as it travels: its sound as an array."""
    arrays: dict[str, Array] = {"audio": chunk.audio}
    if chunk.melody is not None:
        arrays["melody"] = chunk.melody
    data = {"rate": chunk.sample_rate, "start": chunk.start, "words": encode(chunk.words), "hop": chunk.hop}
    return Partial(CHUNK, data, arrays)


def chunk_of(partial: Partial) -> SpeechChunk:
    data, arrays = partial.data, partial.arrays
    words: tuple[TimedWord, ...] = decode(tuple[TimedWord, ...], data["words"])
    audio, melody = (_floats(arrays.get(name)) for name in ("audio", "melody"))
    return SpeechChunk(audio, data["rate"], data["start"], words, melody, data["hop"])


def _floats(array: Array | None) -> Any:
    return None if array is None else array.astype("<f4", copy=False)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
