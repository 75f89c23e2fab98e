"""Reading an export again, through OpenTimelineIO, and comparing it with the plan."""

import copy
import itertools
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import opentimelineio as otio

from audiostudio.render.handoff.cuts import Lane, Plan
from audiostudio.render.handoff.edl import timecode
from audiostudio.render.handoff.formats import RATE

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
    lanes = [lane for lane in plan.lanes if lane.cuts]
    try:
        tracks = list(read(plan, list(files)))
    except otio.exceptions.OTIOError as error:
        return [f"it cannot be read again: {error}"]
    found = [f"{len(tracks)} tracks, not {len(lanes)}"] if len(tracks) != len(lanes) else []
    for lane, seen in zip(lanes, tracks, strict=False):
        found += _compared(lane, seen)
    found += _compared_markers(plan, list(files))
    return found if len(found) <= _MOST else [*found[:_MOST], f"and {len(found) - _MOST} more"]


def _compared(lane: Lane, seen: list[Seen]) -> Iterator[str]:
    name = lane.track.name
    if len(seen) != len(lane.cuts):
        yield f"{name}: {len(seen)} clips, not {len(lane.cuts)}"
    for cut, one in zip(lane.cuts, seen, strict=False):
        wanted = Seen(cut.name, cut.start, cut.duration, cut.source_start, cut.piece.name)
        for field, should, reads in zip(Seen._fields, wanted, one, strict=True):
            if field == "file" and not reads:
                continue
            if _collapsed(str(should)) != _collapsed(str(reads)):
                yield f"{name}, “{wanted.name}”: {field} is {reads}, not {should}"


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _compared_markers(plan: Plan, files: list[Path]) -> Iterator[str]:
    expected = [(_collapsed(marker.name), plan.grid.at(marker.at)) for marker in plan.markers]
    if plan.options.format == "fcpxml":
        root = ET.parse(files[0]).getroot()
        found = [one for one in root.iter() if one.tag in ("marker", "chapter-marker")]
        begin = [(one.get("value", ""), Fraction(one.get("start", "0s").rstrip("s"))) for one in found]
        seen = [(_collapsed(name), round(at * plan.grid.rate)) for name, at in begin]
    elif plan.options.format == "edl":
        # OpenTimelineIO's adapter takes no drop-frame timecode in locators.
        expected = expected if any(lane.cuts for lane in plan.lanes) else []
        text = files[0].read_text(encoding="utf-8")
        places = {timecode(at, plan.frame_rate): at for _, at in expected}
        seen = [(_collapsed(name), places.get(at, -1)) for at, name in _LOCATOR.findall(text)]
    else:
        timeline = _read(plan, files[0])
        seen = [_marker(plan, marker) for marker in timeline.tracks.markers]
    if seen != expected:
        yield f"markers are {seen[:5]}, not {expected[:5]}"


def _marker(plan: Plan, marker: otio.schema.Marker) -> tuple[str, int]:
    return _collapsed(marker.name), _units(plan, marker.marked_range.start_time)


def _read(plan: Plan, file: Path) -> otio.schema.Timeline:
    rate = {"rate": float(plan.grid.rate)} if plan.options.format == "edl" else {}
    adapter = _ADAPTERS[plan.options.format]
    if plan.options.format == "aaf":
        return otio.adapters.read_from_file(str(file), adapter_name=adapter)
    # OpenTimelineIO itself opens no path that is not Unicode.
    return otio.adapters.read_from_string(file.read_text(encoding="utf-8"), adapter_name=adapter, **rate)


_LOCATOR = re.compile(r"^\* LOC: (\S+) \w+ *(.*)$", re.MULTILINE)
_ADAPTERS = {"otio": "otio_json", "fcp7": "fcp_xml", "fcpxml": "fcpx_xml", "edl": "cmx_3600", "aaf": "AAF"}


def _otio(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = _read(plan, files[0])  # held: its tracks go with it
    for track in timeline.tracks:
        if seen := list(_clips(plan, track)):
            yield seen


def _fcp7(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = _read(plan, files[0])
    for track in timeline.audio_tracks():
        if seen := list(_clips(plan, track)):
            yield seen


def _edl(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    for file in files:
        rate = float(plan.grid.rate)
        timeline = _read(plan, file)
        for track in itertools.islice(timeline.tracks, 1):
            shift = track.source_range.start_time if track.source_range else otio.opentime.RationalTime(0, rate)
            yield [one._replace(start=one.start - _units(plan, shift)) for one in _clips(plan, track)]


def _aaf(plan: Plan, files: list[Path]) -> Iterator[list[Seen]]:
    timeline = _read(plan, files[0])  # held: its tracks go with it
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
            yield Seen(item.name, start, round((at + length) * plan.grid.rate) - start, source, _file(plan, item))
        at += length


def _exact(plan: Plan, rate: float) -> Fraction:
    """The rate without the float's error."""
    return plan.grid.rate if abs(rate - float(plan.grid.rate)) < 1e-3 else Fraction(rate).limit_denominator(1001)


def _units(plan: Plan, time: otio.opentime.RationalTime) -> int:
    return round(Fraction(time.value) / _exact(plan, time.rate) * plan.grid.rate)


def _file(plan: Plan, clip: otio.schema.Clip) -> str:
    reference = clip.media_reference
    url = getattr(reference, "target_url", None) or ""
    return (unquote(url) if plan.options.format != "edl" else url).rpartition("/")[2]  # a list has bare names
