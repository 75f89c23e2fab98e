"""How clips, tracks and the whole sound: gain, envelopes, pan, automation, effects.

An owner of effects is the id of a clip or of a track, or None for the master.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline.editing import invariants
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Automation, Channel, Clip, Effect, Parameter, Point


def set_gain(project: Project, timeline_id: str, clip_ids: Iterable[str], decibels: float) -> Project:
    """The gain of clips, −150…60 dB."""
    return _on_clips(project, timeline_id, clip_ids, lambda clip: replace(clip, gain=invariants.gain(decibels)))


def change_gain(project: Project, timeline_id: str, clip_ids: Iterable[str], by: float) -> Project:
    """Clips louder or softer by so many dB."""
    return _on_clips(project, timeline_id, clip_ids, lambda clip: replace(clip, gain=invariants.gain(clip.gain + by)))


def set_muted(project: Project, timeline_id: str, clip_ids: Iterable[str], muted: bool) -> Project:
    return _on_clips(project, timeline_id, clip_ids, lambda clip: replace(clip, muted=muted))


def set_envelope(project: Project, timeline_id: str, clip_id: str, points: Iterable[Point]) -> Project:
    """How a clip's gain moves: dB at ticks since its beginning, 0 to its duration; none: it does not."""
    drawn = curve(points, Parameter.GAIN)
    draft = Draft(project, timeline_id)
    clip = draft.clip(clip_id)
    if drawn and not 0 <= drawn[0].at <= drawn[-1].at <= clip.duration:
        raise RequestError("A point of the envelope lies outside of its clip.", "Draw within the clip.")
    draft.swap({clip_id: replace(clip, envelope=drawn)})
    return draft.done()


def set_channel(
    project: Project, timeline_id: str, track_id: str | None, *, gain: float | None = None, pan: float | None = None
) -> Project:
    """The fader (dB) and the pan (−1…1) of a track, or of the master (None). May be done to a locked track too."""

    def change(channel: Channel) -> Channel:
        new_gain = channel.gain if gain is None else invariants.gain(gain)
        new_pan = channel.pan if pan is None else invariants.pan(pan)
        return replace(channel, gain=new_gain, pan=new_pan)

    return _on_channel(project, timeline_id, track_id, change)


def set_automation(
    project: Project, timeline_id: str, track_id: str | None, parameter: str, points: Iterable[Point]
) -> Project:
    """How a parameter of a track, or of the master (None), moves: one of `Parameter`, or `effect id/setting`. Times
    are the timeline's; no points: it does not move. Raises `RequestError` for a locked track."""
    drawn = curve(points, parameter)
    if track_id is not None:
        Draft(project, timeline_id).unlocked(track_id)

    def change(channel: Channel) -> Channel:
        old = next((one for one in channel.automation if one.parameter == parameter), None)
        if old is None:
            return (
                replace(channel, automation=(*channel.automation, Automation(parameter, drawn))) if drawn else channel
            )
        new = [replace(old, points=drawn)] if drawn else []
        kept = [one for other in channel.automation for one in (new if other is old else [other])]
        return replace(channel, automation=tuple(kept))

    return _on_channel(project, timeline_id, track_id, change)


def curve(points: Iterable[Point], parameter: str) -> tuple[Point, ...]:
    """Points in order, none at one time with another. Raises `RequestError` where they are none."""
    check = value_check(parameter)
    drawn = {at: check(float(value)) for at, value in points}
    if any(not 0 <= at <= invariants.LAST_MOMENT for at in drawn):
        raise RequestError("A point lies outside of the timeline.", "Draw within it.")
    return tuple([Point(at, drawn[at]) for at in sorted(drawn)])


def value_check(parameter: str) -> Callable[[float], float]:
    """What raises a `RequestError` for a value that the parameter cannot have."""
    known = {Parameter.GAIN.value: invariants.gain, Parameter.DUCKING.value: invariants.gain}
    return {**known, Parameter.PAN.value: invariants.pan}.get(parameter, invariants.finite)


