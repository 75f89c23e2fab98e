"""Frames between the studio and a worker process: a JSON header and the raw buffers of numpy arrays.

A frame is 4 bytes magic, the protocol's version (u16), the header's length (u32), both little-endian, the header
(UTF-8 JSON, an object; its `arrays` lists name, dtype and shape) and the arrays' bytes in that order, row by row.
There is no pickle. The other side may be an engine in an environment of its own, so this imports only numpy.

The studio sends `run` (job, operation, request) and `cancel` (job), and closes the pipe when the worker shall end.
The worker sends `ready` once, and for each job `started`, any number of `progress` and `partial`, and one of `done`,
`failed`, `cancelled`. A worker that asks for something sends it as a `partial`, and the studio answers with `input`
(job, data).
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.jobs.failure import error_from_json, error_json
from audiostudio.jobs.job import JobState, JsonObject, Outcome, Partial, Progress

VERSION: Final = 2
MAGIC: Final = b"ASJF"
PRELUDE: Final = struct.Struct("<4sHI")
MAX_HEADER: Final = 64 * 2**20
"""Bytes."""
MAX_ARRAYS: Final = 256
"""In one frame."""
MAX_ARRAY_BYTES: Final = 2 * 2**30
"""In one frame, all arrays together."""
DTYPES: Final = frozenset({"|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"})

Array: TypeAlias = NDArray[np.generic]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readinto(self, buffer: memoryview, /) -> int: ...


class Writable(Protocol):
    def write(self, data: bytes | memoryview, /) -> object: ...
    def flush(self) -> None: ...


class ProtocolError(Exception):
    """What came through the pipe, or should go through it, is not a frame of this version."""


@dataclass(frozen=True, slots=True)
class Frame:
    kind: str
    data: JsonObject = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())


def write_frame(stream: Writable, frame: Frame) -> None:
    """Send `frame` whole. Raises `ProtocolError` for what a frame cannot hold, before any byte is written; `OSError`
    when the other side is gone."""
    arrays = {name: _portable(name, array) for name, array in frame.arrays.items()}
    if len(arrays) > MAX_ARRAYS or sum(array.nbytes for array in arrays.values()) > MAX_ARRAY_BYTES:
        raise ProtocolError("the arrays are too many or too big for one frame")
    described = [[name, array.dtype.str, array.shape] for name, array in arrays.items()]
    try:
        text = json.dumps([frame.kind, frame.data, described], allow_nan=False, ensure_ascii=False)
        header = text.encode("utf-8", "surrogatepass")  # a text or the name of a file may hold lone surrogates
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"{frame.kind} is not JSON: {error}") from error
    if len(header) > MAX_HEADER:
        raise ProtocolError(f"{frame.kind} has {len(header)} bytes of JSON, {MAX_HEADER} are allowed")
    stream.write(PRELUDE.pack(MAGIC, VERSION, len(header)) + header)
    for array in arrays.values():
        stream.write(_bytes_of(array))
    stream.flush()


def read_frame(stream: Readable) -> Frame | None:
    """The next frame; None when the stream ends between two. Raises `ProtocolError`."""
    prelude = stream.read(PRELUDE.size)
    if not prelude:
        return None
    if len(prelude) < PRELUDE.size:
        raise ProtocolError("the stream ends inside a frame")
    magic, version, length = PRELUDE.unpack(prelude)
    if magic != MAGIC:
        raise ProtocolError(f"no frame begins with {prelude!r}")
    if version != VERSION:
        raise ProtocolError(f"the frame has version {version} of the worker protocol, this studio speaks {VERSION}")
    if length > MAX_HEADER:
        raise ProtocolError(f"a header of {length} bytes, {MAX_HEADER} are allowed")
    kind, data, described = _header(stream.read(length), length)
    arrays: dict[str, Array] = {}
    for name, array in _allocated(described).items():
        _fill(stream, array)
        arrays[name] = array
    return Frame(kind, data, arrays)


def _header(raw: bytes, length: int) -> tuple[str, JsonObject, list[object]]:
    if len(raw) < length:
        raise ProtocolError("the stream ends inside a header")
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the header is not JSON: {error}") from error
    match header:
        case [str(kind), dict(data), list(described)]:
            return kind, data, described
    raise ProtocolError("the header is not [kind, data, arrays]")


def _allocated(described: list[object]) -> dict[str, Array]:
    """Empty arrays as described, after all of the description was judged."""
    if len(described) > MAX_ARRAYS:
        raise ProtocolError(f"{len(described)} arrays, {MAX_ARRAYS} are allowed")
    shapes: dict[str, tuple[str, list[int]]] = {}
    total = 0
    for entry in described:
        match entry:
            case [str(name), str(dtype), list(shape)] if (
                dtype in DTYPES
                and len(shape) <= 8
                and all(type(length) is int and 0 <= length <= MAX_ARRAY_BYTES for length in shape)
                and name not in shapes
            ):
                total += math.prod(shape) * np.dtype(dtype).itemsize
                shapes[name] = dtype, shape
            case _:
                raise ProtocolError(f"not an array: {str(entry)[:200]}")
    if total > MAX_ARRAY_BYTES:
        raise ProtocolError(f"{total} bytes of arrays, {MAX_ARRAY_BYTES} are allowed")
    return {name: np.empty(shape, dtype) for name, (dtype, shape) in shapes.items()}


def _fill(stream: Readable, array: Array) -> None:
    rest = _bytes_of(array)
    while rest.nbytes:
        count = stream.readinto(rest)
        if not count:
            raise ProtocolError("the stream ends inside an array")
        rest = rest[count:]


def _portable(name: str, array: Array) -> Array:
    """The same values, little-endian and row by row."""
    dtype = array.dtype.newbyteorder("<")
    if dtype.str not in DTYPES:
        raise ProtocolError(f"the array “{name}” has dtype {array.dtype}, which a frame does not carry")
    return np.asarray(array, dtype=dtype, order="C")


def _bytes_of(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def event_frame(job: str, event: Progress | Partial | Outcome) -> Frame:
    """What a worker sends for `event`."""
    match event:
        case Progress(fraction, message):
            return Frame("progress", {"job": job, "fraction": fraction, "message": message})
        case Partial(kind, data, arrays):
            return Frame("partial", {"job": job, "kind": kind, "data": data}, arrays)
        case Outcome(JobState.DONE, result):
            return Frame("done", {"job": job, "result": result})
        case Outcome(JobState.FAILED, _, Exception() as error):
            return Frame("failed", {"job": job, "error": error_json(error)})
    return Frame("cancelled", {"job": job})


def frame_event(frame: Frame) -> Progress | Partial | Outcome:
    """The event that a worker's frame says. Raises `ProtocolError`."""
    try:
        match frame.kind:
            case "progress":
                return Progress(frame.data["fraction"], frame.data["message"])
            case "partial":
                return Partial(frame.data["kind"], frame.data["data"], frame.arrays)
            case "done":
                return Outcome(JobState.DONE, frame.data["result"])
            case "failed":
                return Outcome(JobState.FAILED, error=error_from_json(frame.data["error"]))
            case "cancelled":
                return Outcome(JobState.CANCELLED)
    except KeyError as error:
        raise ProtocolError(f"a frame “{frame.kind}” without {error}") from error
    raise ProtocolError(f"a frame of an unknown kind: “{frame.kind}”")
