"""What engines cannot do with a text is told, with its place, before anything is made."""

import random

import pytest

from audiostudio.engines.base import Capabilities, EngineManifest
from audiostudio.errors import UnknownLanguage
from audiostudio.operations.ability import beyond
from audiostudio.operations.generate import generate
from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights

LOCAL = Capabilities(
    ("en-us", "fr"), speed=(0.5, 2.0), pitch=(-12, 12), energy=(-24, 6), phoneme_times=True, performance=True
)
REMOTE = Capabilities(("en-us", "fr", "ka"), speed=(0.7, 1.2), remote=True)


def engine(able: Capabilities) -> EngineManifest:
    rights = Rights("GPL-3.0-or-later", None, "", "")
    return EngineManifest(
        "remote" if able.remote else "local", "Far" if able.remote else "Near", "", "1", "speech", able, rights
    )


def told(text: str, voice: str = "far") -> list[tuple[str, str, bool]]:
    found = beyond(text, voice, {"far": engine(REMOTE), "near": engine(LOCAL)}.get)
    return [(text[one.start : one.end], one.message, one.fatal) for one in found]


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        ("Say [pitch +2]this[/pitch] now.", "this", "pitch"),
        ("Say [energy -3]this[/energy] now.", "this", "loudness"),
        ("Say [this](/ðɪs/) now.", "this", "phonemes"),
        ("<speak>Say <prosody pitch='+2st'>this</prosody> now.</speak>", "this", "pitch"),
        ("Say [speed 1.1]this[/speed] now.", "this", "speed within a sentence"),
        ("Say [emphasis]this[/emphasis] now.", "this", "pitch, loudness and speed within a sentence"),
        ("[speed 1.8]Say this now.[/speed]", "Say this now.", "1.2×"),
    ],
)
def test_what_a_service_ignores_is_told_with_its_place(text: str, part: str, words: str) -> None:
    found = told(text)
    assert [one[0] for one in found] == [part]
    assert words in found[0][1]
    assert not found[0][2]
    assert told(text, "near") == []


def test_what_a_service_does_is_not_told() -> None:
    for text in (
        "[speed 1.1]All of it.[/speed] And this.",
        "[say GIF|as jif] and [pause 0.5s] then [language fr]bonjour[/language].",
        "An array [0] and a < b.",
    ):
        assert told(text) == []


def test_the_engine_of_another_voice_counts_for_its_part() -> None:
    text = "[voice near][pitch +2]Here[/pitch][/voice] and [pitch +2]there[/pitch]."
    assert [one[0] for one in told(text)] == ["there"]
    assert [one[0] for one in told(text, "near")] == []


def test_a_language_that_is_not_spoken_is_told_once_for_its_part() -> None:
    before = "x" * random.randint(0, 30)
    text = f"{before} [language ka]გამარჯობა, [pitch +2]შენ[/pitch] აქ[/language] again."
    (found,) = [one for one in told(text, "near") if one[2]]
    assert found[1] == "Near does not speak Georgian."
    assert text.index("[language ka]") < text.index(found[0])
    assert told("[language xx]what[/language]", "near") == []  # which `reading.problems` tells


def test_nothing_is_made_of_a_script_that_cannot_be_spoken(studio: Studio) -> None:
    lines = [
        {"line": str(n), "text": text, "voice": "tone"}
        for n, text in enumerate(("All well.", "Now [language de]gut[/language]."))
    ]
    with pytest.raises(UnknownLanguage) as error:
        list(generate(studio, {"lines": lines}))
    assert error.value.sentence == "Line 2: Tone does not speak German (character 18)."
    assert studio.library.counts() == {}
    with pytest.raises(UnknownLanguage, match="line 2, character 14"):
        list(
            speak_to_file(
                studio,
                {
                    "text": "One.\n[language de]Gut.[/language]",
                    "voice": "tone",
                    "output": "x.wav",
                    "format": "wav",
                    "captions": [],
                },
            )
        )
