"""The melody of a song, for the piano roll: composed, composed again in some lines, a phrase of it to be heard."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.music.lyrics import Lyrics, parse
from audiostudio.music.plan import Plan
from audiostudio.music.score import Score, Section
from audiostudio.music.song import Song, VocalPart
from audiostudio.music.theory import Key, Metre
from audiostudio.operations.music.asking import decoded
from audiostudio.operations.music.casting import options_of
from audiostudio.operations.music.singing import phrases_of, sung, track
from audiostudio.operations.music.songs import composition, prosody_of
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.timeline.schema import encode

Body = Generator[Progress | Partial, None, JsonObject]


def melody(studio: Studio, request: JsonObject) -> Body:
    """`{song, lines?, seed?}` → `{vocals, plan, score, ranges}`: the song's melody, which is composed where it has none
    of its own. `score` has no instruments, `ranges` are `{slot: [lowest, highest pitch]}`.

    `lines` (of `music.lyrics`, from 0): these are composed again with `seed`, and all others keep their notes; notes
    on words that are gone go. Raises what `songs.composition` raises.
    """
    from audiostudio.music.composing import skeleton
    from audiostudio.music.vocals import merged, write_melody

    song = decoded(Song, request["song"])
    lines = None if request.get("lines") is None else frozenset(int(line) for line in request["lines"])
    yield Progress(0.1, "Composing the melody")
    if lines is not None:
        song = replace(song, vocals=_fitting(song.vocals, parse(song.lyrics), lines))
    made = composition(studio, song)
    sections, ranges, vocals = skeleton(made.plan), {one.slot: one.range for one in made.singers}, made.vocals
    if lines is not None:
        prosody = prosody_of(studio, made.singers[0].language)
        new = write_melody(made.lyrics, made.plan, sections, prosody, ranges, int(request.get("seed") or 0))
        vocals = merged(vocals, new, lines)
    return {
        "vocals": [encode(part) for part in vocals],
        "plan": encode(made.plan),
        "score": _bare(made.plan, sections).to_json(),
        "ranges": {slot: list(one) for slot, one in ranges.items()},
    }


def phrase(studio: Studio, request: JsonObject) -> Body:
    """`{song, part, lines}` → `{seconds, from}`: what one of the song's vocal parts sings in these lines, by its voice
    alone, as a partial `sound` (`{start, sample_rate}`, array `audio`). `song` has its melody and its plan.

    Raises `RequestError`, and what `songs.composition` and `SingingEngine.sing` raise.
    """
    from audiostudio.music.composing import skeleton

    song, wanted = decoded(Song, request["song"]), frozenset(int(line) for line in request["lines"])
    if not 0 <= int(request["part"]) < len(song.vocals):
        raise RequestError("The song has no such vocal part.", "Compose its melody first.")
    part = song.vocals[int(request["part"])]
    made = composition(studio, replace(song, vocals=(part,)))
    singer = next((one for one in made.singers if one.slot == part.slot), None)
    if singer is None or not made.vocals:
        raise RequestError(f"No line of the lyrics is singer {part.slot}’s.", f"Begin a line with “{part.slot}:”.")
    score = _bare(made.plan, skeleton(made.plan))
    phrases = phrases_of(made.vocals[0], made.lyrics, score, singer.language)
    chosen = [one for one in phrases if one.line in wanted]
    if not chosen:
        raise RequestError("There is nothing to be heard there.", "Choose notes of a line.")
    heard = yield from sung(studio, singer, chosen, options_of(song)[0], made.seed)
    first = min(one.start for one in heard)
    seconds = max(one.start + len(one.audio) / SAMPLE_RATE for one in heard) - first
    audio = track([one._replace(start=one.start - first) for one in heard], round(seconds * SAMPLE_RATE))
    yield Partial("sound", {"start": 0, "sample_rate": SAMPLE_RATE}, {"audio": audio[np.newaxis]})
    return {"seconds": seconds, "from": first}


def _bare(plan: Plan, sections: tuple[Section, ...]) -> Score:
    """A score without its instruments."""
    from audiostudio.music import planning

    return Score(Key.parse(plan.key), Metre.parse(plan.metre), planning.tempo(plan), sections, (), plan.seconds)


def _fitting(vocals: tuple[VocalPart, ...], lyrics: Lyrics, without: frozenset[int]) -> tuple[VocalPart, ...]:
    """What the lyrics still have words for, but for the lines `without`."""
    words = [len(line.words) for line in lyrics.lines]
    parts = (
        replace(
            part,
            notes=tuple(
                note
                for note in part.notes
                if note.line not in without and note.line < len(words) and note.word < words[note.line]
            ),
        )
        for part in vocals
    )
    return tuple(part for part in parts if part.notes)
