"""Whether an engine can do what is asked of it."""

from audiostudio.engines.base import EngineManifest, SpeechSettings
from audiostudio.errors import UnsupportedSetting


def check(settings: SpeechSettings, manifest: EngineManifest) -> None:
    """Raises `UnsupportedSetting` for a setting that is out of range, or that the engine would ignore."""
    able = manifest.capabilities
    _check("speed", settings.speed, 1.0, able.speed, manifest.title)
    _check("pitch", settings.pitch, 0.0, able.pitch, manifest.title)


def _check(name: str, value: float, neutral: float, span: tuple[float, float] | None, title: str) -> None:
    if span is None:
        if value != neutral:
            raise UnsupportedSetting(f"{title} cannot change its {name}.", f"Leave {name} at {neutral:g}.")
    elif not span[0] <= value <= span[1]:
        raise UnsupportedSetting(
            f"{title} cannot speak at a {name} of {value:g}.", f"Choose a {name} from {span[0]:g} to {span[1]:g}."
        )
