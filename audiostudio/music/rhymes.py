"""English words that rhyme, perfectly or nearly; the commonest come first."""

import itertools
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from audiostudio.music import pronunciations
from audiostudio.music.pronunciations import Pronunciations, bare
from audiostudio.resource import resource

_UNSTRESSED = str.maketrans("", "", "012")
_FAMILIES = {
    **dict.fromkeys(("P", "T", "K", "B", "D", "G"), "t"),
    **dict.fromkeys(("M", "N", "NG"), "n"),
    **dict.fromkeys(("F", "TH", "S", "SH", "V", "DH", "Z", "ZH", "HH", "CH", "JH"), "s"),
    **dict.fromkeys(("L", "R"), "l"),
    **dict.fromkeys(("W", "Y"), "w"),
}
_WEAK_VOWELS = {"AH": "ə", "IH": "ə", "ER": "ər"}
_LAST_WORD = re.compile(r"[^\W_][\w'’-]*(?=[^\w]*$)")
_DIGIT = re.compile(r"\d")
UNRANKED = 1 << 20


class RhymeKind(StrEnum):
    PERFECT = "perfect"
    NEAR = "near"


class Rhyme(NamedTuple):
    word: str
    kind: RhymeKind
    syllables: int
    stresses: str
    """A digit for each syllable: 0 none, 1 the word's, 2 a lesser one."""
    rank: int
    """How common it is: 0 the commonest; `UNRANKED` where it is not among the common ones."""


class Rhymes:
    """An index of all words by how they end. Made in about half a second, asked in under a millisecond."""

    def __init__(self, words: Pronunciations) -> None:
        self.words = words
        self._ranks = _ranks()
        self._perfect: dict[str, list[tuple[str, str]]] = {}
        """Ending → words and how they are said."""
        self._near: dict[str, set[str]] = {}
        for word, said in words.words():
            at = max(said.rfind("1"), said.rfind("2"))
            if at > 0 and word[-1] != "." and word[-1] != "'":
                self._perfect.setdefault(said[at - 2 :].translate(_UNSTRESSED), []).append((word, said))
        for ending in self._perfect:
            self._near.setdefault(_blurred(ending), set()).add(ending)

    def of(
        self,
        word: str,
        near: bool = True,
        syllables: int | None = None,
        stresses: str | None = None,
        most: int = 200,
    ) -> list[Rhyme]:
        """Words that rhyme with `word`: perfect ones first, each kind by commonness, and rare words behind all.

        `syllables`, `stresses`: only words of that many, of that pattern. Empty for a word that is not known.
        """
        split = self.parts(word)
        if split is None:
            return []
        own, (onset, ending) = bare(word), split
        found = self._matching(ending, own, onset, RhymeKind.PERFECT, syllables, stresses)
        if near:
            for other in sorted(self._near.get(_blurred(ending), set()) - {ending}):
                found += self._matching(other, own, None, RhymeKind.NEAR, syllables, stresses)
        last = ending.rpartition(" ")[2]
        ends = {one.word: self._ends_with(one.word, last) for one in found if one.kind is RhymeKind.NEAR}
        found.sort(
            key=lambda one: (
                one.rank == UNRANKED,
                one.kind is RhymeKind.NEAR,
                not ends.get(one.word, True),
                one.rank,
                one.word,
            )
        )
        return found[:most]

    def rank(self, word: str) -> int:
        return self._ranks.get(bare(word), UNRANKED)

    def kind(self, word: str, other: str) -> RhymeKind | None:
        """How two words rhyme; None: they do not, or they are the same, or one is not known."""
        first, second = self.parts(word), self.parts(other)
        if first is None or second is None or bare(word) == bare(other):
            return None
        if first[1] == second[1]:
            return RhymeKind.PERFECT if first[0] != second[0] else None
        return RhymeKind.NEAR if _blurred(first[1]) == _blurred(second[1]) else None

    def scheme(self, lines: Sequence[str]) -> str:
        """The rhyme scheme of a stanza, a letter for each line: `ABAB`. A line that rhymes with none has a new one."""
        letters: list[str] = []
        ends = [last_word(line) for line in lines]
        fresh = itertools.chain("ABCDEFGHIJKLMNOPQRSTUVWXYZ", itertools.repeat("–"))
        for place, end in enumerate(ends):
            fits = (
                letters[earlier]
                for kind in (RhymeKind.PERFECT, RhymeKind.NEAR)
                for earlier in range(place - 1, -1, -1)
                if end and (bare(end) == bare(ends[earlier]) or self.kind(end, ends[earlier]) is kind)
            )
            letters.append(next(fits, None) or next(fresh))
        return "".join(letters)

    def parts(self, word: str) -> tuple[str, str] | None:
        """(the consonants before its last stressed vowel, all from there on): words that share the second, and not the
        first, rhyme perfectly. None for a word that is not known."""
        phones = self.words.of(word)
        return _split(" ".join(phones)) if phones else None

    def _ends_with(self, word: str, last: str) -> bool:
        return (self.words.of(word) or ("",))[-1].translate(_UNSTRESSED) == last

    def _matching(
        self, ending: str, own: str, onset: str | None, kind: RhymeKind, syllables: int | None, stresses: str | None
    ) -> list[Rhyme]:
        found: list[Rhyme] = []
        for word, said in self._perfect.get(ending, ()):
            pattern = "".join(_DIGIT.findall(said))
            if word == own or syllables not in (None, len(pattern)) or stresses not in (None, pattern):
                continue
            if onset is None or (_split(said) or ("", ""))[0] != onset:
                found.append(Rhyme(word, kind, len(pattern), pattern, self._ranks.get(word, UNRANKED)))
        return found


def last_word(line: str) -> str:
    """Of a line, without what stands behind it; what is in parentheses at the end is the backing voices'."""
    lead = re.sub(r"\([^()]*\)[^\w]*$", "", line)
    found = _LAST_WORD.search(lead) or _LAST_WORD.search(line)
    return found.group() if found else ""


def open_rhymes(dictionary: Path) -> Rhymes:
    """Of the model `cmudict`'s file; made once. Raises `ModelDamaged`, `StorageError`."""
    return _indexed(pronunciations.read(dictionary))


@lru_cache(1)
def _indexed(words: Pronunciations) -> Rhymes:
    return Rhymes(words)


@lru_cache(1)
def _ranks() -> dict[str, int]:
    words = resource("music/lyrics/common.txt").read_text(encoding="utf-8").split()
    return {word: place for place, word in enumerate(words)}


def _split(said: str) -> tuple[str, str] | None:
    """(the consonants before it, everything from the last stressed vowel on), stresses left out."""
    at = max(said.rfind("1"), said.rfind("2"))
    at = said.rfind("0") if at < 0 else at
    if at < 2:
        return None
    before = said[: at - 2].rstrip()
    vowel = max(before.rfind("0"), before.rfind("1"), before.rfind("2"))
    return before[vowel + 1 :].strip(), said[at - 2 :].translate(_UNSTRESSED)


@lru_cache(1 << 16)
def _blurred(ending: str) -> str:
    """An ending with consonants by family, and weak vowels alike: what is the same rhymes nearly."""
    first, *rest = ending.split()
    if first == "AO" and rest[:1] != ["R"]:  # dog and fog
        first = "AA"
    return " ".join([first, *(_FAMILIES.get(one, _WEAK_VOWELS.get(one, one)) for one in rest)])
