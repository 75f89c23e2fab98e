"""Clips and ranges go away, to the tick, with and without closing up."""

import pytest

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import arranging, removing, stretching
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Automation, Channel, Marker, Point, Range, Track
from tests.timeline.timelines import MUSIC, SAMPLE, TAPE, TIMELINE, clip, laid, on, project, seconds


def test_delete_leaves_a_gap() -> None:
    before = project([clip(0, 1), clip(1, 3, name="a"), clip(3, 4)], [clip(1, 2)])
    after = removing.remove(before, TIMELINE, ["a"])
    assert laid(after) == [(0, 1), (3, 4)]
    assert on(after).tracks[1] is on(before).tracks[1]


def test_ripple_delete_closes_it_on_every_unlocked_track() -> None:
    automation = Automation("gain", (Point(0, 0.0), Point(2 * TICKS, -9.0), Point(4 * TICKS, 0.0)))
    before = project(
        [clip(0, 1), clip(1, 3, name="a"), clip(3, 4)],
        Track("2", "Bed", clips=(clip(0, 9), clip(11, 12)), channel=Channel(automation=(automation,))),
        Track("3", "Locked", clips=(clip(5, 6),), locked=True),
        markers=[Marker("in", 2 * TICKS), Marker("after", 5 * TICKS)],
        range=Range(*seconds(2, 6)),
    )
    after = removing.remove(before, TIMELINE, ["a"], ripple=True)
    assert laid(after) == [(0, 1), (1, 2)]
    assert laid(after, "2") == [(0, 9), (9, 10)]
    assert laid(after, "3") == [(5, 6)]
    assert [marker.at for marker in on(after).markers] == seconds(1, 3)
    assert on(after).range == Range(*seconds(1, 4))
    assert on(after).tracks[1].channel.automated("gain") == (Point(0, 0.0), Point(TICKS, -9.0), Point(2 * TICKS, 0.0))


def test_what_finds_no_room_in_a_ripple_stands_behind_what_stays() -> None:
    before = project([clip(1, 3, name="a"), clip(3, 4)], [clip(0, 3), clip(3, 5), clip(7, 8)])
    after = removing.remove(before, TIMELINE, ["a"], ripple=True)
    assert (laid(after), laid(after, "2")) == ([(1, 2)], [(0, 3), (3, 5), (5, 6)])


def test_ripple_delete_of_several_clips_counts_time_once() -> None:
    before = project([clip(0, 2, name="a"), clip(4, 5)], [clip(1, 3, name="b"), clip(6, 7)])
    after = removing.remove(before, TIMELINE, ["a", "b"], ripple=True)
    assert (laid(after), laid(after, "2")) == ([(1, 2)], [(3, 4)])


def test_groups_go_together_and_a_lone_member_is_no_group() -> None:
    before = arranging.group(project([clip(0, 1, name="a"), clip(1, 2, name="b")]), TIMELINE, ["a", "b"])
    assert laid(removing.remove(before, TIMELINE, ["a"])) == []
    after = removing.remove(before, TIMELINE, ["a"], grouped=False)
    assert on(after).clip("b").group is None


def test_a_range_is_cut_through_everything() -> None:
    before = project([clip(0, 10)], [clip(1, 3), clip(6, 8)], Track("3", "L", clips=(clip(0, 9),), locked=True))
    after = removing.remove_range(before, TIMELINE, *seconds(2, 7))
    assert laid(after) == [(0, 2), (2, 5)]
    assert laid(after, "2") == [(1, 2), (2, 3)]
    assert laid(after, "3") == [(0, 9)]
    first, second = on(after).tracks[0].clips
    assert (first.source_length, second.source_start) == (96_000, 12 * 48_000)
    lifted = removing.remove_range(before, TIMELINE, *seconds(2, 7), ripple=False)
    assert laid(lifted, "2") == [(1, 2), (7, 8)]


def test_a_range_of_some_tracks_moves_the_others_along() -> None:
    before = project([clip(0, 10)], [clip(0, 6), clip(8, 9)])
    after = removing.remove_range(before, TIMELINE, *seconds(2, 4), ["1"])
    assert laid(after) == [(0, 2), (2, 8)]
    assert laid(after, "2") == [(0, 6), (6, 7)]


