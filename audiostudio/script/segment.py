"""Words in languages that write no spaces between them."""

import re
import threading
from collections.abc import Callable, Iterator

from audiostudio.script.language import Language
from audiostudio.script.normalise.cjk import AMOUNT
from audiostudio.script.phonemes import japanese, mandarin
from audiostudio.script.sentences import Token

_CJK = "\u2e80-\u312f\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
_LETTER = rf"(?:(?![{_CJK}])[^\W\d_])[\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0dff]*"
_WHOLE = re.compile(rf"{AMOUNT.pattern}|(?:{_LETTER})+(?:['’-](?:{_LETTER})+)*")
"""What is one word: a number with its counter, a word with an alphabet."""
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
    while found := _WHOLE.search(text, done):
        yield from _words(text[done : found.start()], language)
        yield found[0]
        done = found.end()
    yield from _words(text[done:], language)


def _words(text: str, language: Language) -> list[str]:
    if not text:
        return []
    with _lock:
        if language.tag not in _segmenters:
            _segmenters[language.tag] = japanese.segmenter() if language.tag == "ja" else mandarin.segmenter()
        return _segmenters[language.tag](text)
