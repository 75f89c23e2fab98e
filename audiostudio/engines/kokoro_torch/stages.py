"""Kokoro's three stages in PyTorch: the steps of `KModel.forward_with_tokens` in the package `kokoro`, taken apart."""

import importlib
import importlib.util
import json
import os
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from audiostudio.engines.kokoro.stages import Floats, Prosody
from audiostudio.engines.tokens import Tokens
from audiostudio.engines.torch_device import best_device, checkpoint_errors, device_name, seed
from audiostudio.engines.torch_sound import torchaudio
from audiostudio.errors import EngineUnavailable, ModelDamaged

_SAMPLES_A_FRAME = 600
_PARTS = ("bert", "bert_encoder", "predictor", "text_encoder", "decoder")
_UNUSED = "pooler."
"""The summary of a text that the language model could give."""
_WRAPPED = "module."
"""What names in the checkpoint begin with, as it was trained on several cards."""


def load(config: Path, weights: Path, title: str) -> "TorchStages":
    """The stages of a checkpoint as Kokoro's makers publish it.

    Only tensors are read from it: a pickle in it that would run code is refused. Raises `ModelDamaged`,
    `EngineUnavailable`.
    """
    os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")  # complex numbers are not known to every Mac
    network = _network()
    with checkpoint_errors(title, config):
        described = json.loads(config.read_text(encoding="utf-8"))
    with checkpoint_errors(title, weights):
        model = network(repo_id="hexgrad/Kokoro-82M", config=described, model=str(weights))
        _require_all(model, weights, title)
    device = best_device(mps=True)
    return TorchStages(model.to(device).eval(), device)


class TorchStages:
    """See `kokoro.stages.Stages`."""

    def __init__(self, model: Any, device: str) -> None:
        self.device = device_name(device)
        self._model = model
        self._place = device
        self._busy = threading.Lock()

    def durations(self, tokens: Tokens, style: Floats) -> Floats:
        with self._computing():
            seen, _ = self._seen(tokens, style)
            states, _ = self._model.predictor.lstm(seen)
            lasting = self._model.predictor.duration_proj(states).sigmoid().sum(axis=-1)
            return self._floats(lasting.round().clamp(min=1)[0])

    def prosody(self, tokens: Tokens, style: Floats, frames: Floats) -> Prosody:
        with self._computing():
            seen, (numbers, length, mask) = self._seen(tokens, style)
            counts = self._tensor(np.round(frames).astype(np.int64))
            said = seen.transpose(-1, -2).repeat_interleave(counts, dim=-1)
            f0, energy = self._model.predictor.F0Ntrain(said, self._tensor(style[None, 128:]))
            features = self._model.text_encoder(numbers, length, mask).repeat_interleave(counts, dim=-1)
            return Prosody(*(self._floats(one[0]) for one in (f0, energy, features)))

    def decode(self, style: Floats, prosody: Prosody) -> Floats:
        inputs = (prosody.features, prosody.f0, prosody.energy, style[:128])
        with self._computing():
            seed(prosody.frames)  # the breath in it is drawn by lot: of the same text it is the same
            audio = self._model.decoder(*(self._tensor(one[None]) for one in inputs))
            return self._floats(audio.reshape(-1)[: prosody.frames * _SAMPLES_A_FRAME])

    def _seen(self, tokens: Tokens, style: Floats) -> tuple[Any, tuple[Any, Any, Any]]:
        """What the prosody is predicted from, shape (1, tokens, features); the tokens, their number, no mask."""
        import torch

        numbers = self._tensor(tokens[None])
        length = torch.full((1,), len(tokens), dtype=torch.long)
        mask = torch.zeros(1, len(tokens), dtype=torch.bool, device=self._place)
        understood = self._model.bert_encoder(self._model.bert(numbers, attention_mask=(~mask).int()))
        coded = understood.transpose(-1, -2)
        return self._model.predictor.text_encoder(coded, self._tensor(style[None, 128:]), length, mask), (
            numbers,
            length,
            mask,
        )

    def _tensor(self, array: Any) -> Any:
        import torch

        return torch.from_numpy(np.ascontiguousarray(array)).to(self._place)

    def _floats(self, tensor: Any) -> Floats:
        found: Floats = tensor.detach().float().cpu().numpy()
        return found

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """One at a time: what is drawn by lot comes from one source."""
        import torch

        with self._busy, torch.inference_mode():
            yield


def _network() -> Any:
    """`kokoro.model.KModel`.

    The package's root is passed over: it imports what reads text, 200 MB that are not needed here.
    """
    if "kokoro" not in sys.modules:
        spec = importlib.util.find_spec("kokoro")
        if spec is None:
            raise EngineUnavailable("The package kokoro is not installed.", "Run `audiostudio engines install torch`.")
        package = types.ModuleType("kokoro")
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["kokoro"] = package
        importlib.import_module("loguru").logger.disable("kokoro")
        torchaudio()  # which transformers imports where it is installed
    return importlib.import_module("kokoro.model").KModel


def _require_all(model: Any, weights: Path, title: str) -> None:
    """`KModel` passes over what a checkpoint lacks. Raises `ModelDamaged` where it lacks what is used.

    The published one has no weights for `InstanceNorm1d`, which change nothing as they are made.
    """
    import torch

    saved = torch.load(weights, map_location="cpu", weights_only=True, mmap=True)
    for part in _PARTS:
        modules = dict(getattr(model, part).named_modules())
        there = {name.removeprefix(_WRAPPED) for name in saved.get(part, ())}
        missing = [
            name
            for name in getattr(model, part).state_dict()
            if name not in there
            and not name.startswith(_UNUSED)
            and not isinstance(modules[name.rpartition(".")[0]], torch.nn.InstanceNorm1d)
        ]
        if missing:
            raise ModelDamaged(f"{weights.name} of {title} lacks {part}.{missing[0]}: {weights}.", "Fetch it again.")
