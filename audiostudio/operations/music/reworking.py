"""Any music at another length, longer from a point on, as a loop, or in another style."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, MediaInfo, NewAsset
from audiostudio.library.imports import import_media
from audiostudio.music.fitting import find_loop, require_possible
from audiostudio.music.seams import Joined, Readable, find_seam
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.generate import scratch
from audiostudio.operations.music.seaming import (
    exact,
    opened,
    told_seams,
    way_with_seams,
    written,
)
from audiostudio.operations.music.sounds import Source, source_of
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.sound.files import FORMATS, SoundWriter
from audiostudio.sound.media import read_tags
from audiostudio.sound.tags import Tags

Body = Generator[Progress | Partial, None, JsonObject]

_READING, _LOOKING = 0.5, 0.3
"""Shares of the work."""


def fit(studio: Studio, request: JsonObject) -> Body:
    """`{asset | path, seconds, name? | output?, project?}` → `{asset | output, seconds, speed, seams: [{at, from, to,
    flux, p95}]}`: a piece made shorter or longer by jumps between places that sound alike, its beginning and its end
    kept, exact to the sample. A path without `output` is brought into the library first.

    `seams`: where in the result and from and to where in the piece (seconds), with the spectral flux there and the
    piece's own 95th percentile. Raises `RequestError` for lengths that cannot be, `UnreadableMedia`, `MissingMedia`,
    `StorageError`.
    """
    return (yield from _fitted(studio, request, 0.0))


def extend(studio: Studio, request: JsonObject) -> Body:
    """`{asset, at?, seconds, engine?, name?, project?, …}` → as `fit`, or as `music.make` where music was made anew:
    `seconds` is the length afterwards, `at` the point up to which it stays as it is.

    A piece of the composer gets more sections, by its plan; with `engine` (one that continues music) it is continued
    by that; every other one goes on with what is behind the point, in another order.
    """
    from audiostudio.operations.music.restyling import continued, longer

    source = source_of(studio, request)
    at = float(request.get("at") or 0.0)
    total = float(request["seconds"])
    length = source.asset.duration if source.asset is not None else None
    if length is not None and not 0 <= at <= length:
        raise RequestError(f"{at:g} s is not in the piece, which has {length:.1f} s.", "Choose a point in it.")
    if length is not None and total <= length:
        raise RequestError(
            f"{total:g} seconds are no more than its {length:.1f} seconds.", "Fit it to a length to make it shorter."
        )
    if request.get("engine") and source.asset is not None and not _composed_by(source.asset, request["engine"]):
        return (yield from continued(studio, source.asset, request, at))
    if source.asset is not None and "plan" in (source.asset.recipe or {}):
        return (yield from longer(studio, source.asset, request, at, total))
    return (yield from _fitted(studio, request, at))


def loop(studio: Studio, request: JsonObject) -> Body:
    """`{asset | path, start?, end?, name? | output?, project?}` → `{asset | output, seconds, bars, seams}`: a part of
    the piece, of whole bars, that can be repeated without end. `start`, `end`: about where; without them the best.

    Raises `RequestError` where there is no such part, and what `fit` raises.
    """
    source = _kept_source(studio, request)
    material = yield from part_of(opened(studio, source.path), 0.0, _READING)
    jump = find_loop(material.steps, _seconds(request, "start"), _seconds(request, "end"))
    yield Progress(_READING, "Looking for places that fit together")
    seam = find_seam(material.sound.read, SAMPLE_RATE, jump, material.steps.step, material.usual)
    twice = Joined(material.sound, [seam, seam])
    samples = seam.leave - seam.enter
    start = round(jump.enter * SAMPLE_RATE) - _BEFORE_BEAT
    begin = twice.places[0] + (start - seam.enter) % samples
    part = _Part(twice, begin, samples)
    asked = _Asked(source, request, "loop", {"from": jump.enter, "to": jump.leave})
    detail = {"loop": True, "seconds": samples / SAMPLE_RATE}
    result = yield from _finished(studio, asked, part, samples, samples, detail, fade=False)
    seams = told_seams(material, twice, [seam, seam])[1:]
    seams[0]["at"] = round((twice.places[1] - begin) % samples / SAMPLE_RATE, 4)
    firsts = material.steps.times[(material.steps.places == 0)]
    bars = int(((firsts >= jump.enter - 1e-6) & (firsts < jump.leave - 1e-6)).sum()) if material.steps.regular else None
    return {**result, "bars": bars, "seams": seams}


def remix(studio: Studio, request: JsonObject) -> Body:
    """`{asset, prompt, keep_vocals, engine?, name?, project?, seed?}` → as `music.make`, with `asset`: the piece in
    another style. See `restyling.remixed`."""
    from audiostudio.operations.music.restyling import remixed

    return (yield from remixed(studio, request))


_BEFORE_BEAT = round(0.02 * SAMPLE_RATE)
"""Samples by which a loop begins before its first beat, so that the beat's own sound is whole."""


class _Part:
    """A stretch of a sound."""

    def __init__(self, sound: Readable, first: int, length: int) -> None:
        self._sound = sound
        self._first = first
        self.length = length
        self.channels = sound.channels
        self.sample_rate = sound.sample_rate

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        return self._sound.read(self._first + start, count)


