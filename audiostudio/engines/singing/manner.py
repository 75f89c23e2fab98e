"""How is sung: what can be chosen for every voice that sings."""

from dataclasses import dataclass, replace

from audiostudio.engines.asked import check
from audiostudio.engines.base import EngineManifest, Option, SpeechSettings
from audiostudio.errors import UnsupportedSetting


@dataclass(frozen=True, slots=True)
class Manner:
    """Each 0…1."""

    vibrato: float = 0.6
    glide: float = 0.5
    breath: float = 0.4


OPTIONS = tuple(
    Option(name, title, "number", f"{getattr(Manner(), name):g}", 0.0, 1.0, (), hint)
    for name, title, hint in (
        ("vibrato", "Vibrato", "How far the pitch of held notes sways; 0: not at all."),
        ("glide", "Glide", "How long the voice takes from one note to the next."),
        ("breath", "Breath", "How loud the breaths between phrases are; 0: none are heard."),
    )
)
"""As the settings of engines are written."""


_NAMES = frozenset(option.name for option in OPTIONS)


def manner_of(settings: SpeechSettings, manifest: EngineManifest) -> Manner:
    """Checks the rest of `settings` too. Raises `UnsupportedSetting`, `UnknownVoice`."""
    chosen = {name: _share(name, value) for name, value in settings.options if name in _NAMES}
    check(without(settings), manifest)
    return Manner(**chosen)


def without(settings: SpeechSettings) -> SpeechSettings:
    """As the engine speaks with them."""
    return replace(settings, options=tuple(option for option in settings.options if option[0] not in _NAMES))


def _share(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise UnsupportedSetting(f"“{value[:60]}” is no {name} of a voice that sings.", "Choose a number from 0 to 1.")
    return number
