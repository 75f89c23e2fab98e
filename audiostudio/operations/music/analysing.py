"""Tempo, beats, key, sections and loudness of any music, kept with it in the library."""

from collections.abc import Generator
from typing import Any

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.music.analysis import analysed
from audiostudio.operations.music.sounds import Heard, Source, listened, source_of
from audiostudio.operations.progress import told
from audiostudio.operations.studio import Studio

KEPT = "analysis"
"""Where it lies in the details of an asset."""
VERSION = 1
"""Of what is found; what an older one found is looked for again."""


def analyse(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset | path, again?}` → ANALYSIS: `{bpm, beats, downbeats, metre, key, relative, key_confidence, sections:
    [{start, end, label}], loudness, true_peak, seconds, tempo_stable, …}`, seconds and LUFS; `bpm`, `metre`, `key` and
    `loudness` are None where there is none. What is known of an asset is not looked for again, but with `again`.

    Raises `MissingMedia`, `UnreadableMedia`, `NotFound`, `StorageError`.
    """
    source = source_of(studio, request)
    known = None if request.get("again") else kept(source.asset)
    if known is not None:
        return known
    yield Progress(0.0, "Listening")
    heard = yield from told(listened(source.path), "Listening")
    yield Progress(None, "Finding beats, key and sections")
    return keep(studio, source, heard)


def kept(asset: Asset | None) -> JsonObject | None:
    """What is known of an asset."""
    found: Any = asset.detail.get(KEPT) if asset is not None else None
    return found if isinstance(found, dict) and found.get("version") == VERSION else None


def keep(studio: Studio, source: Source, heard: Heard) -> JsonObject:
    """What follows from what was heard, kept with the asset where there is one."""
    found: JsonObject = {
        **analysed(heard.spectra).to_json(),
        "seconds": round(heard.samples / heard.sample_rate, 4),
        "loudness": heard.loudness,
        "true_peak": heard.true_peak,
        "version": VERSION,
    }
    if source.asset is not None:
        studio.library.update_detail(source.asset.id, {KEPT: found})
    return found