def test_many_ranges_at_once() -> None:
    before = project([clip(0, 10)], markers=[Marker("m", 9 * TICKS)])
    ranges = [Range(*seconds(7, 8)), Range(*seconds(1, 2)), Range(*seconds(1.5, 3)), Range(*seconds(5, 5))]
    after = removing.remove_ranges(before, TIMELINE, ranges)
    assert laid(after) == [(0, 1), (1, 5), (5, 7)]
    assert [one.source_start / 48_000 for one in on(after).tracks[0].clips] == [5, 8, 13]
    assert on(after).markers[0].at == 6 * TICKS


def test_pieces_on_other_samples_follow_within_one() -> None:
    before = project([clip(0, 10)], [clip(0, 10, TAPE, 0)])
    after = removing.remove_range(before, TIMELINE, 2 * TICKS + 1, 4 * TICKS + 3)
    for track in on(after).tracks:
        left, right = track.clips
        assert left.end == 2 * TICKS + 1
        assert 0 <= right.start - left.end < TICKS // 44_100
    assert min(track.clips[1].start for track in on(after).tracks) == 2 * TICKS + 1
    assert SAMPLE == TICKS // 48_000


def test_words_are_cut_out_of_all_linked_tracks() -> None:
    """The clip plays its medium from second 5 on, at twice its speed; a second microphone is linked to it."""
    before = project([clip(0, 8, name="a")], [clip(0, 4, TAPE, 0, name="b")], [clip(0, 9), clip(9, 10)])
    before = stretching.set_speed(before, TIMELINE, ["a"], 2.0)
    before = arranging.group(before, TIMELINE, ["a", "b"])
    spans = [(48_000 * 7, 48_000 * 8), (0, 48_000 * 4), (48_000 * 11, 48_000 * 60)]
    assert removing.heard(on(before).clip("a"), MUSIC, spans) == [Range(*seconds(1, 1.5)), Range(*seconds(3, 4))]
    after = removing.remove_sound(before, TIMELINE, ["a"], spans)
    assert laid(after) == [(0, 1), (1, 2.5)]
    assert laid(after, "2") == [(0, 1), (1, 2.5)]
    assert laid(after, "3") == [(0, 9), (9, 10)]  # the music keeps its end
    first, second = on(after).tracks[0].clips
    assert (first.source_start + first.source_length, second.source_start) == (48_000 * 7, 48_000 * 8)
    with pytest.raises(RequestError, match="nothing of what is to go"):
        removing.remove_sound(before, TIMELINE, ["a"], [(0, 48_000)])


def test_gaps_are_closed() -> None:
    before = project([clip(1, 2), clip(4, 5), clip(7, 8)], [clip(6, 7)])
    after = removing.close_gap(before, TIMELINE, "1", 3 * TICKS)
    assert (laid(after), laid(after, "2")) == ([(1, 2), (2, 3), (5, 6)], [(4, 5)])
    alone = removing.close_gap(before, TIMELINE, "1", 3 * TICKS, everywhere=False)
    assert (laid(alone), laid(alone, "2")) == ([(1, 2), (2, 3), (5, 6)], [(6, 7)])
    every = removing.close_gaps(before, TIMELINE, ["1"])
    assert (laid(every), laid(every, "2")) == ([(1, 2), (2, 3), (3, 4)], [(6, 7)])
    for at in (1.5, 9):
        with pytest.raises(RequestError, match="no gap"):
            removing.close_gap(before, TIMELINE, "1", seconds(at)[0])


def test_nothing_is_removed_from_locked_tracks() -> None:
    before = project(Track("1", "Music", clips=(clip(1, 2, name="a"),), locked=True), [clip(0, 2, name="b")])
    for edit in (
        lambda: removing.remove(before, TIMELINE, ["a"]),
        lambda: removing.remove(before, TIMELINE, ["a", "b"], ripple=True),
        lambda: removing.remove_range(before, TIMELINE, 0, TICKS, ["1", "2"]),
        lambda: removing.close_gap(before, TIMELINE, "1", 0),
        lambda: removing.close_gaps(before, TIMELINE, ["1"]),
    ):
        with pytest.raises(RequestError, match="“Music” is locked"):
            edit()
