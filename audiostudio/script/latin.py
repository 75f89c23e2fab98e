"""Which 8-bit encoding a text in Latin letters is in: the one under which the letters are those of one language."""

from collections import Counter

_WESTERN = (
    "àâæçèéêëîïôùûüÿœ",  # French
    "äöüßé",  # German
    "áéíñóúü",  # Spanish
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áèéêëíïóöúü",  # Dutch
    "åäöéàü",  # Swedish, Finnish
    "æøåéèêóòôâ",  # Danish, Norwegian
    "áéíóúýþæöð",  # Icelandic
)
_CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţ",  # Romanian
    "čćđšž",  # Croatian, Slovene
)
_ALPHABETS = {"cp1252": _WESTERN, "cp1250": _CENTRAL, "iso8859_2": _CENTRAL}
_SIGNS = "“”„‘’‚«»‹›–—…•·¿¡°§©®™€£½²³ªº\xa0\xad"


def latin_encoding(data: bytes) -> tuple[str, float]:
    """The encoding that fits best, and the share (0…1) of what is not ASCII that belongs to one language in it."""
    shares = {encoding: _share(data, encoding) for encoding in _ALPHABETS}
    best = max(shares, key=shares.__getitem__)  # of equals the first, which more people write in
    return best, shares[best]


def _share(data: bytes, encoding: str) -> float:
    found = Counter(one for one in data.decode(encoding, "replace").lower() if one > "\x7f")
    fitting = max(sum(found[one] for one in letters + _SIGNS) for letters in _ALPHABETS[encoding])
    return fitting / max(1, found.total())
