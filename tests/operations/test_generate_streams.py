"""Streams of speech put together: several voices as one, and the melody that the pieces give."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.base import SpeechChunk, TimedPhoneme, TimedWord
from audiostudio.operations.speech import Joined, Melody, seconds_of

HOP = 300


def chunk(start: int, samples: int, rate: int = 24_000, hz: float | None = None) -> SpeechChunk:
    at = start + samples // 4
    word = TimedWord("word", 0, 4, at, at + samples // 2, (TimedPhoneme("w", at, at + samples // 2),))
    melody = None if hz is None else np.full(-(-samples // HOP), hz, np.float32)
    audio = np.full(samples, 0.1, np.float32)
    return SpeechChunk(audio, rate, start, (word,) if samples else (), melody, HOP if melody is not None else 0)


def stream(turns: list[tuple[int, list[int]]], gap: float) -> Iterator[tuple[SpeechChunk, int]]:
    """What `Joined` gives for turns of chunks at a rate, each with its turn's number."""
    joined = Joined()
    for number, (rate, lengths) in enumerate(turns):
        at = 0
        for length in lengths:
            yield from ((given, number) for given in joined.add(chunk(at, length, rate)))
            at += length
        yield from ((given, number) for given in joined.end_turn(gap))


turns = st.lists(
    st.tuples(st.sampled_from([24_000, 16_000, 44_100]), st.lists(st.integers(400, 9000), min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)


@given(turns, st.sampled_from([0.0, 0.25]))
def test_turns_follow_each_other_without_a_gap_and_words_are_where_they_sound(
    asked: list[tuple[int, list[int]]], gap: float
) -> None:
    rate = asked[0][0]
    made = list(stream(asked, gap))
    at = 0
    for given_chunk, _ in made:
        assert (given_chunk.start, given_chunk.sample_rate) == (at, rate)
        at += len(given_chunk.audio)
    seconds = sum(sum(lengths) / own for own, lengths in asked) + gap * (len(asked) - 1)
    assert at / rate == pytest.approx(seconds, abs=len(asked) * 2 / rate)
    assert seconds_of(one for one, _ in made) == pytest.approx(seconds, abs=len(asked) * 2 / rate)
    words = [(word, number) for one, number in made for word in one.words]
    assert len(words) == sum(len(lengths) for _, lengths in asked)
    begin = 0.0
    expected = []
    for own, lengths in asked:
        done = 0
        for length in lengths:
            expected.append(begin + (done + length // 4) / own)
            done += length
        begin += done / own + gap
    assert [word.start / rate for word, _ in words] == pytest.approx(expected, abs=(len(asked) + 1) * 2 / rate)
    assert all(word.phonemes[0].start == word.start for word, _ in words)


@given(st.lists(st.tuples(st.integers(1, 5000), st.none() | st.floats(80, 400)), min_size=1, max_size=8))
def test_the_melody_of_a_stream_is_that_of_its_pieces(pieces: list[tuple[int, float | None]]) -> None:
    melody = Melody()
    at = 0
    heard: list[float] = []
    for samples, hz in pieces:
        melody.add(chunk(at, samples, hz=hz))
        heard += [0.0 if hz is None else hz] * samples
        at += samples
    data = melody.to_json()
    if all(hz is None for _, hz in pieces):
        assert data is None
        return
    assert data is not None
    assert data["hop"] == 2 * HOP
    last = max(end for end, (_, hz) in zip(np.cumsum([n for n, _ in pieces]), pieces, strict=True) if hz is not None)
    wanted = [round(heard[place], 1) for place in range(HOP // 2, int(last), HOP)]
    assert data["hz"] == pytest.approx(wanted, abs=0.06)
