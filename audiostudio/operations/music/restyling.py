"""Music made anew from what is known of it: longer, continued, in another style, around the voice that sings in it."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, MediaInfo, NewAsset
from audiostudio.music import prompt
from audiostudio.music.analysis import Analysis, analysed
from audiostudio.music.analysis.chords import find_chords
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.replanning import HeardSection, accompanying, lengthened, restyled
from audiostudio.music.theory import Key
from audiostudio.operations.generate import scratch
from audiostudio.operations.music import make as making
from audiostudio.operations.music.asking import decoded
from audiostudio.operations.music.sounds import Heard, listened, source_of
from audiostudio.operations.music.vocals import vocals_of, with_vocals
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.timeline.schema import encode

Body = Generator[Progress | Partial, None, JsonObject]


def plan_of(asset: Asset) -> Plan | None:
    """The plan of a piece that the composer made; None for any other."""
    kept: Any = (asset.recipe or {}).get("plan")
    try:
        return None if kept is None else decoded(Plan, kept)
    except RequestError:  # of another version, or of anybody who wrote into a library
        return None


def longer(studio: Studio, asset: Asset, request: JsonObject, at: float, total: float) -> Body:
    """A piece of the composer with more sections → `{asset, name, seconds, pieces: [piece]}`."""
    plan = plan_of(asset)
    if plan is None:
        raise RequestError(f"“{asset.name}” has no plan that can be read.", "Fit it to the length instead.")
    made = yield from _made(studio, asset, request, encode(lengthened(plan, at, total)), f"{asset.name} – {total:g} s")
    return made


def continued(studio: Studio, asset: Asset, request: JsonObject, at: float) -> Body:
    """A piece up to a point, continued by an engine that can → as `longer`."""
    length = asset.duration or 0.0
    before = asset if not at or at > length - 0.05 else (yield from _beginning(studio, asset, at))
    asked: JsonObject = {
        "engine": request["engine"],
        "prompt": request.get("prompt") or (asset.recipe or {}).get("prompt") or asset.name,
        "seconds": float(request["seconds"]),
        "continues": before.id,
        "name": request.get("name") or f"{asset.name} – {float(request['seconds']):g} s",
        **{name: request[name] for name in ("project", "options", "seed") if name in request},
    }
    return _first((yield from making.make(studio, asked)))


def remixed(studio: Studio, request: JsonObject) -> Body:
    """`{asset, prompt, keep_vocals, engine?, name?, project?, seed?}` → `{asset, name, seconds, pieces}`.

    A piece of the composer keeps its form, chords, key and themes and is arranged as the prompt says. Any other is
    listened to: the composer plays over its chords, at its tempo, in its form. With `keep_vocals` the voice stays,
    and so do tempo and key: from the stem of a song, or of a track that was taken apart. `engine`: one that follows
    melodies makes the piece instead.

    Raises `RequestError`, `UnsupportedSetting` where there are no vocals to keep, and what `music.make` raises.
    """
    source = source_of(studio, request)
    asset = source.asset
    if asset is None:
        raise RequestError("Only what is in the library is remixed.", "Import the file first.")
    keep = bool(request.get("keep_vocals"))
    engine = request.get("engine") or "composer"
    if engine != "composer":
        return (yield from _by_melody(studio, asset, request, engine))
    vocals = vocals_of(studio, asset) if keep else None
    brief = prompt.read(str(request.get("prompt") or "")).brief
    if not request.get("prompt"):
        raise RequestError("Nothing says what the remix is to be.", "Write a style such as “calm jazz”.")
    plan, offset = plan_of(asset), 0.0
    if plan is not None:
        other = restyled(_seeded(plan, request), brief, keep)
    else:
        yield Progress(0.0, "Listening")
        heard = yield from part_of(told(listened(source.path), "Listening"), 0.0, 0.3)
        other, offset = _accompaniment(asset, heard, brief, int(request.get("seed") or 0), keep)
    name = str(request.get("name") or f"{asset.name} – remix")
    if vocals is None:
        return (yield from _made(studio, asset, request, encode(other), name))
    made = yield from part_of(
        _made(studio, asset, {**request, "stems": False}, encode(other), f"{name}, instrumental"), 0.3, 0.5
    )
    yield Progress(0.85, "Putting the voice on it")
    mixed = yield from with_vocals(studio, studio.library.get(made["asset"]), vocals, asset, name, offset, request)
    return {**made, "asset": mixed.id, "name": mixed.name, "seconds": mixed.duration, "instrumental": made["asset"]}


def _seeded(plan: Plan, request: JsonObject) -> Plan:
    seed = request.get("seed")
    return plan if seed is None else replace(plan, seed=int(seed))


def _made(studio: Studio, asset: Asset, request: JsonObject, plan: JsonObject, name: str) -> Body:
    asked: JsonObject = {
        "engine": "composer",
        "prompt": request.get("prompt") or (asset.recipe or {}).get("prompt") or "",
        "plan": plan,
        "name": request.get("name") or name,
        "seed": plan["seed"],
        **{one: request[one] for one in ("project", "song", "stems", "midi") if one in request},
    }
    return _first((yield from making.make(studio, asked)))


def _first(made: JsonObject) -> JsonObject:
    piece = made["pieces"][0]
    return {"asset": piece["asset"], "name": piece["name"], "seconds": piece["seconds"], "pieces": made["pieces"]}


def _by_melody(studio: Studio, asset: Asset, request: JsonObject, engine: str) -> Body:
    """In another style by an engine that follows a melody."""
    if request.get("keep_vocals"):
        raise UnsupportedSetting("Only the composer plays to a voice that stays.", "Choose the composer.")
    asked: JsonObject = {
        "engine": engine,
        "prompt": request.get("prompt") or "",
        "seconds": request.get("seconds") or min(30.0, asset.duration or 30.0),
        "melody": asset.id,
        "name": request.get("name") or f"{asset.name} – remix",
        **{name: request[name] for name in ("project", "options", "seed") if name in request},
    }
    return _first((yield from making.make(studio, asked)))


def _accompaniment(asset: Asset, heard: Heard, brief: Brief, seed: int, exact: bool) -> tuple[Plan, float]:
    """What the composer plays to a recording, and the seconds of it before its first bar."""
    found = analysed(heard.spectra)
    if found.bpm is None or len(found.downbeats) < 4 or found.metre is None:
        raise RequestError(f"No beat is heard in “{asset.name}”, so nothing can be played to it.", "Choose another.")
    if exact and not found.tempo_stable:
        raise RequestError(
            f"The tempo of “{asset.name}” changes, and the composer's does not: voice and music would part.",
            "Remix it without its vocals.",
        )
    key = found.key or "C major"
    sections = _heard_sections(found, heard)
    start = found.downbeats[0]
    seconds = max(1.0, found.seconds - start)
    return accompanying(brief, round(found.bpm, 3), found.metre, key, sections, seconds, seed), start


def _heard_sections(found: Analysis, heard: Heard) -> list[HeardSection]:
    bars = np.array(found.downbeats)
    chords = find_chords(heard.spectra, bars, Key.parse(found.key) if found.key else None)
    sections = []
    for one in found.sections:
        inside = np.flatnonzero((bars >= one.start - 0.05) & (bars < one.end - 0.05))
        sections.append(HeardSection(one.label, tuple(chords[at] for at in inside)))
    return sections


def _beginning(studio: Studio, asset: Asset, seconds: float) -> Generator[Progress, None, Asset]:
    """A piece up to a point, kept out of lists: what the continuation is made of."""
    channels = min(2, asset.channels or 1)
    left = round(seconds * SAMPLE_RATE)
    with scratch(studio) as place:
        with SoundWriter(place, SAMPLE_RATE, channels, "wav") as writer:
            for chunk in decode(asset.path, SAMPLE_RATE):
                writer.write(chunk[:channels, :left])
                left -= min(left, chunk.shape[1])
                yield Progress(0.0, "Reading")
                if not left:
                    break
        media = MediaInfo(writer.samples / SAMPLE_RATE, SAMPLE_RATE, channels)
        recipe = {"operation": "beginning", "of": asset.content_hash, "seconds": seconds}
        name = f"{asset.name} – to {seconds:.1f} s"
        new = NewAsset(
            AssetKind.MUSIC, asset.source, name, media=media, recipe=recipe, made_of=(asset.id,), take_only=True
        )
        return studio.library.add(place, new)
