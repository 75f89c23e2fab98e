"""The melody of a song's lyrics: what is sung where nobody edited it, and what the piano roll shows."""

from collections.abc import Generator
from dataclasses import dataclass

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.music.lyrics import parse
from audiostudio.music.plan import Plan
from audiostudio.music.ranges import NEUTRAL, Range, of_gender
from audiostudio.music.score import Score, Section
from audiostudio.music.song import SLOTS, Song, VocalPart
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import Key, Metre
from audiostudio.operations.music.asking import decoded, understood
from audiostudio.operations.studio import Studio
from audiostudio.timeline.schema import encode

LANGUAGE = "en-us"
"""Of words, where no singer's voice says another."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a song is sung to."""

    plan: Plan
    sections: tuple[Section, ...]
    vocals: tuple[VocalPart, ...]
    ranges: dict[str, Range]
    """By slot."""

    @property
    def skeleton(self) -> Score:
        """The score without its instruments."""
        from audiostudio.music import planning

        key, metre = Key.parse(self.plan.key), Metre.parse(self.plan.metre)
        return Score(key, metre, planning.tempo(self.plan), self.sections, (), self.plan.seconds)


def melody(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{song, language?, lines?, seed?}` → `{vocals, plan, score, ranges}`: as `written` has them, encoded; `score` is
    without instruments, `ranges` are `{slot: [lowest, highest pitch]}`.

    `lines`: only these (of `music.lyrics`, from 0) are composed again, with `seed`; all others keep their notes.
    Raises `RequestError`, `EmptyText`, `ModelDamaged`.
    """
    song = decoded(Song, request["song"])
    language = str(request.get("language") or language_of(studio, song))
    yield Progress(0.1, "Composing the melody")
    lines = request.get("lines")
    chosen = None if lines is None else frozenset(int(line) for line in lines)
    seed = request.get("seed")
    made = written(studio, song, language, chosen, None if seed is None else int(seed))
    return {
        "vocals": [encode(part) for part in made.vocals],
        "plan": encode(made.plan),
        "score": made.skeleton.to_json(),
        "ranges": {slot: list(one) for slot, one in made.ranges.items()},
    }


def written(
    studio: Studio, song: Song, language: str, lines: frozenset[int] | None = None, seed: int | None = None
) -> Written:
    """The plan of a song, with room for its words, and its melody: as it was edited, else composed.

    Where `lines` are given they are composed again with `seed`. Raises `RequestError`, `EmptyText`.
    """
    from audiostudio.music.composing import skeleton
    from audiostudio.music.vocals import fitted, merged, song_plan, write_melody

    lyrics, prosody = parse(song.lyrics), prosody_of(studio, language)
    if song.plan is None:
        brief, _ = understood(song.prompt, song.brief)
        plan = song_plan(lyrics, brief, prosody)
    else:
        plan = fitted(song.plan, lyrics, prosody)
    sections, ranges = skeleton(plan), ranges_of(studio, song)
    if song.vocals and lines is None:
        return Written(plan, sections, song.vocals, ranges)
    new = write_melody(lyrics, plan, sections, prosody, ranges, seed)
    vocals = (
        new
        if lines is None
        else merged(song.vocals or write_melody(lyrics, plan, sections, prosody, ranges), new, lines)
    )
    return Written(plan, sections, vocals, ranges)


def ranges_of(studio: Studio, song: Song) -> dict[str, Range]:
    """What the voice of each slot sings with ease; a neutral range where none was chosen, or it is not known here."""
    chosen = {one.slot: one.voice for one in song.voices}
    known = {voice.id: voice for voice in studio.engines.voices()} if chosen else {}
    return {slot: of_gender(known[chosen[slot]].gender) if chosen.get(slot) in known else NEUTRAL for slot in SLOTS}


def language_of(studio: Studio, song: Song) -> str:
    """Of the words: what the first singer speaks."""
    chosen = [one.voice for one in sorted(song.voices, key=lambda one: one.slot)]
    known = {voice.id: voice.language for voice in studio.engines.voices()} if chosen else {}
    return next((known[voice] for voice in chosen if voice in known), LANGUAGE)


def prosody_of(studio: Studio, language: str) -> Prosody:
    """With the dictionary, where it was fetched; else by rules."""
    from audiostudio.music import pronunciations

    known = studio.models.present(pronunciations.MODEL)
    file = studio.models.path(pronunciations.MODEL, pronunciations.FILE) if known else None
    return Prosody.open(language, file)
