"""Kokoro-82M: 54 voices, nine languages."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.kokoro.backends import load, processors
from audiostudio.engines.kokoro.engine import KokoroEngine


def create(models: Models, manifest: EngineManifest) -> KokoroEngine:
    """Raises `ModelMissing`, `ModelDamaged`."""
    streams = 2 if processors() > 1 else 1
    stages = load(models.path("kokoro", "model.onnx"), streams, max(1, min(processors(), 8) // streams))
    return KokoroEngine(models, manifest, stages, streams)
