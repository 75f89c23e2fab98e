"""Durations, melody and loudness by themselves."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.durations import spread, timing
from audiostudio.engines.fitting import FASTEST, SLOWEST, fitted
from audiostudio.engines.shaping import HOP, loud, shaped, spoken
from audiostudio.engines.stream import join
from audiostudio.engines.tokens import FRAME, MOST_TOKENS, TOKENS_A_SECOND, pieces
from audiostudio.errors import UnsupportedSetting
from audiostudio.performance import LONGEST_GAP, LONGEST_WORD, PLAIN, PitchPoint, Voicing
from audiostudio.script.spoken import Pause, Word
from tests.engines.contract import Take, silences

SETTINGS = SpeechSettings("any")
WORD = Word("watch,", 0, 6, "watch,", "wˈɑʧ,")
TEXT = (WORD, Word("me", 7, 9, "me", "mˈi"), Word("now.", 10, 14, "now.", "nˈW."))
NATURAL = np.array([12, 2, 2, 4, 3, 6, 2, 2, 1, 3, 1, 2, 2, 5, 8, 2], np.float32)


def voiced(words: tuple[Word, ...], *voicings: Voicing) -> tuple[Word, ...]:
    return tuple(replace(word, voicing=one) for word, one in zip(words, voicings, strict=True))


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=40), st.integers(0, 300), st.data())
def test_frames_are_shared_out_to_the_last(wanted: list[float], more: int, data: st.DataObject) -> None:
    least = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(wanted), max_size=len(wanted))), float)
    total = int(least.sum()) + more
    shares = np.array(wanted) * total / sum(wanted)
    found = spread(shares, total, least)
    assert found.sum() == total
    assert (found >= least).all()
    if not least.any():
        assert np.abs(found - shares).max() < 1.001


@given(st.floats(0.1, 4.0), st.floats(0.0, 3.0), st.floats(0.5, 2.0))
def test_lengths_and_gaps_are_imposed(seconds: float, gap: float, speed: float) -> None:
    piece = pieces(voiced(TEXT, Voicing(seconds=seconds, gap=gap), PLAIN, PLAIN))[0]
    made = timing(piece, NATURAL, speed)
    plain = timing(pieces(TEXT)[0], NATURAL, speed)
    assert made.words[0].end - made.words[0].start == max(3, round(seconds * 40)) * FRAME
    silence = sum(one.frames for one in made.silences) * FRAME
    assert made.words[1].start - made.words[0].end + silence == round(gap * 40) * FRAME
    for one, two in zip(made.words[1:], plain.words[1:], strict=True):
        assert one.end - one.start == two.end - two.start


def test_vowels_take_what_is_added_and_consonants_keep_their_length() -> None:
    piece = pieces(voiced(TEXT, Voicing(seconds=1.0), PLAIN, PLAIN))[0]
    frames = {one.symbol: (one.end - one.start) // FRAME for one in timing(piece, NATURAL, 1.0).words[0].phonemes}
    assert (frames["w"], frames["ʧ"]) == (2, 3)
    assert frames["ˈ"] + frames["ɑ"] == 35


def test_what_is_drawn_too_long_is_refused_with_its_place() -> None:
    for voicing in (Voicing(seconds=LONGEST_WORD + 1), Voicing(gap=LONGEST_GAP + 1)):
        words = voiced(TEXT, PLAIN, voicing, PLAIN)
        found = [piece for piece in pieces(words) if words[1] in piece.words]
        with pytest.raises(UnsupportedSetting, match=r"“me” \(character 8\)"):
            timing(found[0], np.ones(len(found[0].tokens), np.float32), 1.0)


def test_a_longer_word_does_not_move_the_breaths_of_its_sentence() -> None:
    for longest in (14, 16, 30, 60):
        plain = [len(piece.words) for piece in pieces(TEXT * 3, longest)]
        drawn = (Voicing(seconds=1.5), PLAIN, PLAIN, PLAIN, Voicing(speed=0.25), *[PLAIN] * 4)
        assert [len(piece.words) for piece in pieces(voiced(TEXT * 3, *drawn), longest)] == plain


def test_long_words_part_a_piece_so_that_memory_stays_the_same() -> None:
    words = voiced(TEXT * 10, *[Voicing(seconds=10.0)] * 30)
    found = pieces(words)
    assert [word for piece in found for word in piece.words] == list(words)
    most = max(sum(word.voicing.seconds or 0 for word in piece.words) for piece in found)
    assert most <= MOST_TOKENS / TOKENS_A_SECOND + 10


def test_a_word_too_long_for_the_model_keeps_its_length_and_its_melody() -> None:
    curve = (PitchPoint(0.0, 100.0), PitchPoint(1.0, 200.0))
    word = Word("x", 0, 1, "x", "ab" * 300, voicing=Voicing(seconds=18.0, curve=curve, gap=0.5, pitch=2.0))
    found = [one.voicing for piece in pieces((word,)) for one in piece.words]
    assert len(found) > 1
    assert sum(one.seconds or 0 for one in found) == pytest.approx(18.0)
    assert [one.gap for one in found] == [*[0.0] * (len(found) - 1), 0.5]
    assert all(one.curve and one.pitch == 2.0 for one in found)


def words_of(*spans: tuple[int, int]) -> list[TimedWord]:
    return [TimedWord("w", 0, 1, start * HOP, end * HOP) for start, end in spans]


def test_a_drawn_melody_is_a_line_in_semitones_and_silence_stays_silence() -> None:
    f0 = np.array([0, 0, 150, 150, 3, 150, 150, 0, 0], np.float32)
    curve = (PitchPoint(0, 100), PitchPoint(1, 200))
    found = shaped(f0, words_of((1, 8)), [Voicing(curve=curve, pitch=9)], SETTINGS, 10.0)
    expected = 100 * 2 ** ((np.arange(9) - 0.5) / 7)
    assert found[[0, 1, 4, 7, 8]].tolist() == [0, 0, 3, 0, 0]
    np.testing.assert_allclose(found[[2, 3, 5, 6]], expected[[2, 3, 5, 6]], rtol=1e-5)


@given(st.floats(60, 500), st.floats(60, 500), st.integers(0, 30))
def test_beside_drawn_words_a_steady_voice_bends_without_a_jump(first: float, second: float, between: int) -> None:
    f0 = np.full(80, 180, np.float32)
    spans = words_of((20, 30), (30 + between, 40 + between))
    voicings = [Voicing(curve=(PitchPoint(0, hz),)) for hz in (first, second)]
    found = 12 * np.log2(shaped(f0, spans, voicings, SETTINGS, 10.0))
    assert np.allclose(found[20:30], 12 * np.log2(first), atol=1e-3)
    assert np.allclose(found[30 + between : 40 + between], 12 * np.log2(second), atol=1e-3)
    far = max(abs(np.log2(first / 180)), abs(np.log2(second / 180)), abs(np.log2(first / second))) * 12
    steps = np.abs(np.diff(found))
    steps[29] = 0 if between == 0 else steps[29]
    assert steps.max() <= far / min(8, between + 1 if between else 8) * 2 + 0.1
    assert np.allclose(found[:11], 12 * np.log2(180), atol=1e-3)


def test_intonation_widens_around_the_mean_and_breaks_of_the_voice_are_left() -> None:
    f0 = np.array([0, 20, 100, 200, 100, 200, 20, 0], np.float32)
    flat = shaped(f0, [], [], replace(SETTINGS, intonation=0.0), 10.0)
    np.testing.assert_allclose(flat[2:6], 2 ** ((np.log2(100) + np.log2(200)) / 2), rtol=1e-5)
    wide = shaped(f0, [], [], replace(SETTINGS, intonation=2.0), 10.0)
    assert np.log2(wide[3] / wide[2]) == pytest.approx(2.0, abs=1e-4)
    assert wide[[0, 7]].tolist() == [0, 0]


@pytest.mark.parametrize("decibels", [(6.0, 6.0), (12.0, -60.0), (-6.0, 9.0)])
def test_nothing_is_louder_than_full_scale(decibels: tuple[float, float]) -> None:
    rng = np.random.default_rng(1)
    audio = np.clip(rng.standard_normal(24_000).astype(np.float32) * 0.3, -1, 1)
    made = loud(audio, words_of((0, 30), (40, 80)), decibels)
    assert np.abs(made).max() <= 0.986
    assert np.abs(np.diff(made / np.where(np.abs(audio) > 1e-3, audio, np.nan))[:-1]).size


def test_a_short_quiet_word_between_loud_ones_is_as_quiet_as_asked() -> None:
    audio = np.random.default_rng(2).standard_normal(12_000).astype(np.float32) * 0.05
    audio[4500:5000] *= 0.2
    spans, asked = words_of((2, 15), (15, 19), (19, 38)), (-1.0, -15.0, 3.0)
    made = loud(audio, spans, asked)
    for word, decibels in zip(spans, asked, strict=True):
        one, two = (np.square(sound[word.start : word.end]).mean() for sound in (audio, made))
        assert 10 * np.log10(two / one) == pytest.approx(decibels, abs=0.5)


def test_a_drawn_gap_behind_the_last_word_is_where_the_stream_ends() -> None:
    tone = np.zeros(9000, np.float32)
    tone[1500:5000] = 0.5
    word = TimedWord("w", 0, 1, 1200, 4800)
    for gap, samples in ((0.0, 3600 + 600), (0.5, 3600 + 600 + 12_000)):
        voicing = [Voicing(seconds=0.15, gap=gap)]
        one = spoken(tone, np.zeros(30, np.float32), [word], voicing, SETTINGS, 0.3, 10.0)
        assert len(Take(list(join([one], 24_000))).audio) == samples
        both = Take(list(join([one, Pause(2.0, 0, 0), replace(one, drawn=False)], 24_000)))
        first, second = both.words
        assert second.start - first.end == gap * 24_000
    assert silences(Take(list(join([one], 24_000))).audio)


@given(st.lists(st.tuples(st.integers(4, 40), st.integers(0, 20)), min_size=1, max_size=30), st.floats(0.2, 4.0))
def test_any_take_is_fitted_to_the_frame_or_told_to_be_too_long(lengths: list[tuple[int, int]], factor: float) -> None:
    words, at = [], FRAME
    for length, gap in lengths:
        words.append(TimedWord("w", 0, 1, at, at + length * FRAME))
        at += (length + gap) * FRAME
    seconds = at / 24_000 * factor
    found = fitted(words, at, 24_000, seconds)
    total = 0.025 + sum((one.seconds or 0) + (one.gap or 0) for one in found.voicings)
    assert total == pytest.approx(found.seconds)
    assert found.over == pytest.approx(max(0.0, total - seconds), abs=1e-6)
    for word, one in zip(words, found.voicings, strict=True):
        own = (word.end - word.start) / 24_000
        assert own / FASTEST - 0.026 <= (one.seconds or 0) <= own * SLOWEST + 0.026
    if not found.over:
        assert -1e-6 <= seconds - total < 0.025 + 1e-6
    else:
        assert found.factor > 1


def test_pauses_that_were_asked_for_keep_their_length() -> None:
    words = [TimedWord("w", 0, 1, 600, 12_600), TimedWord("w", 2, 3, 12_600 + 26_400, 63_000)]
    found = fitted(words, 66_000, 24_000, 2.2, pauses={0: 1.0})
    assert found.over == 0
    assert 1.0 <= (found.voicings[0].gap or 0) < 1.1
    assert [a < b for a, b in pairwise([one.seconds for one in found.voicings])] == [True]
