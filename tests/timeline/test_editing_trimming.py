"""The ends of clips and what they play, to the tick: split, join, trim, roll, slip, slide, speed, stretch."""

from dataclasses import replace

import pytest

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import arranging, fading, mixing, source, stretching, trimming
from audiostudio.timeline.editing.trimming import Edge, Limits
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Point, Track
from tests.timeline.timelines import MUSIC, ODD, PICTURE, SAMPLE, TAPE, TIMELINE, clip, laid, on, project, seconds


def first(project_: Project) -> Clip:
    return on(project_).tracks[0].clips[0]


def test_split_cuts_every_unlocked_track_at_a_sample() -> None:
    before = project(
        [clip(0, 4, name="a")], [clip(1, 3, TAPE, name="b")], Track("3", "Locked", clips=(clip(0, 9),), locked=True)
    )
    after = trimming.split(before, TIMELINE, 2 * TICKS + SAMPLE // 2 - 1)
    assert laid(after) == [(0, 2), (2, 4)]
    left, right = on(after).tracks[0].clips
    assert (left.id, left.source_length, right.source_start, right.source_length) == ("a", 96_000, 336_000, 96_000)
    tape = on(after).tracks[1].clips
    assert tape[0].end == tape[1].start == 2 * TICKS
    assert laid(after, "3") == [(0, 9)]
    with pytest.raises(RequestError, match="no clip to split at 0:00:05"):
        trimming.split(before, TIMELINE, 5 * TICKS)


def test_split_of_the_selection_splits_its_groups_and_nothing_else() -> None:
    before = project([clip(0, 4, name="a")], [clip(1, 3, name="b")], [clip(0, 4)])
    before = arranging.group(before, TIMELINE, ["a", "b"])
    after = trimming.split(before, TIMELINE, 2 * TICKS, ["a"])
    assert [len(track.clips) for track in on(after).tracks] == [2, 2, 1]
    (a, a2), (b, b2) = (track.clips for track in on(after).tracks[:2])
    assert a.group == b.group != a2.group == b2.group


def test_a_split_shares_out_fades_envelope_and_crossfade() -> None:
    before = project([clip(0, 4, name="a", envelope=(Point(0, 0.0), Point(4 * TICKS, -8.0))), clip(4, 6, name="b")])
    before = fading.set_fades(before, TIMELINE, ["a"], fade_in=Fade(TICKS), fade_out=Fade(TICKS, "smooth"))
    before = fading.crossfade(before, TIMELINE, "a", "b", TICKS)
    after = trimming.split(before, TIMELINE, 3 * TICKS)
    left, right, _ = on(after).tracks[0].clips
    assert (left.fade_in, left.fade_out.length) == (Fade(TICKS), 0)
    assert (right.fade_in.length, right.fade_out) == (0, Fade(TICKS, "smooth"))
    assert left.envelope == (Point(0, 0.0), Point(3 * TICKS, -6.0))
    assert right.envelope == (Point(0, -6.0), Point(TICKS, -8.0))
    (crossfade,) = on(after).tracks[0].transitions
    assert (crossfade.left, crossfade.right) == (right.id, "b")
    assert on(trimming.join(after, TIMELINE, ["a", right.id])) == on(before)


def test_only_pieces_of_one_medium_that_follow_each_other_are_joined() -> None:
    before = project(
        [clip(0, 2, name="a"), clip(2, 3, first=7, name="b"), clip(3, 4, name="c"), clip(5, 6, first=6, name="d")]
    )
    assert laid(trimming.join(before, TIMELINE, ["a", "b"])) == [(0, 3), (3, 4), (5, 6)]
    for ids, said in ((["b", "c"], "missing at 0:00:03"), (["c", "d"], "do not follow"), (["a"], "alone")):
        with pytest.raises(RequestError, match=said):
            trimming.join(before, TIMELINE, ids)


def test_trim_moves_one_end() -> None:
    before = project([clip(1, 4, name="a"), clip(5, 6)])
    after = trimming.trim(before, TIMELINE, ["a"], Edge.START, TICKS)
    assert (laid(after)[0], first(after).source_start, first(after).source_length) == ((2, 4), 6 * 48_000, 96_000)
    after = trimming.trim(before, TIMELINE, ["a"], Edge.START, -TICKS)
    assert (laid(after)[0], first(after).source_start) == ((0, 4), 4 * 48_000)
    after = trimming.trim(before, TIMELINE, ["a"], Edge.END, TICKS + SAMPLE // 3)
    assert (laid(after)[0], first(after).source_length) == ((1, 5), 4 * 48_000)
    after = trimming.trim_to(before, TIMELINE, ["a"], Edge.END, 2 * TICKS)
    assert laid(after)[0] == (1, 2)


def test_trim_stops_at_neighbours_at_the_medium_and_at_one_sample() -> None:
    before = project([clip(1, 4, name="a"), clip(4.5, 6, name="b"), clip(20, 30, first=0, name="c")])
    assert trimming.trim_limits(before, TIMELINE, ["a"], Edge.START) == Limits(-TICKS, 3 * TICKS - SAMPLE)
    assert trimming.trim_limits(before, TIMELINE, ["a"], Edge.END) == Limits(SAMPLE - 3 * TICKS, TICKS // 2)
    assert trimming.trim_limits(before, TIMELINE, ["c"], Edge.START).least == 0
    assert trimming.trim_limits(before, TIMELINE, ["b"], Edge.END, ripple=True).most == round(53.5 * TICKS)
    limits = trimming.trim_limits(before, TIMELINE, ["a"], Edge.END)
    for amount in limits:
        trimming.trim(before, TIMELINE, ["a"], Edge.END, amount)
    with pytest.raises(RequestError, match="lie on each other"):
        trimming.trim(before, TIMELINE, ["a"], Edge.END, limits.most + SAMPLE)
    with pytest.raises(RequestError, match="Nothing would be left"):
        trimming.trim(before, TIMELINE, ["a"], Edge.END, limits.least - SAMPLE)
    with pytest.raises(RequestError, match="no more sound before"):
        trimming.trim(before, TIMELINE, ["c"], Edge.START, -TICKS)
    assert limits.within(10 * TICKS) == limits.most


def test_ripple_trim_keeps_the_beginning() -> None:
    before = project([clip(1, 4, name="a"), clip(4, 6)], [clip(0, 9), clip(9, 10)], [clip(5, 6)])
    after = trimming.trim(before, TIMELINE, ["a"], Edge.END, 2 * TICKS, ripple=True)
    assert laid(after) == [(1, 6), (6, 8)]
    assert laid(after, "2") == [(0, 9), (11, 12)]
    assert laid(after, "3") == [(7, 8)]
    shorter = trimming.trim(
        project([clip(1, 4, name="a"), clip(4, 6)]), TIMELINE, ["a"], Edge.START, TICKS, ripple=True
    )
    assert laid(shorter) == [(1, 3), (3, 5)]
    assert first(shorter).source_start == 6 * 48_000
    after = trimming.trim(before, TIMELINE, ["a"], Edge.END, -TICKS, ripple=True)
    assert (laid(after), laid(after, "2"), laid(after, "3")) == ([(1, 3), (3, 5)], [(0, 9), (9, 10)], [(4, 5)])


def test_clips_of_a_group_with_the_same_end_are_trimmed_together() -> None:
    before = project([clip(0, 4, name="a")], [clip(1, 4, name="b")], [clip(0, 3, name="c")])
    before = arranging.group(before, TIMELINE, ["a", "b", "c"])
    after = trimming.trim(before, TIMELINE, ["a"], Edge.END, -TICKS // 2)
    assert [laid(after, str(n)) for n in (1, 2, 3)] == [[(0, 3.5)], [(1, 3.5)], [(0, 3)]]


def test_trimming_shortens_fades_and_moves_the_envelope_along() -> None:
    before = project([clip(0, 4, name="a", envelope=(Point(TICKS, -1.0), Point(3 * TICKS, -3.0)))])
    before = fading.set_fades(before, TIMELINE, ["a"], fade_in=Fade(TICKS), fade_out=Fade(3 * TICKS))
    after = trimming.trim(before, TIMELINE, ["a"], Edge.START, 2 * TICKS)
    assert (first(after).fade_in.length, first(after).fade_out.length) == (TICKS, TICKS)
    assert first(after).envelope == (Point(0, -2.0), Point(TICKS, -3.0))


def test_roll_moves_the_cut() -> None:
    before = project([clip(0, 4, name="a"), clip(4, 6, first=30, name="b")])
    after = trimming.roll(before, TIMELINE, "a", "b", -TICKS)
    assert laid(after) == [(0, 3), (3, 6)]
    assert on(after).clip("b").source_start == 29 * 48_000
    assert trimming.roll_limits(before, TIMELINE, "a", "b") == Limits(SAMPLE - 4 * TICKS, 2 * TICKS - SAMPLE)
    with pytest.raises(RequestError, match="Nothing would be left"):
        trimming.roll(before, TIMELINE, "a", "b", 2 * TICKS)
    with pytest.raises(RequestError, match="do not touch"):
        trimming.roll(project([clip(0, 1, name="a"), clip(2, 3, name="b")]), TIMELINE, "a", "b", 1)
    ends = project([clip(0, 4, name="a", first=56), clip(4, 6, first=0, name="b")])
    assert trimming.roll_limits(ends, TIMELINE, "a", "b") == Limits(0, 0)
    with pytest.raises(RequestError, match="no more sound"):
        trimming.roll(ends, TIMELINE, "a", "b", -TICKS)


def test_slip_changes_what_is_heard_and_nothing_else() -> None:
    before = project([clip(1, 3, name="a")])
    after = trimming.slip(before, TIMELINE, ["a"], TICKS)
    assert first(after) == replace(first(before), source_start=6 * 48_000)
    assert trimming.slip_limits(before, TIMELINE, ["a"]) == Limits(-5 * TICKS, 53 * TICKS)
    with pytest.raises(RequestError, match="no more sound after"):
        trimming.slip(before, TIMELINE, ["a"], 54 * TICKS)
    fast = stretching.set_speed(before, TIMELINE, ["a"], 2.0)
    assert first(trimming.slip(fast, TIMELINE, ["a"], TICKS)).source_start == 7 * 48_000


def test_slide_moves_a_clip_between_its_neighbours() -> None:
    before = project([clip(0, 2, name="a"), clip(2, 3, name="b"), clip(3, 6, name="c")])
    after = trimming.slide(before, TIMELINE, "b", TICKS)
    assert laid(after) == [(0, 3), (3, 4), (4, 6)]
    assert on(after).clip("b").source_start == on(before).clip("b").source_start
    assert on(after).clip("c").source_start == 6 * 48_000
    assert trimming.slide_limits(before, TIMELINE, "b") == Limits(SAMPLE - 2 * TICKS, 3 * TICKS - SAMPLE)
    with pytest.raises(RequestError, match="No clip touches"):
        trimming.slide(project([clip(0, 1, name="a")]), TIMELINE, "a", TICKS)


def test_speed_keeps_the_beginning_and_scales_what_lies_on_the_clip() -> None:
    before = project([clip(1, 5, name="a", envelope=(Point(2 * TICKS, -3.0),), fade_in=Fade(TICKS)), clip(5, 6)])
    after = stretching.set_speed(before, TIMELINE, ["a"], 2.0)
    assert laid(after) == [(1, 3), (5, 6)]
    assert (first(after).envelope, first(after).fade_in) == ((Point(TICKS, -3.0),), Fade(TICKS // 2))
    assert first(after).speed(48_000) == 2
    assert laid(stretching.set_speed(before, TIMELINE, ["a"], 0.5, ripple=True)) == [(1, 9), (9, 10)]
    with pytest.raises(RequestError, match="lie on each other"):
        stretching.set_speed(before, TIMELINE, ["a"], 0.5)
    for speed in (0.24, 4.1, float("nan")):
        with pytest.raises(RequestError, match="times its speed"):
            stretching.set_speed(before, TIMELINE, ["a"], speed)
    assert first(stretching.set_speed(after, TIMELINE, ["a"], 1.0)).duration == 4 * TICKS


def test_a_stretched_clip_is_cut_where_its_samples_fall() -> None:
    before = stretching.set_speed(project([clip(0, 3, name="a")]), TIMELINE, ["a"], 1.37)
    whole = first(before)
    after = trimming.split(before, TIMELINE, TICKS)
    left, right = on(after).tracks[0].clips
    exact = left.source_length * whole.duration / whole.source_length
    assert abs(left.duration - exact) <= 0.5
    assert left.duration + right.duration == whole.duration
    assert source.is_stretched(left, MUSIC)


def test_stretch_to_a_length_from_either_end() -> None:
    before = project([clip(2, 4, name="a")])
    assert laid(stretching.stretch(before, TIMELINE, "a", 3 * TICKS)) == [(2, 5)]
    assert laid(stretching.stretch(before, TIMELINE, "a", 3 * TICKS, Edge.START)) == [(1, 4)]
    assert not source.is_stretched(first(stretching.stretch(before, TIMELINE, "a", 2 * TICKS)), MUSIC)
    with pytest.raises(RequestError, match=r"4\.17 times"):
        stretching.stretch(before, TIMELINE, "a", round(0.48 * TICKS))


def test_a_picture_has_any_length_and_no_speed() -> None:
    before = project([clip(2, 4, PICTURE, 0, name="a")])
    assert laid(trimming.trim(before, TIMELINE, ["a"], Edge.END, 90 * TICKS)) == [(2, 94)]
    assert laid(trimming.trim(before, TIMELINE, ["a"], Edge.START, -TICKS)) == [(1, 4)]
    after = trimming.split(before, TIMELINE, 3 * TICKS + 1)
    assert [one.source_length for one in on(after).tracks[0].clips] == [1, 1]
    assert laid(stretching.set_speed(before, TIMELINE, ["a"], 2.0)) == [(2, 4)]


def test_rates_that_do_not_divide_a_second_are_cut_to_the_nearest_tick() -> None:
    before = project([clip(0, 3, ODD, 1, name="a")])
    whole = first(before)
    after = trimming.split(before, TIMELINE, 12345678)
    left, right = on(after).tracks[0].clips
    assert left.end == right.start
    assert not source.is_stretched(left, ODD)
    assert not source.is_stretched(right, ODD)
    assert abs(left.duration - left.source_length * TICKS / 37_800) <= 0.5
    assert on(trimming.join(after, TIMELINE, ["a", right.id])).clip("a") == whole


def test_pitch() -> None:
    before = project([clip(0, 1, name="a")])
    assert first(stretching.set_pitch(before, TIMELINE, ["a"], -3.5)).pitch == -3.5
    for wrong in (25.0, float("nan"), float("inf")):
        with pytest.raises(RequestError, match="pitch"):
            stretching.set_pitch(before, TIMELINE, ["a"], wrong)


def test_nothing_is_done_to_locked_clips() -> None:
    before = project(Track("1", "Music", clips=(clip(0, 2, name="a"), clip(2, 3, name="b")), locked=True))
    for edit in (
        lambda: trimming.split(before, TIMELINE, TICKS, ["a"]),
        lambda: trimming.join(before, TIMELINE, ["a", "b"]),
        lambda: trimming.trim(before, TIMELINE, ["a"], Edge.END, -TICKS),
        lambda: trimming.roll(before, TIMELINE, "a", "b", TICKS),
        lambda: trimming.slip(before, TIMELINE, ["a"], TICKS),
        lambda: trimming.slide(before, TIMELINE, "a", TICKS),
        lambda: stretching.set_speed(before, TIMELINE, ["a"], 2.0),
        lambda: stretching.stretch(before, TIMELINE, "a", TICKS),
        lambda: stretching.set_pitch(before, TIMELINE, ["a"], 2.0),
        lambda: fading.set_fades(before, TIMELINE, ["a"], fade_in=Fade(1)),
        lambda: fading.crossfade(before, TIMELINE, "a", "b"),
        lambda: mixing.set_gain(before, TIMELINE, ["a"], 2.0),
        lambda: mixing.set_automation(before, TIMELINE, "1", "gain", [Point(0, 1.0)]),
        lambda: arranging.group(before, TIMELINE, ["a", "b"]),
        lambda: arranging.remove_track(before, TIMELINE, "1"),
    ):
        with pytest.raises(RequestError, match="is locked"):
            edit()


def test_places_are_seconds_in_messages() -> None:
    with pytest.raises(RequestError, match=r"at 25:00:01\.500"):
        trimming.split(project([]), TIMELINE, seconds(25 * 3600 + 1.5)[0])
