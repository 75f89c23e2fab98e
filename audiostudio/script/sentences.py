"""Where one sentence ends and the next begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiostudio.script.language import Language
from audiostudio.script.markdown import BREAK, COVER
from audiostudio.script.wordlist import word_set

MOST_TOKENS = 400
"""A run of words without an end is closed here, so that the first sentence of any text comes at once."""
_LONGEST_ADDRESS = 2000
_LONGEST_TOKEN = 120
_LONGEST_UNSPACED = 160


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two spaces, and where."""

    text: str
    """As a reader sees it, without covered characters."""
    start: int
    end: int
    places: tuple[int, ...] = ()
    """Where each character stands, when covered ones lie between; else they follow each other from `start`."""

    def part(self, first: int, last: int) -> "Token":
        """Characters `first` to `last` of the text (exclusive, not empty) as a token of their own."""
        if not self.places:
            return Token(self.text[first:last], self.start + first, self.start + last)
        places = self.places[first:last]
        return Token(self.text[first:last], places[0], places[-1] + 1, places)


_PIECE = re.compile(r"[^ \n]+")
_FULL_STOP = re.compile(r"[^。！？｡．।॥؟۔]*[。！？｡．।॥؟۔]+[^\w\s]*|.+", re.DOTALL)
_CLOSERS = "\"'”’»›)]}）」』】》*"
_OPENERS = "\"'“‘«‹([{¿¡（「『【《"
_ALWAYS = frozenset("。！？｡．।॥؟۔")

_BEFORE_NAME = {
    "en": "dr mr mrs ms mx messrs prof st sts mt ft gen gov sen rep capt cpt lt col sgt cmdr rev hon pres supt cpl maj"
    " adm fr br sr msgr e.g eg i.e ie vs cf approx ca c fig figs pp vol ed eds est viz al a.k.a",
    "es": "sr sra srta d dª dña dr dra prof ing lic gral ud uds vd p.ej pág págs núm art av avda fdo sto sta",
    "fr": "m mm mme mlle mgr dr pr me st ste p.ex cf art chap fig vol env",
    "it": "sig sig.ra sigg dott dr prof ing avv arch geom rag on egr gent spett es pag pagg art fig vol sen",
    "pt": "sr sra srta dr dra prof profa eng exmo exma p.ex pág págs art av núm fig vol gen cel cap ten",
    "hi": "डॉ श्री पं प्रो",
}
_MAY_END = word_set(
    "etc inc ltd co corp jr u.s u.k u.s.a u.n e.u a.m p.m a.d b.c b.c.e c.e ph.d m.d b.a m.a d.c l.a "
    "ave blvd rd ln hwy dept univ bros assn esq"
)
_BEFORE_NUMBER = word_set(
    "no nos nr fig figs vol vols p pp ch sec art jan feb mar apr jun jul aug sep sept oct nov dec ver v pt ext "
    "mon tue tues wed thu thur thurs fri sat sun"
)
_STARTERS = word_set(
    "the a an it he she we they you i this that these those there here but and or so then in on at if when while what "
    "who how why where as for by my his her our their its not no yes after before because however since with to now "
    "some many most all one is are was were do did does can could would should let please"
)
_INITIAL = re.compile(r"[^\W\d_]\.$")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")


def sentences(clean: str, start: int, language: Language) -> Iterator[tuple[list[Token], bool]]:
    """The tokens of each sentence, and whether a sentence mark or a break ends it (the end of `clean` is neither)."""
    gathered: list[Token] = []
    last_end = 0
    for token in _tokens(clean, start, language):
        if gathered:
            broken = BREAK in clean[last_end - start : token.start - start]
            if broken or len(gathered) >= MOST_TOKENS or _ends(gathered[-1].text, token.text, language):
                yield gathered, True
                gathered = []
        gathered.append(token)
        last_end = token.end
    if gathered:
        yield gathered, BREAK in clean[last_end - start :] or _ends(gathered[-1].text, "", language)


def _longest(piece: str, language: Language) -> int:
    """How many characters of a piece without spaces make one token at most."""
    if piece.startswith(("https://", "http://", "www.")):
        return _LONGEST_ADDRESS
    return _LONGEST_TOKEN if language.spaced else _LONGEST_UNSPACED


def _tokens(clean: str, start: int, language: Language) -> Iterator[Token]:
    for piece in _PIECE.finditer(clean):
        for part in _FULL_STOP.finditer(piece[0]):
            longest = _longest(part[0], language)
            for at in range(part.start(), part.end(), longest):
                raw = piece[0][at : min(at + longest, part.end())]
                if token := _token(raw, start + piece.start() + at):
                    yield token


def _token(raw: str, start: int) -> Token | None:
    bare = raw.strip(COVER)
    start += len(raw) - len(raw.lstrip(COVER))
    if COVER not in bare:
        return Token(bare, start, start + len(bare)) if bare else None
    places = tuple(start + at for at, one in enumerate(bare) if one != COVER)
    return Token(bare.replace(COVER, ""), start, start + len(bare), places)


def _ends(text: str, following: str, language: Language) -> bool:
    """Whether a sentence ends with the token `text` when the token `following` comes next."""
    bare = text.rstrip(_CLOSERS)
    mark = bare[-1:]
    if mark in _ALWAYS and mark:
        return True
    if mark not in (".", "!", "?", "…"):
        return False
    head = following.lstrip(_OPENERS + "—–-")
    if head[:1].islower() and not _BRAND.match(head):
        return False
    if mark != "." or bare.endswith(".."):
        return True
    return not _abbreviates(bare.lstrip(_OPENERS), head, language)


def _abbreviates(text: str, following: str, language: Language) -> bool:
    """Whether the full stop of `text` only shortens a word. `following` does not begin with a small letter."""
    word = text[:-1].lower()
    next_word = following.rstrip(".,;:!?…" + _CLOSERS).lower()
    if next_word.split("'")[0].split("’")[0] in _STARTERS and word not in ("dr", "mr", "mrs", "ms", "e.g", "i.e"):
        return False
    if word in _BEFORE_NAME_SETS.get(language.tag[:2], ()):
        return True
    if word in _BEFORE_NUMBER:
        return following[:1].isdigit() or (word in ("no", "nos") and following[:1] == "#")
    if _INITIAL.fullmatch(text) and text[0].isupper() and language.spaced:
        return text[0] != "I" and following[:1].isupper()
    return word in _MAY_END and bool(following)


_BEFORE_NAME_SETS = {tag: word_set(words) for tag, words in _BEFORE_NAME.items()}
