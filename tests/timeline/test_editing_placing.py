"""Clips come to stand somewhere: exact places of insert, overwrite, move, paste, duplicate, nudge."""

from dataclasses import replace

import pytest

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline.editing import arranging, clipboard, fading, placing
from audiostudio.timeline.editing.clipboard import Fragment
from audiostudio.timeline.editing.placing import Mode, clip_of
from audiostudio.timeline.project import AssetReference, Media, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Automation, Channel, Content, Fade, Marker, Point, Range, Timeline, Track
from tests.timeline.timelines import MUSIC, PHONE, PICTURE, SAMPLE, TAPE, TIMELINE, clip, laid, on, project, seconds


def test_a_clip_plays_all_of_its_medium_or_a_part() -> None:
    whole = clip_of(TAPE, 5)
    assert (whole.start, whole.duration, whole.source_start, whole.source_length) == (5, 20 * TICKS, 0, 882_000)
    assert clip_of(MUSIC, first=48_000, last=48_001, gain=-3.0).duration == SAMPLE
    assert clip_of(PICTURE, duration=77).duration == 77


def test_what_has_no_length_is_no_clip() -> None:
    silent = replace(MUSIC, samples=0)
    for wrong in (lambda: clip_of(silent), lambda: clip_of(MUSIC, first=9, last=9), lambda: clip_of(PICTURE)):
        with pytest.raises(RequestError):
            wrong()
    with pytest.raises(RequestError, match="Nothing would be left"):
        placing.overwrite(project([]), TIMELINE, "1", [replace(clip(0, 1), duration=0)], 0)
    with pytest.raises(RequestError, match="Nothing would be left"):
        placing.overwrite(project([]), TIMELINE, "1", [replace(clip(0, 1), source_length=0)], 0)
    with pytest.raises(RequestError, match="no more sound"):
        placing.overwrite(project([]), TIMELINE, "1", [replace(clip(0, 1), source_start=-1)], 0)


def test_overwrite_cuts_away_what_is_underneath() -> None:
    before = project([clip(0, 4, name="a"), clip(4, 6, name="b"), clip(6, 9, name="c")])
    after = placing.overwrite(before, TIMELINE, "1", [clip(0, 4, name="new")], 3 * TICKS)
    assert laid(after) == [(0, 3), (3, 7), (7, 9)]
    a, new, c = on(after).tracks[0].clips
    assert (a.id, new.id, c.id) == ("a", "new", "c")
    assert (a.source_start, a.source_length) == (5 * 48_000, 3 * 48_000)
    assert (c.source_start, c.source_length) == (6 * 48_000, 2 * 48_000)


def test_overwrite_within_a_clip_leaves_both_ends() -> None:
    before = project([clip(0, 10, name="a")])
    after = placing.overwrite(before, TIMELINE, "1", [clip(0, 1)], 4 * TICKS)
    assert laid(after) == [(0, 4), (4, 5), (5, 10)]
    left, _, right = on(after).tracks[0].clips
    assert left.id == "a" != right.id
    assert right.source_start == 10 * 48_000


def test_a_cut_between_two_samples_keeps_the_rest_on_its_own_samples() -> None:
    before = project([clip(0, 10, name="a")])
    after = placing.overwrite(before, TIMELINE, "1", [clip(0, 1)], 4 * TICKS + 5)
    left, new, right = on(after).tracks[0].clips
    assert left.end == new.start == 4 * TICKS + 5
    assert (right.start - new.end, right.start) == (SAMPLE - 5, 5 * TICKS + SAMPLE)
    assert right.source_start == 10 * 48_000 + 1


def test_insert_splits_and_moves_what_comes_later_on_every_unlocked_track() -> None:
    automation = Automation("gain", (Point(0, -6.0), Point(4 * TICKS, 0.0)))
    before = project(
        [clip(0, 4, name="a"), clip(5, 6, name="b")],
        Track("2", "Bed", clips=(clip(1, 9), clip(9, 10)), channel=Channel(automation=(automation,))),
        Track("3", "Locked", clips=(clip(5, 6),), locked=True),
        markers=[Marker("m", seconds(1)[0]), Marker("n", seconds(5)[0], duration=TICKS)],
        range=Range(*seconds(1, 8)),
    )
    after = placing.insert(before, TIMELINE, "1", [clip(0, 2, name="new")], 3 * TICKS)
    assert laid(after) == [(0, 3), (3, 5), (5, 6), (7, 8)]
    assert laid(after, "2") == [(1, 9), (11, 12)]
    assert laid(after, "3") == [(5, 6)]
    assert [marker.at for marker in on(after).markers] == seconds(1, 7)
    assert on(after).range == Range(*seconds(1, 10))
    assert [point.at for point in on(after).track("2").channel.automated("gain")] == seconds(0, 6)
    right = on(after).tracks[0].clips[2]
    assert right.source_start == 8 * 48_000


