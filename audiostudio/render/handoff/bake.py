"""What a format cannot carry, put into the sound: a small timeline with one clip, mixed as any other."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from audiostudio.render.chain import Chain
from audiostudio.render.handoff.formats import RATE, Format
from audiostudio.sound.effects import Place
from audiostudio.timeline.editing import source
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import (
    NO_FADE,
    Automation,
    Channel,
    Clip,
    Effect,
    Parameter,
    Point,
    Timeline,
    Track,
    Transition,
)

LEAD = TICKS
"""Ticks of the small timeline before the sound that is wanted."""
_LEVELS = (Parameter.GAIN, Parameter.DUCKING)


@dataclass(frozen=True, slots=True)
class Baked:
    """What of a clip goes into its sound."""

    texts: tuple[str, ...]
    """In words; empty: nothing."""
    left_out: tuple[str, ...]
    """What cannot even be put into the sound."""
    clip_levels: bool
    track_levels: bool
    fade_in: bool
    fade_out: bool
    joint_in: bool
    joint_out: bool
    rings: int = 0
    """Samples at 48 kHz that its effects are heard after its end."""

    @property
    def any(self) -> bool:
        return bool(self.texts)


def _rings(track: Track, clip: Clip) -> int:
    total = 0
    for effects, place in ((clip.effects, Place.CLIP), (track.channel.effects, Place.TRACK)):
        own = tuple([one for one in effects if one.enabled and one.source is None])
        total += Chain(own, Channel(), place, RATE).tail if own else 0
    return total


class _Asked(NamedTuple):
    effects: list[Effect]
    deaf: list[Effect]
    """Effects that listen to another track."""
    joints: list[Transition]


def wanted(timeline: Timeline, track: Track, clip: Clip, media: Media, kind: Format, carried: set[str]) -> Baked:
    """What `kind` cannot carry of a clip. `carried`: ids of the transitions that it can."""
    asked = _asked(track, clip, carried)
    treated = bool(asked.effects)  # fades and gain of a clip come before effects, and cannot be left to the editor
    joint_in = any(one.right == clip.id for one in asked.joints)
    joint_out = any(one.left == clip.id for one in asked.joints)
    fades = (clip.fade_in, clip.fade_out)
    odd_in, odd_out = (bool(fade.length) and (treated or fade.shape not in kind.fades) for fade in fades)
    moving = bool(clip.envelope) or clip.gain != 0
    clip_levels = moving and (treated or not kind.levels or joint_in or joint_out)
    track_levels = not kind.levels and _moves(track.channel, timeline.master)
    speed = clip.speed(media.sample_rate)
    stretched = source.is_stretched(clip, media)
    texts = [f"the effect {one.kind}" for one in asked.effects]
    said = {
        f"pitch {clip.pitch:+g} semitones": bool(clip.pitch),
        f"speed × {float(speed):.3f}": stretched and (bool(clip.pitch) or not kind.speed),
        "pan": _panned(track.channel),
        "gain": clip_levels or track_levels,
        f"fade in ({clip.fade_in.shape})": odd_in,
        f"fade out ({clip.fade_out.shape})": odd_out,
        "crossfade": joint_in or joint_out,
        f"{media.channels} channels to 2": media.channels > 2,
    }
    texts += [text for text, holds in said.items() if holds]
    if texts and stretched and kind.speed and not clip.pitch:
        texts.append(f"speed × {float(speed):.3f}")
    left_out = tuple([f"the effect {one.kind}, which listens to another track" for one in asked.deaf])
    return Baked(
        tuple(texts), left_out, clip_levels, track_levels, odd_in, odd_out, joint_in, joint_out, _rings(track, clip)
    )


def _asked(track: Track, clip: Clip, carried: set[str]) -> _Asked:
    effects = [one for one in (*clip.effects, *track.channel.effects) if one.enabled]
    joints = [one for one in track.transitions if one.id not in carried and clip.id in (one.left, one.right)]
    return _Asked([one for one in effects if one.source is None], [one for one in effects if one.source], joints)


def _moves(*channels: Channel) -> bool:
    return any(one.gain or any(value for name in _LEVELS for _, value in one.automated(name)) for one in channels)


def _panned(channel: Channel) -> bool:
    points = channel.automated(Parameter.PAN)
    return any(value for _, value in points) if points else bool(channel.pan)


def can_be_mono(track: Track, clip: Clip, media: Media, baked: Baked) -> bool:
    """Whether both channels of the mix would be the same."""
    effects = _asked(track, clip, set()).effects
    return (
        media.channels == 1 and not effects and not _panned(track.channel) and not (baked.joint_in or baked.joint_out)
    )


def baked_timeline(
    timeline: Timeline,
    track: Track,
    clip: Clip,
    media: Media,
    project: Project,
    baked: Baked,
    origin: int,
    length: int,
) -> Timeline:
    """The clip alone (with its neighbours in crossfades that are baked), `origin` at `LEAD`; `length` in ticks."""
    shift = LEAD - origin
    asked = _asked(track, clip, set())
    joints = [
        one
        for one in asked.joints
        if (baked.joint_in and one.right == clip.id) or (baked.joint_out and one.left == clip.id)
    ]
    others = ({one.left for one in joints} | {one.right for one in joints}) - {clip.id}
    clips = []
    for one in track.clips:
        if one.id == clip.id:
            stripped = replace(_stripped(one, baked), muted=False)
            clips.append(_extended(stripped, media, origin, origin + length, baked))
        elif one.id in others:
            clips.append(_stripped(one, replace(baked, clip_levels=True, fade_in=True, fade_out=True)))
    moved = tuple([replace(one, start=one.start + shift) for one in clips])
    alone = Track(
        track.id,
        "",
        clips=moved,
        transitions=tuple(joints),
        channel=_channel(track.channel, shift, baked.track_levels, effects=True),
    )
    return Timeline(
        timeline.id,
        "",
        (alone,),
        master=_channel(timeline.master, shift, baked.track_levels, effects=False),
        frame_rate=timeline.frame_rate,
        sample_rate=48_000,
    )


def _stripped(clip: Clip, baked: Baked) -> Clip:
    """Without what the editor does itself, and what is not heard: a new name is no new sound."""
    return replace(
        clip,
        name="",
        line=None,
        take=None,
        anchor=None,
        group=None,
        colour=None,
        gain=clip.gain if baked.clip_levels else 0.0,
        envelope=clip.envelope if baked.clip_levels else (),
        fade_in=clip.fade_in if baked.fade_in else NO_FADE,
        fade_out=clip.fade_out if baked.fade_out else NO_FADE,
        effects=tuple([one for one in clip.effects if one.source is None]),
    )


def _extended(clip: Clip, media: Media, first: int, last: int, baked: Baked) -> Clip:
    """With as much of the medium before and after as lies between two ticks."""
    before, after = source.handles(clip, media)
    begin = max(source.sample_near(clip, media, first - clip.start), -(before or 0))
    end = min(source.sample_near(clip, media, last - clip.start), clip.source_length + (after or 0))
    begin = 0 if baked.fade_in or baked.joint_in else min(0, begin)
    ends = baked.fade_out or baked.joint_out or baked.rings
    end = clip.source_length if ends else max(clip.source_length, end)
    return source.section(clip, media, begin, end) if (begin, end) != (0, clip.source_length) else clip


def _channel(channel: Channel, shift: int, levels: bool, effects: bool) -> Channel:
    """Moved in time; without its gain where the editor sets that."""
    kept = [
        replace(one, points=tuple([Point(at + shift, value) for at, value in one.points]))
        for one in channel.automation
        if (levels if one.parameter in _LEVELS else effects)
    ]
    return Channel(
        gain=channel.gain if levels else 0.0,
        pan=channel.pan if effects else 0.0,
        effects=tuple([one for one in channel.effects if one.source is None]) if effects else (),
        automation=_from_zero(kept),
    )


def _from_zero(automation: list[Automation]) -> tuple[Automation, ...]:
    """Points before 0 are left out; the value there stays."""
    found = []
    for one in automation:
        later = tuple([point for point in one.points if point.at > 0])
        begin = (Point(0, source.value_at(one.points, 0)),) if len(later) < len(one.points) else ()
        found.append(replace(one, points=begin + later))
    return tuple(found)
