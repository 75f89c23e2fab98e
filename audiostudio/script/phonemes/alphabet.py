"""Kokoro's alphabet, and what else writers of phonemes use."""

import json
import re
import unicodedata
from functools import cache

from audiostudio.resource import resource

_NEAR = str.maketrans({
    "g": "ɡ", "ʐ": "ʒ", "ʑ": "ʒ", "ħ": "h", "ɦ": "h", "ɭ": "l", "ɫ": "l", "ʟ": "l", "ɬ": "l", "ɵ": "o", "ʉ": "u",
    "ɘ": "ə", "ɞ": "ɜ", "ʏ": "y", "ɶ": "œ", "ʕ": "", "ˤ": "", "ʁ": "ʁ", "ʀ": "ʁ", "ⱱ": "v", "ʙ": "b", "ɢ": "ɡ",
    "ɱ": "m", "ʋ": "v", "ɝ": "ɜ", "ɓ": "b", "ɗ": "d", "ɠ": "ɡ", "ʄ": "ɟ", "ɮ": "l", "ɺ": "ɾ", "ʍ": "w", "ɷ": "ʊ",
    "ɩ": "ɪ", "ɿ": "ɨ", "ʅ": "ɨ", "ˑ": "ː", "ᶷ": "", "ˀ": "ʔ", "ʼ": "", "ᵐ": "m", "ⁿ": "n", "ᵑ": "ŋ", "r": "r",
})  # fmt: skip
"""The nearest sound of the alphabet for sounds that Kokoro does not know."""

_MARKS = str.maketrans({
    "。": ".", "．": ".", "｡": ".", "।": ".", "॥": ".", "۔": ".", "，": ",", "、": ",", "،": ",", "؛": ";", "؟": "?",
    "！": "!", "？": "?", "：": ":", "；": ";", "（": "(", "）": ")", "「": "“", "」": "”", "『": "“", "』": "”",
    "《": "“", "》": "”", "〈": "“", "〉": "”", "【": "“", "】": "”", "«": "“", "»": "”", "„": "“", "‟": "“", "–": "—",
    "〜": "—", "～": "—", "[": "(", "]": ")", "{": "(", "}": ")", "‹": "“", "›": "”",
})  # fmt: skip
MARKS = frozenset(';:,.!?—…"()“”')
"""Punctuation that Kokoro reads."""
_ENDING = re.compile(r"[.!?…;:,]+[”\"')]*$")


@cache
def vocabulary() -> frozenset[str]:
    """The symbols that Kokoro reads."""
    return frozenset(json.loads(resource("engines/kokoro/vocabulary.json").read_text(encoding="utf-8")))


def known(phonemes: str) -> str:
    """`phonemes` in Kokoro's alphabet: the nearest symbol for a strange one, none where there is nothing near."""
    alphabet = vocabulary()
    if all(one in alphabet for one in phonemes):
        return phonemes
    near = unicodedata.normalize("NFD", phonemes).translate(_NEAR)
    return "".join(one for one in near if one in alphabet)


def nearest(symbol: str) -> str:
    """The symbol that stands for a strange one; empty when nothing is near."""
    return symbol if symbol in vocabulary() else symbol.translate(_NEAR) if ord(symbol) in _NEAR else ""


def marks(text: str) -> str:
    """The punctuation of `text` as Kokoro reads it."""
    text = text.replace("...", "…").translate(_MARKS)
    if '"' in text:
        text = text.replace('"', "“" if text.startswith('"') else "”")
    return "".join(one for one in text if one in MARKS)


def parted(text: str) -> tuple[str, str, str]:
    """The punctuation before, the core and the punctuation behind a spoken word, as written."""
    letters = [at for at, one in enumerate(text) if one.isalnum() or unicodedata.category(one).startswith("M")]
    if not letters:
        return text, "", ""
    return text[: letters[0]], text[letters[0] : letters[-1] + 1], text[letters[-1] + 1 :]


def surrounded(before: str, core: str, after: str) -> str:
    """`core` with the punctuation around it, a dash that stood apart still apart."""
    return marks(before) + core + (" " if after.startswith(" ") else "") + marks(after)


def closed(phonemes: str, spoken: str) -> str:
    """`phonemes` with the sentence mark of `spoken`, should the G2P have taken it for part of an abbreviation."""
    ending = _ENDING.search(spoken)
    if ending and phonemes and not _ENDING.search(phonemes):
        return phonemes + marks(ending[0])
    return phonemes