@dataclass(frozen=True)
class _Asked:
    source: Source
    request: JsonObject
    operation: str
    recipe: JsonObject


def _fitted(studio: Studio, request: JsonObject, after: float) -> Body:
    seconds = float(request["seconds"])
    source = _kept_source(studio, request)
    if source.asset is not None and source.asset.duration:
        require_possible(source.asset.duration, seconds)
    material = yield from part_of(opened(studio, source.path), 0.0, _READING)
    found = yield from part_of(way_with_seams(material, seconds, after), _READING, _LOOKING)
    _, seams = found
    joined = Joined(material.sound, seams)
    samples = round(seconds * SAMPLE_RATE)
    sound, played = exact(material, joined, samples)
    speed = joined.length / sound.length
    beats = [one / speed for one in joined.from_source(material.steps.times)] if material.steps.regular else []
    detail = {"seconds": samples / SAMPLE_RATE, "beats": [round(one, 4) for one in beats if one < played / SAMPLE_RATE]}
    asked = _Asked(source, request, "fit", {"seconds": seconds, "seams": [[one.leave, one.enter] for one in seams]})
    result = yield from _finished(studio, asked, sound, played, samples, detail)
    return {**result, "speed": round(speed, 6), "seams": told_seams(material, joined, seams, 1 / speed)}


def _kept_source(studio: Studio, request: JsonObject) -> Source:
    """What is worked on. A file whose result goes into the library comes there too, so that its terms are known."""
    source = source_of(studio, request)
    if source.asset is None and not request.get("output"):
        asset = import_media(studio.library, source.path).asset
        return Source(asset.path, asset)
    return source


def _finished(
    studio: Studio,
    asked: _Asked,
    sound: Readable,
    played: int,
    samples: int,
    detail: JsonObject,
    fade: bool = True,
) -> Generator[Progress, None, JsonObject]:
    """Write the result where it was asked for → `{asset | output, seconds}`."""
    start = _READING + _LOOKING
    output = asked.request.get("output")
    source = asked.source
    rights = source.asset.rights if source.asset is not None else _borne(source.path)
    name = str(asked.request.get("name") or _title(asked, samples))
    ingredients = Ingredients(studio)
    ingredients.add_assets([source.asset.id] if source.asset is not None else [])
    ingredients.only_synthetic &= source.asset is not None
    seal = ingredients.seal(name, rights)
    if output:
        path = Path(output)
        kind = asked.request.get("format") or path.suffix.lower().removeprefix(".") or "wav"
        if kind not in FORMATS:
            raise RequestError(f"{path.name} cannot be written.", f"Use one of {', '.join(sorted(FORMATS))}.")
        with SoundWriter(path, SAMPLE_RATE, sound.channels, kind, tags=_tags(name, rights), seal=seal) as writer:
            yield from part_of(told(_steps(written(writer, sound, played, samples, fade)), "Writing"), start, 1 - start)
        return {"output": str(path), "seconds": samples / SAMPLE_RATE}
    assert source.asset is not None
    with scratch(studio) as place:
        with SoundWriter(place, SAMPLE_RATE, sound.channels, "wav", seal=seal) as writer:
            yield from part_of(told(_steps(written(writer, sound, played, samples, fade)), "Writing"), start, 1 - start)
        asset = studio.library.add(place, _new(asked, source.asset, name, sound.channels, samples, detail))
    return {"asset": asset.id, "name": asset.name, "seconds": samples / SAMPLE_RATE}


def _new(asked: _Asked, source: Asset, name: str, channels: int, samples: int, detail: JsonObject) -> NewAsset:
    musical = source.kind in (AssetKind.MUSIC, AssetKind.SONG)
    kept = {one: source.detail[one] for one in _KEPT if one in source.detail}
    return NewAsset(
        AssetKind.MUSIC if musical else source.kind,
        source.source,
        name,
        media=MediaInfo(samples / SAMPLE_RATE, SAMPLE_RATE, channels),
        recipe={
            "operation": asked.operation,
            "of": source.content_hash,
            "sample_rate": SAMPLE_RATE,
            **asked.recipe,
        },
        made_of=(source.id,),
        project=asked.request.get("project"),
        detail={**kept, **detail},
    )


_KEPT = ("title", "genre", "mood", "bpm", "key", "metre", "seed", "cover")
"""Details of a piece that its other lengths have too."""


def _title(asked: _Asked, samples: int) -> str:
    length = f"{samples / SAMPLE_RATE:.1f} s".replace(".0 s", " s")
    return f"{asked.source.name} – {'loop' if asked.operation == 'loop' else length}"


def _tags(name: str, rights: Rights) -> Tags:
    return Tags(name, copyright=rights.notice, comment=rights.credit) if rights.licence else Tags(name)


def _borne(path: Path) -> Rights:
    """The terms that a file tells of itself."""
    tags = read_tags(path)
    found = (Rights.of_notice(tags.get(one, "")) for one in ("copyright", "comment"))
    return next((one for one in found if one is not None), Rights("", None))


def _steps(work: Iterator[float]) -> Generator[float, None, None]:
    yield from work


def _seconds(request: JsonObject, name: str) -> float | None:
    value = request.get(name)
    return None if value is None else float(value)


def _composed_by(asset: Asset, engine: str) -> bool:
    return (asset.recipe or {}).get("engine") == engine and "plan" in (asset.recipe or {})
