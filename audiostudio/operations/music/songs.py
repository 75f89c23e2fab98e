"""A song: words, melody, music and voices into the library, with its stems and the time of every word."""

import secrets
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import MusicPiece, MusicRequest
from audiostudio.engines.composer.mastering import finish
from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind, NewAsset
from audiostudio.music.lyrics import Lyrics, parse, require_singable
from audiostudio.music.plan import Plan
from audiostudio.music.pronunciations import FILE, MODEL
from audiostudio.music.score import Score
from audiostudio.music.song import Song, VocalPart, Writing
from audiostudio.music.syllables import Prosody
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.music.asking import decoded, understood
from audiostudio.operations.music.casting import Singer, cast, in_range, options_of, own_voices
from audiostudio.operations.music.karaoke import ass_of, lrc_of, sung_words
from audiostudio.operations.music.landing import (
    engine_source,
    land_midi,
    land_stems,
    landed,
    music_detail,
    music_name,
    painted,
)
from audiostudio.operations.music.singing import phrases_of, sung
from audiostudio.operations.music.song_mix import Mixed, Track, mixed
from audiostudio.operations.progress import part_of
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights, inherited
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.timeline.schema import encode

_COMPOSER = "composer"
_SEEDS = 2**31
_MUSIC, _VOICES, _MIX = 0.2, 0.75, 0.9
"""Shares of the work that are done when the music, the voices and the mix are."""

Body = Generator[Progress | Partial, None, JsonObject]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Composition:
    """All that is decided of a song before anything sounds."""

    song: Song
    lyrics: Lyrics
    singers: tuple[Singer, ...]
    plan: Plan
    vocals: tuple[VocalPart, ...]
    seed: int
    notes: tuple[str, ...] = ()
    """Sentences on what of the prompt was not understood."""


def make(studio: Studio, request: JsonObject) -> Body:
    """`{song, name?, project?, stems?, seed?}` → `{asset, name, seconds, stems: [{name, asset}], lrc, ass, midi, cover,
    detail}`. `song` is encoded; `lrc` and `ass` are the files' text, `midi` is an asset.

    Yields partials `stage` `{stage}` (`melody`, `music`, `voices`, `mix`, `library`) and `note` `{message}`. What was
    sung before, in the same words and notes by the same voice, is not sung again.

    Raises `EmptyText`, `RequestError`, `UnknownVoice`, `UnknownLanguage`, `UnsupportedSetting`, `ModelMissing`, each
    with the place in the lyrics where it has one.
    """
    song: Song = decoded(Song, request["song"])
    yield Partial("stage", {"stage": "melody"})
    made = composition(studio, song, request.get("seed"))
    for message in made.notes:
        yield Partial("note", {"message": message})
    with tempfile.TemporaryDirectory(dir=studio.library.workshop) as place:
        piece, files = yield from rendered(studio, made, Path(place))
        yield Partial("stage", {"stage": "library"})
        return (yield from _land(studio, request, made, piece, Path(place), files))


def rendered(
    studio: Studio, made: Composition, folder: Path
) -> Generator[Progress | Partial, None, tuple[MusicPiece, dict[str, str]]]:
    """The music as it was composed, and the song's files in `folder` by what they are: `mix`, `vocals`, `instrumental`,
    `vocals A`, …; 48 kHz, 32-bit float."""
    yield Partial("stage", {"stage": "music"})
    piece = yield from _music(studio, made, folder)
    assert piece.score is not None
    yield Partial("stage", {"stage": "voices"})
    tracks = yield from _voices(studio, made, piece.score)
    yield Partial("stage", {"stage": "mix"})
    files = yield from _mix(made.plan, folder, piece, tracks)
    return piece, files


def composition(studio: Studio, song: Song, seed: int | None = None) -> Composition:
    """The song's form and melody, and who sings it. Raises as `make` does."""
    if song.writing == Writing.INSTRUMENTAL:
        raise RequestError("This piece has no words to sing.", "Make it as music, or write lyrics.")
    if song.engine != _COMPOSER:
        title = studio.engines.manifest(song.engine).title
        raise UnsupportedSetting(f"{title} cannot accompany a song.", "Choose the composer.")
    lyrics = parse(song.lyrics)
    require_singable(lyrics)
    singers = cast(studio, song, lyrics)
    prosody = prosody_of(studio, singers[0].language)
    brief, notes = understood(song.prompt, song.brief)
    if seed is None:
        seed = song.plan.seed if song.plan else song.brief.seed or secrets.randbelow(_SEEDS)
    from audiostudio.music.composing import skeleton
    from audiostudio.music.vocals import fitted, song_plan, write_melody

    if song.plan is None:
        plan = song_plan(lyrics, replace(brief, seed=seed), prosody)
    else:
        plan = fitted(song.plan, lyrics, prosody)
    vocals = song.vocals
    if not vocals:
        ranges = {one.slot: one.range for one in singers}
        vocals = write_melody(lyrics, plan, skeleton(plan), prosody, ranges, seed)
    by_slot = {one.slot: one for one in singers}
    vocals = tuple(in_range(part, by_slot[part.slot].range) for part in vocals if part.slot in by_slot and part.notes)
    _require_words(vocals, lyrics)
    return Composition(song, lyrics, singers, plan, vocals, seed, tuple(notes))


def _require_words(vocals: Sequence[VocalPart], lyrics: Lyrics) -> None:
    """A melody that was edited fits its words. Raises `RequestError`."""
    for part in vocals:
        for note in part.notes:
            if not (0 <= note.line < len(lyrics.lines) and 0 <= note.word < len(lyrics.lines[note.line].words)):
                raise RequestError(
                    f"The melody of singer {part.slot} has a note on “{note.text}”, which the lyrics lack.",
                    "Compose the melody again, or undo the change of the lyrics.",
                )


