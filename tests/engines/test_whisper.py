"""Speech recognition, on speech that is made when the test runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.whisper import FILES, RATE, Whisper, _stretches
from audiostudio.errors import EngineFailed, ModelDamaged, UnknownLanguage
from audiostudio.script.comparison import compare
from audiostudio.script.reading import read

TEXT = "Every recording is listened to again. A machine writes down the words that it hears, one after another."


@pytest.fixture(scope="module")
def listener(registry: EngineRegistry) -> Whisper:
    found = registry.transcriber()
    assert isinstance(found, Whisper)
    return found


@pytest.fixture(scope="module")
def speech(registry: EngineRegistry) -> NDArray[np.float32]:
    chunks = registry.load("hibari").speak(read(TEXT, "en-us"), SpeechSettings("hibari_heart"))
    return np.concatenate([chunk.audio for chunk in chunks])


@pytest.mark.long
@pytest.mark.models
def test_speech_is_heard_with_the_times_of_its_words(listener: Whisper, speech: NDArray[np.float32]) -> None:
    (heard,) = listener.transcribe(np.array_split(speech, 7), 24_000, "en-us")
    assert compare(read(TEXT, "en-us"), heard.text, "en-us").word_errors <= 0.06
    assert heard.language == "en"
    assert heard.end == pytest.approx(len(speech) / 24_000, abs=0.01)
    times = [(word.start, word.end) for word in heard.words]
    assert times == sorted(times)
    assert all(0 <= word.start <= word.end <= heard.end + 0.01 for word in heard.words)
    assert all(0 <= word.probability <= 1 for word in heard.words)


@pytest.mark.long
@pytest.mark.models
def test_the_language_is_detected_and_long_sound_comes_in_stretches(
    listener: Whisper, speech: NDArray[np.float32]
) -> None:
    def pieces() -> Iterator[NDArray[np.float32]]:
        for _ in range(5):
            yield speech
            yield np.zeros(24_000, np.float32)

    heard = list(listener.transcribe(pieces(), 24_000, word_times=False))
    assert len(heard) >= 2
    assert {one.language for one in heard} == {"en"}
    assert [one.end for one in heard] == sorted(one.end for one in heard)
    text = " ".join(one.text for one in heard)
    assert compare(read(" ".join([TEXT] * 5), "en-us"), text, "en-us").word_errors <= 0.1


@pytest.mark.long
@pytest.mark.models
def test_sound_is_taken_only_as_far_as_it_is_asked_for(listener: Whisper) -> None:
    taken = 0
    second = np.zeros(24_000, np.float32)

    def pieces() -> Iterator[NDArray[np.float32]]:
        nonlocal taken
        while True:
            taken += 1
            yield second

    hearing = listener.transcribe(pieces(), 24_000, "en", word_times=False)
    next(hearing)
    hearing.close()  # type: ignore[attr-defined]
    assert taken <= 32


@pytest.mark.long
@pytest.mark.models
def test_short_lines_are_heard_without_words_that_nobody_said(listener: Whisper, registry: EngineRegistry) -> None:
    """In 30 s of which most is silence Whisper goes on by itself: “Thank you. Thank you.”"""
    errors = count = 0
    for text in (
        "First, you need a desk.",
        "Step by step.",
        "It was read in every house.",
        "Bring a lantern, and a coat!",
    ):
        chunks = registry.load("kokoro").speak(read(text, "en-us"), SpeechSettings("bf_emma"))
        heard = list(listener.transcribe((chunk.audio for chunk in chunks), 24_000, "en-us", word_times=False))
        found = compare(read(text, "en-us"), " ".join(one.text for one in heard), "en-us")
        errors, count = errors + found.errors, count + found.count
    assert errors <= 0.15 * count


@pytest.mark.models
def test_silence_has_no_words(listener: Whisper) -> None:
    (heard,) = listener.transcribe([np.zeros(RATE * 3, np.float32)], RATE, "en")
    assert (heard.words, heard.text, heard.end) == ((), "", 3.0)


@pytest.mark.models
def test_a_language_that_nobody_knows(listener: Whisper) -> None:
    with pytest.raises(UnknownLanguage):
        next(iter(listener.transcribe([np.zeros(RATE, np.float32)], RATE, "xx")))


@pytest.mark.long
@pytest.mark.models
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_model_is_said(registry: EngineRegistry, models_dir: Path, tmp_path: Path, name: str) -> None:
    for file in FILES:
        shutil.copy(models_dir / "whisper-base" / file, tmp_path / file)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 3])

    def listen() -> None:
        whisper = Whisper(tmp_path, registry.manifest("whisper"))
        list(whisper.transcribe([np.ones(RATE, np.float32) * 0.1], RATE, "en"))

    with pytest.raises((ModelDamaged, EngineFailed)) as caught:
        listen()
    assert caught.value.hint


@given(st.lists(st.integers(0, 30 * RATE), max_size=8))
@settings(max_examples=30)
def test_stretches_are_the_whole_sound_in_order(lengths: list[int]) -> None:
    chance = np.random.default_rng(1)
    pieces = [chance.normal(0, 0.1, length).astype(np.float32) for length in lengths]
    found = list(_stretches(iter(pieces)))
    assert all(len(sound) <= 28 * RATE for _, sound in found)
    assert [round(start * RATE) for start, _ in found] == list(np.cumsum([0, *(len(s) for _, s in found)])[:-1])
    assert np.array_equal(np.concatenate([np.zeros(0), *(s for _, s in found)]), np.concatenate([np.zeros(0), *pieces]))


def test_stretches_are_parted_where_it_is_quiet() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 60 * RATE).astype(np.float32)
    sound[round(22.0 * RATE) : round(22.4 * RATE)] = 0
    first, *_ = _stretches(iter([sound]))
    assert 22.0 < len(first[1]) / RATE < 22.4
