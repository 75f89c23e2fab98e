"""What is true of any sequence of edits of a timeline."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import placing, removing, source, stretching, trimming
from audiostudio.timeline.editing.trimming import Edge
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.history import History
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Point, Track
from tests.timeline.timelines import (
    MEDIA,
    TIMELINE,
    Edit,
    a_timeline_edit,
    amounts,
    check,
    clip,
    moments,
    new_clips,
    on,
    project,
    start_project,
    track_edits,
)

any_edit = a_timeline_edit | track_edits
media_of = {media.id: media for media in MEDIA}


def any_sequence_keeps_the_rules_and_can_be_taken_back(edits: list[Edit]) -> None:
    start = start_project()
    check(start)
    history = History(start)
    states = [start]
    for edit in edits:
        before = history.project
        after = history.edit("Edit", edit)
        check(after)
        now = {track.id: held(track) for track in on(after).tracks}
        assert all(now[track.id] == held(track) for track in on(before).tracks if track.locked)
        if after is not before:
            states.append(after)
    for state in reversed(states[:-1]):
        assert history.undo()
        assert history.project == state
    assert not history.undo()
    for state in states[1:]:
        assert history.redo()
        assert history.project == state


def held(track: Track) -> object:
    return track.clips, track.transitions, track.channel.automation


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_edit, min_size=6, max_size=14))
def test_any_sequence_of_edits_keeps_the_rules_and_can_be_taken_back(edits: list[Edit]) -> None:
    any_sequence_keeps_the_rules_and_can_be_taken_back(edits)


@pytest.mark.full
@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_edit, min_size=10, max_size=40))
def test_any_long_sequence_of_edits_keeps_the_rules_and_can_be_taken_back(edits: list[Edit]) -> None:
    any_sequence_keeps_the_rules_and_can_be_taken_back(edits)


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(any_edit, min_size=4, max_size=12), st.integers(0, 12), st.booleans())
def test_undo_goes_back_to_the_beginning_also_after_reopening(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Edit], closed_after: int, crashed: bool
) -> None:
    start = start_project()
    session = ProjectFile.store(tmp_path_factory.mktemp("projects"), start)
    path: Path = session.path
    for edit in edits[:closed_after]:
        session.edit("Edit", edit)
    session.flush()
    session.close(discard=crashed)
    with ProjectFile.open(path) as session:
        for edit in edits[closed_after:]:
            session.edit("Edit", edit)
        last = session.project
        steps = 0
        while session.undo():
            steps += 1
        assert session.project == start
        for _ in range(steps):
            assert session.redo()
        assert session.project == last


@settings(max_examples=60)
@given(new_clips(), moments, st.floats(0, 1), st.sampled_from([None, 0.7, 1.37, 3.0]))
def test_splitting_and_joining_gives_the_clip_back(whole: Clip, start: int, place: float, speed: float | None) -> None:
    whole = replace(whole, start=start, envelope=(Point(0, -3.0), Point(whole.duration, 1.0)), gain=-2.0)
    media = media_of[whole.media]
    before = project([whole])
    if speed is not None:
        before = stretching.set_speed(before, TIMELINE, [whole.id], speed) if media.sample_rate else before
    (whole,) = on(before).tracks[0].clips
    try:
        after = trimming.split(before, TIMELINE, whole.start + round(place * whole.duration))
    except RequestError:
        return
    left, right = on(after).tracks[0].clips
    assert left.end == right.start
    assert left.duration + right.duration == whole.duration
    if media.sample_rate:
        assert left.source_start + left.source_length == right.source_start
        assert left.source_length + right.source_length == whole.source_length
        # The right piece begins exactly where the whole was at its first sample.
        assert right.start - whole.start == source.offset_of(whole, media, left.source_length)
        assert source.is_stretched(left, media) == source.is_stretched(whole, media) or left.source_length < 9
    (joined,) = on(trimming.join(after, TIMELINE, [left.id, right.id])).tracks[0].clips
    if left.fade_in == whole.fade_in and right.fade_out == whole.fade_out:
        assert joined == whole
    assert [one.value for one in joined.envelope] == [-3.0, 1.0]


@settings(max_examples=40)
@given(amounts, st.integers(0, 5), st.sampled_from(Edge))
def test_a_ripple_trim_keeps_what_comes_later_together(by: int, pick: int, edge: Edge) -> None:
    before = start_project()
    clips = [one for track in on(before).tracks for one in track.clips if not track.locked]
    trimmed = clips[pick % len(clips)]
    try:
        after = trimming.trim(before, TIMELINE, [trimmed.id], edge, by, ripple=True)
    except RequestError:
        return
    moved_by = on(after).clip(trimmed.id).duration - trimmed.duration
    assert on(after).clip(trimmed.id).start == trimmed.start
    for track, now in zip(on(before).tracks, on(after).tracks, strict=True):
        end = 0
        for one, then in zip(track.clips, now.clips, strict=True):
            late = one.start >= trimmed.end and not track.locked
            # Only a clip that stays can be in the way: then the late one stands right behind it.
            assert then.start == max(one.start + (moved_by if late else 0), end)
            end = then.end
            assert one.id == trimmed.id or then.duration == one.duration
    for marker, then in zip(on(before).markers, on(after).markers, strict=True):
        if marker.at >= trimmed.end:
            assert then.at - marker.at == moved_by


@settings(max_examples=40)
@given(new_clips(), st.integers(0, 14 * TICKS))
def test_an_insert_keeps_what_comes_later_together(new: Clip, at: int) -> None:
    before = start_project()
    after = placing.insert(before, TIMELINE, "2", [new], at)
    inserted = on(after).clip(new.id)
    assert abs(inserted.start - at) <= TICKS // 48_000
    ids = {one.id for one in on(after).clips()}
    moved = {
        on(after).clip(one.id).start - one.start
        for track in on(before).tracks
        for one in track.clips
        if one.id in ids and one.start >= inserted.start and not track.locked
    }
    assert moved <= {new.duration}


@settings(max_examples=40)
@given(amounts)
def test_a_roll_keeps_the_sum(by: int) -> None:
    before = project([clip(1, 4, name="a"), clip(4, 8, MEDIA[1], name="b")])
    limits = trimming.roll_limits(before, TIMELINE, "a", "b")
    try:
        after = trimming.roll(before, TIMELINE, "a", "b", by)
    except RequestError:
        assert not limits.least + TICKS // 8_000 <= by <= limits.most - TICKS // 8_000
        return
    left, right = on(after).tracks[0].clips
    assert (left.start, right.end) == (1 * TICKS, 8 * TICKS)
    assert left.end == right.start
    assert abs(left.end - 4 * TICKS - by) <= TICKS // 44_100


@settings(max_examples=40)
@given(st.integers(0, 25 * TICKS), st.integers(1, 6 * TICKS))
def test_a_range_that_is_cut_out_leaves_the_rest_as_it_played(start: int, length: int) -> None:
    """On every unlocked track: nothing beyond the range is lost, nothing in it is left, the rest follows at once."""
    before = project([clip(0, 20)], [clip(0, 20, MEDIA[1], 0)])
    after = removing.remove_range(before, TIMELINE, start, start + length)
    for track in on(after).tracks:
        media = media_of[track.clips[0].media] if track.clips else MEDIA[0]
        sample = TICKS // media.sample_rate
        played = sum(one.source_length for one in track.clips)
        end = min(start + length, 20 * TICKS)
        assert abs(played * sample - (20 * TICKS - max(0, end - start))) <= 2 * sample
        assert all(right.start - left.end <= sample for left, right in pairwise(track.clips))
