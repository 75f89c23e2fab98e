"""Kokoro's ONNX graph, taken apart at named tensors into its three stages.

The parts together give exactly the audio of the whole. Works on exports of Kokoro v1.0 whose inputs are `tokens`,
`style` and `speed`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

if TYPE_CHECKING:
    import onnx

DURATIONS = "/encoder/Clip_output_0"
F0 = "/encoder/Reshape_output_0"
ENERGY = "/encoder/Reshape_1_output_0"
FEATURES = "/encoder/MatMul_1_output_0"
AUDIO = "audio"


def read(path: Path) -> "onnx.ModelProto":
    """The whole model. Raises `ModelDamaged`."""
    import onnx
    from google.protobuf.message import DecodeError

    with storage_errors(path):
        data = path.read_bytes()
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise damaged(path) from error
    made = {output for node in model.graph.node for output in node.output}
    if not {DURATIONS, F0, ENERGY, FEATURES, AUDIO} <= made:
        raise damaged(path)
    return model


def damaged(path: Path) -> ModelDamaged:
    return ModelDamaged(
        f"{path} is not the Kokoro model.",
        "Run `audiostudio models verify kokoro`, then `audiostudio models pull kokoro`.",
    )


def part(model: "onnx.ModelProto", inputs: Sequence[str], outputs: Sequence[str]) -> "onnx.ModelProto":
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
