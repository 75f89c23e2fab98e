"""HTDemucs by Meta: takes music apart into vocals, drums, bass and the rest. Needs PyTorch."""

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.separation.engine import SeparationEngine
from audiostudio.errors import EngineUnavailable


def create(models: Models, manifest: EngineManifest) -> SeparationEngine:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`."""
    from audiostudio.engines.separation.checkpoint import load
    from audiostudio.engines.torch_device import best_device

    device = best_device()
    try:
        network = load(models.path("htdemucs", "htdemucs.th"), manifest.title)
    except ImportError as error:
        raise EngineUnavailable(
            f"{manifest.title} lacks a package: {error}.", "Run `audiostudio engines install torch`, which brings it."
        ) from error
    return SeparationEngine(network.to(device), device, manifest)
