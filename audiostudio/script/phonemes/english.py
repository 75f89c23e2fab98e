"""English phonemes from Hibari's G2P, which ports misaki's and needs no espeak-ng."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from audiostudio.script.phonemes.alphabet import closed, known
from audiostudio.script.phonemes.missing import installed

_QUOTES = re.compile(r"[\"“”«»„]")
_APOSTROPHES = str.maketrans("‘’ʼ`´", "'''''")
_OPEN_QUOTE = re.compile(r"^'(?!(?:em|cause|til|tis|twas|n|bout|round|neath|kay|cuz|s)\b)")
_CLOSE_QUOTE = re.compile(r"'([.,;:!?…]*)$")
_CLOSING = re.compile(r"([\"”»]+)([.,;:!?…—]*)$")
_SAID = {"macos": "mac OS", "json": "Jason", "nginx": "engine X", "wifi": "Wi-Fi", "gui": "gooey"}
"""Names that the lexicon lacks and its fallback gets wrong."""
_NAME = re.compile(r"\b(?:" + "|".join(_SAID) + r")\b", re.IGNORECASE)


def load(british: bool) -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    g2p = _g2p(british)

    def phonemes(words: list[str]) -> list[str]:
        return _aligned(g2p, words)

    return phonemes


@cache
def _g2p(british: bool) -> Any:
    with installed("English", "hibari-tts"):
        from hibari.g2p import G2P
    return G2P(british=british)


def readings(word: str, british: bool) -> list[tuple[str, str]]:
    """What the lexicon has for a word: the part of speech (`DEFAULT`, `VERB`, `VBD`, …) and the phonemes of each
    reading; none for a word that is not in it."""
    lexicon = _g2p(british).lexicon
    found: list[tuple[str, str]] = []
    for spelling in dict.fromkeys((word, word.lower(), word.capitalize())):
        for entries in (lexicon.golds, lexicon.silvers):
            entry = entries.get(spelling)
            options = entry.items() if isinstance(entry, dict) else [("DEFAULT", entry)] if entry else []
            found += [(part, known(phonemes)) for part, phonemes in options if phonemes]
    return found


def _aligned(g2p: Any, words: list[str]) -> list[str]:
    """Hibari reads the whole sentence; its tokens say where a space stood, so every word finds its own."""
    plain = [_plain(word) for word in words]
    text = " ".join(word for word in plain if word.split())
    pieces: list[str] = []
    piece = ""
    for token in g2p.phonemize_tokens(g2p._tokens(text)):
        piece += token.phonemes or ""
        if token.whitespace:
            pieces.append(piece)
            piece = ""
    pieces.append(piece)
    found: list[str] = []
    at = 0
    for word, bare in zip(words, plain, strict=True):
        count = len(bare.split())
        said = " ".join(part for part in pieces[at : at + count] if part)
        found.append(_quoted(closed(known(said), bare), word))
        at += count
    return found


def _plain(word: str) -> str:
    """`word` without quotation marks, with straight apostrophes and with names as they are said."""
    word = _QUOTES.sub("", word).translate(_APOSTROPHES)
    if _OPEN_QUOTE.match(word):
        word = _CLOSE_QUOTE.sub(r"\1", word[1:])
    return _NAME.sub(lambda name: _SAID[name[0].lower()], word)


def _quoted(phonemes: str, word: str) -> str:
    """`phonemes` with the quotation marks of `word`, which the tagger does not keep in pairs."""
    if not phonemes or not _QUOTES.search(word):
        return phonemes
    if word[0] in '"“«„':
        phonemes = "“" + phonemes
    closing = _CLOSING.search(word)
    if closing:
        tail = len(closing[2]) if closing[2] and phonemes.endswith(closing[2]) else 0
        at = len(phonemes) - tail
        phonemes = phonemes[:at] + "”" + phonemes[at:]
    return phonemes
