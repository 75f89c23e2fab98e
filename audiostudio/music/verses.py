"""Lines of verse from a grammar and a theme's words: each with its syllables, its beat and its rhyme."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from audiostudio.music.pronunciations import bare
from audiostudio.music.rhymes import UNRANKED, Rhymes, last_word
from audiostudio.music.syllables import Prosody
from audiostudio.resource import resource

_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa]) (?=([\w'-]+))")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TRIES = 50
"""Lines that are made of each template."""


@dataclass(frozen=True, slots=True)
class Verse:
    """A line that was made, and what it is worth."""

    text: str
    syllables: int
    onset: str
    ending: str
    """What its rhymes have in common, with another `onset`."""
    last: str
    template: str
    limping: float
    """How far it is from a regular beat; 0: not at all."""
    words: frozenset[str]
    """That the theme gave."""

    def rhymes(self, other: "Verse") -> bool:
        """Perfectly."""
        return self.ending == other.ending and self.onset != other.onset


@dataclass(frozen=True, slots=True)
class Subject:
    """What a song is about."""

    theme: str
    mood: str
    own: tuple[str, ...] = ()
    """Nouns of the prompt."""
    names: tuple[str, ...] = ()
    """Names of the prompt."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """A subject's words and the templates."""

    subject: Subject
    rhymes: Rhymes
    prosody: Prosody
    rng: Random

    def pool(self, role: str) -> list[Verse]:
        """Many different lines for a role in a stanza."""
        found: dict[str, Verse] = {}
        for template in roles()[role]:
            for _ in range(_TRIES if _SLOT.search(template) else 1):
                text, words = self.filled(template)
                if text and text not in found:
                    found[text] = self.measured(text, template, words)
        return [verse for verse in found.values() if verse.ending]

    def filled(self, template: str) -> tuple[str, frozenset[str]]:
        """A template with words in its slots; empty where there are none for it."""
        used: set[str] = set()
        empty = False

        def word(slot: re.Match[str]) -> str:
            nonlocal empty
            chosen = self._word(slot.group(1).lower(), used)
            empty = empty or not chosen
            return chosen

        text = _ARTICLE.sub(self._article, _SLOT.sub(word, template))
        return ("" if empty else text[:1].upper() + text[1:]), frozenset(used)

    def measured(self, text: str, template: str, words: frozenset[str] = frozenset()) -> Verse:
        last = last_word(text)
        stresses = [
            syllable.stress for word in text.split() for syllable in self.prosody.syllables(word.strip(",.;:!?"))
        ]
        limping = min(_limping(stresses, 1), _limping(stresses, 0) + 0.3)
        onset, ending = self.rhymes.parts(last) or ("", "")
        return Verse(text, len(stresses), onset, ending, last, template, limping, words)

    def _word(self, slot: str, used: set[str]) -> str:
        theme = themes()[self.subject.theme]
        kind = slot.rstrip("0123456789")
        if kind in ("own", "the_own"):
            choices = [*self.subject.own, *self.subject.names]
        else:
            choices = {
                "n": theme["nouns"],
                "ns": theme["plurals"],
                "v": theme["verbs"],
                "place": theme["places"],
                "time": grammar()["times"],
                "adj": grammar()["moods"][self.subject.mood]["adjectives"],
                "a_adj": grammar()["moods"][self.subject.mood]["adjectives"],
                "feel": grammar()["moods"][self.subject.mood]["feelings"],
            }[kind]
        left = [one for one in choices if one not in used or kind == "own"]
        if not left:
            return ""
        chosen: str = self.rng.choice(left)
        used.add(chosen)
        if kind == "the_own" and chosen in self.subject.own:
            return f"the {chosen}"
        return f"a {chosen}" if kind == "a_adj" else chosen

    def _article(self, found: re.Match[str]) -> str:
        phones = self.rhymes.words.of(found.group(2).split("-")[0])
        vowel = phones[0][-1].isdigit() if phones else found.group(2)[0] in "aeiou"
        return f"{found.group(1)}n " if vowel else found.group()


def subject(prompt: str, rhymes: Rhymes, rng: Random) -> Subject:
    """What a prompt asks for: the theme and the mood that most of its words belong to, and its own nouns."""
    words = [bare(word).removesuffix("'s") for word in _WORD.findall(prompt)]
    scores = {name: sum(word in theme["words"] for word in words) for name, theme in themes().items()}
    best = max(scores.values())
    theme = rng.choice([name for name, score in scores.items() if score == best])
    moods = grammar()["moods"]
    found = [name for word in words for name, mood in moods.items() if word in mood["words"]]
    own, names = _own(prompt, rhymes)
    return Subject(theme, found[0] if found else themes()[theme]["mood"], own, names)


def _own(prompt: str, rhymes: Rhymes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Nouns and names: what stands behind an article, a possessive or a preposition, at the end of its phrase."""
    known = {word for mood in grammar()["moods"].values() for word in (*mood["words"], *mood["adjectives"])}
    skipped = known | set(grammar()["music_words"])
    own: list[str] = []
    names: list[str] = []
    for phrase in re.split(
        r"[,.;:!?()\n\"“”]|\b(?:and|with|in|on|at|to|from|for|by|about|of|who|that|when|where)\b", prompt
    ):
        words = _WORD.findall(phrase or "")
        for word in words:
            if (
                word[0].isupper()
                and word[1:].islower()
                and not prompt.lstrip().startswith(word)
                and _sayable(word, rhymes)
            ):
                names.append(word)
        while words and words[-1] in names:
            words.pop()
        if not words:
            continue
        last = bare(words[-1])
        led = prompt.strip() != phrase.strip() or len(words) > 1
        if led and last not in skipped and rhymes.rank(last) < UNRANKED and not _verbal(last, rhymes):
            own.append(last)
    return tuple(dict.fromkeys(own))[:3], tuple(dict.fromkeys(names))[:2]


def _sayable(word: str, rhymes: Rhymes) -> bool:
    return rhymes.parts(word) is not None and bare(word) not in ("i", "i'm")


def _verbal(word: str, rhymes: Rhymes) -> bool:
    """Whether it is hardly a noun: dancing, slowly, loved, and the words that only hold a sentence together."""
    return word in _small() or (len(word) > 4 and word.endswith(("ing", "ly", "ed")) and rhymes.rank(word) > 300)


@lru_cache(1)
def _small() -> frozenset[str]:
    return frozenset(
        re.findall(
            r"\w+",
            "a an the i you he she it we they me him her us them my your his its our their this these those there here "
            "is are was were be been am do does did has have had will would can could should may might must not no yes "
            "so too very just really always never ever again then now soon how why what which whose as if than or but "
            "new old good bad big little happy sad beautiful great first last own other more most some any all both "
            "each every many few much going gone come go get got want wants need like likes love loves feel feels",
        )
    ) - {"love"}


def _limping(stresses: list[int], beat: int) -> float:
    """How many stresses fall beside the beat, where every second syllable from `beat` on has it."""
    return sum(
        1.0 if stress == 1 else 0.3
        for place, stress in enumerate(stresses)
        if stress and place % 2 != beat and not (place == 0 and stress == 1)
    )


@lru_cache(1)
def themes() -> dict[str, Any]:
    """By name: what a song may be about."""
    found: dict[str, Any] = json.loads(resource("music/lyrics/themes.json").read_bytes())
    return found


@lru_cache(1)
def grammar() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("music/lyrics/grammar.json").read_bytes())
    return found


def roles() -> dict[str, list[str]]:
    """Templates by what a line does in its stanza."""
    found: dict[str, list[str]] = grammar()["roles"]
    return found
