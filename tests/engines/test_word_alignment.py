"""Word times that are found in a recording, against the times that the engine knew when it spoke."""

import os
import random

import numpy as np
import pytest

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.registry import EngineRegistry
from audiostudio.script.comparison import compare
from audiostudio.script.reading import read
from audiostudio.script.word_times import HeardSpan, Span, word_times
from audiostudio.sound.faults import FaultFinder

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
VOICES_OF_KOKORO = [pytest.param(voice, marks=pytest.mark.full) for voice in ("af_heart", "bm_george")]
SENTENCES = (
    "The train to the coast leaves at half past six, and nobody was ever late for it.",
    "She opened the letter slowly; inside there was only a photograph of an empty garden.",
    "In 1865 the workshop sold 2,000 clocks, most of them to sailors.",
    "After the rain the streets were quiet, and the lamps burned brighter than before.",
    "Bring a coat, a lantern, and enough bread for two days of walking.",
    "He had never liked the mountains, but the mountains did not seem to mind.",
)


def errors(found: list[Span], true: list[TimedWord], rate: int) -> tuple[np.ndarray, np.ndarray]:
    assert len(found) == len(true)
    return (
        np.array([span.start - word.start / rate for span, word in zip(found, true, strict=True)]),
        np.array([span.end - word.end / rate for span, word in zip(found, true, strict=True)]),
    )


@pytest.mark.long
@pytest.mark.models
@pytest.mark.parametrize(
    "voice", ["hibari_heart", *(pytest.param(one, marks=pytest.mark.full) for one in ("af_heart", "bm_george"))]
)
def test_words_are_found_where_they_were_spoken(registry: EngineRegistry, voice: str) -> None:
    """An engine's own times lie up to 0.1 s behind what is heard: Kokoro's lengths of phonemes lag its sound."""
    text = " ".join(random.Random(f"{SEED} {voice}").sample(SENTENCES, 4))
    chunks = list(registry.load(registry.resolve(voice)[0].name).speak(read(text, "en-us"), SpeechSettings(voice)))
    audio, rate = np.concatenate([chunk.audio for chunk in chunks]), chunks[0].sample_rate
    finder = FaultFinder(rate)
    finder.push(audio)
    faults = finder.finish()
    heard, spans = "", []
    for stretch in registry.transcriber().transcribe([audio], rate, "en-us"):
        for word in stretch.words:
            heard += " " if heard else ""
            spans.append(HeardSpan(len(heard), len(heard) + len(word.text), word.start, word.end))
            heard += word.text
    found = word_times(compare(read(text, "en-us"), heard, "en-us"), spans, faults.quiet, faults.seconds)
    starts, ends = errors(found, [word for chunk in chunks for word in chunk.words], rate)
    lag = np.median(starts)
    assert -0.12 < lag < 0.02
    assert np.median(abs(starts)) < 0.11
    assert np.percentile(abs(starts), 95) < 0.35
    assert np.median(abs(starts - lag)) < 0.07
    assert np.percentile(abs(starts - lag), 95) < 0.28
    assert np.median(abs(ends)) < 0.11
