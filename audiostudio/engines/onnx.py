"""ONNX models behind one door: read, taken apart, run; errors in the user's words."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from numpy.typing import NDArray

from audiostudio.errors import EngineFailed, ModelDamaged
from audiostudio.files import storage_errors

if TYPE_CHECKING:
    import onnx

Feed: TypeAlias = Mapping[str, NDArray[Any]]


def read_model(path: Path, tensors: set[str]) -> "onnx.ModelProto":
    """The model in a file, which must compute `tensors`. Raises `ModelDamaged`, `MissingMedia`."""
    import onnx
    from google.protobuf.message import DecodeError

    with storage_errors(path):
        data = path.read_bytes()
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise damaged(path) from error
    if not tensors <= {output for node in model.graph.node for output in node.output}:
        raise damaged(path)
    return model


def damaged(path: Path) -> ModelDamaged:
    return ModelDamaged(
        f"{path} is not the model that it should be.",
        "`audiostudio models verify NAME` says what is wrong with it, `audiostudio models pull NAME` mends it.",
    )


def subgraph(model: "onnx.ModelProto", inputs: Sequence[str], outputs: Sequence[str]) -> "onnx.ModelProto":
    """The part of the graph that computes `outputs` from `inputs`."""
    import onnx

    graph = model.graph
    made_by = {output: node for node in graph.node for output in node.output}
    todo, seen, kept = list(outputs), set(inputs), set()
    while todo:
        name = todo.pop()
        node = made_by.get(name)
        if name in seen or node is None:
            continue
        seen.add(name)
        if id(node) not in kept:
            kept.add(id(node))
            todo.extend(node.input)
    nodes = [node for node in graph.node if id(node) in kept]
    used = {name for node in nodes for name in node.input}
    known = {entry.name: entry for entry in graph.input}

    def value(name: str) -> "onnx.ValueInfoProto":
        return known.get(name) or onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)

    return onnx.helper.make_model(
        onnx.helper.make_graph(
            nodes,
            "part",
            [value(name) for name in inputs],
            [value(name) for name in outputs],
            [tensor for tensor in graph.initializer if tensor.name in used],
        ),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )


class Session:
    """A model on the processor. `run` may be called from several threads.

    `source` is the file that `model` (a path, or a serialised graph) came from, for messages.
    Raises `ModelDamaged` when the model cannot be loaded.
    """

    def __init__(self, model: bytes | Path, threads: int, source: Path) -> None:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        self._source = source
        self._errors = tuple(
            kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False  # it never gives back what the longest sentence took
        try:
            self._session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
            )
        except self._errors as error:
            raise damaged(source) from error

    def run(self, feed: Feed) -> list[NDArray[Any]]:
        """Every output, in the graph's order. Raises `EngineFailed`."""
        with self.errors():
            return list(self._session.run(None, dict(feed)))

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn whatever the runtime raises into `EngineFailed`."""
        try:
            yield
        except self._errors as error:
            raise EngineFailed(
                f"The model {self._source.name} failed: {(str(error) or type(error).__name__).splitlines()[0][:200]}",
                "Try again; if it fails again, try another voice or a shorter sentence.",
            ) from error
