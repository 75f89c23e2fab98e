"""MusicGen and AudioGen by Meta: music and sounds from a description. Need PyTorch; what they make may not be sold."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.musicgen.engine import MusicGenEngine
from audiostudio.errors import EngineUnavailable


def create(models: Models, manifest: EngineManifest) -> MusicGenEngine:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`."""
    from audiostudio.engines.musicgen.standins import audiocraft

    try:
        audiocraft()
    except ImportError as error:
        raise EngineUnavailable(
            f"{manifest.title} lacks a package: {error}.", "Run `audiostudio engines install torch`, which brings it."
        ) from error
    engine = MusicGenEngine(models, manifest)
    engine.prepare()
    return engine
