"""Run by the Python of the torch environment: `tiny_kokoro.py REPOSITORY FOLDER`.

Writes a small Kokoro with random weights into FOLDER, as its makers publish theirs; one that lacks a tensor; one whose
pickle would run code. Then compares our stages with the package's own `forward_with_tokens`: FOLDER/compared.json.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np


def main(repository: Path, folder: Path) -> None:
    _provide_studio(repository)
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    vocabulary = json.loads((repository / "resources/engines/kokoro/vocabulary.json").read_text(encoding="utf-8"))
    config = _config(vocabulary)
    (folder / "config.json").write_text(json.dumps(config))
    checkpoint = _checkpoint(config)
    torch.save(checkpoint, folder / "kokoro-v1_0.pth")
    torch.save({**checkpoint, "bert_encoder": {}}, folder / "lacking.pth")
    torch.save({**checkpoint, "bert": _Code(str(folder / "executed"))}, folder / "evil.pth")
    (folder / "compared.json").write_text(json.dumps(_compared(folder)))


class _Code:
    """Unpickled without care, this makes a folder."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


def _provide_studio(repository: Path) -> None:
    boot = repository / "audiostudio/engines/environments/boot.py"
    spec = importlib.util.spec_from_file_location("boot", boot)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.provide("audiostudio", repository / "audiostudio")


def _config(vocabulary: dict[str, int]) -> dict[str, Any]:
    """As the real one, with a smaller language model and fewer layers. The decoder's size is fixed in the package."""
    return {
        "istftnet": {
            "upsample_kernel_sizes": [20, 12],
            "upsample_rates": [10, 6],
            "gen_istft_hop_size": 5,
            "gen_istft_n_fft": 20,
            "resblock_dilation_sizes": [[1, 3, 5]],
            "resblock_kernel_sizes": [3],
            "upsample_initial_channel": 512,
        },
        "dropout": 0.2,
        "hidden_dim": 512,
        "max_dur": 50,
        "n_layer": 1,
        "n_mels": 80,
        "n_token": 178,
        "style_dim": 128,
        "text_encoder_kernel_size": 5,
        "plbert": {
            "hidden_size": 32,
            "num_attention_heads": 2,
            "intermediate_size": 64,
            "max_position_embeddings": 512,
            "num_hidden_layers": 1,
        },
        "vocab": vocabulary,
    }


def _checkpoint(config: dict[str, Any]) -> dict[str, Any]:
    """Random tensors that share one storage, so that the file stays small, named as in the real one; tokens last
    a few frames."""
    import torch

    from audiostudio.engines.kokoro_torch.stages import _PARTS, _network

    load, torch.load = torch.load, lambda *_words, **_flags: {}
    model = _network()(repo_id="hexgrad/Kokoro-82M", config=config, model="none")
    torch.load = load
    values = torch.randn(4_000_000) * 0.03

    def tensor(like: Any) -> Any:
        return values[: like.numel()].view(like.shape) if like.is_floating_point() else like

    parts = {
        part: {
            f"module.{name}": tensor(one)
            for name, one in getattr(model, part).state_dict().items()
            if not name.endswith((".norm.weight", ".norm.bias"))  # which the published one has not
        }
        for part in _PARTS
    }
    parts["predictor"]["module.duration_proj.linear_layer.bias"] = torch.full((config["max_dur"],), -3.0)
    return parts


def _compared(folder: Path) -> dict[str, Any]:
    import torch

    from audiostudio.engines.kokoro_torch.stages import load
    from audiostudio.engines.torch_device import seed

    stages = load(folder / "config.json", folder / "kokoro-v1_0.pth", "Tiny")
    rng = np.random.default_rng(1)
    tokens = np.array([0, *rng.integers(1, 170, 3), 0], np.int64)
    style = rng.standard_normal(256).astype(np.float32)
    durations = stages.durations(tokens, style)
    prosody = stages.prosody(tokens, style, durations)
    audio = stages.decode(style, prosody)
    seed(prosody.frames)
    theirs, lasting = stages._model.forward_with_tokens(torch.from_numpy(tokens[None]), torch.from_numpy(style[None]))
    return {
        "durations": bool(np.array_equal(durations, lasting.numpy().astype(np.float32))),
        "samples": [len(audio), len(theirs)],
        "difference": float(np.abs(audio - theirs.numpy()).max()),
        "loudest": float(np.abs(audio).max()),
        "again": bool(np.array_equal(audio, stages.decode(style, prosody))),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
