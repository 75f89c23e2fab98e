"""XTTS-v2 by Coqui: clones a voice from some seconds of speech and speaks 17 languages with it. Needs PyTorch."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.xtts.engine import XttsEngine

MODEL = "xtts-v2"


def create(models: Models, manifest: EngineManifest) -> XttsEngine:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`, `EngineFailed`."""
    from audiostudio.engines.xtts.checkpoint import load

    files = {name: models.path(MODEL, name) for name in ("config.json", "vocab.json", "model.pth")}
    return XttsEngine(load(files, manifest.title), models, manifest)
