"""A plan as FCPXML, for Final Cut Pro and Resolve.

Written here, not by OpenTimelineIO's adapter: that has neither the library and event that Resolve asks for
(OpenTimelineIO issue 742), nor NTSC rates, gains, or media as versions above 1.8 write them.
"""

from fractions import Fraction
from xml.etree import ElementTree as ET

from audiostudio.render.handoff import levels
from audiostudio.render.handoff.cuts import Cut, Lane, Piece, Plan
from audiostudio.render.handoff.fcp7 import xml_document
from audiostudio.render.handoff.formats import EDITORS, RATE, allowed
from audiostudio.render.handoff.places import Places
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Marker, Shape

_FORMAT = "r1"
_FADES = {Shape.LINEAR: "linear", Shape.SMOOTH: "easeInOut"}
_ROLES: dict[str, str] = {Content.SPEECH: "dialogue", Content.MUSIC: "music"}


def fcpxml(plan: Plan, places: Places) -> bytes:
    """Tracks are lanes below a gap that is as long as the timeline: nothing moves when one clip is moved."""
    return _Writer(plan, places).document()


class _Writer:
    def __init__(self, plan: Plan, places: Places) -> None:
        self._plan = plan
        self._places = places
        self._newer = plan.options.version not in ("1.8",)
        """Media are `media-rep`s, from 1.9 on."""
        self._frame = 1 / Fraction(*plan.frame_rate)
        self._decibels = "dB" if EDITORS[plan.options.editor].suffixed_gains else ""
        self._assets: dict[str, str] = {}

    def document(self) -> bytes:
        root = ET.Element("fcpxml", version=self._plan.options.version)
        resources = ET.SubElement(root, "resources")
        ET.SubElement(
            resources,
            "format",
            id=_FORMAT,
            name=_format_name(self._plan),
            frameDuration=_time(self._frame),
            width="1920",
            height="1080",
        )
        for number, piece in enumerate(self._plan.pieces, 2):
            self._asset(resources, piece, f"r{number}")
        event = ET.SubElement(ET.SubElement(root, "library"), "event", name=allowed(self._plan.name))
        project = ET.SubElement(event, "project", name=allowed(self._plan.name))
        marks = [self._plan.grid.at(one.at + one.duration) + 1 for one in self._plan.markers]
        total = max([self._plan.end, *marks])
        length = self._units(total)
        sequence = ET.SubElement(
            project,
            "sequence",
            format=_FORMAT,
            duration=length,
            tcStart="0s",
            tcFormat="DF" if self._frame in (Fraction(1001, 30000), Fraction(1001, 60000)) else "NDF",
            audioLayout="stereo",
            audioRate="48k",
        )
        spine = ET.SubElement(sequence, "spine")
        if total:
            gap = ET.SubElement(spine, "gap", name="Gap", offset="0s", start="0s", duration=length)
            for number, lane in enumerate(self._plan.lanes, 1):
                for cut in lane.cuts:
                    self._clip(gap, lane, cut, -number)
            for marker in self._plan.markers:
                self._marker(gap, marker)
        return xml_document(root, "fcpxml")

    def _asset(self, resources: ET.Element, piece: Piece, number: str) -> None:
        self._assets[piece.name] = number
        asset = ET.SubElement(
            resources,
            "asset",
            id=number,
            name=allowed(piece.name.rpartition(".")[0]),
            start="0s",
            duration=self._units(self._plan.grid.units(piece.length)),
            hasAudio="1",
            audioSources="1",
            audioChannels=str(piece.channels),
            audioRate=str(RATE),
        )
        if self._newer:
            ET.SubElement(asset, "media-rep", kind="original-media", src=self._places.url(piece.name))
        else:
            asset.set("src", self._places.url(piece.name))

    def _clip(self, gap: ET.Element, lane: Lane, cut: Cut, number: int) -> None:
        clip = ET.SubElement(
            gap,
            "asset-clip",
            ref=self._assets[cut.piece.name],
            lane=str(number),
            offset=self._units(cut.start),
            name=allowed(cut.name),
            start=self._units(cut.source_start),
            duration=self._units(cut.duration),
            audioRole=_ROLES.get(lane.track.content, "effects"),
        )
        if not cut.enabled or not lane.audible:
            clip.set("enabled", "0")
        moving = len(cut.line) > 1
        if not moving and not cut.fade_in.length and not cut.fade_out.length and not cut.line[0].value:
            return
        volume = ET.SubElement(clip, "adjust-volume", amount=self._gain(cut.line[0].value))
        if moving or cut.fade_in.length or cut.fade_out.length:
            self._movement(volume, cut)

    def _movement(self, volume: ET.Element, cut: Cut) -> None:
        param = ET.SubElement(volume, "param", name="amount")
        for tag, fade in (("fadeIn", cut.fade_in), ("fadeOut", cut.fade_out)):
            if fade.length:
                length = _time(Fraction(fade.length, TICKS).limit_denominator(RATE))
                ET.SubElement(param, tag, type=_FADES[Shape(fade.shape)], duration=length)
        if len(cut.line) > 1:
            animation = ET.SubElement(param, "keyframeAnimation")
            begin = Fraction(cut.source_start - cut.start) / self._plan.grid.rate + Fraction(cut.clip.start, TICKS)
            for at, value in cut.line:
                place = Fraction(round((begin + Fraction(at, TICKS)) * RATE), RATE)
                ET.SubElement(animation, "keyframe", time=_time(place), value=self._gain(value))

    def _marker(self, gap: ET.Element, one: Marker) -> None:
        tag = "chapter-marker" if one.chapter else "marker"
        grid = self._plan.grid
        length = max(1, grid.at(one.at + one.duration) - grid.at(one.at))
        marker = ET.SubElement(
            gap, tag, start=self._units(grid.at(one.at)), duration=self._units(length), value=allowed(one.name)
        )
        if one.note:
            marker.set("note", allowed(one.note))

    def _gain(self, decibels: float) -> str:
        """A bare number of dB: Resolve drops gains with a unit."""
        return f"{max(levels.QUIETEST, decibels):.6g}{self._decibels}"

    def _units(self, count: int) -> str:
        return _time(Fraction(count) / self._plan.grid.rate)


def _time(seconds: Fraction) -> str:
    """`1001/30000s`."""
    return f"{seconds.numerator}/{seconds.denominator}s" if seconds.denominator > 1 else f"{seconds.numerator}s"


def _format_name(plan: Plan) -> str:
    exact = Fraction(*plan.frame_rate)
    known = {
        Fraction(24000, 1001): "2398",
        Fraction(30000, 1001): "2997",
        Fraction(60000, 1001): "5994",
    }.get(exact)
    if known is None and exact in (24, 25, 30, 50, 60):
        known = str(exact)
    return f"FFVideoFormat1080p{known}" if known else "FFVideoFormatRateUndefined"
