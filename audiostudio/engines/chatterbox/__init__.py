"""Chatterbox by Resemble AI: clones voices, and says recordings again in them; what it says may be sold. Needs
PyTorch."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.chatterbox.engine import ChatterboxEngine


def create(models: Models, manifest: EngineManifest) -> ChatterboxEngine:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`."""
    from audiostudio.engines.chatterbox.checkpoint import Networks

    return ChatterboxEngine(Networks(models, manifest.title), models, manifest)
