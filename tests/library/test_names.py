"""File names and search words for anything people type."""

import unicodedata
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from audiostudio.library import words
from audiostudio.library.names import LONGEST, LONGEST_BYTES, file_key, file_name

WHEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANY_NAME = st.one_of(
    st.text(max_size=400),
    st.text(alphabet='<>:"/\\|?*. \t\n\0\u202e👩‍👩‍👧é', max_size=400),
    st.sampled_from(["CON", "nul", "..", ".", "~", "-rf", "%00", "a" * 300, "日" * 300, "👨‍👩‍👧‍👦" * 100]),
)


@given(ANY_NAME, st.sampled_from([".wav", ".mp4", ""]), st.integers(1, 10_000))
def test_every_name_is_a_file_name_everywhere(name: str, suffix: str, number: int) -> None:
    made = file_name(name, WHEN, suffix, number)
    assert len(made) <= LONGEST
    assert len(made.encode()) <= LONGEST_BYTES
    assert made.startswith("2026-11-21 ")
    assert made.endswith(f" ({number}){suffix}" if number > 1 else suffix)
    assert made == unicodedata.normalize("NFC", made)
    assert not set(made) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\u202a\u202e\u2066" for c in made)
    assert made[-1] not in ". "


def test_a_good_name_stays_as_it_is() -> None:
    assert file_name("Product intro – Emma 👩‍🎤", WHEN, ".wav") == "2026-11-21 Product intro – Emma 👩‍🎤.wav"
    assert file_name("What? A/B: “test”\nnow", WHEN, ".wav", 2) == "2026-11-21 What A B “test” now (2).wav"
    assert file_name("/", WHEN, ".wav") == "2026-11-21 Untitled.wav"


@given(st.text(max_size=60))
def test_file_keys_meet_where_systems_do(name: str) -> None:
    assert file_key(name) == file_key(unicodedata.normalize("NFD", name))
    assert file_key(name) == file_key(unicodedata.normalize("NFC", name))


@given(st.text(max_size=200))
def test_index_words_are_plain_tokens(text: str) -> None:
    for token in words.searchable(text).split(" "):
        assert not set(token) & set(" \t\n\0\"'*^():+-{}§_")
    for token in words.query_words(text):
        assert token
        assert not set(token) & set(" \t\n\0\"'*^():+-{}§_")


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_text_is_found_by_itself(before: str, text: str) -> None:
    stored = words.searchable(f"{before} {text}").split()
    for word in words.query_words(text):
        assert any(token.startswith(word) for token in stored)


def test_natural_order() -> None:
    names = ["Line 2", "line 10", "Line 1", "Éclair", "zoo", "Eclair 3", "line 010 b", "Line 9a"]
    assert sorted(names, key=words.natural_key) == [
        *("Éclair", "Eclair 3", "Line 1", "Line 2", "Line 9a", "line 10", "line 010 b", "zoo"),
    ]


@given(st.text(max_size=50))
def test_natural_keys_can_be_stored(name: str) -> None:
    assert words.natural_key(name).encode().decode() == words.natural_key(name)
