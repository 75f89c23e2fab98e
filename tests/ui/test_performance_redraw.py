"""Words and what edits make of them: plans, melodies, fits, for any words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.performance import HIGHEST, LONGEST_GAP, LONGEST_WORD, LOWEST, PLAIN, Voicing
from audiostudio.timeline.edits import set_text, set_word_performance
from audiostudio.timeline.project import WordPerformance, new_project
from audiostudio.ui.speech.performance import redraw
from audiostudio.ui.speech.performance.notes import hertz, note, scales
from audiostudio.ui.speech.performance.picture import HOP, ROWS, Picture, row_of
from audiostudio.ui.speech.performance.shape import (
    SHORTEST,
    Shape,
    WordShape,
    curve_notes,
    melody_between,
    planned,
    simplified,
)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Words one after the other, most of them with a voice somewhere."""
    at, words = draw(st.floats(0, 0.2)), []
    for index in range(draw(st.integers(1, 8))):
        seconds, gap = draw(st.floats(0.05, 1.0)), draw(st.floats(0, 0.5))
        melody = 50 + np.cumsum(draw(st.lists(st.floats(-0.5, 0.5), min_size=10, max_size=60))).astype(np.float32)
        melody[: draw(st.integers(0, 5))] = np.nan
        words.append(WordShape(index, f"word{index}", at, at + seconds, gap, (("a", 0.5), ("b", 0.5)), melody))
        at += seconds + gap
    return Shape(tuple(words), at + 0.1)


edits = st.builds(
    Voicing,
    pitch=st.floats(-6, 6),
    energy=st.floats(-6, 6),
    seconds=st.none() | st.floats(0.05, 2.0),
    gap=st.none() | st.floats(0, 1.0),
)


@given(shapes(), st.lists(edits, max_size=8))
def test_a_plan_lasts_as_its_edits_say_and_times_rise(shape: Shape, voicings: list[Voicing]) -> None:
    wanted = dict(enumerate(voicings[: len(shape.words)]))
    plan, knots = planned(shape, {}, shape, wanted)
    for before, after in zip(shape.words, plan.words, strict=True):
        edit = wanted.get(before.index, PLAIN)
        length = before.seconds if edit.seconds is None else edit.seconds
        assert after.seconds == pytest.approx(max(SHORTEST, length))
        assert np.nanmax(np.abs(after.melody - before.melody - edit.pitch)) < 1e-3
    for before, after in zip(plan.words, plan.words[1:], strict=False):
        edit = wanted.get(before.index, PLAIN)
        gap = shape.words[before.index].gap if edit.gap is None else edit.gap
        assert after.start - before.end == pytest.approx(gap, abs=1e-9)
    there, here = zip(*knots, strict=True)
    assert all(np.diff(there) > 0)
    assert all(np.diff(here) >= 0)


@given(shapes(), edits)
def test_a_take_that_was_made_so_is_drawn_as_it_sounds(shape: Shape, edit: Voicing) -> None:
    made, _ = planned(shape, {}, shape, {0: edit})
    again, knots = planned(made, {0: edit}, shape, {0: edit})
    assert [word.start for word in again.words] == pytest.approx([word.start for word in made.words])
    assert [word.end for word in again.words] == pytest.approx([word.end for word in made.words])
    assert all(there == pytest.approx(here) for there, here in knots)


@given(st.lists(st.floats(40, 70), min_size=4, max_size=80), st.floats(0.1, 1.0))
def test_a_simplified_melody_is_nowhere_far_from_it(heights: list[float], tolerance: float) -> None:
    melody = np.array(heights, np.float32)
    places = (np.arange(len(melody)) + 0.5) / len(melody)
    assert np.abs(curve_notes(simplified(melody, tolerance), places) - melody).max() <= tolerance + 0.01


