"""Whether an engine can do what is asked of it."""

import math
from collections.abc import Container

from audiostudio.engines.base import EngineManifest, MusicRequest, Option, SpeechSettings
from audiostudio.engines.voices import parse_mix, shipped
from audiostudio.errors import UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.script.spoken import Sentence
from audiostudio.voices.voice import OWN


def check(settings: SpeechSettings, manifest: EngineManifest, known: Container[str] | None = None) -> None:
    """Raises `UnsupportedSetting` for a setting that is out of range or that the engine would ignore, and
    `UnknownVoice`. `known`: the ids of its voices, where they do not ship."""
    able = manifest.capabilities
    _check("speed", settings.speed, 1.0, able.speed, manifest.title)
    _check("pitch", settings.pitch, 0.0, able.pitch, manifest.title)
    _check("energy", settings.energy, 0.0, able.energy, manifest.title)
    _check("intonation", settings.intonation, 1.0, able.intonation, manifest.title)
    chosen_options(settings, manifest)
    mix = parse_mix(settings.voice)
    voices = {voice["id"] for voice in shipped(manifest.name)} if known is None else known
    for name, _ in mix:
        if name not in voices and not name.startswith(OWN):
            raise UnknownVoice(f"{manifest.title} has no voice “{name[:60]}”.", "`audiostudio voices` lists them all.")
    if len(mix) > 1 and not able.mixes:
        raise UnsupportedSetting(f"{manifest.title} cannot mix voices.", "Choose one voice.")


def chosen_options(settings: SpeechSettings | MusicRequest, manifest: EngineManifest) -> dict[str, str]:
    """The engine's own settings that count, those left out with their default.

    Raises `UnsupportedSetting` for one that the engine has not, or with a value that it cannot have.
    """
    known = {option.name: option for option in manifest.capabilities.options}
    for name, value in settings.options:
        if name not in known:
            raise UnsupportedSetting(f"{manifest.title} has no setting “{name[:60]}”.", f"It has {', '.join(known)}.")
        if not _valid(known[name], value):
            raise UnsupportedSetting(
                f"{manifest.title} cannot have “{value[:60]}” as its {known[name].title.lower()}.",
                f"Choose {_choice(known[name])}.",
            )
    values = {name: option.default for name, option in known.items()} | dict(settings.options)
    return {name: values[name] for name, option in known.items() if counts(option, values)}


def counts(option: Option, values: dict[str, str]) -> bool:
    """Whether an option means anything beside the others' values."""
    return all(values.get(name) in allowed for name, allowed in option.only_for)


def check_language(sentence: Sentence, manifest: EngineManifest) -> None:
    """Raises `UnknownLanguage` for one that the engine does not speak."""
    able = manifest.capabilities.languages
    if sentence.language not in able:
        raise UnknownLanguage(
            f"{manifest.title} does not speak “{sentence.language}”.", f"It speaks {', '.join(able)}."
        )


def pace(sentence: Sentence) -> float:
    """The factor of speed that markup gives to the whole sentence; 1 where its words differ."""
    speeds = {word.voicing.speed for word in sentence.words}
    return speeds.pop() if len(speeds) == 1 else 1.0


def _valid(option: Option, value: str) -> bool:
    if option.kind == "number":
        try:
            number = float(value)
        except ValueError:
            return False
        return math.isfinite(number) and option.least <= number <= option.most
    if option.kind == "choice":
        return value in {one for one, _ in option.choices}
    if option.kind == "switch":
        return value in ("true", "false")
    return len(value) <= 1000


def _choice(option: Option) -> str:
    if option.kind == "number":
        return f"a number from {option.least:g} to {option.most:g}"
    if option.kind == "choice":
        return f"one of {', '.join(one for one, _ in option.choices if one)}"
    return "true or false" if option.kind == "switch" else "a shorter text"


def _check(name: str, value: float, neutral: float, span: tuple[float, float] | None, title: str) -> None:
    if span is None:
        if value != neutral:
            raise UnsupportedSetting(f"{title} cannot change its {name}.", f"Leave {name} at {neutral:g}.")
    elif not span[0] <= value <= span[1]:
        raise UnsupportedSetting(
            f"{title} cannot speak at a {name} of {value:g}.", f"Choose a {name} from {span[0]:g} to {span[1]:g}."
        )
