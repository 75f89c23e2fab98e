"""Finished music on its way into the library: names, recipe, rights, detail, stems, MIDI."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from audiostudio.engines.base import EngineManifest, MusicPiece, MusicRequest
from audiostudio.jobs import JsonObject, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.library.moves import content_hash
from audiostudio.music.genres import genres
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.score import Score
from audiostudio.music.song import VocalPart
from audiostudio.operations.credentials import Seal
from audiostudio.operations.generate import scratch
from audiostudio.operations.music.covers import cover_for, outline_of
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import SoundWriter, decode, probe
from audiostudio.timeline.schema import encode

STEM = "stem"
"""The tag of a piece's parts."""


def music_name(plan: Plan | None, prompt: str) -> str:
    """For people: `Upbeat Electronic in A minor`; without a plan the prompt's beginning."""
    if plan is None:
        words = prompt.split()
        return " ".join(words[:7]) + ("…" if len(words) > 7 else "") or "Music"
    style = genres().get(plan.genre)
    genre = style.name if style else plan.genre
    mood = plan.mood.replace("-", " ").title()
    return f"{mood} {genre} in {plan.key}".strip()


def music_detail(plan: Plan | None, score: Score | None, seconds: float, seed: int) -> JsonObject:
    """What the library and the timeline know of a piece: genre, mood, tempo, key, metre, sections and beats in
    seconds."""
    detail: JsonObject = {"seconds": seconds, "seed": seed}
    if plan is not None:
        detail |= {"genre": plan.genre, "mood": plan.mood, "bpm": plan.bpm, "key": plan.key, "metre": plan.metre}
    if score is not None:
        detail |= {"sections": sections_of(score), "beats": beats_of(score)}
    return detail


def sections_of(score: Score) -> list[JsonObject]:
    """`{start, end, label}` in seconds; the last ends with the sound."""
    bar = score.metre.bar
    edges = [score.seconds_at(one.bar * bar) for one in score.sections] + [score.seconds]
    return [
        {"start": round(edges[number], 4), "end": round(edges[number + 1], 4), "label": one.name}
        for number, one in enumerate(score.sections)
    ]


def beats_of(score: Score) -> list[float]:
    """When each beat is, in seconds."""
    step = score.metre.beat
    found = (score.seconds_at(tick) for tick in range(0, score.ticks, step))
    return [round(second, 4) for second in found if second < score.seconds]


def music_recipe(manifest: EngineManifest, request: MusicRequest, piece: MusicPiece, brief: Brief | None) -> JsonObject:
    """All that is needed to make the same music again, and to edit it."""
    made: JsonObject = {
        "operation": "music",
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "prompt": request.prompt,
        "seconds": request.seconds,
        "seed": piece.seed,
        "sample_rate": SAMPLE_RATE,
    }
    added: JsonObject = {
        "brief": encode(brief) if brief is not None else None,
        "plan": encode(piece.plan) if piece.plan is not None else None,
        "score": piece.score.to_json() if piece.score is not None else None,
        "options": [list(option) for option in request.options],
        "continues": content_hash(request.continues) if request.continues else None,
        "melody": content_hash(request.melody) if request.melody else None,
        "vocals": [encode(part) for part in request.vocals],
    }
    return made | {name: value for name, value in added.items() if value not in (None, [])}


def landed(
    studio: Studio, sound: Path, new: NewAsset, seal: Seal, message: str = "Into the library"
) -> Generator[Progress, None, Asset]:
    """A finished sound file as an asset: 48 kHz, 24 bits, signed. `new.media` is filled in here."""
    channels = min(2, probe(sound).channels or 1)
    with scratch(studio) as target:
        with SoundWriter(target, SAMPLE_RATE, channels, "wav", seal=seal) as writer:
            for chunk in decode(sound, SAMPLE_RATE):
                writer.write(chunk[:channels])
                yield Progress(None, message)
        return studio.library.add(
            target, replace(new, media=MediaInfo(writer.samples / SAMPLE_RATE, SAMPLE_RATE, channels))
        )


def land_stems(
    studio: Studio, mix: Asset, stems: Iterable[tuple[str, Path]], seal: Seal
) -> Generator[Progress, None, list[JsonObject]]:
    """The parts of a piece as assets that are made of it → `[{name, asset}]`."""
    found: list[JsonObject] = []
    for name, path in stems:
        new = NewAsset(
            mix.kind,
            mix.source,
            f"{mix.name} – {name}",
            recipe={"operation": "stem", "music": mix.id, "part": name},
            made_of=(mix.id,),
            tags=(STEM,),
            project=mix.project,
            detail={"stem_of": mix.id, "part": name} | {key: mix.detail[key] for key in _SHARED if key in mix.detail},
        )
        asset = yield from landed(studio, path, new, seal, f"Into the library: {name}")
        found.append({"name": name, "asset": asset.id})
    return found


_SHARED = ("genre", "mood", "bpm", "key", "metre", "seconds", "beats", "sections")


def land_midi(studio: Studio, mix: Asset, score: Score, vocals: Sequence[VocalPart] = ()) -> Asset:
    """The notes of a piece as a MIDI file that is made of it."""
    from audiostudio.music.midi import write

    with scratch(studio) as target:
        file = target.with_suffix(".mid")
        new = NewAsset(
            AssetKind.DOCUMENT,
            mix.source,
            f"{mix.name} – MIDI",
            recipe={"operation": "midi", "music": mix.id},
            made_of=(mix.id,),
            project=mix.project,
            detail={"midi_of": mix.id},
        )
        try:
            write(score, file, vocals)
            return studio.library.add(file, new)
        finally:
            file.unlink(missing_ok=True)


def painted(title: str, plan: Plan | None, seed: int, sound: Path) -> JsonObject:
    """The cover of a new piece, as its `detail["cover"]`."""
    genre, mood = (plan.genre, plan.mood) if plan is not None else ("", "")
    return cover_for(title, genre, mood, seed, outline=outline_of(sound))


def engine_source(manifest: EngineManifest) -> AssetSource:
    """Music of an engine that has scores is composed; what a model dreamt is AI music."""
    return AssetSource.COMPOSED if manifest.capabilities.score else AssetSource.AI_MUSIC
