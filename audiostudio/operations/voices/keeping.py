"""Own voices by the names that people give them."""

from audiostudio.errors import UnknownVoice
from audiostudio.operations.studio import Studio
from audiostudio.voices.voice import OWN, KeptVoice


def find(studio: Studio, name: str, binned: bool = False) -> KeptVoice:
    """The own voice with that id, or that name; `binned`: among those in the bin. Raises `UnknownVoice`."""
    voices = studio.voices.binned() if binned else studio.voices.voices()
    wanted = name.strip().casefold()
    found = [one for one in voices if one.voice.id == name] or [
        one for one in voices if one.card.name.casefold() == wanted
    ]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.voice.id for one in found)
        raise UnknownVoice(f"{len(found)} voices are called “{name[:60]}”.", f"Name one by its id: {ids}.")
    for damaged in () if binned else studio.voices.damaged():
        if wanted in (damaged.id, damaged.name.casefold()):
            raise UnknownVoice(damaged.sentence, damaged.hint)
    where = "in the bin" if binned else "own"
    lists = "bin" if binned else "list"
    raise UnknownVoice(f"There is no {where} voice “{name[:60]}”.", f"`audiostudio voice {lists}` lists them.")


def voice_id(studio: Studio, name: str) -> str:
    """The id of the own voice of that name, where there is one and no engine's voice is called so; else `name`."""
    if name.startswith(OWN) or any(one.id == name for one in studio.engines.voices()):
        return name
    wanted = name.strip().casefold()
    found = [one.voice.id for one in studio.voices.voices() if one.card.name.casefold() == wanted]
    return found[0] if len(found) == 1 else name
