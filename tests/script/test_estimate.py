"""How long a text will take, against how long engines' own durations make it."""

import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import UnknownLanguage
from audiostudio.script.estimate import SENTENCE_PAUSE, estimated_seconds
from audiostudio.script.reading import read

PROSE = """Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do:
once or twice she had peeped into the book her sister was reading. What is the use of a book, thought Alice?"""
NUMBERS = "On 3 March 2024, 1,250 people paid $9.99 each. 85% of them came back at 7:30 pm with 16 GB of memory."
TEXTS = {
    "hibari_heart": ("en-us", f"{PROSE} {NUMBERS}"),
    "am_michael": ("en-us", f"{PROSE} {NUMBERS}"),
    "ff_siwis": ("fr", "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se "
                 "fermaient si vite que je n'avais pas le temps de me dire : je m'endors."),
    "zf_xiaobei": ("zh", "今天天气很好，我们去公园玩吧。从前有一座山，山里有一座庙，庙里有一个老和尚在讲故事。"),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.models
@pytest.mark.parametrize(
    "voice",
    ["hibari_heart", "zf_xiaobei", *(pytest.param(one, marks=pytest.mark.full) for one in ("am_michael", "ff_siwis"))],
)
def test_the_estimate_is_near_what_an_engine_takes(voice: str, registry: EngineRegistry) -> None:
    language, text = TEXTS[voice]
    engine = registry.load(registry.resolve(voice)[0].name)
    chunks = engine.speak(read(text, language), SpeechSettings(voice))
    seconds = sum(len(chunk.audio) / chunk.sample_rate for chunk in chunks)
    assert estimated_seconds(text, language) == pytest.approx(seconds, rel=0.2)


def test_speed_shortens_speech_but_not_the_pauses_asked_for() -> None:
    whole = estimated_seconds("Hello world. [pause 4s] Bye.", "en")
    assert estimated_seconds("Hello world. [pause 4s] Bye.", "en", 2.0) == pytest.approx((whole - 4) / 2 + 4)


def test_markup_changes_how_long_it_takes() -> None:
    plain = estimated_seconds("Hello my dear old world.", "en")
    assert estimated_seconds("[speed 2]Hello my dear old world.[/speed]", "en") == pytest.approx(plain / 2, rel=0.15)
    half = estimated_seconds("[speed 0.5]Hello my dear[/speed] old world.", "en")
    assert plain * 1.3 < half < plain * 1.8
    assert estimated_seconds("<prosody rate='slow'>Hello</prosody> my dear old world.", "en") > plain
    assert estimated_seconds("Hello my dear old <break time='2s'/>world.", "en") == pytest.approx(plain + 2)
    assert estimated_seconds("[pitch +2]Hello[/pitch] [oops] my [voice x]dear[/voice] old world.", "en") == plain
    said = estimated_seconds("The [say WWW|as World Wide Web] and [hi](/h/).", "en")
    assert said == pytest.approx(estimated_seconds("The World Wide Web and hi.", "en"))
    assert estimated_seconds("[say NASA|as letters]", "en") > estimated_seconds("nasa", "en")


@pytest.mark.parametrize("text", ["", "  \n\n ", "😀", "<!-- hidden -->", "```\ncode\n```"])
def test_nothing_takes_no_time(text: str) -> None:
    assert estimated_seconds(text, "en") == 0


def test_numbers_count_as_the_words_they_are() -> None:
    assert estimated_seconds("We sold 1,234,567.", "en") > 2 * estimated_seconds("We sold some.", "en")


def test_twice_the_text_takes_twice_the_time_whatever_its_form() -> None:
    for text in (PROSE, PROSE.replace("\n", " "), "word " * 3000):
        once, twice = estimated_seconds(text, "en"), estimated_seconds(f"{text}\n\n{text}", "en")
        assert twice == pytest.approx(2 * once + SENTENCE_PAUSE, rel=0.01)


def test_an_unknown_language_is_said() -> None:
    with pytest.raises(UnknownLanguage):
        estimated_seconds("Hello", "tlh")
