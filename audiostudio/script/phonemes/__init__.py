"""Phonemes in Kokoro's alphabet: what misaki writes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from audiostudio.errors import EngineUnavailable
from audiostudio.script.language import LANGUAGES, language
from audiostudio.script.phonemes import english, espeak, japanese, mandarin
from audiostudio.script.phonemes.alphabet import MARKS, parted, surrounded
from audiostudio.script.scripts import foreign
from audiostudio.script.spoken import Sentence, Word

Phonemizer: TypeAlias = Callable[[list[str]], list[str]]
"""From the spoken words of a sentence to the phonemes of each, punctuation attached."""

_lock = threading.RLock()
_loaded: dict[str, Phonemizer] = {}


def phonemize(sentence: Sentence) -> Sentence:
    """`sentence` with each word's phonemes filled, so that `" ".join(word.phonemes)` is what Kokoro reads.

    Words that have phonemes keep them; punctuation that they lack is added.
    Words in a script that the language does not use are read by the G2P of that script. A word that no G2P can
    read has no phonemes. Safe from several threads; the first call for a language loads its G2P.
    Raises `EngineUnavailable` when the language's G2P is not installed, `UnknownLanguage`.
    """
    tag = language(sentence.language).tag
    spoken = [word.spoken for word in sentence.words]
    strangers = {at: found for at, word in enumerate(spoken) if (found := foreign(word, tag))}
    with _lock:
        own = _phonemizer(tag)(["" if at in strangers else word for at, word in enumerate(spoken)])
        for at, other in strangers.items():
            own[at] = _phonemizer(other)([spoken[at]])[0]
    words = tuple(
        replace(word, phonemes=_marked(word) if word.phonemes else found)
        for word, found in zip(sentence.words, own, strict=True)
    )
    return replace(sentence, words=words)


def _marked(word: Word) -> str:
    """The phonemes that a word came with, and the punctuation of its spoken form where they have none."""
    before, _, after = parted(word.spoken)
    return surrounded(
        "" if word.phonemes[0] in MARKS else before, word.phonemes, "" if word.phonemes[-1] in MARKS else after
    )


def available() -> dict[str, str | None]:
    """For each language None when it can be spoken, else a sentence that says what is missing and how to get it."""
    return {one.tag: _reason(one.tag) for one in LANGUAGES}


def _reason(tag: str) -> str | None:
    try:
        with _lock:
            _phonemizer(tag)
    except EngineUnavailable as error:
        return str(error)
    return None


def _phonemizer(tag: str) -> Phonemizer:
    """The G2P of a language, or of an espeak-ng voice written `espeak:NAME`."""
    if tag not in _loaded:
        _loaded[tag] = _load(tag)
    return _loaded[tag]


def _load(tag: str) -> Phonemizer:
    if tag.startswith("en-"):
        return english.load(british=tag == "en-gb")
    if tag == "ja":
        return japanese.load()
    if tag == "zh":
        return mandarin.load()
    if tag.startswith("espeak:"):
        return espeak.load(tag.removeprefix("espeak:"), "This script")
    return espeak.load(espeak.VOICES[tag], language(tag).name)