def test_insert_comes_to_the_sample_where_the_clip_is_cut() -> None:
    after = placing.insert(project([clip(0, 4)]), TIMELINE, "1", [clip(0, 2)], 3 * TICKS + SAMPLE // 2 - 1)
    assert laid(after) == [(0, 3), (3, 5), (5, 6)]


def test_several_clips_keep_their_distances() -> None:
    after = placing.insert(project([clip(0, 4)]), TIMELINE, "1", [clip(7, 8), clip(10, 11)], 0)
    assert laid(after) == [(0, 1), (3, 4), (4, 8)]


def test_free_places_refuse_what_is_taken() -> None:
    before = project([clip(0, 4), clip(6, 8)])
    fits = [("1", clip(4, 6))]
    assert laid(placing.place(before, TIMELINE, fits, Mode.FREE)) == [(0, 4), (4, 6), (6, 8)]
    with pytest.raises(RequestError, match=r"no room for “Music” on “Track 1” at 0:00:03\.999"):
        placing.place(before, TIMELINE, [("1", replace(clip(4, 6), start=4 * TICKS - TICKS // 1000))], Mode.FREE)


def test_media_come_once_and_tracks_that_are_made_for_clips() -> None:
    other = Media("other", AssetReference("other", "x", "Other.wav"), 480, 48_000, 1, "Other")
    made = Track("new", "New", content=Content.MUSIC)
    placements = [("new", clip_of(other)), ("new", replace(clip_of(other), start=TICKS))]
    after = placing.place(project([]), TIMELINE, placements, media=[other, MUSIC], tracks=[made])
    assert [one.id for one in after.media].count("music") == 1
    assert after.media[-1] == other
    assert len(on(after).track("new").clips) == 2
    with pytest.raises(NotFound):
        placing.place(project([]), TIMELINE, [("1", clip_of(other))])


def test_move_to_another_track_and_back_over_what_is_there() -> None:
    before = project([clip(0, 2, name="a"), clip(2, 4, name="b")], [clip(3, 6, name="c")])
    after = placing.move(before, TIMELINE, ["a", "b"], TICKS, down=1)
    assert laid(after) == []
    assert laid(after, "2") == [(1, 3), (3, 5), (5, 6)]
    with pytest.raises(RequestError, match="no track"):
        placing.move(before, TIMELINE, ["a"], down=2)
    with pytest.raises(RequestError, match="before the timeline"):
        placing.move(before, TIMELINE, ["a"], -1)
    with pytest.raises(RequestError, match="no room"):
        placing.move(before, TIMELINE, ["b"], TICKS // 2, down=1, mode=Mode.FREE)


def test_a_crossfade_goes_with_its_clips_to_another_track() -> None:
    before = fading.crossfade(project([clip(0, 2, name="a"), clip(2, 4, name="b")], []), TIMELINE, "a", "b")
    after = placing.move(before, TIMELINE, ["a", "b"], TICKS, down=1)
    assert on(after).tracks[0].transitions == ()
    assert on(after).tracks[1].transitions == on(before).tracks[0].transitions
    alone = placing.move(before, TIMELINE, ["b"], TICKS, down=1)
    assert [track.transitions for track in on(alone).tracks] == [(), ()]


def test_clips_of_a_group_move_together() -> None:
    before = arranging.group(project([clip(0, 2, name="a")], [clip(1, 2, name="b")]), TIMELINE, ["a", "b"])
    after = placing.move(before, TIMELINE, ["a"], TICKS)
    assert (laid(after, "1"), laid(after, "2")) == ([(1, 3)], [(2, 3)])
    alone = placing.move(before, TIMELINE, ["a"], TICKS, grouped=False)
    assert (laid(alone, "1"), laid(alone, "2")) == ([(1, 3)], [(1, 2)])


def test_move_with_ripple_takes_everything_later_along() -> None:
    before = project([clip(1, 2), clip(2, 4, name="a"), clip(5, 6)], [clip(0, 9), clip(9, 10)])
    after = placing.move(before, TIMELINE, ["a"], TICKS, ripple=True)
    assert laid(after) == [(1, 2), (3, 5), (6, 7)]
    assert laid(after, "2") == [(0, 9), (10, 11)]
    with pytest.raises(RequestError, match="would lie on each other at 0:00:01"):
        placing.move(before, TIMELINE, ["a"], -TICKS, ripple=True)


def test_move_by_inserting_changes_the_order() -> None:
    before = project([clip(0, 1, name="a"), clip(1, 3, name="b"), clip(3, 6, name="c")])
    after = placing.move(before, TIMELINE, ["a"], 6 * TICKS, mode=Mode.INSERT, ripple=True)
    assert [one.id for one in on(after).tracks[0].clips] == ["b", "c", "a"]
    assert laid(after) == [(0, 2), (2, 5), (5, 6)]
    back = placing.move(after, TIMELINE, ["a"], -5 * TICKS, mode=Mode.INSERT, ripple=True)
    assert on(back) == on(before)
    between = placing.move(before, TIMELINE, ["c"], -2 * TICKS, mode=Mode.INSERT, ripple=True)
    assert [one.id for one in on(between).tracks[0].clips] == ["a", "c", "b"]
    assert laid(between) == [(0, 1), (1, 4), (4, 6)]


def test_nudge_goes_as_far_as_there_is_room() -> None:
    before = project([clip(0, 1), clip(2, 3, name="a")])
    assert laid(placing.nudge(before, TIMELINE, ["a"], -TICKS)) == [(0, 1), (1, 2)]
    with pytest.raises(RequestError, match="no room"):
        placing.nudge(before, TIMELINE, ["a"], -TICKS - 1)


def test_duplicates_follow_the_original() -> None:
    before = project([clip(0, 2, name="a"), clip(2, 3)])
    after = placing.duplicate(before, TIMELINE, ["a"], times=2)
    assert laid(after) == [(0, 2), (2, 4), (4, 6), (6, 7)]
    over = placing.duplicate(before, TIMELINE, ["a"], Mode.OVERWRITE)
    assert laid(over) == [(0, 2), (2, 4)]


def test_a_copy_goes_through_the_clipboard_into_another_project_with_its_media() -> None:
    before = arranging.group(
        project([clip(1, 2, name="a", line="line", take="take")], [clip(2, 3, PHONE, 1, name="b")]),
        TIMELINE,
        ["a", "b"],
    )
    fragment = Fragment.from_text(clipboard.copy(before, TIMELINE, ["a"]).to_text())
    assert fragment == clipboard.copy(before, TIMELINE, ["a"])
    assert fragment.duration == 2 * TICKS
    assert {media.id for media in fragment.media} == {"music", "phone"}
    empty = arranging.add_timeline(new_project("Other"), Timeline("t", "Main", (Track("x", "Mine"),)))
    after = clipboard.paste(empty, "t", fragment, 5 * TICKS)
    mine, made = after.timeline("t").tracks
    assert (mine.id, made.name) == ("x", "Track 2")
    assert [(one.start, one.line, one.take) for one in mine.clips] == [(5 * TICKS, None, None)]
    assert [one.start for one in made.clips] == [6 * TICKS]
    assert mine.clips[0].group == made.clips[0].group not in (None, on(before).clip("a").group)
    assert {media.id for media in after.media} == {"music", "phone"}


def test_paste_goes_to_where_it_came_from_or_to_the_chosen_track() -> None:
    before = project([], [clip(0, 2, name="a")], [])
    fragment = clipboard.copy(before, TIMELINE, ["a"])
    assert laid(clipboard.paste(before, TIMELINE, fragment, TICKS), "2") == [(0, 1), (1, 3)]
    assert laid(clipboard.paste(before, TIMELINE, fragment, TICKS, mode=Mode.INSERT), "2") == [(0, 1), (1, 3), (3, 4)]
    assert laid(clipboard.paste(before, TIMELINE, fragment, TICKS, "3"), "3") == [(1, 3)]


def test_cut_and_paste_keeps_crossfades_and_what_the_line_is() -> None:
    before = project([clip(0, 2, name="a"), clip(2, 4, name="b")])
    before = fading.crossfade(before, TIMELINE, "a", "b", TICKS)
    fragment = clipboard.copy(before, TIMELINE, ["a", "b"])
    after = clipboard.paste(clipboard.cut(before, TIMELINE, ["a", "b"]), TIMELINE, fragment, 0)
    (track,) = on(after).tracks
    assert [(one.left, one.right, one.in_offset) for one in track.transitions] == [
        (track.clips[0].id, track.clips[1].id, TICKS // 2)
    ]


def test_a_name_that_no_encoding_takes_is_copied() -> None:
    before = project([clip(1, 2, name="a")])
    before = arranging.rename_clip(before, TIMELINE, "a", "half \ud83c of it")
    text = clipboard.copy(before, TIMELINE, ["a"]).to_text().encode("ascii").decode()
    after = clipboard.paste(before, TIMELINE, Fragment.from_text(text), 5 * TICKS)
    assert [one.name for one in on(after).clips()] == ["half \ud83c of it"] * 2


@pytest.mark.parametrize(
    "text", ["", "words", "{}", "[1]", '{"schema":"Fragment.1","tracks":3,"media":[]}', "[" * 9999]
)
def test_anything_else_on_the_clipboard_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="holds no clips"):
        Fragment.from_text(text)
    newer = clipboard.copy(project([clip(0, 1, name="a")]), TIMELINE, ["a"]).to_text().replace("Clip.1", "Clip.2")
    with pytest.raises(RequestError, match="newer"):
        Fragment.from_text(newer)


def test_a_hostile_fragment_is_no_timeline() -> None:
    fragment = clipboard.copy(project([clip(0, 1, name="a")]), TIMELINE, ["a"])
    (track,) = fragment.tracks
    over = replace(fragment, tracks=(replace(track, clips=(track.clips[0], replace(track.clips[0], id="b"))),))
    with pytest.raises(RequestError, match="lie on each other"):
        clipboard.paste(project([]), TIMELINE, over, 0)
    for wrong in ({"sample_rate": -5}, {"samples": -1}, {"sample_rate": 10**12}, {"channels": -1}):
        media = replace(fragment.media[0], id="new", **wrong)
        with pytest.raises(RequestError, match="not described"):
            clipboard.paste(project([]), TIMELINE, replace(fragment, media=(media,)), 0)
    wild = replace(track.clips[0], envelope=(Point(9, 1.0), Point(3, 2.0), Point(9, 3.0)), fade_in=Fade(-4))
    after = clipboard.paste(project([]), TIMELINE, replace(fragment, tracks=(replace(track, clips=(wild,)),)), 0)
    assert on(after).tracks[0].clips[0].envelope == (Point(3, 2.0), Point(9, 3.0))
    assert on(after).tracks[0].clips[0].fade_in == Fade(0)
    loud = replace(fragment, tracks=(replace(track, clips=(replace(track.clips[0], gain=1e300),)),))
    with pytest.raises(RequestError, match="gain"):
        clipboard.paste(project([]), TIMELINE, loud, 0)


def test_locked_tracks_take_nothing() -> None:
    before = project(Track("1", "Music", clips=(clip(0, 2, name="a"),), locked=True), [clip(0, 1, name="b")])
    for edit in (
        lambda: placing.overwrite(before, TIMELINE, "1", [clip(0, 1)], 0),
        lambda: placing.insert(before, TIMELINE, "1", [clip(0, 1)], 0),
        lambda: placing.move(before, TIMELINE, ["a"], TICKS),
        lambda: placing.move(before, TIMELINE, ["b"], down=-1),
        lambda: placing.duplicate(before, TIMELINE, ["a"]),
        lambda: clipboard.paste(before, TIMELINE, clipboard.copy(before, TIMELINE, ["a"]), 0),
    ):
        with pytest.raises(RequestError, match="The track “Music” is locked") as refused:
            edit()
        assert refused.value.hint == "Unlock it first."


def test_a_clip_that_is_gone_is_named_so() -> None:
    with pytest.raises(NotFound, match="no longer on the timeline"):
        placing.move(project([clip(0, 1)]), TIMELINE, ["gone"], 1)
    with pytest.raises(NotFound, match="no longer in the project"):
        placing.move(project([]), "gone", ["gone"], 1)
