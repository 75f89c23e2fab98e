"""Checkpoints of PyTorch, read without it. Those in tests/data/checkpoints were written by torch 2.13."""

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.tensors import read_tensors
from audiostudio.errors import MissingMedia, ModelDamaged

CHECKPOINTS = Path(__file__).parent.parent / "data" / "checkpoints"
NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)
MAGIC = 0x1950A86A20F9469CFC6C


@pytest.fixture(params=["zip.pt", "old.pt"])
def checkpoint(request: pytest.FixtureRequest) -> Path:
    return CHECKPOINTS / request.param


def test_every_tensor_comes_out_as_it_was_saved(checkpoint: Path) -> None:
    found = read_tensors(checkpoint)
    wanted = {
        "model.whole": NUMBERS,
        "model.half": NUMBERS[0].astype(np.float16),
        "model.brain": NUMBERS[1],
        "model.turned": NUMBERS.T,
        "model.part": NUMBERS[1:, 2:],
        "model.parameter": NUMBERS[2],
        "model.number": np.float32(7),
        "model.nothing": np.zeros((0, 3), np.float32),
        "model.whether": np.array([True, False]),
        "optimiser.0.mean": NUMBERS.astype(np.float64),
    }
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype, name
        np.testing.assert_array_equal(found[name], array)


class Hostile:
    """What runs a command when it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (self.command,)


@pytest.mark.parametrize("form", ["zip", "old", "alone"])
def test_a_pickle_that_would_run_code_is_refused_and_runs_nothing(form: str, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    pickled = pickle.dumps({"model": Hostile(f"touch {ran}")}, protocol=2)
    path = tmp_path / "model.pt"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model/data.pkl", pickled)
    elif form == "old":
        head = [pickle.dumps(one, protocol=2) for one in (MAGIC, 1001, {"little_endian": True})]
        path.write_bytes(b"".join([*head, pickled, pickle.dumps([], protocol=2)]))
    else:
        path.write_bytes(pickled)
    with pytest.raises(ModelDamaged, match="system") as refused:
        read_tensors(path)
    assert refused.value.hint
    assert not ran.exists()


@pytest.mark.parametrize("name", ["builtins.eval", "torch.load", "collections.OrderedDict.fromkeys", "torch.nn.Linear"])
def test_whatever_is_no_part_of_a_tensor_cannot_be_named(name: str, tmp_path: Path) -> None:
    module, _, attribute = name.rpartition(".")
    path = _zip(tmp_path, f"c{module}\n{attribute}\n.".encode())
    with pytest.raises(ModelDamaged, match=attribute):
        read_tensors(path)


@pytest.mark.parametrize(
    ("shape", "stride", "offset", "fits"),
    [(1, 1, 0, True), (10**12, 0, 0, False), (4, 1, 0, False), (1, 1, 9, False), (1, 1, -1, False)],
)
def test_a_tensor_larger_than_its_numbers_is_refused(
    shape: int, stride: int, offset: int, fits: bool, tmp_path: Path
) -> None:
    """A stride of 0 would make terabytes of four bytes."""
    storage = "(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI1\ntQ"
    tensor = f"ctorch._utils\n_rebuild_tensor\n({storage}I{offset}\n(I{shape}\nt(I{stride}\nttR"
    path = _zip(tmp_path, f"(dS'a'\n{tensor}s.".encode(), np.float32(3).tobytes())
    if fits:
        assert read_tensors(path)["a"] == [3]
    else:
        with pytest.raises(ModelDamaged):
            read_tensors(path)


def test_dictionaries_that_hold_themselves_end(tmp_path: Path) -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    assert read_tensors(_zip(tmp_path, pickle.dumps(endless, protocol=2))) == {}


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingMedia):
        read_tensors(tmp_path / "none.pt")


@given(data=st.data())
def test_a_damaged_file_is_refused_or_gives_arrays(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytearray((CHECKPOINTS / data.draw(st.sampled_from(["zip.pt", "old.pt"]))).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.pt"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        found = read_tensors(path)
    except ModelDamaged:
        return
    assert all(isinstance(array, np.ndarray) for array in found.values())


def _zip(folder: Path, pickled: bytes, numbers: bytes = b"") -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("model/data.pkl", pickled)
        archive.writestr("model/data/0", numbers)
    path = folder / "model.pt"
    path.write_bytes(buffer.getvalue())
    return path
