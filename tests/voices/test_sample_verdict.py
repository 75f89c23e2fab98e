"""Verdicts from measures: the table of limits and its words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiostudio.voices.verdict import LIMITS, Finding, Measures, Verdict, judge, together

GOOD = Measures(
    seconds=14.0,
    looked=14.0,
    speech=12.0,
    level=-20.0,
    snr=45.0,
    noise_floor=-65.0,
    clipped=0.0,
    bandwidth=12_000.0,
    music=0.0,
    speakers=1,
    reverberation=0.22,
    dnsmos=3.4,
    pitch=180.0,
    language="en",
    wanted="en-us",
)


def told(verdict: Verdict, measure: str) -> Finding:
    return next(one for one in verdict.findings if one.measure == measure)


def test_a_good_recording_loses_nothing() -> None:
    verdict = judge(GOOD)
    assert (verdict.word, verdict.score) == ("good", 100)
    assert {one.level for one in verdict.findings} == {"good"}
    assert {one.measure for one in verdict.findings} >= {one.measure for one in LIMITS} | {"speakers", "language"}
    assert all(one.sentence and not one.hint for one in verdict.findings)


def test_each_fault_is_told_with_a_way_out() -> None:
    for fault, word in (
        ({"speech": 4.5}, "usable"),
        ({"speech": 1.0}, "refused"),
        ({"snr": 18.0}, "usable"),
        ({"snr": 5.0}, "refused"),
        ({"level": -62.0}, "refused"),
        ({"bandwidth": 6000.0}, "usable"),
        ({"bandwidth": 3500.0}, "poor"),
        ({"clipped": 0.01}, "usable"),
        ({"clipped": 0.12}, "refused"),
        ({"reverberation": 1.0}, "refused"),
        ({"music": 0.9}, "refused"),
        ({"dnsmos": 1.2}, "poor"),
        ({"noise_floor": -30.0}, "usable"),
    ):
        verdict = judge(replace(GOOD, **fault))  # type: ignore[arg-type]
        assert verdict.word == word, fault
        first = verdict.findings[0]
        assert first.measure in fault
        assert first.level == ("refuse" if word == "refused" else "warn")
        assert first.sentence.endswith(".")
        assert first.hint


def test_a_second_speaker_is_told_with_the_place() -> None:
    found = replace(GOOD, speakers=2, others=((65.0, 71.2), (80.0, 81.0)), alike=0.55)
    assert judge(found).word == "refused"
    assert "another at 1:05–1:11, 1:20–1:21" in judge(found).findings[0].sentence
    maybe = judge(replace(found, alike=0.72))
    assert maybe.word == "usable"
    assert "may speak" in maybe.findings[0].sentence


def test_where_nobody_speaks_the_reason_is_what_is_heard() -> None:
    silent = replace(GOOD, speech=0.0, level=-120.0, noise_floor=-90.0, reverberation=None)
    assert judge(silent).findings[0].sentence == "There is nothing to hear in it."
    assert judge(replace(silent, noise_floor=-20.0, music=0.8)).findings[0].sentence == "This is music; nobody speaks."
    noise = judge(replace(silent, noise_floor=-20.0))
    assert (noise.word, noise.score, noise.findings[0].sentence) == ("refused", 0, "Nobody speaks in it.")


def test_another_language_than_asked_for_warns() -> None:
    names = {"en": "English", "es": "Spanish"}
    verdict = judge(replace(GOOD, language="es"), names)
    assert verdict.word == "usable"
    assert verdict.findings[0].sentence == "It sounds like Spanish, not English."
    assert told(judge(replace(GOOD, wanted=""), names), "language").level == "good"
    assert not [one for one in judge(replace(GOOD, language="")).findings if one.measure == "language"]


def test_what_could_not_be_measured_says_nothing() -> None:
    verdict = judge(replace(GOOD, reverberation=None, dnsmos=None))
    assert verdict.word == "good"
    assert not {one.measure for one in verdict.findings} & {"reverberation", "dnsmos"}


def test_of_a_long_recording_it_says_how_much_was_heard() -> None:
    verdict = judge(replace(GOOD, seconds=7200.0, looked=900.0, speech=600.0))
    assert told(verdict, "seconds").sentence == "It lasts 2:00:00; the first 15:00 were listened to."


measures = st.builds(
    Measures,
    seconds=st.floats(0, 7200),
    looked=st.floats(0, 1800),
    speech=st.floats(0, 600),
    level=st.floats(-120, 0),
    snr=st.floats(-120, 120),
    noise_floor=st.floats(-120, 0),
    clipped=st.floats(0, 1),
    bandwidth=st.floats(0, 24_000),
    music=st.floats(0, 1),
    speakers=st.integers(1, 2),
    reverberation=st.none() | st.floats(0.05, 5),
    dnsmos=st.none() | st.floats(1, 5),
)


@given(measures, st.sampled_from(LIMITS), st.floats(0, 1))
def test_nothing_gets_better_by_getting_worse(found: Measures, limit: object, share: float) -> None:
    name, warn, refuse = limit.measure, limit.warn, limit.refuse  # type: ignore[attr-defined]
    value = getattr(found, name)
    if value is None or name in ("speech_share", "noise_floor", "level", "music", "speech"):
        return  # shares of others, or what decides whether anybody speaks at all
    worse_is_more = (refuse if refuse is not None else limit.worst) > warn  # type: ignore[attr-defined]
    worse = replace(found, **{name: value + (1 if worse_is_more else -1) * abs(value) * share})
    before, after = judge(found), judge(worse)
    assert after.score <= before.score
    assert (after.word == "refused") >= (before.word == "refused")
    assert 0 <= after.score <= 100
    assert (before.word == "refused") == (before.findings[0].level == "refuse")


def test_together() -> None:
    two = [("a.wav", 20.0, "good"), ("b.wav", 15.0, "good")]
    assert together(two, 0, None).verdict == "good"
    assert together(two, 0, None).sentence == "35 seconds of speech in 2 samples, one speaker."
    assert together(two[:1], 1, None) == replace(
        together(two[:1], 0, None), speakers_agree=None, verdict="usable", sentence="20 seconds of speech in 1 sample."
    )
    assert together(two, 0, "b.wav").verdict == "refused"
    assert "b.wav" in together(two, 0, "b.wav").sentence
    assert together([*two, ("c.wav", 9.0, "poor")], 0, None).verdict == "poor"
    assert together([("a.wav", 4.0, "usable")], 0, None).verdict == "poor"
    assert together([], 2, None).verdict == "refused"
    assert together([], 0, None).sentence == "There is no sample."
