"""What Chatterbox learns of a voice."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiostudio.engines.base import EngineManifest
from audiostudio.engines.torch_device import load_tensors, save_tensors, unusable

FILE = "chatterbox.safetensors"
_TOKENS = 6561
"""Speech tokens that there are."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Tensors."""

    speaker: Any
    """Shape (1, 256)."""
    manner_tokens: Any
    """What the language model goes on from: speech tokens of a sample, shape (1, n)."""
    sound_tokens: Any
    """The same for S3Gen, shape (1, m)."""
    sound_mel: Any
    """Their spectrum, shape (1, 2 m, 80)."""
    timbre: Any
    """Shape (1, 192)."""

    def manner(self, exaggeration: float) -> Any:
        """For the language model, anew each time: it writes into it."""
        import torch
        from chatterbox.models.t3.modules.cond_enc import T3Cond

        return T3Cond(
            speaker_emb=self.speaker,
            cond_prompt_speech_tokens=self.manner_tokens,
            emotion_adv=exaggeration * torch.ones(1, 1, 1),
        )

    def sound(self) -> dict[str, Any]:
        """For S3Gen."""
        import torch

        length = torch.tensor([self.sound_tokens.shape[1]], device=self.sound_tokens.device)
        return {
            "prompt_token": self.sound_tokens,
            "prompt_token_len": length,
            "prompt_feat": self.sound_mel,
            "prompt_feat_len": None,
            "embedding": self.timbre,
        }


def write(voice: Voice, path: Path, manifest: EngineManifest) -> None:
    tensors = {name: getattr(voice, name) for name in Voice.__slots__}
    save_tensors(tensors, path, {"engine": manifest.name})


def read(path: Path, device: str, title: str) -> Voice:
    """Raises `EngineFailed` when the file is damaged or made for something else."""
    shapes = {
        "speaker": (1, 256),
        "manner_tokens": (1, None),
        "sound_tokens": (1, None),
        "sound_mel": (1, None, 80),
        "timbre": (1, 192),
    }
    found = load_tensors(path, shapes, title)
    for name in ("manner_tokens", "sound_tokens"):
        tokens = found[name]
        if tokens.is_floating_point() or not tokens.numel() or not bool(((tokens >= 0) & (tokens < _TOKENS)).all()):
            raise unusable(title)
    if found["sound_mel"].shape[1] < found["sound_tokens"].shape[1]:
        raise unusable(title)
    return Voice(**{name: found[name].to(device) for name in shapes})
