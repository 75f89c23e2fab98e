"""Kokoro in PyTorch, on a graphics card where there is one: the voices and stages of `engines.kokoro`."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.kokoro.engine import KokoroEngine
from audiostudio.script.spoken import Sentence

MODEL = "kokoro-torch"


def create(models: Models, manifest: EngineManifest) -> KokoroEngine:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`."""
    from audiostudio.engines.kokoro_torch.stages import load

    files = {name: models.path(MODEL, name) for name in ("config.json", "kokoro-v1_0.pth")}
    stages = load(files["config.json"], files["kokoro-v1_0.pth"], manifest.title)
    return KokoroEngine(models, manifest, stages, 1, _as_read)


def _as_read(sentence: Sentence) -> Sentence:
    """Its phonemes were found where what finds them is installed: in the application."""
    return sentence
