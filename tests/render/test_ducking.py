import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.render.curves import values
from audiostudio.render.ducking import Ducking, curve, levels, speech_of_clips, speech_of_levels
from audiostudio.timeline.time import TICKS, ticks
from audiostudio.timeline.tracks import Automation, Channel, Parameter, Range
from tests.render.mixing import RATE, clip, drained, noise, rms, track

USUAL = Ducking()


def seconds(*ranges):
    return [Range(ticks(start), ticks(end)) for start, end in ranges]


def test_down_before_the_first_word_and_back_after_the_last():
    points = curve(seconds((5, 8), (20, 21)), USUAL)
    found = [(point.at / TICKS, point.value) for point in points]
    assert found == [
        *((4.75, 0.0), (5.0, -12.0), (8.0, -12.0), (8.8, 0.0)),
        *((19.75, 0.0), (20.0, -12.0), (21.0, -12.0), (21.8, 0.0)),
    ]


def test_short_pauses_do_not_bring_the_music_back():
    assert len(curve(seconds((5, 8), (8.9, 10), (10.5, 11)), USUAL)) == 4
    assert len(curve(seconds((5, 8), (9.2, 10)), USUAL)) == 8


def test_speech_from_the_beginning_on():
    points = curve(seconds((0.1, 2)), USUAL)
    assert points[0] == (0, -12.0)
    assert len(points) == 3


def test_no_speech_no_points():
    assert curve([], USUAL) == ()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.001, 5)), max_size=20),
    st.builds(Ducking, st.floats(0, 30), st.floats(0, 2), st.floats(0, 3), st.just(-40.0), st.floats(0, 2)),
)
def test_whatever_is_said_music_is_down_meanwhile(spoken, ducking):
    """And points are in order, no two at one time, none above 0 or deeper than asked."""
    speech = seconds(*((start, start + length) for start, length in spoken))
    points = curve(speech, ducking)
    assert len(points) <= 4 * len(speech)
    times = [point.at for point in points]
    assert times == sorted(set(times))
    assert all(-ducking.depth <= point.value <= 0 for point in points)
    for start, end in speech:
        inside = values(points, start, max(1, (end - start) // 7), 8)
        assert np.max(inside[:-1] if isinstance(inside, np.ndarray) else inside) == pytest.approx(
            -ducking.depth, abs=1e-6
        )


def test_levels_find_where_somebody_speaks(bench):
    """To a fiftieth of a second, and not what is only noise."""
    seed = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
    sound = noise(seed, 6.0, level=0.0005)
    sound[:, 1 * RATE : 2 * RATE] += noise(seed + 1, 1.0)
    sound[:, 4 * RATE : 5 * RATE] += noise(seed + 2, 1.0)
    media = bench.sound(sound)
    project = bench.project(track(clip(media), name="speech"), track(clip(media), name="music"))
    with bench.mix(project, only=["speech"], master=False) as mix:
        found = speech_of_levels(drained(levels(mix)), RATE)
    edges = np.array(found).reshape(-1) / TICKS
    assert edges == pytest.approx([1, 2, 4, 5], abs=0.025)


def test_clips_tell_where_they_lie(bench):
    media = bench.sound(noise(1))
    tracks = [track(clip(media, RATE), clip(media, 3 * RATE, muted=True)), track(clip(media), muted=True)]
    assert speech_of_clips(tracks) == [Range(TICKS, 2 * TICKS)]


def test_drawn_ducking_is_heard(bench):
    media = bench.sound(noise(1, 10.0))
    drawn = Automation(Parameter.DUCKING, curve(seconds((4, 6)), Ducking(depth=18.0)))
    found = bench.rendered(track(clip(media), channel=Channel(automation=(drawn,))))
    level = rms(noise(1, 10.0))
    assert rms(found[:, : 3 * RATE]) == pytest.approx(level, abs=0.1)
    assert rms(found[:, 4 * RATE : 6 * RATE]) == pytest.approx(level - 18, abs=0.1)
    assert rms(found[:, 7 * RATE :]) == pytest.approx(level, abs=0.1)
