"""What every language's normaliser needs: plain digits in, nothing unspeakable out."""

import unicodedata

_KEPT = frozenset(".,;:!?…—–-'’‘\"“”«»()[]¿¡।॥。，、！？：；「」『』（）《》·・ー々〜～&+=%@/$£€*°<>") | {" ", "\0"}
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94) if chr(0x21 + offset).isalnum()}
_SUBSCRIPTS = {0x2080 + digit: str(digit) for digit in range(10)}


def ascii_digits(text: str) -> str:
    """`text` with full-width letters, subscripts and the digits of every script in ASCII."""
    if text.isascii():
        return text
    text = text.translate(_WIDE).translate(_SUBSCRIPTS)
    return "".join(one if one.isascii() else _plain(one) for one in text)


def _plain(one: str) -> str:
    if one.isdecimal():
        return str(unicodedata.decimal(one))
    circled = unicodedata.decomposition(one).startswith(("<circle>", "<compat> 0028"))
    return unicodedata.normalize("NFKC", one).strip("()") if circled else one


def speakable(text: str) -> str:
    """`text` without emoji, pictures and other signs that nobody reads aloud."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(one for one in text if one.isalnum() or one in _KEPT or unicodedata.category(one).startswith("M"))


def without_digits(text: str) -> str:
    """`text` with what is still a digit of any kind (`①`, `⁷`) left out."""
    if text.isascii() and not any(one in text for one in "0123456789"):
        return text
    return "".join(one for one in text if not (one.isdigit() or unicodedata.category(one) == "No"))