def add_effect(
    project: Project, timeline_id: str, owner: str | None, effect: Effect, index: int | None = None
) -> Project:
    """An effect into the chain of a clip, a track or the master, before the one at `index` (None: at its end)."""

    def change(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        if any(one.id == effect.id for one in effects):
            raise RequestError("That effect is already there.", "Add it under a new id.")
        at = len(effects) if index is None else index
        return (*effects[:at], _checked(effect), *effects[at:])

    return _on_effects(project, timeline_id, owner, change)


def set_effect(project: Project, timeline_id: str, owner: str | None, effect: Effect) -> Project:
    """`effect` in the place of the one with its id."""

    def change(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        _place(effects, effect.id)
        return tuple([_checked(effect) if one.id == effect.id else one for one in effects])

    return _on_effects(project, timeline_id, owner, change)


def set_effects(project: Project, timeline_id: str, owner: str | None, effects: Iterable[Effect]) -> Project:
    """A whole chain, e.g. a preset. Raises `RequestError` when two have one id."""
    chain = tuple([_checked(effect) for effect in effects])
    if len({effect.id for effect in chain}) < len(chain):
        raise RequestError("Two effects of a chain have the same id.", "Give each its own.")
    return _on_effects(project, timeline_id, owner, lambda _: chain)


def move_effect(project: Project, timeline_id: str, owner: str | None, effect_id: str, index: int) -> Project:
    """The effect comes to stand at `index` among the others."""

    def change(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        others = [one for one in effects if one.id != effect_id]
        return (*others[:index], effects[_place(effects, effect_id)], *others[index:])

    return _on_effects(project, timeline_id, owner, change)


def remove_effect(project: Project, timeline_id: str, owner: str | None, effect_id: str) -> Project:
    """Without an effect, and without the automation of its settings."""

    def change(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        at = _place(effects, effect_id)
        return effects[:at] + effects[at + 1 :]

    return _on_effects(project, timeline_id, owner, change)


def _checked(effect: Effect) -> Effect:
    for setting in effect.settings:
        invariants.finite(setting.value)
    return effect


def _place(effects: tuple[Effect, ...], effect_id: str) -> int:
    for index, effect in enumerate(effects):
        if effect.id == effect_id:
            return index
    raise NotFound("That effect is no longer there.", "Undo brings it back.")


def _on_clips(project: Project, timeline_id: str, clip_ids: Iterable[str], change: Callable[[Clip], Clip]) -> Project:
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids, grouped=False).values() for clip in clips]
    draft.swap({clip.id: change(clip) for clip in clips})
    return draft.done()


def _on_effects(
    project: Project,
    timeline_id: str,
    owner: str | None,
    change: Callable[[tuple[Effect, ...]], tuple[Effect, ...]],
) -> Project:
    timeline = project.timeline(timeline_id)
    if owner is not None and all(track.id != owner for track in timeline.tracks):
        return _on_clips(project, timeline_id, [owner], lambda clip: replace(clip, effects=change(clip.effects)))

    def on_channel(channel: Channel) -> Channel:
        effects = change(channel.effects)
        gone = {one.id for one in channel.effects} - {one.id for one in effects}
        automation = tuple([one for one in channel.automation if one.parameter.partition("/")[0] not in gone])
        return replace(channel, effects=effects, automation=automation)

    return _on_channel(project, timeline_id, owner, on_channel)


def _on_channel(
    project: Project, timeline_id: str, track_id: str | None, change: Callable[[Channel], Channel]
) -> Project:
    draft = Draft(project, timeline_id)
    if track_id is None:
        draft.timeline = replace(draft.timeline, master=change(draft.timeline.master))
    else:
        track = draft.track(track_id)
        draft.tracks[track_id] = replace(track, channel=change(track.channel))
    return draft.done()
