"""The pronunciation dictionary: how words and phrases are read aloud in place of the way they are written."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from audiostudio.errors import UnknownLanguage
from audiostudio.script.language import LANGUAGES, Language
from audiostudio.script.language import language as find_language
from audiostudio.script.markdown import COVER, blocks
from audiostudio.script.markup.meaning import Change, Saying, Span
from audiostudio.script.phonemes.ipa import unknown
from audiostudio.script.saying import Said, resolved

LONGEST = 120
"""Characters of an entry's word or phrase."""

_JOINED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
_UNSPACED = re.compile(f"[{_JOINED}\U00020000-\U0003ffff]")
"""Letters of scripts that write no spaces between words."""
_PIECE = re.compile(rf"[ \n][ \n{COVER}]*+|{COVER}++|[^\W_][\u0300-\u036f]++|[^ \n{COVER}]")
_QUOTES = str.maketrans("‘’ʼ‐‑", "'''--")


class Entry(Protocol):
    """How one word or phrase is read aloud; `timeline.Pronunciation` is one."""

    @property
    def word(self) -> str: ...
    @property
    def spoken(self) -> str:
        """A respelling, or phonemes in IPA."""
        ...

    @property
    def ipa(self) -> bool: ...
    @property
    def language(self) -> str | None:
        """Only in this language (`en` is for `en-us` and `en-gb`); None: in every one."""
        ...

    @property
    def match_case(self) -> bool: ...
    @property
    def whole_word(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PlainEntry:
    """An entry that belongs to no project."""

    word: str
    spoken: str
    ipa: bool = False
    language: str | None = None
    match_case: bool = False
    whole_word: bool = True


def complaint(entry: Entry) -> str:
    """A sentence that says why an entry cannot be used; empty for a good one."""
    if not any(one.isalnum() for one in entry.word):
        return "The word of an entry needs a letter or a digit."
    if len(entry.word) > LONGEST:
        return f"“{entry.word[:30]}…” is longer than {LONGEST} characters."
    if not any(one.isalnum() for one in entry.spoken):
        return f"“{entry.word}” has nothing that is said in its place."
    if entry.ipa and (strange := unknown(entry.spoken)):
        return f"“{strange}” in /{entry.spoken[:60]}/ is no sound that the voices know."
    if entry.language is not None and not _tags(entry.language):
        return f"“{entry.word}”: the language “{entry.language[:40]}” is not known."
    return ""


@dataclass(slots=True)
class _Node:
    """A place in the tree of all words of the dictionary, letter by letter."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    entries: list[int] = field(default_factory=list)
    """Those whose word ends here."""


class Dictionary:
    """Entries, made ready for many texts; finding those of a text costs time linear in it."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Of entries for the same word the first holds: give the project's before those of all projects. Entries with
        a `complaint` are left out."""
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._root = _Node()
        self._languages: dict[str, frozenset[int]] = {}
        self._words = [_shown(entry.word)[0].strip() for entry in self.entries]
        for number, entry in enumerate(self.entries):
            if complaint(entry):
                continue
            node = self._root
            for one in _folded(self._words[number]):
                node = node.next.setdefault(one, _Node())
            node.entries.append(number)

    def applying(self, text: str, language: str) -> tuple[Entry, ...]:
        """The entries that reading `text` uses, in the dictionary's order. Raises `UnknownLanguage`."""
        spoken = find_language(language)
        if not self.entries:
            return ()
        used: set[int] = set()
        for block in blocks(text):
            others = {tag for span in block.spans for tag in _tags(span.change.language or "")}
            for tag in {spoken.tag, *others}:
                used.update(number for _, _, number in self._found(block.clean, find_language(tag)))
        return tuple(self.entries[number] for number in sorted(used))

    def saids(self, clean: str, start: int, language: Language) -> list[Said]:
        """What the entries say of a stretch of a block's clean text, which begins at `start`, in order."""
        if not self.entries:
            return []
        spans = [
            Span(start + first, start + last, Change(saying=_saying(self.entries[number])))
            for first, last, number in self._found(clean, language)
        ]
        return resolved(spans, clean, start, language)

    def _found(self, clean: str, language: Language) -> Iterator[tuple[int, int, int]]:
        """Begin and end in `clean`, and the entry's number; the longest at each place, none within another."""
        able = self._able(language)
        if not able:
            return
        shown, places = _shown(clean)
        folded = _folded(shown)
        beginnings = self._root.next
        at = 0
        while at < len(shown):
            best = self._longest(shown, folded, at, able) if folded[at] in beginnings else None
            if best is None:
                at += 1
                continue
            yield places[at][0], places[best[0] - 1][1], best[1]
            at = best[0]

    def _longest(self, shown: str, folded: str, at: int, able: frozenset[int]) -> tuple[int, int] | None:
        """Where the longest entry that begins at `at` ends, and its number."""
        node = self._root
        best: tuple[int, int] | None = None
        place = at
        while place < len(folded) and (following := node.next.get(folded[place])) is not None:
            node = following
            place += 1
            number = next((one for one in node.entries if one in able and self._fits(one, shown, at, place)), None)
            if number is not None:
                best = place, number
        return best

    def _fits(self, number: int, shown: str, first: int, last: int) -> bool:
        entry = self.entries[number]
        if entry.match_case and shown[first:last] != self._words[number]:
            return False
        return not entry.whole_word or (_is_edge(shown, first, last - first) and _is_edge(shown, last, last - first))

    def _able(self, language: Language) -> frozenset[int]:
        """The entries that hold in a language."""
        found = self._languages.get(language.tag)
        if found is None:
            found = frozenset(
                number
                for number, entry in enumerate(self.entries)
                if entry.language is None or language.tag in _tags(entry.language)
            )
            self._languages[language.tag] = found
        return found


NO_ENTRIES = Dictionary()


def _saying(entry: Entry) -> Saying:
    return Saying(phonemes=entry.spoken) if entry.ipa else Saying(words=entry.spoken)


@cache
def _tags(name: str) -> frozenset[str]:
    """The languages that a tag is for: `en` → `en-us` and `en-gb`; none for an unknown one."""
    lower = name.strip().replace("_", "-").lower()
    if found := frozenset(one.tag for one in LANGUAGES if one.tag == lower or one.tag.startswith(f"{lower}-")):
        return found
    try:
        return frozenset({find_language(name).tag})
    except UnknownLanguage:
        return frozenset()


def _folded(text: str) -> str:
    """`text` without capitals, as long as it is."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _shown(clean: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """`clean` as entries are compared with it (no covered characters, one space, accents joined to their letters,
    straight apostrophes), and where each character stands."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for found in _PIECE.finditer(clean):
        piece = found[0]
        if piece[0] == COVER:
            continue
        if piece[0] in " \n":
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(found.span())
        elif len(piece) > 1 and len(joined := unicodedata.normalize("NFC", piece)) == 1:
            letters.append(joined)
            places.append(found.span())
        else:
            letters += piece.translate(_QUOTES)
            places += [(at, at + 1) for at in range(*found.span())]
    return "".join(letters), places


def _is_edge(text: str, at: int, length: int) -> bool:
    """Whether a word can begin or end at `at`. Where a script writes no spaces, every place will do for an entry that
    is longer than one letter."""
    if at == 0 or at == len(text) or not (_in_word(text[at - 1]) and _in_word(text[at])):
        return True
    unspaced = [bool(_UNSPACED.match(one)) for one in (text[at - 1], text[at])]
    return unspaced[0] != unspaced[1] or (all(unspaced) and length > 1)


def _in_word(one: str) -> bool:
    return one.isalnum() or one == "_" or unicodedata.category(one).startswith("M")
