"""A plan as an OpenTimelineIO timeline: `.otio` files, and what AAF is written from."""

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from audiostudio.render.handoff.cuts import Cut, Lane, Piece, Plan
from audiostudio.render.handoff.formats import RATE
from audiostudio.render.handoff.places import Places
from audiostudio.timeline.tracks import Automation, Fade, Marker

_COLOURS = {
    "red": "RED",
    "orange": "ORANGE",
    "yellow": "YELLOW",
    "green": "GREEN",
    "teal": "CYAN",
    "cyan": "CYAN",
    "blue": "BLUE",
    "purple": "PURPLE",
    "violet": "PURPLE",
    "pink": "PINK",
    "magenta": "MAGENTA",
    "white": "WHITE",
    "black": "BLACK",
}


def timeline_to_otio(plan: Plan, places: Places) -> otio.schema.Timeline:
    """Tracks, clips with source ranges at the rate of their media, gaps, transitions, markers, speed. What OTIO has no
    words for (gain, fades, automation) stands in `metadata["audiostudio"]` as it is in the document."""
    timeline = otio.schema.Timeline(plan.name, global_start_time=_time(0, _frame_rate(plan)))
    timeline.metadata["audiostudio"] = {
        "project": plan.project.name,
        "sample_rate": RATE,
        "master": {"gain": plan.timeline.master.gain, "automation": _automation(plan.timeline.master.automation)},
    }
    rate = float(plan.grid.rate)
    for lane in plan.lanes:
        timeline.tracks.append(_track(plan, lane, places, rate))
    for marker in plan.markers:
        timeline.tracks.markers.append(_marker(plan, marker, rate))
    return timeline


def colour(name: str | None) -> str:
    """OpenTimelineIO's name of a colour of the theme's palette."""
    return _COLOURS.get((name or "").lower(), "GREEN")


def _frame_rate(plan: Plan) -> float:
    return float(Fraction(plan.frame_rate.numerator, plan.frame_rate.denominator))


def _track(plan: Plan, lane: Lane, places: Places, rate: float) -> otio.schema.Track:
    track = otio.schema.Track(lane.track.name, kind=otio.schema.TrackKind.Audio)
    channel = lane.track.channel
    track.enabled = lane.audible
    track.metadata["audiostudio"] = {
        "content": lane.track.content,
        "gain": channel.gain,
        "pan": channel.pan,
        "automation": _automation(channel.automation),
    }
    at = 0
    for number, cut in enumerate(lane.cuts):
        if cut.start > at:
            track.append(otio.schema.Gap(source_range=_range(0, cut.start - at, rate)))
        track.append(_clip(cut, places, rate, plan))
        joint = lane.joint_after(number)
        if joint is not None:
            transition = otio.schema.Transition(
                "Crossfade",
                otio.schema.TransitionTypes.SMPTE_Dissolve,
                in_offset=_time(joint.before, rate),
                out_offset=_time(joint.after, rate),
            )
            transition.metadata["audiostudio"] = {"shape": joint.shape}
            track.append(transition)
        at = cut.end
    return track


def _clip(cut: Cut, places: Places, rate: float, plan: Plan) -> otio.schema.Clip:
    clip = otio.schema.Clip(cut.name, source_range=_range(cut.source_start, cut.duration, rate))
    clip.media_reference = _reference(cut.piece, places, plan)
    clip.enabled = cut.enabled
    if cut.speed != 1:
        clip.effects.append(otio.schema.LinearTimeWarp("Speed", time_scalar=float(cut.speed)))
    clip.metadata["audiostudio"] = {
        "id": cut.clip.id,
        "gain": cut.clip.gain,
        "envelope": [list(point) for point in cut.clip.envelope],
        "fade_in": _fade(cut.clip.fade_in),
        "fade_out": _fade(cut.clip.fade_out),
        "pitch": cut.clip.pitch,
        "baked": list(cut.baked),
        **({"line": cut.clip.line} if cut.clip.line else {}),
    }
    return clip


def _reference(piece: Piece, places: Places, plan: Plan) -> otio.schema.ExternalReference:
    length = plan.grid.units(piece.length)
    available = _range(0, length, float(plan.grid.rate))
    if piece.missing and plan.options.format == "otio":
        return otio.schema.MissingReference(piece.name, available_range=available)
    reference = otio.schema.ExternalReference(places.url(piece.name), available_range=available)
    reference.name = piece.name
    return reference


def _marker(plan: Plan, marker: Marker, rate: float) -> otio.schema.Marker:
    first, last = plan.grid.at(marker.at), plan.grid.at(marker.at + marker.duration)
    made = otio.schema.Marker(marker.name, _range(first, last - first, rate), colour(marker.colour))
    made.comment = marker.note
    made.metadata["audiostudio"] = {"chapter": marker.chapter, "colour": marker.colour or ""}
    return made


def _fade(fade: Fade) -> dict[str, Any]:
    return {"length": fade.length, "shape": fade.shape}


def _automation(found: tuple[Automation, ...]) -> dict[str, Any]:
    return {one.parameter: [list(point) for point in one.points] for one in found}


def _range(start: int, duration: int, rate: float) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(start, rate), _time(duration, rate))


def _time(value: int, rate: float) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(value, rate)
