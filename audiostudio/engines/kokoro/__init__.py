"""Kokoro-82M: 54 voices, nine languages."""

from audiostudio.engines.base import EngineManifest
from audiostudio.engines.kokoro.engine import KokoroEngine
from audiostudio.engines.kokoro.onnx_stages import OnnxStages
from audiostudio.engines.registry import Models


def create(models: Models, manifest: EngineManifest) -> KokoroEngine:
    """Raises `ModelMissing`, `ModelDamaged`."""
    return KokoroEngine(models, manifest, OnnxStages(models.path("kokoro", "model.onnx"), threads=2))