@given(st.lists(st.floats(45, 60), min_size=8, max_size=40), st.integers(1, 4))
def test_where_a_voice_breaks_off_there_is_no_melody(heights: list[float], falling: int) -> None:
    steady = [heights[0]]
    for height in heights[1:]:
        steady.append(steady[-1] + min(0.2, max(-0.2, height - steady[-1])))
    falls = [steady[-1] - 6.0 * step for step in range(1, falling + 1)]
    hz = np.array([*(hertz(one) for one in (*steady, *falls)), 20.0, 20.0], np.float32)
    found = melody_between(hz, 0.005, 0.0, 0.005 * len(hz))
    assert np.isnan(found[len(steady) :]).all()
    assert np.isfinite(found[: len(steady) - 1]).all()


@given(st.floats(0, 200))
def test_what_is_dragged_is_held_where_an_edit_would_be_refused(seconds: float) -> None:
    project = set_text(new_project("Film"), "One two.")
    line = project.script.lines[0].id
    refused = ((Voicing(seconds=LONGEST_WORD + 1), "last 21 s"), (Voicing(gap=LONGEST_GAP + 1), "gap of 61 s"))
    held = redraw.followed_by(redraw.lasting(PLAIN, seconds), seconds)
    assert set_word_performance(project, line, WordPerformance(1, "two.", held)).line(line).performance
    for voicing, said in refused:
        with pytest.raises(RequestError, match=rf"“two\.” \(word 2\) cannot .*{said}"):
            set_word_performance(project, line, WordPerformance(1, "two.", voicing))


@given(shapes(), st.floats(-30, 30))
def test_what_is_transposed_stays_within_what_can_be_spoken(shape: Shape, semitones: float) -> None:
    word = shape.words[0]
    assert abs(redraw.transposed(PLAIN, word, semitones).pitch) <= 12
    flat = redraw.flattened(PLAIN, word)
    moved = redraw.transposed(flat, word, semitones)
    for point in moved.curve:
        assert LOWEST - 0.01 <= point.hz <= HIGHEST + 0.01


@given(shapes(), st.floats(-1, 2))
def test_phonemes_share_their_word_whatever_is_done(shape: Shape, place: float) -> None:
    edit = redraw.with_edge(PLAIN, shape.words[0], 0, place)
    assert sum(edit.phonemes) == pytest.approx(1.0)
    assert min(edit.phonemes) >= redraw.SMALLEST_SHARE - 1e-4


@given(st.floats(24, 96))
def test_a_scale_gives_its_nearest_note(height: float) -> None:
    for _, scale in scales():
        nearest = scale.nearest(height)
        assert (round(nearest) - scale.root) % 12 in scale.steps
        assert abs(nearest - height) <= 1.5


def test_what_markup_asks_for_can_be_taken_back() -> None:
    """0 would leave the +2 of the markup; a hundredth of a semitone nobody hears."""
    word = WordShape(0, "word", 0, 1, 0, (), np.full(10, 60, np.float32), Voicing(pitch=2.0))
    assert redraw.transposed(PLAIN, word, -2.0).pitch == 0.01


def test_a_tone_lies_at_its_row_of_the_spectrogram() -> None:
    rate = 48_000
    times = np.arange(rate) / rate
    for hz in (200.0, 1000.0, 4000.0):
        picture = Picture.of(np.sin(2 * np.pi * hz * times).astype(np.float32), rate)
        assert picture.colours.shape == (ROWS, rate // HOP)
        found = picture.colours[:, 100].argmax() / ROWS
        assert found == pytest.approx(row_of(hz), abs=0.03)


def test_a_picture_of_nothing_can_be_drawn() -> None:
    picture = Picture.of(np.zeros(0, np.float32), 48_000)
    times = np.linspace(0, 1, 11)
    assert len(picture.wave(times)[0]) == 10
    assert picture.spectrum(times[:-1], 20).shape == (20, 10)
    assert hertz(note(123.0)) == pytest.approx(123.0)
