"""What makes a take good, worth a listen, or bad."""

from dataclasses import replace
from typing import Any

import pytest

from audiostudio.operations.verdict import Level, penalty, verdict
from audiostudio.timeline.project import TakeCheck

FINE = TakeCheck("Hello there.", 0.0, silence=0.4, loudness=-20.0, quality=3.3)


@pytest.mark.parametrize(
    ("changed", "level", "reason"),
    [
        ({}, Level.GOOD, ""),
        ({"word_errors": 0.02}, Level.GOOD, ""),
        ({"word_errors": 0.1, "missing": ("there",)}, Level.LISTEN, "Not heard: “there”."),
        ({"word_errors": 0.1, "added": ("you",)}, Level.LISTEN, "Heard beside the text: “you”."),
        ({"word_errors": 0.5, "missing": ("a",), "added": ("b",)}, Level.BAD, "Not heard: “a”. Heard instead: “b”."),
        ({"word_errors": 1.0, "heard": "", "missing": ("Hello",)}, Level.BAD, "No words are heard."),
        ({"clipped": 3}, Level.LISTEN, "3 samples are clipped"),
        ({"clipped": 101}, Level.BAD, "101 samples are clipped"),
        ({"silence": 2.0}, Level.LISTEN, "silent for 2.0 seconds"),
        ({"silence": 6.0}, Level.BAD, "silent for 6.0 seconds"),
        ({"before": 1.2}, Level.LISTEN, "begins with 1.2 seconds"),
        ({"after": 1.2}, Level.LISTEN, "ends with 1.2 seconds"),
        ({"loudness": -40.0}, Level.LISTEN, "very quiet: -40 LUFS"),
        ({"loudness": -55.0}, Level.BAD, "very quiet"),
        ({"loudness": -6.0}, Level.LISTEN, "very loud: -6 LUFS"),
        ({"loudness": None, "quality": None}, Level.GOOD, ""),
        ({"quality": 2.5}, Level.LISTEN, "DNSMOS 2.5 of 5"),
        ({"quality": 1.5}, Level.BAD, "DNSMOS 1.5 of 5"),
    ],
)
def test_each_finding_has_its_level_and_sentence(changed: dict[str, Any], level: Level, reason: str) -> None:
    found = verdict(replace(FINE, **changed))
    assert found.level is level
    assert len(found.reasons) == (0 if level is Level.GOOD else 1)
    assert reason in " ".join(found.reasons)


def test_a_pause_that_was_asked_for_is_no_fault() -> None:
    assert verdict(replace(FINE, silence=5.4)).level is Level.BAD
    assert verdict(replace(FINE, silence=5.4, before=4.9), asked=5.0).level is Level.GOOD


def test_the_worst_comes_first_and_decides() -> None:
    found = verdict(replace(FINE, before=2.0, quality=1.0))
    assert found.level is Level.BAD
    assert "distorted" in found.reasons[0]


def test_the_best_take_says_the_words_then_has_no_faults_then_sounds_well() -> None:
    ranked = [
        replace(FINE, quality=3.5),
        FINE,
        replace(FINE, before=1.5),
        replace(FINE, clipped=500),
        replace(FINE, word_errors=0.3, missing=("a",)),
    ]
    assert sorted(ranked, key=penalty) == ranked


def test_a_long_list_of_words_is_cut() -> None:
    found = verdict(replace(FINE, word_errors=0.9, missing=tuple("abcdefgh")))
    assert found.reasons == ("Not heard: “a”, “b”, “c”, “d”, “e”, “f” and 2 more.",)
