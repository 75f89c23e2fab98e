"""Clips laid over others pass into them; beats of a timeline."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import fading, marking, placing
from audiostudio.timeline.editing.placing import Mode
from audiostudio.timeline.history import History
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Shape, Tempo, Transition
from tests.timeline.timelines import (
    MEDIA,
    PHONE,
    PICTURE,
    SAMPLE,
    TAPE,
    TIMELINE,
    check,
    clip,
    laid,
    on,
    project,
    seconds,
)


def crossing(*transitions: Transition) -> list[tuple[str, str, float, float]]:
    return [(one.left, one.right, one.in_offset / TICKS, one.out_offset / TICKS) for one in transitions]


def lay(before: Project, name: str, by: float, mode: Mode = Mode.CROSSFADE) -> Project:
    return placing.move(before, TIMELINE, [name], round(by * TICKS), mode=mode)


def test_the_end_and_the_beginning_of_clips_pass_into_the_one_that_is_laid_over_them() -> None:
    before = project([clip(0, 4, name="a"), clip(10, 14, name="b"), clip(20, 24, name="c")])
    after = lay(before, "b", -7)
    assert laid(after) == [(0, 3.5), (3.5, 7), (20, 24)]
    assert crossing(*on(after).tracks[0].transitions) == [("a", "b", 0.5, 0.5)]
    assert on(after).clip("b").source_start == round(5.5 * 48_000)
    check(after)
    both = lay(project([clip(0, 4, name="a"), clip(6, 10, name="c"), clip(30, 34, name="b")]), "b", -27)
    assert laid(both) == [(0, 3.5), (3.5, 6.5), (6.5, 10)]
    assert crossing(*on(both).tracks[0].transitions) == [("a", "b", 0.5, 0.5), ("b", "c", 0.5, 0.5)]
    before = project([clip(0, 4, name="a"), clip(10, 14, name="b")])
    assert lay(before, "b", -6) == lay(before, "b", -6, Mode.OVERWRITE)


def test_what_lies_under_all_of_a_clip_is_cut_away_and_old_crossfades_and_fades_at_the_cut_go() -> None:
    fades: dict[str, Any] = {"fade_in": Fade(TICKS // 4), "fade_out": Fade(TICKS // 4, Shape.SMOOTH)}
    before = project(
        [clip(0, 4, name="a", **fades), clip(4, 5, name="b"), clip(5, 9, name="c"), clip(20, 23, name="d", **fades)]
    )
    before = fading.crossfade_all(before, TIMELINE, ["a", "b", "c"], TICKS // 2)
    after = lay(before, "d", -17)
    assert laid(after) == [(0, 3.5), (3.5, 5.5), (5.5, 9)]
    assert crossing(*on(after).tracks[0].transitions) == [("a", "d", 0.5, 0.5), ("d", "c", 0.5, 0.5)]
    assert on(after).clip("a").fade_out == on(after).clip("d").fade_in == Fade()
    assert on(after).clip("a").fade_in == fades["fade_in"]
    inside = lay(project([clip(0, 10, name="a"), clip(20, 22, name="b")]), "b", -15)
    assert laid(inside) == [(0, 5), (5, 7), (7, 10)]
    assert on(inside).tracks[0].transitions == ()


def test_pictures_pass_into_each_other_and_one_sample_is_cut_away() -> None:
    before = project([clip(0, 4, PICTURE, name="a"), clip(10, 14, PICTURE, name="b")])
    assert crossing(*on(lay(before, "b", -7)).tracks[0].transitions) == [("a", "b", 0.5, 0.5)]
    before = project([clip(0, 4, name="a"), clip(10, 14, name="b")])
    after = placing.move(before, TIMELINE, ["b"], -6 * TICKS - SAMPLE // 3, mode=Mode.CROSSFADE)
    assert on(after).tracks[0].transitions == ()
    check(after)


@settings(max_examples=60)
@given(st.floats(0.01, 3.9), st.sampled_from([MEDIA[0], TAPE, PHONE]), st.sampled_from([MEDIA[0], TAPE, PHONE]))
def test_both_are_heard_where_they_were(overlap: float, first: Media, second: Media) -> None:
    before = project([clip(0, 4, first, 1.0, "a"), clip(10, 14, second, 1.0, "b")])
    history = History(before)
    history.edit("Move", lambda p: placing.move(p, TIMELINE, ["b"], seconds(-6 - overlap)[0], mode=Mode.CROSSFADE))
    left, right = on(history.project).tracks[0].clips
    (transition,) = on(history.project).tracks[0].transitions
    sample = TICKS // min(one.sample_rate for one in MEDIA if one.sample_rate)
    assert abs(right.start - transition.in_offset - (4 - overlap) * TICKS) <= sample
    assert abs(left.end + transition.out_offset - 4 * TICKS) <= sample
    for now, start in ((left, 0), (right, (4 - overlap) * TICKS)):
        assert abs(_begin(now) - start + TICKS) <= sample
    history.undo()
    assert history.project == before


def _begin(one: Clip) -> float:
    """Where its medium would begin, in ticks."""
    media = next(media for media in MEDIA if media.id == one.media)
    return one.start - one.source_start * TICKS / media.sample_rate


def test_a_timeline_has_beats() -> None:
    before = project([clip(0, 4)])
    tempo = Tempo(90.0, TICKS, 3)
    after = marking.set_tempo(before, TIMELINE, tempo)
    assert on(after).tempo == tempo
    assert [tempo.beat(number) for number in (-1, 0, 3)] == seconds(1 / 3, 1, 3)
    assert tempo.number(3 * TICKS) == 3.0
    assert marking.set_tempo(after, TIMELINE, None) == before
    for wrong in (Tempo(19.9), Tempo(401), Tempo(float("nan")), Tempo(120, -1), Tempo(120, 0, 0), Tempo(120, 0, 33)):
        with pytest.raises(RequestError):
            marking.set_tempo(before, TIMELINE, wrong)
