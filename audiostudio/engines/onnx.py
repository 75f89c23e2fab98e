"""ONNX Runtime behind one door: its errors in the user's words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from audiostudio.errors import EngineFailed, ModelDamaged

Feed: TypeAlias = Mapping[str, NDArray[Any]]


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
        try:
            self._session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
            )
        except self._errors as error:
            raise ModelDamaged(
                f"The model {source} cannot be loaded.",
                "Run `audiostudio models verify` to see which model is damaged.",
            ) from error

    def run(self, feed: Feed) -> list[NDArray[Any]]:
        """Every output, in the graph's order. Raises `EngineFailed`."""
        try:
            return list(self._session.run(None, dict(feed)))
        except self._errors as error:
            raise EngineFailed(
                f"The model {self._source.name} failed: {str(error).splitlines()[0][:200]}",
                "Try again; if it fails again, try another voice or a shorter sentence.",
            ) from error
