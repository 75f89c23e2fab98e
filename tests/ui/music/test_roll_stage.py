"""Where ticks and pitches lie on the piano roll."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.ui.music.song.roll.stage import Stage


@given(st.integers(36, 96), st.integers(0, 2000), st.floats(0.5, 15.5))
def test_a_note_is_where_it_is_painted_however_far_the_view_is_scrolled(pitch: int, bar: int, inside: float) -> None:
    stage = Stage(top=96 - bar / 16)
    assert stage.pitch(stage.y(pitch) + inside) == pitch


@given(st.integers(0, 100_000), st.floats(0.0, 5000.0))
def test_a_tick_is_where_it_is_painted(tick: int, left: float) -> None:
    stage = Stage(left=left)
    assert stage.tick(stage.x(tick)) == pytest.approx(tick, abs=1e-6)
