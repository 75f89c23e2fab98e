"""Joining what engines make."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.stream import Flow, Spoken, join, sound
from audiostudio.errors import EngineFailed
from audiostudio.script.spoken import Pause, Sentence, Word
from tests.engines.contract import Take, silences

RATE = 24_000


def beep(before: int, length: int, after: int, gap: float = 0.1) -> Spoken:
    tone = 0.5 * np.cos(np.arange(length) * 0.3).astype(np.float32)
    audio = np.concatenate([np.zeros(before, np.float32), tone, np.zeros(after, np.float32)])
    return Spoken(audio, (TimedWord("beep", 0, 4, before, before + length),), gap)


_beeps = st.builds(beep, st.integers(0, 9000), st.integers(1000, 5000), st.integers(0, 9000), st.floats(0, 0.5))
_pauses = st.builds(Pause, st.floats(0, 3), st.just(0), st.just(0))


@given(st.lists(st.one_of(_beeps, _pauses), max_size=12))
def test_any_pieces_make_a_stream(parts: list[Spoken | Pause]) -> None:
    take = Take(list(join(parts, RATE)))
    if not take.chunks:
        return
    words = [word for chunk in take.chunks for word in chunk.words]
    assert len(words) == sum(isinstance(part, Spoken) for part in parts)
    for word in words:
        assert np.abs(take.audio[word.start : word.end]).max() > 0.4
    position = 0
    for chunk in take.chunks:
        assert chunk.start == position
        position += len(chunk.audio)


@given(st.floats(0.02, 2.0), st.integers(0, 9000), st.integers(0, 9000))
def test_a_pause_replaces_gap_and_silence_exactly(seconds: float, after: int, before: int) -> None:
    take = Take(list(join([beep(0, 3000, after), Pause(seconds, 0, 0), beep(before, 3000, 0)], RATE)))
    assert silences(take.audio) == [round(seconds * RATE)]


def test_without_a_pause_the_gap_stands_between() -> None:
    take = Take(list(join([beep(5, 3000, 7, gap=0.25), beep(9, 3000, 0)], RATE)))
    assert silences(take.audio) == [6000]
    assert len(take.audio) == 12_000


def test_sound_is_found_between_silences() -> None:
    audio = beep(100, 3000, 200).audio + np.float32(1e-4)
    assert sound(audio) == (100, 3100)
    assert sound(np.zeros(10, np.float32)) == (0, 0)
    assert sound(np.zeros(0, np.float32)) == (0, 0)


def test_what_is_too_loud_is_held_and_what_is_no_number_is_refused() -> None:
    loud = Spoken(np.full(3000, 1.5, np.float32))
    assert np.abs(next(join([loud], RATE)).audio).max() == 1.0
    broken = Spoken(np.full(3000, np.nan, np.float32))
    with pytest.raises(EngineFailed):
        next(join([broken], RATE))


_lengths = st.one_of(st.integers(1, 300), st.integers(1000, 5000))


@given(st.integers(0, 9000), _lengths, st.integers(0, 9000), st.lists(st.integers(0, 24_000), max_size=8))
def test_what_flows_sounds_as_if_it_came_whole(before: int, length: int, after: int, cuts: list[int]) -> None:
    def pieces(flowing: bool) -> list[Spoken | Flow | Pause]:
        one = beep(before, length, after, gap=0.25)
        parts = iter(np.split(one.audio, sorted(cuts)))
        return [beep(3, 3000, 5), Flow(parts, 0.25) if flowing else one, beep(7, 2000, 0), Pause(0.5, 0, 0)]

    whole, flowed = (Take(list(join(pieces(flowing), RATE))) for flowing in (False, True))
    assert np.array_equal(whole.audio, flowed.audio)
    assert all(len(chunk.audio) for chunk in flowed.chunks)


def test_what_flows_is_heard_before_it_is_made() -> None:
    made = 0

    def parts() -> Iterator[np.ndarray]:
        nonlocal made
        for _ in range(5):
            made += 1
            yield beep(0, 4000, 0).audio

    stream = join([Flow(parts())], RATE)
    next(stream)
    assert made == 1
    assert sum(len(chunk.audio) for chunk in stream) > 4 * 4000
    with pytest.raises(EngineFailed):
        list(join([Flow(iter([np.full(3000, np.nan, np.float32)]))], RATE))
    assert list(join([Flow(iter([np.zeros(3000, np.float32)] * 3), 0.5)], RATE)) == []


@pytest.mark.long
def test_five_hundred_sentences_take_no_more_memory_than_fifty(tmp_path_factory: pytest.TempPathFactory) -> None:
    tone = EngineRegistry(ModelStore(tmp_path_factory.mktemp("models"))).load("tone")

    def peak(count: int) -> int:
        words = tuple(Word("hello", 6 * i, 6 * i + 5, "hello") for i in range(3))
        stream = tone.speak((Sentence(words, "en-us") for _ in range(count)), SpeechSettings("tone"))
        tracemalloc.start()
        for chunk in stream:
            assert len(chunk.audio)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(500) < peak(50) + 500_000
