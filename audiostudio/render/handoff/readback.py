"""Reading an export again, through OpenTimelineIO, and comparing it with the plan."""

import copy
import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import opentimelineio as otio

from audiostudio.render.handoff import edl
from audiostudio.render.handoff.formats import RATE
from audiostudio.render.handoff.plan import Lane, Plan

READER = f"OpenTimelineIO {otio.__version__}"
_MOST = 20
"""Differences that are told."""


class Seen(NamedTuple):
    """A clip as it was read: times in units of the plan's grid."""

    name: str
    start: int
    duration: int
    source_start: int
    file: str
    """The name of its medium's file; empty where the format does not say."""


def differences(plan: Plan, files: Iterable[Path]) -> list[str]:
    """What of the plan is not in the files as it should be; empty: all is there."""
    read = {"otio": _otio, "fcp7": _fcp7, "fcpxml": _fcpxml, "edl": _edl, "aaf": _aaf}[plan.options.format]
    lanes = [lane for lane in plan.lanes if _expected(plan, lane)]
    try:
        tracks = list(read(plan, list(files)))
    except otio.exceptions.OTIOError as error:
        return [f"it cannot be read again: {error}"]
    found = [f"{len(tracks)} tracks, not {len(lanes)}"] if len(tracks) != len(lanes) else []
    for lane, seen in zip(lanes, tracks, strict=False):
        found += _compared(plan, lane, seen)
    found += _compared_markers(plan, list(files))
    return found if len(found) <= _MOST else [*found[:_MOST], f"and {len(found) - _MOST} more"]


def _expected(plan: Plan, lane: Lane) -> list[Seen]:
    cuts = [cut for cut in lane.cuts if plan.options.format != "edl" or cut not in edl.left_out(lane)]
    return [Seen(cut.name, cut.start, cut.duration, cut.source_start, cut.piece.name) for cut in cuts]


def _compared(plan: Plan, lane: Lane, seen: list[Seen]) -> Iterator[str]:
    expected = _expected(plan, lane)
    name = lane.track.name
    if len(seen) != len(expected):
        yield f"{name}: {len(seen)} clips, not {len(expected)}"
    for wanted, one in zip(expected, seen, strict=False):
        for field, should, reads in zip(Seen._fields, wanted, one, strict=True):
            if field in ("name", "file"):
                if not reads and field == "file":
                    continue
                should, reads = _collapsed(str(should)), _collapsed(str(reads))
            if should != reads:
                yield f"{name}, “{wanted.name}”: {field} is {reads}, not {should}"


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _compared_markers(plan: Plan, files: list[Path]) -> Iterator[str]:
    if plan.options.format not in ("otio", "fcp7") or not files:
        return
    timeline = otio.adapters.read_from_file(str(files[0]), adapter_name=_ADAPTERS[plan.options.format])
    seen = [(marker.name, _units(plan, marker.marked_range.start_time)) for marker in timeline.tracks.markers]
    expected = [(marker.name, plan.grid.at(marker.at)) for marker in plan.markers]
    if [(_collapsed(name), at) for name, at in seen] != [(_collapsed(name), at) for name, at in expected]:
        yield f"markers are {seen[:5]}, not {expected[:5]}"


_ADAPTERS = {"otio": "otio_json", "fcp7": "fcp_xml", "fcpxml": "fcpx_xml", "edl": "cmx_3600", "aaf": "AAF"}


def _otio(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = otio.adapters.read_from_file(str(files[0]), adapter_name="otio_json")
    for track in timeline.tracks:
        if seen := list(_clips(plan, track)):
            yield seen


def _fcp7(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = otio.adapters.read_from_file(str(files[0]), adapter_name="fcp_xml")
    for track in timeline.audio_tracks():
        if seen := list(_clips(plan, track)):
            yield seen


def _edl(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    for file in files:
        rate = float(plan.grid.rate)
        timeline = otio.adapters.read_from_file(str(file), adapter_name="cmx_3600", rate=rate)
        for track in itertools.islice(timeline.tracks, 1):
            shift = track.source_range.start_time if track.source_range else otio.opentime.RationalTime(0, rate)
            yield [one._replace(start=one.start - _units(plan, shift)) for one in _clips(plan, track)]


def _aaf(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = otio.adapters.read_from_file(str(files[0]), adapter_name="AAF")
    for track in timeline.tracks:
        if track.kind == otio.schema.TrackKind.Audio and (seen := list(_clips(plan, track))):
            yield seen


def _fcpxml(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    """The adapter counts whole frames of whole rates and knows no `media-rep`: it is given a copy in which a frame is
    a sample and media stand where version 1.8 has them."""
    root = copy.deepcopy(ET.parse(files[0]).getroot())
    for shape in root.iter("format"):
        shape.set("frameDuration", f"1/{RATE}s")
    for asset in root.iter("asset"):
        for medium in asset.findall("media-rep"):
            asset.set("src", medium.get("src", ""))
    (timeline,) = otio.adapters.read_from_string(ET.tostring(root, encoding="unicode"), adapter_name="fcpx_xml")
    for track in sorted(timeline.tracks, key=lambda track: -int(track.name)):
        if seen := list(_clips(plan, track)):
            yield seen


def _clips(plan: Plan, track: otio.schema.Track) -> Iterator[Seen]:
    """The clips of a track; positions from the lengths of everything before them."""
    at = Fraction(0)
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        span = item.trimmed_range()
        length = Fraction(span.duration.value) / _exact(plan, span.duration.rate)
        if isinstance(item, otio.schema.Clip):
            start = round(at * plan.grid.rate)
            source = _units(plan, span.start_time)
            yield Seen(item.name, start, round((at + length) * plan.grid.rate) - start, source, _file(item))
        at += length


def _exact(plan: Plan, rate: float) -> Fraction:
    """The rate without the float's error."""
    return plan.grid.rate if abs(rate - float(plan.grid.rate)) < 1e-3 else Fraction(rate).limit_denominator(1001)


def _units(plan: Plan, time: otio.opentime.RationalTime) -> int:
    return round(Fraction(time.value) / _exact(plan, time.rate) * plan.grid.rate)


def _file(clip: otio.schema.Clip) -> str:
    reference = clip.media_reference
    url = getattr(reference, "target_url", None)
    return unquote(url).rpartition("/")[2] if url else ""
