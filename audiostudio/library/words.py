"""Text as the full-text index sees it: the same rules for what is stored and for what is looked for.

Words are made here, not by SQLite's tokenizer, because that one takes Hindi vowel signs for spaces and a Japanese
sentence for one word. So every word that reaches the index is one token, and no text is a syntax error.
"""

import hashlib
import re
import unicodedata

FACET = "§"
"""Begins the words that stand for facts (`§shelf`, `§kind_song`); no word of a user can begin with it."""

LONGEST_TEXT = 20_000
"""Characters of an asset's text that the search knows."""
_LONGEST_QUERY = 1_000
_ASCII_WORD = re.compile("[0-9a-z]+")
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),
    (0x3021, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def searchable(text: str) -> str:
    """The distinct words of `text`, separated by spaces: lower case, without accents; scripts that write no
    spaces as overlapping pairs of characters."""
    found: dict[str, None] = {}
    for word in _words(text[:LONGEST_TEXT]):
        for token in _tokens(word):
            found[token] = None
    return " ".join(found)


def query_words(text: str) -> list[str]:
    """What must each begin a word of what is found. Only the first thousand characters of `text` count."""
    found: dict[str, None] = {}
    for word in _words(text[:_LONGEST_QUERY]):
        for run in _runs(word):
            tokens = _run_tokens(run)
            for token in tokens[:-1] or tokens:
                found[token] = None
    return list(found)


def facet(name: str, value: str) -> str:
    """The word that stands for “`name` is `value`”, where `value` may be any text."""
    return f"{FACET}{name}_{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def first_word(name: str) -> str:
    """The word that stands for “the name begins with …”; itself searched by its beginning."""
    words = query_words(name)
    return f"{FACET}first_{words[0]}" if words else ""


def natural_key(name: str) -> str:
    """Sorts names as people do: case and accents aside, numbers by value."""
    key: list[str] = []
    digits = ""
    for character in f"{plain(name)}\0":
        if character in "0123456789":
            digits += character
            continue
        if digits:
            number = digits.lstrip("0") or "0"
            key.append(f"{min(len(number), 999):03d}{number}")
            digits = ""
        key.append(character)
    return "".join(key[:-1])


def plain(text: str) -> str:
    """The same for texts that differ in case, accents or composition only."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f" and not "\ud800" <= c <= "\udfff")
    return unicodedata.normalize("NFC", kept)


def _words(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return "".join(_spaced(character) for character in plain(text)).split()


def _spaced(character: str) -> str:
    """Letters, digits and vowel signs stay; each emoji is a word of its own; all else divides words."""
    category = unicodedata.category(character)
    if character.isalnum() or category[0] == "M":
        return character
    return f" {character} " if category == "So" else " "


def _tokens(word: str) -> list[str]:
    return [token for run in _runs(word) for token in _run_tokens(run)]


def _runs(word: str) -> list[str]:
    """The word cut where it changes between a spaced and an unspaced script."""
    if max(word) < _FIRST_UNSPACED:
        return [word]
    runs: list[str] = []
    for character in word:
        if runs and _is_unspaced(runs[-1][-1]) == _is_unspaced(character):
            runs[-1] += character
        else:
            runs.append(character)
    return runs


def _run_tokens(run: str) -> list[str]:
    """The run itself, or its pairs where its script is unspaced; the last of these is a single character, so
    that a search for one character finds it too."""
    return [run[i : i + 2] for i in range(len(run))] if _is_unspaced(run[0]) else [run]


def _is_unspaced(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _UNSPACED)
