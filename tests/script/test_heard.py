"""What markup and the dictionary ask for is heard: Kokoro speaks, Whisper writes it down."""

import numpy as np
import pytest
import soxr

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.script.dictionary import Dictionary, PlainEntry
from audiostudio.script.reading import read
from tests.conftest import Whisper, word_errors

pytestmark = pytest.mark.models

ENTRIES = (
    PlainEntry("Xqz", "bəˈnɑːnəz", ipa=True),
    PlainEntry("KTCHN", "kitchen"),
)
CASES = {
    "She bought two Xqz for the KTCHN yesterday.": "She bought two bananas for the kitchen yesterday.",
    "The [grmpf](/ˈmaʊntɪn/) was high, and the [say brx|as river] was deep.": (
        "The mountain was high, and the river was deep."
    ),
    '<speak>Please open the <sub alias="window">WDW</sub>, close the <phoneme alphabet="x-sampa" ph="dO:r">xx</phoneme>'
    ' [oops] and call <say-as interpret-as="digits">42</say-as>.</speak>': (
        "Please open the window, close the door and call four two."
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("text", CASES)
def test_what_is_asked_for_is_heard(text: str, registry: EngineRegistry, whisper: Whisper) -> None:
    parts = read(text, "en", Dictionary(ENTRIES))
    chunks = list(registry.load("kokoro").speak(parts, SpeechSettings("af_heart")))
    sound = np.concatenate([chunk.audio for chunk in chunks])
    heard = whisper(soxr.resample(sound, chunks[0].sample_rate, 16_000).astype(np.float32))
    assert word_errors(CASES[text].replace("four two", "42"), " ".join(heard).replace("4-2", "42")) <= 0.1, heard
