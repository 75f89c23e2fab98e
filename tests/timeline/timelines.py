"""Timelines, and edits of them, made up by hypothesis."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from audiostudio.errors import StudioError
from audiostudio.timeline import edits, validation
from audiostudio.timeline.editing import (
    arranging,
    clipboard,
    fading,
    following,
    marking,
    mixing,
    placing,
    removing,
    source,
    stretching,
    trimming,
)
from audiostudio.timeline.editing.invariants import transition_limits
from audiostudio.timeline.editing.placing import Mode, clip_of
from audiostudio.timeline.editing.trimming import Edge
from audiostudio.timeline.project import AssetReference, Media, Project, new_id, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import (
    Anchor,
    Automation,
    Channel,
    Clip,
    Content,
    Effect,
    Fade,
    Marker,
    Point,
    Range,
    Setting,
    Shape,
    Timeline,
    Track,
)
from tests.timeline.documents import make_take

Edit = Callable[[Project], Project]

TIMELINE = "timeline"
SAMPLE = TICKS // 48_000
MUSIC = Media("music", AssetReference("music", "a1", "Music.wav"), 48_000 * 60, 48_000, 2, "Music")
TAPE = Media("tape", AssetReference("tape", "a2", "Tape.flac"), 44_100 * 20, 44_100, 1, "Tape")
PHONE = Media("phone", AssetReference("phone", "a3", "Phone.mp3"), 8_000 * 10, 8_000, 1, "Phone")
ODD = Media("odd", AssetReference("odd", "a4", "Odd.wav"), 37_800 * 10, 37_800, 1, "Odd")
PICTURE = Media("picture", AssetReference("picture", "a5", "Picture.png"), 1, 0, 0, "Picture")
MEDIA = (MUSIC, TAPE, PHONE, ODD, PICTURE)


def seconds(*values: float) -> list[int]:
    return [round(value * TICKS) for value in values]


def clip(start: float, end: float, media: Media = MUSIC, first: float = 5.0, name: str = "", **fields: Any) -> Clip:
    """A clip from one second to another that plays its medium from second `first` on; `name` is its id too."""
    at, until = seconds(start, end)
    made = clip_of(
        media,
        at,
        first=round(first * media.sample_rate),
        last=round((first + end - start) * media.sample_rate) if media.sample_rate else None,
        duration=until - at,
    )
    return replace(made, id=name or made.id, **fields)


def project(*tracks: Sequence[Clip] | Track, markers: Sequence[Marker] = (), **fields: Any) -> Project:
    """A project with one timeline. Tracks that are only clips are called `1`, `2`, …"""
    made = [
        one if isinstance(one, Track) else Track(str(number), f"Track {number}", clips=tuple(one))
        for number, one in enumerate(tracks, 1)
    ]
    timeline = Timeline(TIMELINE, "Main", tuple(made), tuple(markers))
    start = replace(new_project("Film"), media=MEDIA)
    return arranging.add_timeline(start, replace(timeline, **fields))


def on(project_: Project) -> Timeline:
    return project_.timeline(TIMELINE)


def laid(project_: Project, track_id: str = "1") -> list[tuple[float, float]]:
    """Where a track's clips begin and end, in seconds."""
    return places([(one.start / TICKS, one.end / TICKS) for one in on(project_).track(track_id).clips])


