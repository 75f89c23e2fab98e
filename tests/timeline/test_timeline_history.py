"""Undo of timelines: thousands of steps, small on the disk, also after reopening; timelines of newer programs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import NewerFormat, ReadOnly
from audiostudio.timeline.difference import PatchMismatch, apply, difference
from audiostudio.timeline.editing import fading, mixing, placing, trimming
from audiostudio.timeline.editing.trimming import Edge
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.history import LIMIT, History, dump
from audiostudio.timeline.project import Project
from audiostudio.timeline.schema import encode, with_values
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Effect, Marker, Point
from tests.timeline.timelines import TIMELINE, clip, on, project

STEPS = 2000


def hundred_clips() -> Project:
    tracks = [[clip(3 * n, 3 * n + 2, name=f"{track} {n}") for n in range(25)] for track in range(4)]
    return project(*tracks, markers=[Marker(f"m{n}", n * TICKS * 5) for n in range(10)])


def ripple(number: int, before: Project) -> Project:
    """Make the first clip of a track a second longer, or shorter again."""
    by = TICKS // 2 * (-1 if number % 2 else 1)
    return trimming.trim(before, TIMELINE, [f"{number // 2 % 4} 0"], Edge.END, by, ripple=True)


@pytest.mark.long
def test_thousands_of_ripples_can_be_taken_back_also_after_reopening(tmp_path: Path) -> None:
    start = hundred_clips()
    session = ProjectFile.store(tmp_path, start)
    session.edit("Gain", lambda p: mixing.set_gain(p, TIMELINE, ["0 24"], -1.0))
    for number in range(STEPS):
        session.edit("Trim", lambda p, n=number: ripple(n, p))
    session.flush()
    last = session.project
    size = sum(step.size for step in session.history.frozen().undo)
    assert size / STEPS * 5000 < LIMIT
    session.close()
    assert (session.path / "project.json").stat().st_size < 300_000
    with ProjectFile.open(session.path) as session:
        assert session.project == last
        undone = 0
        while session.undo():
            undone += 1
        assert undone == STEPS + 1
        assert session.project == start


def test_a_ripple_of_many_clips_is_a_small_patch() -> None:
    before = hundred_clips()
    after = ripple(0, before)
    patch = difference(before, after)
    assert len(dump(patch)) < 1000
    stored = json.loads(dump(patch))
    for here, there in ((before, after), (encode(before), encode(after))):
        assert apply(stored, here) == there
        assert apply(stored, there, reverse=True) == here


def test_a_ripple_is_not_applied_to_another_timeline() -> None:
    before = hundred_clips()
    patch = difference(before, ripple(0, before))
    other = placing.move(before, TIMELINE, ["2 7"], TICKS // 4)
    with pytest.raises(PatchMismatch):
        apply(patch, other)
    with pytest.raises(PatchMismatch):
        apply(patch, encode(other))
    with pytest.raises(PatchMismatch):
        apply(patch, before, reverse=True)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 1), st.booleans()), max_size=12))
def test_numbers_of_items_in_a_row_change_there_and_back(changes: list[tuple[int, int, bool]]) -> None:
    before = project([clip(3 * n, 3 * n + 2, name=str(n)) for n in range(len(changes))])
    (track,) = on(before).tracks
    clips = [
        replace(one, start=one.start + by, duration=one.duration + longer, name="new" if renamed else one.name)
        for one, (by, longer, renamed) in zip(track.clips, changes, strict=True)
    ]
    for kept in (clips, clips[1:], [*clips[:3], *clips[5:]]):
        timeline = on(before).with_track(replace(track, clips=tuple(kept)))
        after = replace(before, timelines=(timeline,))
        patch = difference(before, after)
        if patch is None:
            assert before == after
            continue
        stored = json.loads(dump(patch))
        assert apply(stored, before) == after
        assert apply(stored, after, reverse=True) == before
        assert apply(stored, encode(before)) == encode(after)
        assert apply(stored, encode(after), reverse=True) == encode(before)


def test_objects_with_other_values_are_as_replaced() -> None:
    clips = list(on(hundred_clips()).clips())
    starts = [one.start + 5 for one in clips]
    assert with_values(clips, start=starts) == [replace(one, start=one.start + 5) for one in clips]
    assert with_values([], start=[]) == []


def test_a_drag_is_one_step() -> None:
    start = hundred_clips()
    history = History(start)
    for _ in range(20):
        history.edit("Move", lambda p: placing.move(p, TIMELINE, ["0 24"], TICKS // 10), merge_key="drag 0 24")
    assert on(history.project).clip("0 24").start == 74 * TICKS
    history.undo()
    assert history.project == start
    assert not history.undo()


@pytest.mark.parametrize("kind", ["Timeline", "Track", "Clip", "Transition", "Marker", "Effect", "Automation", "Media"])
def test_timelines_of_a_newer_program_are_shown_and_left_alone(tmp_path: Path, kind: str) -> None:
    made = placing.move(hundred_clips(), TIMELINE, ["0 1"], -TICKS)
    made = fading.crossfade(made, TIMELINE, "0 0", "0 1")
    made = mixing.add_effect(made, TIMELINE, None, Effect("eq", "eq"))
    made = mixing.set_automation(made, TIMELINE, "1", "gain", [Point(0, -3.0)])
    with ProjectFile.store(tmp_path, made) as session:
        path = session.path / "project.json"
    text = path.read_text(encoding="utf-8")
    newer = text.replace(f'"schema":"{kind}.1"', f'"schema":"{kind}.2","spatial":[1,2]')
    path.write_text(newer, encoding="utf-8")
    with ProjectFile.open(tmp_path / "Film") as session:
        assert isinstance(session.problem, NewerFormat)
        assert "can only be looked at" in session.problem.sentence
        assert len(list(on(session.project).clips())) == 100
        with pytest.raises((NewerFormat, ReadOnly)):
            session.edit("Trim", lambda p: ripple(0, p))
    assert path.read_text(encoding="utf-8") == newer


def test_unknown_fields_of_clips_live_through_edits(tmp_path: Path) -> None:
    with ProjectFile.store(tmp_path, hundred_clips()) as session:
        path = session.path / "project.json"
    text = path.read_text(encoding="utf-8").replace('"schema":"Clip.1"', '"schema":"Clip.1","spatial":[1,2]')
    path.write_text(text, encoding="utf-8")
    with ProjectFile.open(path) as session:
        session.edit("Trim", lambda p: ripple(0, p))
        session.edit("Split", lambda p: trimming.split(p, TIMELINE, TICKS))
        assert all(one.extra == (("spatial", [1, 2]),) for one in on(session.project).clips())
