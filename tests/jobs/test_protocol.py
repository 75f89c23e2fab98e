import contextlib
import io
import json
import struct
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from audiostudio.errors import DiskFull
from audiostudio.jobs import protocol
from audiostudio.jobs.failure import Bug
from audiostudio.jobs.job import JobState, Outcome, Partial, Progress
from audiostudio.jobs.protocol import (
    DTYPES,
    VERSION,
    Frame,
    ProtocolError,
    event_frame,
    frame_event,
    read_frame,
    write_frame,
)
from tests.jobs.conftest import python


def sent(*frames: Frame) -> bytes:
    stream = io.BytesIO()
    for frame in frames:
        write_frame(stream, frame)
    return stream.getvalue()


def received(raw: bytes) -> list[Frame]:
    stream = io.BytesIO(raw)
    return list(iter(lambda: read_frame(stream), None))


def with_header(header: object, body: bytes = b"", version: int = VERSION) -> bytes:
    raw = json.dumps(header).encode()
    return struct.pack("<4sHI", b"ASJF", version, len(raw)) + raw + body


texts = st.text(st.characters())  # lone surrogates too: names of files and pasted text hold them
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
arrays = hnp.arrays(st.sampled_from(sorted(DTYPES)).map(np.dtype), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))


@pytest.mark.long
@given(texts, st.dictionaries(texts, json_values), st.dictionaries(texts, arrays, max_size=3))
def test_frames_come_back_as_they_were_sent(
    kind: str, data: dict[str, object], given_arrays: dict[str, object]
) -> None:
    frame = Frame(kind, data, given_arrays)  # type: ignore[arg-type]
    for back in received(sent(frame, frame)):
        assert (back.kind, back.data) == (kind, data)
        assert list(back.arrays) == list(given_arrays)
        for name, array in frame.arrays.items():
            assert back.arrays[name].dtype == array.dtype
            np.testing.assert_array_equal(back.arrays[name], array)


LAYOUTS = {
    "strided": np.arange(24).reshape(4, 6)[::2, ::-3],
    "by columns": np.asfortranarray(np.eye(3)),
    "big-endian": np.arange(5, dtype=">i4"),
    "no dimension": np.array(2.5, np.float32),
}


