"""Phrases of consent: fresh, each different, for one recording."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audiostudio.errors import RequestError
from audiostudio.voices.phrases import VALID, Phrases, languages, script_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def phrases(tmp_path: Path) -> Phrases:
    return Phrases(tmp_path / "phrases.json")


def test_no_two_are_alike(phrases: Phrases) -> None:
    found = [phrases.issue("en-us", "Nina Berg", NOW) for _ in range(50)]
    assert len({one.random for one in found}) == 50
    assert all("Nina Berg" in one.text and "November 21" in one.text and one.random in one.text for one in found)
    assert [phrases.get(one.id, NOW) for one in found] == found


@pytest.mark.parametrize("language", languages())
def test_every_language_has_its_own_words(phrases: Phrases, language: str) -> None:
    named, unnamed = phrases.issue(language, "Nina", NOW), phrases.issue(language, now=NOW)
    assert named.language == language
    assert "Nina" in named.text
    for one in (named, unnamed):
        assert one.random in one.text
        assert "{" not in one.text
        assert len(set(one.random.replace("、", ",").replace(" ", "").split(","))) == 5


def test_another_language_gets_english(phrases: Phrases) -> None:
    assert phrases.issue("ka").language == "en"
    assert phrases.issue("PT_BR").language == "pt"
    assert script_of("zh")
    assert phrases.issue("hi").language == "en"
    assert not script_of("en")


def test_a_name_is_no_markup(phrases: Phrases) -> None:
    phrase = phrases.issue("en", "{words} {date}\n" * 3, NOW)
    assert phrase.text.startswith("My name is {words} {date} {words}")
    assert phrase.text.endswith(f"{phrase.random}.")


def test_after_a_day_it_is_worth_nothing(phrases: Phrases) -> None:
    phrase = phrases.issue("en", now=NOW)
    assert phrases.get(phrase.id, NOW + VALID - timedelta(seconds=1)) == phrase
    with pytest.raises(RequestError, match="24 hours"):
        phrases.get(phrase.id, NOW + VALID)
    with pytest.raises(RequestError, match="not issued here"):
        phrases.get("made up")


def test_it_takes_one_recording(phrases: Phrases) -> None:
    phrase = phrases.issue("en")
    with phrases.answered(phrase.id, "aa"):
        pass
    with phrases.answered(phrase.id, "aa"):  # a second voice of the same recordings
        pass
    with pytest.raises(RequestError, match="already used"), phrases.answered(phrase.id, "bb"):
        pytest.fail("was let through")


def test_a_voice_that_was_not_kept_uses_no_phrase(phrases: Phrases) -> None:
    phrase = phrases.issue("en")
    with pytest.raises(ZeroDivisionError), phrases.answered(phrase.id, "aa"):
        raise ZeroDivisionError
    assert phrases.get(phrase.id).answered == ""


def test_a_damaged_list_costs_no_more_than_the_phrases(tmp_path: Path) -> None:
    for damage in (b"\xff", b"[{}]", b"3", b"[" * 100_000):
        (tmp_path / "phrases.json").write_bytes(damage)
        phrase = Phrases(tmp_path / "phrases.json").issue("en")
        assert Phrases(tmp_path / "phrases.json").get(phrase.id) == phrase
