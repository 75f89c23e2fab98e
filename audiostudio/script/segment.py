"""Words in languages that write no spaces between them."""

import threading
from collections.abc import Callable, Iterator

from audiostudio.script.language import Language
from audiostudio.script.normalise.cjk import AMOUNT
from audiostudio.script.phonemes import japanese, mandarin
from audiostudio.script.sentences import Token

_lock = threading.RLock()
_segmenters: dict[str, Callable[[str], list[str]]] = {}


def segmented(token: Token, language: Language) -> Iterator[Token]:
    """The words of a token, each with its place; a number with its counter is one word.

    Raises `EngineUnavailable` when the language's dictionary is not installed.
    """
    at = 0
    for piece in _pieces(token.text, language):
        yield token.part(at, at + len(piece))
        at += len(piece)


def _pieces(text: str, language: Language) -> Iterator[str]:
    done = 0
    for amount in AMOUNT.finditer(text):
        yield from _words(text[done : amount.start()], language)
        yield amount[0]
        done = amount.end()
    yield from _words(text[done:], language)


def _words(text: str, language: Language) -> list[str]:
    if not text:
        return []
    with _lock:
        if language.tag not in _segmenters:
            _segmenters[language.tag] = japanese.segmenter() if language.tag == "ja" else mandarin.segmenter()
        return _segmenters[language.tag](text)
