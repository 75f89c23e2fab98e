"""Fades, crossfades, gains, automation, effects; timelines, tracks, groups, markers; media that are relinked."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline import edits
from audiostudio.timeline.editing import arranging, fading, marking, mixing, placing, relinking, source, trimming
from audiostudio.timeline.project import AssetReference, Project
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import (
    Channel,
    Clip,
    Content,
    Effect,
    Fade,
    Marker,
    Point,
    Range,
    Setting,
    Timeline,
    Track,
    TrackKind,
    Transition,
)
from tests.timeline.documents import make_take
from tests.timeline.timelines import MUSIC, PICTURE, TAPE, TIMELINE, clip, laid, on, project, seconds

NAN = float("nan")
EQ = Effect("eq", "eq", (Setting("low", 3.0),))


def one() -> Project:
    return project([clip(0, 4, name="a"), clip(4, 6, first=30, name="b")], [clip(0, 1, name="c")])


def first(project_: Project) -> Clip:
    return on(project_).clip("a")


def test_fades_are_no_longer_than_their_clip() -> None:
    before = one()
    after = fading.set_fades(before, TIMELINE, ["a"], fade_in=Fade(9 * TICKS, "smooth"))
    assert first(after).fade_in == Fade(4 * TICKS, "smooth")
    after = fading.set_fades(after, TIMELINE, ["a"], fade_out=Fade(TICKS))
    assert (first(after).fade_in.length, first(after).fade_out.length) == (3 * TICKS, TICKS)
    after = fading.set_fades(after, TIMELINE, ["a"], fade_in=Fade(4 * TICKS))
    assert (first(after).fade_in.length, first(after).fade_out.length) == (4 * TICKS, 0)
    for wrong in (Fade(-1), Fade(1, "wavy")):
        with pytest.raises(RequestError, match="fade"):
            fading.set_fades(before, TIMELINE, ["a"], fade_in=wrong)


def test_a_crossfade_lies_in_the_middle_of_the_cut_as_far_as_there_is_sound() -> None:
    (link,) = on(fading.crossfade(one(), TIMELINE, "a", "b", TICKS)).tracks[0].transitions
    assert (link.left, link.right, link.in_offset, link.out_offset) == ("a", "b", TICKS // 2, TICKS // 2)
    short = project([clip(0, 4, name="a", first=56), clip(4, 6, first=30, name="b")])
    (link,) = on(fading.crossfade(short, TIMELINE, "a", "b", TICKS)).tracks[0].transitions
    assert (link.in_offset, link.out_offset) == (TICKS, 0)
    short = project([clip(0, 4, name="a"), clip(4, 6, first=0.25, name="b")])
    (link,) = on(fading.crossfade(short, TIMELINE, "a", "b", TICKS)).tracks[0].transitions
    assert (link.in_offset, link.out_offset) == (TICKS // 4, 3 * TICKS // 4)


def test_a_crossfade_that_cannot_be_is_refused() -> None:
    spent = project([clip(0, 4, name="a", first=56), clip(4, 6, first=0, name="b")])
    with pytest.raises(RequestError, match="Nothing of “Music”") as refused:
        fading.crossfade(spent, TIMELINE, "a", "b")
    assert "Shorten the clips" in refused.value.hint
    for right in ("c", "a"):
        with pytest.raises(RequestError, match="do not touch"):
            fading.crossfade(one(), TIMELINE, "a", right)
    with pytest.raises(RequestError, match="at least one tick"):
        fading.crossfade(one(), TIMELINE, "a", "b", 0)


def test_a_crossfade_is_changed_shortened_and_goes_when_its_clips_part() -> None:
    before = fading.crossfade(one(), TIMELINE, "a", "b", 2 * TICKS)
    (link,) = on(before).tracks[0].transitions
    longer = fading.set_transition(before, TIMELINE, link.id, in_offset=9 * TICKS, out_offset=0, shape="linear")
    assert on(longer).tracks[0].transitions == (Transition(link.id, "a", "b", 4 * TICKS, 0, "linear"),)
    again = fading.crossfade(longer, TIMELINE, "a", "b", TICKS, "smooth")
    assert on(again).tracks[0].transitions == (Transition(link.id, "a", "b", TICKS // 2, TICKS // 2, "smooth"),)
    shorter = trimming.trim(before, TIMELINE, ["b"], trimming.Edge.END, -round(1.75 * TICKS))
    assert on(shorter).tracks[0].transitions[0].out_offset == TICKS // 4
    parted = placing.move(before, TIMELINE, ["b"], 1)
    assert on(parted).tracks[0].transitions == ()
    assert on(fading.remove_transitions(before, TIMELINE, [link.id])).tracks[0].transitions == ()
    with pytest.raises(RequestError, match="no longer"):
        fading.remove_transitions(before, TIMELINE, ["gone"])


def test_two_crossfades_share_the_clip_between_them() -> None:
    before = project([clip(0, 4, name="a"), clip(4, 5, name="b"), clip(5, 9, name="c")])
    after = fading.crossfade_all(before, TIMELINE, ["a", "b", "c"], 2 * TICKS)
    left, right = on(after).tracks[0].transitions
    assert left.out_offset + right.in_offset <= TICKS
    with pytest.raises(RequestError, match="No two"):
        fading.crossfade_all(before, TIMELINE, ["a", "c"])


def test_gain_of_clips() -> None:
    after = mixing.change_gain(mixing.set_gain(one(), TIMELINE, ["a", "b"], -3.0), TIMELINE, ["a"], -3.0)
    assert [clip_.gain for clip_ in on(after).clips()] == [-6.0, -3.0, 0.0]
    assert [clip_.muted for clip_ in on(mixing.set_muted(after, TIMELINE, ["a"], True)).clips()] == [True, False, False]
    for wrong in (61.0, -151.0, NAN):
        with pytest.raises(RequestError, match="gain"):
            mixing.set_gain(one(), TIMELINE, ["a"], wrong)


def test_envelopes_and_automation_are_in_order_and_in_range() -> None:
    drawn = [Point(TICKS, -3.0), Point(0, 0.0), Point(TICKS, -4.0)]
    assert first(mixing.set_envelope(one(), TIMELINE, "a", drawn)).envelope == (Point(0, 0.0), Point(TICKS, -4.0))
    with pytest.raises(RequestError, match="outside of its clip"):
        mixing.set_envelope(one(), TIMELINE, "a", [Point(4 * TICKS + 1, 0.0)])
    after = mixing.set_automation(one(), TIMELINE, "1", "pan", [Point(5, 1.0)])
    after = mixing.set_automation(after, TIMELINE, None, "gain", [Point(5, -60.0)])
    assert on(after).tracks[0].channel.automated("pan") == (Point(5, 1.0),)
    assert on(after).master.automated("gain") == (Point(5, -60.0),)
    assert on(mixing.set_automation(after, TIMELINE, "1", "pan", [])).tracks[0].channel.automation == ()
    for parameter, point in (
        ("pan", Point(0, 1.1)),
        ("gain", Point(0, NAN)),
        ("eq/low", Point(0, NAN)),
        ("pan", Point(-1, 0)),
    ):
        with pytest.raises(RequestError):
            mixing.set_automation(one(), TIMELINE, "1", parameter, [point])


@pytest.mark.parametrize("owner", ["a", "1", None])
def test_effects_of_clips_tracks_and_the_master(owner: str | None) -> None:
    def chain(project_: Project) -> list[str]:
        timeline = on(project_)
        effects = timeline.master.effects if owner is None else first(project_).effects
        return [effect.id for effect in (timeline.track("1").channel.effects if owner == "1" else effects)]

    other = Effect("limiter", "limiter")
    after = mixing.add_effect(mixing.add_effect(one(), TIMELINE, owner, EQ), TIMELINE, owner, other, 0)
    assert chain(after) == ["limiter", "eq"]
    assert chain(mixing.move_effect(after, TIMELINE, owner, "eq", 0)) == ["eq", "limiter"]
    off = mixing.set_effect(after, TIMELINE, owner, replace(EQ, enabled=False))
    assert off != after
    assert chain(off) == chain(after)
    assert chain(mixing.remove_effect(after, TIMELINE, owner, "eq")) == ["limiter"]
    assert chain(mixing.set_effects(after, TIMELINE, owner, [EQ])) == ["eq"]
    with pytest.raises(NotFound):
        mixing.remove_effect(after, TIMELINE, owner, "gone")
    with pytest.raises(RequestError):
        mixing.add_effect(after, TIMELINE, owner, EQ)
    with pytest.raises(RequestError):
        mixing.add_effect(one(), TIMELINE, owner, replace(EQ, settings=(Setting("low", NAN),)))


def test_an_effect_that_goes_takes_its_automation_along() -> None:
    before = mixing.add_effect(one(), TIMELINE, "1", EQ)
    before = mixing.set_automation(before, TIMELINE, "1", "eq/low", [Point(0, 1.0)])
    assert on(mixing.remove_effect(before, TIMELINE, "1", "eq")).tracks[0].channel == Channel()


def test_faders_are_free_also_on_locked_tracks() -> None:
    before = arranging.lock_track(one(), TIMELINE, "1", True)
    after = mixing.set_channel(before, TIMELINE, "1", gain=-6.0, pan=0.5)
    assert on(after).track("1").channel == Channel(-6.0, 0.5)
    assert on(mixing.set_channel(after, TIMELINE, None, gain=3.0)).master.gain == 3.0
    for wrong in ({"gain": NAN}, {"pan": 1.5}):
        with pytest.raises(RequestError):
            mixing.set_channel(before, TIMELINE, "1", **wrong)


def test_tracks_come_go_and_change() -> None:
    after = arranging.add_track(one(), TIMELINE, Track("new", "New"), 1)
    assert [track.id for track in on(after).tracks] == ["1", "new", "2"]
    after = arranging.move_track(after, TIMELINE, "new", 2)
    assert [track.id for track in on(after).tracks] == ["1", "2", "new"]
    changes: list[tuple[Any, Any, str]] = [
        (arranging.rename_track, "Voice", "name"),
        (arranging.mute_track, True, "muted"),
        (arranging.solo_track, True, "solo"),
        (arranging.lock_track, True, "locked"),
        (arranging.colour_track, "red", "colour"),
        (arranging.set_content, Content.SPEECH, "content"),
    ]
    for edit, value, name in changes:
        after = edit(after, TIMELINE, "new", value)
        assert getattr(on(after).track("new"), name) == value
        assert edit(after, TIMELINE, "new", value) is after
    with pytest.raises(RequestError, match="needs a name"):
        arranging.rename_track(after, TIMELINE, "new", " ")
    with pytest.raises(RequestError, match="already"):
        arranging.add_track(after, TIMELINE, Track("new", "New"))


def test_a_track_that_goes_leaves_no_sidechain() -> None:
    before = mixing.add_effect(one(), TIMELINE, "2", Effect("duck", "compressor", source="1"))
    after = arranging.remove_track(before, TIMELINE, "1")
    assert [track.id for track in on(after).tracks] == ["2"]
    assert on(after).tracks[0].channel.effects[0].source is None


def test_timelines_come_go_and_are_copied() -> None:
    before = arranging.group(one(), TIMELINE, ["a", "c"])
    before = fading.crossfade(before, TIMELINE, "a", "b")
    before = mixing.add_effect(before, TIMELINE, "2", Effect("duck", "compressor", source="1"))
    after = arranging.duplicate_timeline(before, TIMELINE, "Short version")
    old, new = after.timelines
    assert old == on(before)
    assert (new.name, [track.name for track in new.tracks]) == ("Short version", [track.name for track in old.tracks])
    assert not {clip_.id for clip_ in old.clips()} & {clip_.id for clip_ in new.clips()}
    a, b, c = new.clips()
    assert a.group == c.group not in (None, first(before).group)
    assert (new.tracks[0].transitions[0].left, new.tracks[0].transitions[0].right) == (a.id, b.id)
    assert new.tracks[1].channel.effects[0].source == new.tracks[0].id
    after = arranging.move_timeline(arranging.rename_timeline(after, new.id, "Trailer"), new.id, 0)
    assert [timeline.name for timeline in after.timelines] == ["Trailer", "Main"]
    assert [timeline.name for timeline in arranging.remove_timeline(after, new.id).timelines] == ["Main"]
    with pytest.raises(RequestError, match="already a timeline called"):
        arranging.rename_timeline(after, new.id, "Main")
    assert arranging.with_timeline(after) is after
    assert arranging.with_timeline(arranging.remove_timeline(one(), TIMELINE)).timelines[0].tracks == ()


def test_a_timeline_from_elsewhere_is_checked() -> None:
    wrong = Timeline("t", "Other", (Track("x", "X", clips=(clip(0, 2), clip(1, 3))),))
    with pytest.raises(RequestError, match="on each other"):
        arranging.add_timeline(one(), wrong)
    with pytest.raises(RequestError, match="end after 100:00:00"):
        placing.overwrite(one(), TIMELINE, "1", [clip(0, 1)], 360_000 * TICKS)
    assert on(placing.overwrite(one(), TIMELINE, "1", [clip(0, 1)], 359_999 * TICKS)).end == 360_000 * TICKS


def test_rates_and_loudness() -> None:
    after = arranging.set_rates(one(), TIMELINE, frame_rate=FrameRate(30000, 1001), sample_rate=44_100)
    after = arranging.set_loudness(after, TIMELINE, -14.0)
    assert (on(after).frame_rate.ticks, on(after).sample_rate, on(after).loudness) == (23_543_520, 44_100, -14.0)
    for wrong in (
        lambda: arranging.set_rates(one(), TIMELINE, sample_rate=7_000),
        lambda: arranging.set_rates(one(), TIMELINE, frame_rate=FrameRate(25, 0)),
        lambda: arranging.set_loudness(one(), TIMELINE, 0.0),
        lambda: arranging.set_loudness(one(), TIMELINE, 3.0),
        lambda: arranging.set_loudness(one(), TIMELINE, NAN),
    ):
        with pytest.raises(RequestError):
            wrong()


def test_names_colours_and_groups_of_clips() -> None:
    after = arranging.rename_clip(one(), TIMELINE, "a", " Intro ")
    after = arranging.colour_clips(after, TIMELINE, ["a"], "blue")
    assert (first(after).name, first(after).colour) == ("Intro", "blue")
    after = arranging.group(after, TIMELINE, ["a", "c"])
    assert on(after).clip("a").group == on(after).clip("c").group is not None
    assert arranging.ungroup(after, TIMELINE, ["c"]) == arranging.ungroup(after, TIMELINE, ["a"])
    assert first(arranging.ungroup(after, TIMELINE, ["c"])).group is None
    with pytest.raises(RequestError, match="at least two"):
        arranging.group(one(), TIMELINE, ["a"])


def test_markers_and_the_range() -> None:
    after = marking.add_marker(one(), TIMELINE, Marker("m", 3 * TICKS, "Verse"))
    after = marking.add_marker(after, TIMELINE, Marker("n", TICKS, "Intro", duration=TICKS))
    assert [marker.id for marker in on(after).markers] == ["n", "m"]
    after = marking.set_marker(after, TIMELINE, Marker("m", 0, "Start", chapter=True))
    assert [marker.name for marker in on(after).markers] == ["Start", "Intro"]
    assert [marker.id for marker in on(marking.remove_markers(after, TIMELINE, ["m"])).markers] == ["n"]
    assert on(marking.set_range(after, TIMELINE, Range(1, 2))).range == Range(1, 2)
    assert on(marking.set_range(after, TIMELINE, None)).range is None
    for wrong in (
        lambda: marking.add_marker(after, TIMELINE, Marker("m", 0)),
        lambda: marking.add_marker(after, TIMELINE, Marker("x", -1)),
        lambda: marking.set_marker(after, TIMELINE, Marker("gone", 0)),
        lambda: marking.remove_markers(after, TIMELINE, ["gone"]),
        lambda: marking.set_range(after, TIMELINE, Range(2, 2)),
        lambda: marking.anchor(after, TIMELINE, "m", "no line"),
    ):
        with pytest.raises((RequestError, NotFound)):
            wrong()


def test_mute_and_solo_say_what_is_audible() -> None:
    speech, music = Track("speech", "Speech"), Track("music", "Music")
    picture = Track("picture", "Picture", TrackKind.PICTURE)
    tracks = (speech, music, picture)
    assert Timeline("t", "T", tracks).audible == {"speech", "music", "picture"}
    assert Timeline("t", "T", (replace(speech, solo=True), *tracks[1:])).audible == {"speech", "picture"}
    assert Timeline("t", "T", (replace(speech, solo=True, muted=True), *tracks[1:])).audible == {"picture"}


def test_media_are_relinked_with_the_takes_that_have_their_file() -> None:
    before = one()
    take = replace(make_take("line"), asset=MUSIC.asset)
    before = edits.add_take(before, take)
    other = replace(MUSIC, id="other", asset=AssetReference("other", "y", "Other.wav"), name="Other")
    after = relinking.relink(before, "music", other)
    assert {clip_.media for clip_ in on(after).clips()} == {"other"}
    assert after.takes[0].asset == other.asset
    assert [media.id for media in after.media] == ["other", "tape", "phone", "odd", "picture"]


def test_a_file_of_another_rate_plays_the_same_seconds() -> None:
    after = relinking.relink(one(), "music", replace(MUSIC, samples=44_100 * 60, sample_rate=44_100))
    assert (first(after).source_start, first(after).source_length) == (5 * 44_100, 4 * 44_100)
    assert laid(after) == laid(one())


def test_a_crossfade_into_a_file_that_has_nothing_more_gets_shorter_or_goes() -> None:
    before = fading.crossfade(one(), TIMELINE, "a", "b", 2 * TICKS)
    (joint,) = on(before).tracks[0].transitions
    assert (joint.in_offset, joint.out_offset) == (TICKS, TICKS)
    second = replace(MUSIC, samples=48_000 * 32)  # exactly what the later clip plays
    assert on(relinking.relink(before, "music", second)).tracks[0].transitions == (joint,)
    apart = project([clip(0, 4, name="a"), clip(4, 6, TAPE, 5, name="b")])
    apart = fading.crossfade(apart, TIMELINE, "a", "b", 2 * TICKS)
    ended = replace(MUSIC, samples=48_000 * 9 + 4_800)
    (joint,) = on(relinking.relink(apart, "music", ended)).tracks[0].transitions
    assert (joint.in_offset, joint.out_offset) == (TICKS, TICKS // 10)


def test_a_clip_of_the_last_sample_keeps_one_at_another_rate() -> None:
    before = project([clip(0, 1, name="a", source_start=47_999, source_length=1, duration=TICKS // 48_000)])
    after = relinking.relink(before, "music", replace(MUSIC, samples=44_099, sample_rate=44_100))
    assert (first(after).source_start, first(after).source_length) == (44_098, 1)


def test_a_file_that_is_too_short_or_no_sound_is_refused() -> None:
    with pytest.raises(RequestError, match=r"“Music” is too short: the clip at 0:00:04\.000 .* 32\.0 s"):
        relinking.relink(one(), "music", replace(MUSIC, samples=48_000 * 31))
    with pytest.raises(RequestError, match="not of the same kind"):
        relinking.relink(one(), "music", PICTURE)
    with pytest.raises(NotFound):
        relinking.relink(one(), "gone", TAPE)


def test_what_an_edit_does_not_touch_stays_the_same_object() -> None:
    before = one()
    after = mixing.set_gain(before, TIMELINE, ["a"], -1.0)
    assert on(after).tracks[1] is on(before).tracks[1]
    assert on(after).tracks[0].clips[1] is on(before).tracks[0].clips[1]
    assert mixing.set_gain(after, TIMELINE, ["a"], -1.0) is after
    assert seconds(1) == [TICKS]


class Counted(tuple[Point, ...]):
    """Says how often somebody looked at a point."""

    looks = 0

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        Counted.looks += 1
        return super().__getitem__(place)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30, unique=True), st.integers(-5, 10_005), st.data())
def test_a_curve_is_straight_between_its_points(places: list[int], at: int, data: st.DataObject) -> None:
    points = [Point(place, data.draw(st.floats(-60, 12))) for place in sorted(places)]
    expected = np.interp(at, [point.at for point in points], [point.value for point in points])
    assert source.value_at(points, at) == pytest.approx(expected, abs=1e-9)


def test_looking_up_one_place_of_a_long_curve_is_cheap() -> None:
    curve = Counted(Point(10 * number, float(number % 7)) for number in range(10_000))
    assert source.value_at(curve, 54_325) == pytest.approx(0.5)
    assert Counted.looks < 40