@pytest.mark.parametrize("array", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_arrays_of_every_layout(array: np.ndarray) -> None:
    (back,) = received(sent(Frame("x", {}, {"a": array})))
    assert back.arrays["a"].shape == array.shape
    np.testing.assert_array_equal(back.arrays["a"], array)


@pytest.mark.parametrize("dtype", ["O", "U4", "S4", "c8", "M8[s]", "V3", "i4,f4"])
def test_other_types_of_arrays_are_refused_on_both_sides(dtype: str) -> None:
    with pytest.raises(ProtocolError, match="dtype"):
        sent(Frame("x", {}, {"a": np.zeros(2, dtype)}))
    with pytest.raises(ProtocolError, match="not an array"):
        received(with_header(["x", {}, [["a", np.dtype(dtype).str, [2]]]], bytes(64)))


@given(st.data())
def test_a_stream_cut_anywhere_is_an_error(data: st.DataObject) -> None:
    raw = sent(Frame("partial", {"text": "ü"}, {"a": np.arange(10), "b": np.ones((2, 2), np.float32)}))
    cut = data.draw(st.integers(1, len(raw) - 1))
    with pytest.raises(ProtocolError, match="ends inside"):
        received(raw[:cut])


@given(st.binary(min_size=1, max_size=200))
def test_noise_is_an_error(noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        received(noise)


@given(st.data())
def test_a_damaged_frame_is_an_error_or_another_frame(data: st.DataObject) -> None:
    raw = bytearray(sent(Frame("partial", {"job": "1"}, {"a": np.arange(4)})))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        assert all(isinstance(frame, Frame) for frame in received(bytes(raw)))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"Loading model...\n", "no frame begins with b'Loading mo"),
        (
            with_header(["x", {}, []], version=VERSION + 1),
            f"version {VERSION + 1} of the worker protocol, this studio speaks {VERSION}",
        ),
        (struct.pack("<4sHI", b"ASJF", VERSION, 2**32 - 1), "4294967295 bytes"),
        (with_header({"kind": "x"}), r"not \[kind, data, arrays\]"),
        (with_header(["x", [], []]), r"not \[kind, data, arrays\]"),
        (with_header(["x", {}, [["a", "<f4", [-1]]]]), "not an array"),
        (with_header(["x", {}, [["a", "<f4", [True]]]]), "not an array"),
        (with_header(["x", {}, [["a", "<f4", [2.0]]]]), "not an array"),
        (with_header(["x", {}, [["a", "<f4", [1] * 9]]]), "not an array"),
        (with_header(["x", {}, [["a", "<f4", [0]], ["a", "<f4", [0]]]]), "not an array"),
        (with_header(["x", {}, [["a", "<f4", [2**31, 2**31, 2**31]]]]), "bytes of arrays"),
        (with_header(["x", {}, [["a", "<f8", [2**28]], ["b", "|u1", [1]]]]), "bytes of arrays"),
        (with_header(["x", {}, [[str(n), "<f4", [0]] for n in range(257)]]), "257 arrays"),
        (struct.pack("<4sHI", b"ASJF", VERSION, 200_000) + b"[" * 200_000, "not JSON"),
        (struct.pack("<4sHI", b"ASJF", VERSION, 2) + b"\xff\xfe", "not JSON"),
    ],
)
def test_malformed_frames_say_what_is_wrong(raw: bytes, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        received(raw)


def test_what_cannot_be_sent_leaves_no_byte_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MAX_HEADER", 100)
    monkeypatch.setattr(protocol, "MAX_ARRAY_BYTES", 100)
    stream = io.BytesIO()
    for frame in (
        Frame("x", {"a": float("inf")}),
        Frame("x", {"a": b"bytes"}),
        Frame("x", {"a": "long" * 50}),
        Frame("x", {}, {"a": np.zeros(101, np.uint8)}),
        Frame("x", {}, {str(n): np.zeros(0) for n in range(257)}),
    ):
        with pytest.raises(ProtocolError):
            write_frame(stream, frame)
    assert stream.getvalue() == b""


@pytest.mark.parametrize(
    "event",
    [
        Progress(0.25, "Line 1"),
        Progress(None),
        Partial("audio", {"line": 3}, {}),
        Outcome(JobState.DONE, {"asset": "1"}),
        Outcome(JobState.CANCELLED),
    ],
    ids=lambda event: type(event).__name__,
)
def test_events_come_back_as_they_were_sent(event: Progress | Partial | Outcome) -> None:
    assert frame_event(event_frame("job", event)) == event


def test_errors_come_back_as_they_were_sent() -> None:
    full = frame_event(event_frame("job", Outcome(JobState.FAILED, error=DiskFull("Full.", "Free some."))))
    assert isinstance(full, Outcome)
    assert isinstance(full.error, DiskFull)
    assert (full.error.sentence, full.error.hint) == ("Full.", "Free some.")
    bug = frame_event(event_frame("job", Outcome(JobState.FAILED, error=Bug("Traceback\nValueError: x"))))
    assert isinstance(bug, Outcome)
    assert isinstance(bug.error, Bug)
    assert bug.error.traceback == "Traceback\nValueError: x"


@pytest.mark.parametrize("frame", [Frame("applause", {}), Frame("progress", {"fraction": 1}), Frame("done", {})])
def test_unknown_and_incomplete_events_are_errors(frame: Frame) -> None:
    with pytest.raises(ProtocolError, match="a frame"):
        frame_event(frame)


def test_a_worker_needs_neither_qt_nor_sqlalchemy() -> None:
    code = "import audiostudio.jobs.serve; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(python(code), capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded
    assert not {"PySide6", "sqlalchemy", "alembic", "av", "onnxruntime"} & set(loaded)
