"""Kokoro speaks, and Whisper understands."""

import os
import random

import numpy as np
import pytest
import soxr

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import EngineUnavailable
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read
from tests.conftest import Whisper, word_errors

pytestmark = pytest.mark.models

ENGLISH = (
    "The quick brown fox jumps over the lazy dog near the old bridge. "
    "On a clear day you can see the mountains from the window of the small kitchen. "
    "She bought three apples, two loaves of bread and a bottle of milk. "
    "Nobody knew why the great house had been dark for so many years."
)
SHORT = (
    "It began with a letter. She read slowly. He opened the window. Please close the door. I wrote down the number. "
    "We need a better plan. The winter was long. It was the right one. The boat reached the shore."
)
SENTENCES = {
    "en-gb": ("bf_emma", "The weather in London was rather cold this morning, but the train arrived on time.", 0.2),
    "es": ("ef_dora", "El perro negro duerme en la cocina y la niña lee un libro muy interesante.", 0.25),
    "fr": ("ff_siwis", "Le petit chat dort sur la table et le chien regarde par la fenêtre.", 0.35),
    "hi": ("hf_alpha", "मेरा नाम राम है और मैं भारत में रहता हूँ।", 0.5),
    "it": ("if_sara", "Il gatto nero dorme sul divano e il bambino legge un libro molto bello.", 0.35),
    "ja": ("jf_alpha", "今日はとても天気がいいので、公園を散歩しました。", 0.6),
    "pt-br": ("pf_dora", "O cachorro preto dorme na cozinha e a menina lê um livro muito interessante.", 0.35),
    "zh": ("zf_xiaoxiao", "今天天气很好，我们一起去公园散步吧。", 0.6),
}

SAMPLED = random.Random(os.environ["AUDIOSTUDIO_TEST_SEED"]).sample(sorted(SENTENCES), 3)
"""What `./test` listens to; `./test --full` listens to them all."""


def _sampled(language: str) -> object:
    return language if language in SAMPLED else pytest.param(language, marks=pytest.mark.full)


IN_URDU_LETTERS = "میرا نام رام ہے اور میں بھارت میں رہتا ہوں"
"""How Whisper base likes to write the Hindi sentence."""


def spoken(registry: EngineRegistry, voice: str, text: str, language: str) -> np.ndarray:
    """At 16 kHz."""
    manifest, _ = registry.resolve(voice)
    chunks = registry.load(manifest.name).speak(read(text, language), SpeechSettings(voice))
    audio = np.concatenate([chunk.audio for chunk in chunks])
    return soxr.resample(audio, 24_000, 16_000).astype(np.float32)


@pytest.mark.long
@pytest.mark.parametrize("voice", ["af_heart", pytest.param("am_michael", marks=pytest.mark.full), "hibari_heart"])
def test_whisper_reads_english_back(registry: EngineRegistry, whisper: Whisper, voice: str) -> None:
    assert word_errors(ENGLISH, whisper(spoken(registry, voice, ENGLISH, "en-us"))) <= 0.05


@pytest.mark.long
def test_short_sentences_do_not_end_in_an_s(registry: EngineRegistry, whisper: Whisper) -> None:
    """Each spoken by itself, five of the nine end in a puff of breath: “the windows”, “the numbers”."""
    assert word_errors(SHORT, whisper(spoken(registry, "af_heart", SHORT, "en-us"))) <= 0.03


@pytest.mark.long
@pytest.mark.parametrize("language", [_sampled(language) for language in SENTENCES])
def test_each_language_is_understood(registry: EngineRegistry, whisper: Whisper, language: str) -> None:
    voice, text, allowed = SENTENCES[language]
    try:
        phonemize(next(part for part in read(text, language)))  # type: ignore[arg-type]
    except EngineUnavailable as error:
        pytest.skip(str(error))
    heard = whisper(spoken(registry, voice, text, language), language=language.split("-")[0])
    if language in ("ja", "zh"):
        assert word_errors(" ".join(text.strip("。")), " ".join("".join(heard).strip("。"))) <= allowed
    else:
        assert min(word_errors(text, heard), word_errors(IN_URDU_LETTERS, heard)) <= allowed
