"""Reads the tensors of a PyTorch checkpoint without PyTorch and without running anything that is in it."""

import io
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

Array: TypeAlias = NDArray[Any]

_MAGIC = 0x1950A86A20F9469CFC6C
"""What a checkpoint of the form before PyTorch 1.6 begins with."""
_PROTOCOL = 1001
_LONGEST_PICKLE = 64 << 20
_KINDS = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "?",
}
_MALFORMED = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    MemoryError,
    RecursionError,
    NotImplementedError,  # a zip's way of packing
    RuntimeError,  # an encrypted zip
)


def read_tensors(path: Path) -> dict[str, Array]:
    """Every tensor of a checkpoint (`torch.save`, zip and older form) by its path in the saved dictionaries:
    `model_state.lstm.weight_ih_l0`. bfloat16 becomes float32; what is no tensor is passed over.

    Only what makes a tensor is known here, so a pickle that names anything else is refused.
    Raises `ModelDamaged`, `MissingMedia`.
    """
    with storage_errors(path), path.open("rb") as file:
        try:
            saved = _read_zip(file) if zipfile.is_zipfile(file) else _read_old(file)
            found: dict[str, Array] = {}
            _collect(saved, "", found, set())
            return found
        except _Refused as error:
            raise ModelDamaged(
                f"{path} holds “{error.name[:80]}”, which is no part of a model: it was not read further.",
                "Use the file that the model's makers give out.",
            ) from error
        except _MALFORMED as error:
            raise ModelDamaged(f"{path} is not a model that can be read.", "Fetch it again.") from error


class _Refused(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str


@dataclass(slots=True)
class _Storage:
    """Numbers that tensors are views of. In the older form they come after what refers to them."""

    kind: str
    length: int
    values: Array | None = None


@dataclass(frozen=True, slots=True)
class _View:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> Array:
        values = self.storage.values
        if values is None:
            raise ValueError("a tensor without its numbers")
        count = int(np.prod(self.shape, dtype=object))
        last = self.offset + sum((n - 1) * step for n, step in zip(self.shape, self.strides, strict=True))
        if min((self.offset, *self.shape, *self.strides)) < 0 or count > len(values) or (count and last >= len(values)):
            raise ValueError("a tensor that is larger than its numbers")
        if not count:
            return np.zeros(self.shape, values.dtype)
        steps = tuple(step * values.itemsize for step in self.strides)
        array = np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, steps, writeable=False).copy()
        if self.storage.kind == "BFloat16Storage":
            array = (array.astype("<u4") << 16).view("<f4")
        return array


def _view(storage: object, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *rest: object) -> _View:
    if not isinstance(storage, _Storage) or not all(type(n) is int for n in (offset, *shape, *strides)):
        raise ValueError("no tensor")
    return _View(storage, offset, tuple(shape), tuple(strides))


def _parameter(data: object, *rest: object) -> object:
    return data


_KNOWN: dict[tuple[str, str], Callable[..., object] | _Kind] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor"): _view,
    ("torch._utils", "_rebuild_tensor_v2"): _view,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    **{("torch", name): _Kind(name) for name in _KINDS},
}


class _Unpickler(pickle.Unpickler):
    """Knows only what makes a tensor: nothing else in a pickle can be named, so nothing else can be called."""

    def __init__(self, file: BinaryIO, load: Callable[[str, str, int], _Storage]) -> None:
        super().__init__(file)
        self._load = load
        self._storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise _Refused(f"{module}.{name}") from None

    def persistent_load(self, identity: Any) -> _Storage:
        what, kind, key, _, length, *_ = identity
        if what != "storage" or not isinstance(kind, _Kind) or type(length) is not int or length < 0:
            raise ValueError("no storage")
        if key not in self._storages:
            self._storages[key] = self._load(kind.name, str(key), length)
        return self._storages[key]

    def storages(self) -> Mapping[str, _Storage]:
        return self._storages


def _no_storage(kind: str, key: str, length: int) -> _Storage:
    raise ValueError("numbers where none belong")


def _read_zip(file: BinaryIO) -> object:
    with zipfile.ZipFile(file) as archive:
        index = next(name for name in [*archive.namelist(), ""] if name.endswith("data.pkl") or not name)
        folder = index.removesuffix("data.pkl")
        if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder") != b"little":
            raise ValueError("of a machine of another byte order")

        def load(kind: str, key: str, length: int) -> _Storage:
            entry = archive.getinfo(f"{folder}data/{key}")
            if entry.file_size != length * np.dtype(_KINDS[kind]).itemsize:
                raise ValueError("a storage of another size")
            return _Storage(kind, length, np.frombuffer(archive.read(entry), _KINDS[kind]))

        if archive.getinfo(index).file_size > _LONGEST_PICKLE:
            raise ValueError("an index that is too long")
        return _Unpickler(io.BytesIO(archive.read(index)), load).load()


def _read_old(file: BinaryIO) -> object:
    file.seek(0)
    if _Unpickler(file, _no_storage).load() != _MAGIC or _Unpickler(file, _no_storage).load() != _PROTOCOL:
        raise ValueError("no checkpoint")
    system = _Unpickler(file, _no_storage).load()
    if not isinstance(system, dict) or not system.get("little_endian"):
        raise ValueError("of a machine of another byte order")
    reader = _Unpickler(file, lambda kind, _, length: _Storage(kind, length))
    saved = reader.load()
    for key in _Unpickler(file, _no_storage).load():
        storage = reader.storages()[key]
        dtype = np.dtype(_KINDS[storage.kind])
        (length,) = struct.unpack("<q", file.read(8))
        if length != storage.length:
            raise ValueError("a storage of another size")
        data = file.read(length * dtype.itemsize)
        storage.values = np.frombuffer(data, dtype, count=length)
    return saved


def _collect(value: object, name: str, found: dict[str, Array], seen: set[int]) -> None:
    """The tensors in dictionaries within each other; each dictionary once, as a pickle may hold itself."""
    if isinstance(value, _View):
        found[name] = value.array()
    elif isinstance(value, dict) and id(value) not in seen:
        seen.add(id(value))
        for key, one in value.items():
            if isinstance(key, str | int):
                _collect(one, f"{name}.{key}" if name else str(key), found, seen)
