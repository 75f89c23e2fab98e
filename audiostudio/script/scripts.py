"""Writing systems: which G2P reads a word that its sentence's language cannot read."""

import re

_SCRIPTS = (
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
    ("ja", "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"),
    ("hi", "\u0900-\u097f"),
    ("espeak:ru", "\u0400-\u052f"),
    ("espeak:ka", "\u10a0-\u10ff\u1c90-\u1cbf"),
    ("espeak:el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("espeak:ar", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
    ("espeak:he", "\u0590-\u05ff"),
    ("espeak:ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("espeak:hy", "\u0530-\u058f"),
    ("espeak:bn", "\u0980-\u09ff"),
    ("espeak:pa", "\u0a00-\u0a7f"),
    ("espeak:gu", "\u0a80-\u0aff"),
    ("espeak:or", "\u0b00-\u0b7f"),
    ("espeak:ta", "\u0b80-\u0bff"),
    ("espeak:te", "\u0c00-\u0c7f"),
    ("espeak:kn", "\u0c80-\u0cff"),
    ("espeak:ml", "\u0d00-\u0d7f"),
    ("espeak:si", "\u0d80-\u0dff"),
    ("espeak:am", "\u1200-\u137f"),
)
_LATIN_LETTERS = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f"
    "\ua720-\ua7ff\ufb00-\ufb06\uff21-\uff5a"
)
_LATIN = re.compile(f"[{_LATIN_LETTERS}]")
_OTHER = re.compile("[\u0370-\U0003ffff]")
_PATTERNS = tuple((reader, re.compile(f"[{letters}]")) for reader, letters in _SCRIPTS)
_NUMERALS = "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218f\u2460-\u24ff\u2776-\u2793"
_READABLE = _LATIN_LETTERS + "".join(letters for _, letters in _SCRIPTS) + _NUMERALS + "\u2e80-\u303f\u3100-\u33ff"
_SIGNS = "\u0e30-\u0eff\u0f18-\u0fff\u1000-\u109f\u1780-\u17ff"
UNREADABLE = re.compile(rf"(?:(?![{_READABLE}])[^\W\d_][{_SIGNS}]*)+")
"""Letters that no G2P reads, such as Thai and Tibetan."""
_OWN = {"ja": ("ja", "zh"), "zh": ("zh",), "hi": ("hi",)}
"""The scripts that a language reads itself. Japanese reads Latin letters too, as its speakers do."""


def foreign(word: str, tag: str) -> str | None:
    """Which G2P reads `word` in a sentence of the language `tag`, or None when the language's own does."""
    if tag not in ("hi", "zh") and (word.isascii() or not _OTHER.search(word)):
        return None
    own = _OWN.get(tag, ())
    found = [reader for reader, letters in _PATTERNS if letters.search(word)]
    if any(reader in own for reader in found):
        return None
    if found:
        return "ja" if "ja" in found else found[0]
    return "en-us" if tag in ("hi", "zh") and _LATIN.search(word) else None