def places(found: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """To the microsecond."""
    return [(round(start, 6), round(end, 6)) for start, end in found]


def check(project_: Project) -> None:
    """What is true of every timeline."""
    validation.check(project_)
    media = {one.id: one for one in project_.media}
    for timeline in project_.timelines:
        groups = [one.group for one in timeline.clips() if one.group is not None]
        assert all(groups.count(group) > 1 for group in groups) or any(track.locked for track in timeline.tracks)
        ids = [one.id for one in timeline.clips()]
        assert len(set(ids)) == len(ids)
        for track in timeline.tracks:
            for left, right in pairwise(track.clips):
                assert left.end <= right.start
            for one in track.clips:
                medium = media[one.media]
                assert one.start >= 0
                assert one.duration >= 1
                assert one.source_length >= 1
                if medium.sample_rate:
                    assert 0 <= one.source_start < one.source_start + one.source_length <= medium.samples
                    if source.is_stretched(one, medium):
                        sample = TICKS / medium.sample_rate / one.duration
                        assert 0.25 - sample <= one.speed(medium.sample_rate) <= 4 + sample
                assert one.fade_in.length + one.fade_out.length <= one.duration
                times = [point.at for point in one.envelope]
                assert times == sorted(set(times))
            by_id = {one.id: one for one in track.clips}
            for link in track.transitions:
                left, right = by_id[link.left], by_id[link.right]
                assert left.end == right.start
                into, out = transition_limits(left, right, media[left.media], media[right.media])
                assert 0 <= link.in_offset <= into
                assert 0 <= link.out_offset <= out
                assert link.in_offset + link.out_offset > 0
            for automation in track.channel.automation:
                times = [point.at for point in automation.points]
                assert times == sorted(set(times))
        places = [marker.at for marker in timeline.markers]
        assert places == sorted(places)
        assert not places or places[0] >= 0
        assert timeline.range is None or 0 <= timeline.range.start < timeline.range.end


def possible(edit: Edit) -> Edit:
    """An edit that leaves everything as it is where it cannot be done."""

    def tried(project_: Project) -> Project:
        with contextlib.suppress(StudioError):
            return edit(project_)
        return project_

    return tried


moments = st.one_of(
    st.integers(0, 40 * 4).map(lambda quarter: quarter * TICKS // 4), st.integers(0, 40 * TICKS), st.integers(0, 5)
)
amounts = st.one_of(st.integers(-40, 40).map(lambda quarter: quarter * TICKS // 4), st.integers(-9 * TICKS, 9 * TICKS))
some = st.integers(0, 11)
flags = st.booleans()
fades = st.builds(Fade, st.integers(0, 4 * TICKS), st.sampled_from([str(shape) for shape in Shape]))
curves = st.lists(st.builds(Point, st.integers(0, 3 * TICKS), st.integers(-30, 6).map(float)), max_size=3)
modes = st.sampled_from(Mode)
edges = st.sampled_from(Edge)


@st.composite
def new_clips(draw: st.DrawFn) -> Clip:
    media = draw(st.sampled_from(MEDIA))
    if not media.sample_rate:
        return clip_of(media, duration=draw(st.integers(1, 5 * TICKS)))
    first = draw(st.integers(0, media.samples - 1))
    made = clip_of(media, first=first, last=draw(st.integers(first + 1, min(media.samples, first + 6 * 48_000))))
    return replace(made, fade_in=draw(fades), fade_out=draw(fades), gain=draw(st.sampled_from([0.0, -3.0])))


def _clips(project_: Project, picks: Sequence[int]) -> list[str]:
    tracks = [track for track in on(project_).tracks if not track.locked or max(picks, default=0) > 10]
    clips = [one for track in tracks for one in track.clips]
    return [clips[pick % len(clips)].id for pick in picks] if clips else ["none"]


def _track(project_: Project, pick: int) -> str:
    tracks = on(project_).tracks
    return tracks[pick % len(tracks)].id


def _pair(project_: Project, pick: int) -> tuple[str, str]:
    pairs = [(a.id, b.id) for track in on(project_).tracks for a, b in pairwise(track.clips) if a.end == b.start]
    return pairs[pick % len(pairs)] if pairs else ("none", "none")


def _land(project_: Project, only: list[int], lengths: list[float], fitting: following.Fitting) -> Project:
    """Takes of new lengths for some lines of a script of four."""
    placed = []
    for number, line in enumerate(project_.script.lines):
        take = project_.current_take(line)
        if number in only or take is None:
            length = round(lengths[number] * 48_000)
            take = replace(make_take(line.id, line.text), samples=length)
            project_ = edits.add_take(project_, take)
        placed.append(following.Placed(line.id, take, line.speaker))
    return following.land(project_, TIMELINE, placed, only=[project_.script.lines[i].id for i in only], fitting=fitting)


lists = st.lists(some, min_size=1, max_size=3)
a_timeline_edit: st.SearchStrategy[Edit] = st.one_of(
    st.builds(
        lambda one, at, pick, mode: (
            lambda p: placing.place(p, TIMELINE, [(_track(p, pick), replace(one, id=new_id(), start=at))], mode)
        ),
        new_clips(),
        moments,
        some,
        modes,
    ),
    st.builds(
        lambda picks, by, down, mode, ripple: (
            lambda p: placing.move(p, TIMELINE, _clips(p, picks), by, down=down, mode=mode, ripple=ripple)
        ),
        lists,
        amounts,
        st.integers(-1, 1),
        modes,
        flags,
    ),
    st.builds(lambda picks, mode: lambda p: placing.duplicate(p, TIMELINE, _clips(p, picks), mode), lists, modes),
    st.builds(
        lambda picks, at, pick, mode: (
            lambda p: clipboard.paste(
                p,
                TIMELINE,
                clipboard.copy(p, TIMELINE, _clips(p, picks)),
                at,
                _track(p, pick) if pick % 2 else None,
                mode,
            )
        ),
        lists,
        moments,
        some,
        modes,
    ),
    st.builds(
        lambda at, picks: lambda p: trimming.split(p, TIMELINE, at, _clips(p, picks) if picks else None),
        moments,
        st.lists(some, max_size=2),
    ),
    st.builds(lambda pick: lambda p: trimming.join(p, TIMELINE, _pair(p, pick)), some),
    st.builds(
        lambda picks, edge, by, ripple: lambda p: trimming.trim(p, TIMELINE, _clips(p, picks), edge, by, ripple=ripple),
        lists,
        edges,
        amounts,
        flags,
    ),
    st.builds(lambda pick, by: lambda p: trimming.roll(p, TIMELINE, *_pair(p, pick), by), some, amounts),
    st.builds(lambda picks, by: lambda p: trimming.slip(p, TIMELINE, _clips(p, picks), by), lists, amounts),
    st.builds(lambda pick, by: lambda p: trimming.slide(p, TIMELINE, _clips(p, [pick])[0], by), some, amounts),
    st.builds(
        lambda picks, speed, ripple: (
            lambda p: stretching.set_speed(p, TIMELINE, _clips(p, picks), speed, ripple=ripple)
        ),
        lists,
        st.sampled_from([0.25, 0.7, 1.0, 1.37, 4.0]),
        flags,
    ),
    st.builds(
        lambda pick, length, edge: lambda p: stretching.stretch(p, TIMELINE, _clips(p, [pick])[0], length, edge),
        some,
        moments,
        edges,
    ),
    st.builds(
        lambda picks, ripple: lambda p: removing.remove(p, TIMELINE, _clips(p, picks), ripple=ripple), lists, flags
    ),
    st.builds(
        lambda a, b, pick, ripple: (
            lambda p: removing.remove_ranges(
                p,
                TIMELINE,
                [Range(min(a, b), max(a, b)), Range(b, b + TICKS)],
                [_track(p, pick)] if pick % 2 else None,
                ripple=ripple,
            )
        ),
        moments,
        moments,
        some,
        flags,
    ),
    st.builds(lambda pick, at: lambda p: removing.close_gap(p, TIMELINE, _track(p, pick), at), some, moments),
    st.builds(lambda pick: lambda p: removing.close_gaps(p, TIMELINE, [_track(p, pick)]), some),
    st.builds(
        lambda picks, a, b: lambda p: fading.set_fades(p, TIMELINE, _clips(p, picks), fade_in=a, fade_out=b),
        lists,
        st.none() | fades,
        st.none() | fades,
    ),
    st.builds(
        lambda pick, length: lambda p: fading.crossfade(p, TIMELINE, *_pair(p, pick), length),
        some,
        st.integers(1, 4 * TICKS),
    ),
    st.builds(
        lambda picks, by: lambda p: mixing.change_gain(p, TIMELINE, _clips(p, picks), by), lists, st.floats(-6, 6)
    ),
    st.builds(lambda pick, c: lambda p: mixing.set_envelope(p, TIMELINE, _clips(p, [pick])[0], c), some, curves),
    st.builds(lambda pick, c: lambda p: mixing.set_automation(p, TIMELINE, _track(p, pick), "gain", c), some, curves),
    st.builds(
        lambda pick: (
            lambda p: mixing.add_effect(p, TIMELINE, _track(p, pick), Effect(new_id(), "eq", (Setting("low", 2.0),)))
        ),
        some,
    ),
    st.builds(lambda picks: lambda p: arranging.group(p, TIMELINE, _clips(p, picks)), st.lists(some, max_size=4)),
    st.builds(lambda picks: lambda p: arranging.ungroup(p, TIMELINE, _clips(p, picks)), lists),
    st.builds(
        lambda pick, at: (
            lambda p: marking.add_marker(
                p,
                TIMELINE,
                Marker(new_id(), at, "Here", anchor=Anchor(p.script.lines[pick % 4].id) if pick % 2 else None),
            )
        ),
        some,
        moments,
    ),
    st.builds(
        lambda pick, line: (
            lambda p: marking.anchor(
                p, TIMELINE, _clips(p, [pick])[0], p.script.lines[line % 4].id if line % 3 else None
            )
        ),
        some,
        some,
    ),
    st.builds(lambda a, b: lambda p: marking.set_range(p, TIMELINE, Range(min(a, b), max(a, b))), moments, moments),
    st.builds(
        lambda only, lengths, fitting: lambda p: _land(p, only, lengths, fitting),
        st.lists(st.integers(0, 3), max_size=4, unique=True),
        st.lists(st.floats(0.2, 6.0), min_size=4, max_size=4),
        st.sampled_from(following.Fitting),
    ),
).map(possible)
"""Edits of clips; what cannot be done leaves everything as it was. Takes are only added, which undo does not see."""

track_edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(
        lambda name, pick: lambda p: arranging.add_track(p, TIMELINE, Track(new_id(), name), pick % 3),
        st.sampled_from(["A", "B"]),
        some,
    ),
    st.builds(lambda pick: lambda p: arranging.remove_track(p, TIMELINE, _track(p, pick)), some),
    st.builds(lambda pick, at: lambda p: arranging.move_track(p, TIMELINE, _track(p, pick), at % 3), some, some),
    st.builds(lambda pick, on_: lambda p: arranging.lock_track(p, TIMELINE, _track(p, pick), on_), some, flags),
    st.builds(lambda pick, on_: lambda p: arranging.mute_track(p, TIMELINE, _track(p, pick), on_), some, flags),
    st.builds(
        lambda pick, gain: lambda p: mixing.set_channel(p, TIMELINE, _track(p, pick), gain=gain), some, st.floats(-9, 9)
    ),
    st.just(lambda p: arranging.duplicate_timeline(p, TIMELINE, new_id())),
).map(possible)


def start_project() -> Project:
    """Three tracks, one of them locked, one of speech, with what is hard for edits: stretched clips, a picture."""
    automation = (Automation("gain", (Point(0, -3.0), Point(10 * TICKS, 0.0))),)
    tracks = (
        Track("1", "Voice", content=Content.SPEECH, clips=(clip(1, 4), clip(4, 8, first=20), clip(9, 12, TAPE))),
        Track("2", "Music", clips=(clip(0, 25),), channel=Channel(automation=automation)),
        Track("3", "Locked", clips=(clip(2, 5), clip(7, 9, PHONE, 1)), locked=True),
        Track("4", "More", clips=(clip(3, 6, ODD, 2), clip(6, 9, PICTURE, 0), clip(11, 14, first=30))),
    )
    return edits.set_text(project(*tracks, markers=[Marker("m", 5 * TICKS, "Chapter")]), "One\nTwo\nThree\nFour")