def prosody_of(studio: Studio, language: str) -> Prosody:
    """With the dictionary, where it was fetched; else by rules."""
    known = studio.models.present(MODEL)
    return Prosody.open(language, studio.models.path(MODEL, FILE) if known else None)


def _music(studio: Studio, made: Composition, folder: Path) -> Generator[Progress, None, MusicPiece]:
    _, options = options_of(made.song)
    request = MusicRequest(
        made.song.prompt, made.plan.seconds, made.plan.seed, made.plan, made.vocals, tuple(sorted(options))
    )
    pieces: tuple[MusicPiece, ...] = yield from part_of(
        studio.engines.musician(_COMPOSER).make(request, folder), 0.0, _MUSIC
    )
    return pieces[0]


def _voices(studio: Studio, made: Composition, score: Score) -> Generator[Progress, None, list[Track]]:
    options, _ = options_of(made.song)
    by_slot = {one.slot: one for one in made.singers}
    share = (_VOICES - _MUSIC) / len(made.vocals)
    tracks = []
    for number, part in enumerate(made.vocals):
        singer = by_slot[part.slot]
        phrases = phrases_of(part, made.lyrics, score, singer.language)
        singing = sung(studio, singer, phrases, options, made.seed)
        heard = yield from part_of(singing, _MUSIC + number * share, share)
        tracks.append(Track(part.slot, part.role, heard))
    return tracks


def _mix(plan: Plan, folder: Path, piece: MusicPiece, tracks: list[Track]) -> Generator[Progress, None, dict[str, str]]:
    """Writes the mix and its stems; see `rendered`."""
    instrumental = np.concatenate(list(decode(folder / piece.file, SAMPLE_RATE)), axis=1)
    done: Mixed | None = None
    for told in mixed(instrumental, tracks, plan):
        if isinstance(told, Mixed):
            done = told
        else:
            yield Progress(_VOICES + (_MIX - _VOICES) * told, "Mixing")
    assert done is not None
    slots = {f"vocals {slot}": sound for slot, sound in done.by_slot.items()} if len(done.by_slot) > 1 else {}
    files = {"mix": "song.wav"}
    for _ in finish(done.mix, instrumental.shape[1], folder / files["mix"]):
        yield Progress(_MIX, "Mastering")
    sounds = {"vocals": done.vocals, "instrumental": done.instrumental} | slots
    for number, (name, sound) in enumerate(sounds.items()):
        files[name] = f"song-{number}.wav"
        with SoundWriter(folder / files[name], SAMPLE_RATE, 2, "wav32f") as writer:
            writer.write(sound)
        yield Progress(_MIX, "Writing")
    return files


def _land(
    studio: Studio, request: JsonObject, made: Composition, piece: MusicPiece, folder: Path, files: dict[str, str]
) -> Body:
    score = piece.score
    assert score is not None
    name = request.get("name") or made.song.title or music_name(made.plan, made.song.prompt)
    manifest = studio.engines.manifest(_COMPOSER)
    terms = rights_of(studio, made.singers)
    ingredients = Ingredients(studio)
    ingredients.add_engine(_COMPOSER)
    for singer in made.singers:
        ingredients.add_voice(singer.voice)
    seal = ingredients.seal(name, terms)
    whole = replace(made.song, plan=made.plan, vocals=made.vocals, title=name)
    words = sung_words(made.lyrics, made.vocals, score)
    yield Progress(_MIX, "Painting its cover")
    detail = music_detail(made.plan, score, score.seconds, made.seed) | {
        "title": name,
        "lyrics": words,
        "song": encode(whole),
        "song_id": made.song.id,
        "cover": painted(name, made.plan, made.seed, folder / files["mix"]),
    }
    new = NewAsset(
        AssetKind.SONG,
        engine_source(manifest),
        name,
        rights=terms,
        text=made.song.lyrics,
        recipe=_recipe(studio, made, whole, score),
        project=request.get("project"),
        detail=detail,
    )
    asset = yield from landed(studio, folder / files["mix"], new, seal)
    wanted = [(part, folder / file) for part, file in files.items() if part != "mix"] if request.get("stems") else []
    stems = yield from land_stems(studio, asset, wanted, seal)
    midi = land_midi(studio, asset, replace(score, title=name), made.vocals).id
    studio.library.update_detail(asset.id, {"stems": stems, "midi": midi})
    return {
        "asset": asset.id,
        "name": asset.name,
        "seconds": asset.duration,
        "stems": stems,
        "lrc": lrc_of(words),
        "ass": ass_of(words),
        "midi": midi,
        "cover": detail["cover"],
        "detail": detail,
    }


def _recipe(studio: Studio, made: Composition, whole: Song, score: Score) -> JsonObject:
    """All that is needed to make the same song again."""
    manifest = studio.engines.manifest(_COMPOSER)
    return {
        "operation": "song",
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "song": encode(whole),
        "seed": made.seed,
        "voices": [
            [one.slot, one.voice, one.manifest.name, one.manifest.version, _revisions(studio, one.voice)]
            for one in made.singers
        ],
        "score": score.to_json(),
        "sample_rate": SAMPLE_RATE,
    }


def _revisions(studio: Studio, voice: str) -> list[int]:
    """Own voices can be made again, and sound different then."""
    return [one.revision for one in own_voices(studio, voice)]


def rights_of(studio: Studio, singers: Sequence[Singer]) -> Rights:
    """Of the composer and of everybody who sings."""
    own = [voice.rights for one in singers for voice in own_voices(studio, one.voice)]
    engines = {one.manifest.name: one.manifest.rights for one in singers}
    return inherited([studio.engines.manifest(_COMPOSER).rights, *engines.values(), *own])
