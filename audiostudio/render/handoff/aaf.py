"""A plan as an AAF, through OpenTimelineIO's adapter."""

import uuid
from pathlib import Path

import aaf2.mobid
import opentimelineio as otio

from audiostudio.render.handoff.cuts import Cut, Plan
from audiostudio.render.handoff.formats import RATE
from audiostudio.render.handoff.otio import timeline_to_otio
from audiostudio.render.handoff.places import Places

_BYTES = 3
"""Of a sample of collected media."""


def write_aaf(plan: Plan, places: Places, path: Path) -> None:
    """Audio tracks, clips, gaps; the media stay outside. There must be a clip."""
    timeline = timeline_to_otio(plan, places)
    tracks = list(timeline.tracks)
    for track, lane in zip(tracks, plan.lanes, strict=True):
        if not lane.cuts:  # the adapter asks the first child for its rate
            timeline.tracks.remove(track)
            continue
        clips = [item for item in track if isinstance(item, otio.schema.Clip)]
        for clip, cut in zip(clips, lane.cuts, strict=True):
            _describe(clip, cut)
    otio.adapters.write_to_file(timeline, str(path), adapter_name="AAF")


def _describe(clip: otio.schema.Clip, cut: Cut) -> None:
    """What the adapter takes from the metadata: who the clip's medium is, the same in each export, and its format."""
    piece = cut.piece
    block = _BYTES * piece.channels
    clip.metadata["AAF"] = {"MobID": str(_mob_id(piece.key, piece.name))}
    clip.media_reference.metadata["AAF"] = {
        "EssenceDescription": {
            "Channels": piece.channels,
            "QuantizationBits": _BYTES * 8,
            "BlockAlign": block,
            "AverageBPS": block * RATE,
            "AudioSamplingRate": RATE,
            "SampleRate": RATE,
            "Length": piece.length,
        }
    }


def _mob_id(key: str, name: str) -> aaf2.mobid.MobID:
    return aaf2.mobid.MobID.new() if not key else _fixed(uuid.uuid5(uuid.NAMESPACE_URL, f"audiostudio:{key}:{name}"))


def _fixed(material: uuid.UUID) -> aaf2.mobid.MobID:
    made = aaf2.mobid.MobID.new()
    made.material = material
    return made
