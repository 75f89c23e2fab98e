"""Whether an engine can do what is asked of it."""

from audiostudio.engines.base import EngineManifest, SpeechSettings
from audiostudio.engines.voices import parse_mix, shipped
from audiostudio.errors import UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.script.spoken import Sentence


def check(settings: SpeechSettings, manifest: EngineManifest) -> None:
    """Raises `UnsupportedSetting` for a setting that is out of range or that the engine would ignore, and
    `UnknownVoice`."""
    able = manifest.capabilities
    _check("speed", settings.speed, 1.0, able.speed, manifest.title)
    _check("pitch", settings.pitch, 0.0, able.pitch, manifest.title)
    mix = parse_mix(settings.voice)
    known = {voice["id"] for voice in shipped(manifest.name)}
    for name, _ in mix:
        if name not in known:
            raise UnknownVoice(f"{manifest.title} has no voice “{name[:60]}”.", "`audiostudio voices` lists them all.")
    if len(mix) > 1 and not able.mixes:
        raise UnsupportedSetting(f"{manifest.title} cannot mix voices.", "Choose one voice.")


def check_language(sentence: Sentence, manifest: EngineManifest) -> None:
    """Raises `UnknownLanguage` for one that the engine does not speak."""
    able = manifest.capabilities.languages
    if sentence.language not in able:
        raise UnknownLanguage(
            f"{manifest.title} does not speak “{sentence.language}”.", f"It speaks {', '.join(able)}."
        )


def _check(name: str, value: float, neutral: float, span: tuple[float, float] | None, title: str) -> None:
    if span is None:
        if value != neutral:
            raise UnsupportedSetting(f"{title} cannot change its {name}.", f"Leave {name} at {neutral:g}.")
    elif not span[0] <= value <= span[1]:
        raise UnsupportedSetting(
            f"{title} cannot speak at a {name} of {value:g}.", f"Choose a {name} from {span[0]:g} to {span[1]:g}."
        )
