"""How quiet a room is."""

import pytest

from audiostudio.ui.cloning.room import Room, room_verdict


@pytest.mark.parametrize(
    ("decibels", "verdict"), [(-70, "quiet"), (-55, "quiet"), (-50, "fair"), (-41, "loud"), (-20, "loud")]
)
def test_the_verdict_follows_the_level(decibels: float, verdict: str) -> None:
    room = Room()
    for _ in range(20):
        room.hear(10 ** (decibels / 10), 0.1)
    assert room.done
    assert room.level == pytest.approx(decibels)
    assert room_verdict(room.level) == verdict


def test_a_door_that_falls_shut_does_not_count() -> None:
    room = Room()
    for moment in range(20):
        room.hear(0.1 if 8 <= moment < 12 else 1e-6, 0.1)
    assert room.level == pytest.approx(-60)


def test_not_a_sound_is_no_quiet_room() -> None:
    room = Room()
    room.hear(0.0, 2.0)
    assert room_verdict(room.level) == "dead"
