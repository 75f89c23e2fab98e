"""Who sings what of a song: voices, their ranges, and whether they can."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from audiostudio.engines.base import EngineManifest, Voice
from audiostudio.engines.singing.manner import OPTIONS
from audiostudio.engines.voices import parse_mix
from audiostudio.errors import UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.music.lyrics import Line, Lyrics
from audiostudio.music.ranges import Range, of_gender, of_speech
from audiostudio.music.song import SLOTS, Song, VocalPart
from audiostudio.operations.studio import Studio
from audiostudio.resource import resource
from audiostudio.script.language import language
from audiostudio.script.scripts import foreign
from audiostudio.voices.voice import OWN, OwnVoice

DEFAULT = ("af_heart", "am_michael", "bf_emma")
"""Who sings where nobody was chosen, for each of `SLOTS`."""
_OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Singer:
    slot: str
    voice: str
    """A voice's id, or a mix."""
    name: str
    manifest: EngineManifest
    language: str
    """The voice's own."""
    range: Range


def cast(studio: Studio, song: Song, lyrics: Lyrics) -> tuple[Singer, ...]:
    """A singer for each slot that the lyrics have lines for.

    Raises `UnknownVoice`, `UnsupportedSetting` for a voice that cannot sing, `UnknownLanguage` with the line for words
    that it cannot read.
    """
    chosen = {one.slot: one.voice for one in song.voices if one.voice}
    singers = []
    for slot, other in zip(SLOTS, DEFAULT, strict=True):
        if slot in lyrics.slots:
            line = next(line for line in lyrics.lines if slot in line.slots)
            singers.append(_singer(studio, slot, chosen.get(slot, other), lyrics.place(line.start)[0]))
    for singer in singers:
        for line in lyrics.lines:
            if singer.slot in line.slots:
                _require_language(studio, singer, line, lyrics)
    return tuple(singers)


def _singer(studio: Studio, slot: str, name: str, line: int) -> Singer:
    try:
        manifest, mix = studio.engines.resolve(name)
    except UnknownVoice as error:
        raise UnknownVoice(f"{error.sentence[:-1]} (singer {slot}, line {line} of the lyrics).", error.hint) from error
    if not manifest.capabilities.singing:
        able = ", ".join(one.title for one in studio.engines.manifests() if one.capabilities.singing)
        raise UnsupportedSetting(
            f"{manifest.title} cannot sing, so its voice “{mix[0][0].name}” cannot be singer {slot} (line {line}).",
            f"Choose a voice of {able}.",
        )
    voice = max(mix, key=lambda one: one[1])[0]
    return Singer(slot, name, voice.name, manifest, language(voice.language).tag, range_of(voice))


def range_of(voice: Voice) -> Range:
    """In which a voice sings without strain: from how high it speaks where that was measured."""
    measured = singers().get(voice.id)
    return of_speech(measured["hz"]) if measured else of_gender(voice.gender)


def quality_of(manifest: EngineManifest, voice: str) -> str:
    """How well a voice sings: `good` (its words are understood), `experimental`, or empty: not at all."""
    if not manifest.capabilities.singing:
        return ""
    measured = singers().get(voice, {}).get("singing")
    return str(measured) if measured else manifest.capabilities.singing


@cache
def singers() -> Mapping[str, Mapping[str, Any]]:
    """What was measured of voices that ship: `hz`, the median of their speech; `word_errors`, the share of words that
    Whisper base does not understand when they sing; `singing`, what follows from it."""
    found: dict[str, Any] = json.loads(resource("music/singers.json").read_text(encoding="utf-8"))
    return found


def _require_language(studio: Studio, singer: Singer, line: Line, lyrics: Lyrics) -> None:
    strangers = [(word, reader) for word in line.words if (reader := foreign(word.text, singer.language))]
    if not strangers:
        return
    word = strangers[0][0]
    readers = [reader for _, reader in strangers]
    tag = "ja" if "ja" in readers else readers[0]  # kanji stand in Japanese, too
    number, character = lyrics.place(word.start)
    able = [one.id for one in studio.engines.voices() if _sings(studio, one, tag)]
    raise UnknownLanguage(
        f"{singer.name} cannot sing “{word.text}” (line {number}, character {character}): "
        f"the voice sings {language(singer.language).name}.",
        f"Choose {', '.join(able[:4])} for singer {singer.slot}." if able else "No voice here sings that language.",
    )


def _sings(studio: Studio, voice: Voice, tag: str) -> bool:
    return voice.language == tag and bool(studio.engines.manifest(voice.engine).capabilities.singing)


def own_voices(studio: Studio, voice: str) -> list[OwnVoice]:
    """The user's own in a voice or a mix."""
    return [studio.voices.get(name).voice for name, _ in parse_mix(voice) if name.startswith(OWN)]


def in_range(part: VocalPart, within: Range) -> VocalPart:
    """The part as many octaves higher or lower as brings most of it into a voice's range; as it is where it fits, but
    for a few notes."""
    if not part.notes:
        return part
    pitches = [note.pitch for note in part.notes]

    def outside(octaves: int) -> tuple[int, int]:
        moved = [pitch + _OCTAVE * octaves for pitch in pitches]
        return sum(max(0, within.low - one, one - within.high) for one in moved), abs(octaves)

    best = min(range(-4, 5), key=outside)
    if best == 0 or outside(0)[0] <= len(pitches):
        return part
    return VocalPart(
        part.slot,
        part.role,
        tuple(note._replace(pitch=note.pitch + _OCTAVE * best) for note in part.notes),
        part.extra,
    )


def options_of(song: Song) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """A song's options: those of singing, and those of the engine that makes its music."""
    names = {option.name for option in OPTIONS}
    both = [(one.name, one.value) for one in song.options]
    return tuple(sorted(one for one in both if one[0] in names)), tuple(one for one in both if one[0] not in names)
