"""Phonemes in Kokoro's alphabet: what misaki writes, the symbols of `hibari/assets/vocab.json`."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from audiostudio.script.phonemes import english
from audiostudio.script.spoken import Sentence

Phonemizer: TypeAlias = Callable[[list[str]], list[str]]
"""From the spoken words of a sentence to the phonemes of each, punctuation attached."""


_lock = threading.RLock()
_loaded: dict[str, Phonemizer] = {}


def phonemize(sentence: Sentence) -> Sentence:
    """`sentence` with each word's phonemes filled, so that `" ".join(word.phonemes)` is what Kokoro reads.

    Words in other scripts than the language's are read by a G2P of theirs. Safe from several threads.
    Raises `EngineUnavailable` when the language's G2P is not installed, `UnknownLanguage`.
    """
    with _lock:
        phonemizer = _phonemizer(sentence.language)
        found = phonemizer([word.spoken for word in sentence.words])
    words = tuple(replace(word, phonemes=phonemes) for word, phonemes in zip(sentence.words, found, strict=True))
    return replace(sentence, words=words)


def _phonemizer(tag: str) -> Phonemizer:
    if tag not in _loaded:
        _loaded[tag] = english.load(british=tag == "en-gb")
    return _loaded[tag]
