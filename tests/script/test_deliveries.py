"""Ways to speak."""

from audiostudio.script.deliveries import DELIVERIES, NEUTRAL, delivery, named


def test_deliveries_differ_and_stay_in_range() -> None:
    assert len({one.name for one in DELIVERIES}) == len({tuple(one.settings().values()) for one in DELIVERIES})
    for one in DELIVERIES:
        assert 0.5 <= one.speed <= 2
        assert -6 <= one.pitch <= 6
        assert -6 <= one.energy <= 6
        assert 0 <= one.intonation <= 2
        assert one.title
        assert one.sentence.endswith(".")
        assert delivery(one.name) == one
        assert named(**one.settings()) == one
    assert named(1.0, 0.0, 0.0, 1.0) == NEUTRAL
    assert (named(1.01, 0.0, 0.0, 1.0), delivery("whisper")) == (None, None)
