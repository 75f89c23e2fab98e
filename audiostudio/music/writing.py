"""Lyrics without anybody's help: stanzas that rhyme and scan, a chorus with a hook that returns. English.

It knows words, rhymes and beats; it does not know what it says. The same prompt and seed give the same lyrics.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from audiostudio.errors import RequestError
from audiostudio.music.lyrics import KINDS
from audiostudio.music.rhymes import Rhymes
from audiostudio.music.syllables import Prosody
from audiostudio.music.verses import Grammar, Subject, Verse, grammar, subject, themes

LONGEST_PROMPT = 2000
FORM = ("verse", "chorus", "verse", "chorus", "bridge", "chorus")
"""Sections, where nobody says which."""
MOST_SECTIONS = 24
_PATTERNS = ((8, 8, 8, 8), (8, 8, 8, 8), (8, 6, 8, 6))
"""Syllables of a verse's lines."""
_SCHEMES = ("ABAB", "AABB", "ABCB")
_ROLES = {
    "verse": (
        ("scene", "action", "scene", "feeling"),
        ("memory", "action", "memory", "feeling"),
        ("action", "memory", "turn", "feeling"),
    ),
    "pre-chorus": (("feeling", "feeling"), ("memory", "feeling")),
    "bridge": (("turn", "turn", "turn", "feeling"), ("memory", "turn", "turn", "turn")),
    "intro": (("scene", "scene"),),
    "outro": (("outro", "outro"),),
}
"""What the lines of a stanza do, first and later times."""
_SILENT = ("solo", "break", "build", "drop")
_ANY = ("scene", "action", "memory", "feeling", "turn", "chorus")
_NARROW = 6
"""Best pairs of lines from which one is drawn."""


@dataclass(frozen=True, slots=True)
class Written:
    lyrics: str
    title: str
    notes: tuple[str, ...]
    """For people: what was used, and what this cannot do."""


@dataclass(slots=True)
class _Poet:
    grammar: Grammar
    rng: Random
    pattern: tuple[int, ...]
    scheme: str
    pools: dict[str, list[Verse]] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    """That were written."""
    taken: set[str] = field(default_factory=set)
    """Templates, endings and last words of the stanza."""
    worn: dict[str, int] = field(default_factory=dict)
    """How often words, templates and endings were used."""

    def stanza(self, kind: str, number: int) -> list[str]:
        roles = _ROLES[kind][min(number, len(_ROLES[kind]) - 1)]
        counts, scheme = (self.pattern, self.scheme) if len(roles) == 4 else ((8, 8), "AA")
        if kind == "bridge":
            counts, scheme = (8, 8, 8, 8), "AABB"
        wanted = [self._role(role, place, number) for place, role in enumerate(roles)]
        return self._rhymed(wanted, counts, scheme)

    def chorus(self, hook: Verse) -> list[str]:
        """The hook, and lines that answer it."""
        self._use(hook)
        count = 6 if hook.syllables <= 6 else 8
        lines = self._rhymed(["chorus", "chorus"], (count, count), "AA")
        hooked = hook.text
        return self.rng.choice(([hooked, lines[0], hooked, lines[1]], [hooked, *lines, hooked]))

    def hook(self) -> Verse:
        made = self.grammar
        templates = list(themes()[made.subject.theme]["hooks"])
        own = [*grammar()["own_hooks"]] if made.subject.own else [*grammar()["names"]] if made.subject.names else []
        if own and self.rng.random() < 0.7:
            templates = own
        text, words = made.filled(self.rng.choice(templates))
        return made.measured(text, text, words)

    def _role(self, role: str, place: int, number: int) -> str:
        has_own = bool(self.grammar.subject.own or self.grammar.subject.names)
        return "own_scene" if has_own and role == "scene" and place == 0 and number == 0 else role

    def _rhymed(self, roles: Sequence[str], counts: Sequence[int], scheme: str) -> list[str]:
        chosen: dict[int, Verse] = {}
        self.taken.clear()
        for letter in dict.fromkeys(scheme):
            places = [place for place, one in enumerate(scheme) if one == letter]
            if len(places) == 2:
                first, second = places
                pair = self._pair((roles[first], counts[first]), (roles[second], counts[second]))
                chosen[first], chosen[second] = pair
            else:
                chosen[places[0]] = self._single(roles[places[0]], counts[places[0]])
            for place in places:
                self._use(chosen[place])
        return [chosen[place].text for place in sorted(chosen)]

    def _single(self, role: str, count: int) -> Verse:
        fitting = self._fitting(role, count)
        return min(fitting, key=lambda verse: (self._cost(verse), verse.text))

    def _pair(self, first: tuple[str, int], second: tuple[str, int]) -> tuple[Verse, Verse]:
        """Two lines that rhyme perfectly, of the best there are."""
        answers: dict[str, list[Verse]] = {}
        for verse in self._fitting(*second):
            answers.setdefault(verse.ending, []).append(verse)
        found: list[tuple[float, str, str, Verse, Verse]] = []
        for verse in self._fitting(*first):
            for answer in answers.get(verse.ending, ()):
                if verse.template == answer.template or verse.words & answer.words:
                    continue
                if verse.rhymes(answer):
                    cost = self._cost(verse) + self._cost(answer)
                    found.append((cost, verse.text, answer.text, verse, answer))
        if not found:
            return self._widened(first, second)
        best = sorted(found, key=lambda one: one[:3])[:_NARROW]
        return self.rng.choice(best)[3:]

    def _widened(self, first: tuple[str, int], second: tuple[str, int]) -> tuple[Verse, Verse]:
        """Where nothing rhymes: the same with more lines to choose from, of all roles."""
        everything = [verse for role in _ANY for verse in self._pool(role) if verse.text not in self.lines]
        by_ending: dict[str, list[Verse]] = {}
        for verse in everything:
            if verse.syllables == second[1]:
                by_ending.setdefault(verse.ending, []).append(verse)
        pairs = [
            (self._cost(a) + self._cost(b) + 20 * (a.ending in self.taken), a.text, b.text, a, b)
            for a in everything
            if a.syllables == first[1]
            for b in by_ending.get(a.ending, ())
            if a.rhymes(b) and a.template != b.template
        ]
        return min(pairs, key=lambda one: one[:3])[3:]

    def _fitting(self, role: str, count: int) -> list[Verse]:
        """Lines that may stand here; of all roles where this one has none."""
        for roles in ((role,), _ANY):
            fitting = [verse for one in roles for verse in self._pool(one) if verse.syllables == count]
            fresh = [
                verse
                for verse in fitting
                if verse.text not in self.lines and not self.taken & {verse.template, verse.ending, verse.last}
            ]
            if fresh:
                return fresh
        return fitting

    def _pool(self, role: str) -> list[Verse]:
        if role not in self.pools:
            self.pools[role] = self.grammar.pool(role)
        return self.pools[role]

    def _cost(self, verse: Verse) -> float:
        own = {*self.grammar.subject.own, *self.grammar.subject.names}
        fresh = sum(word in own and word not in self.worn for word in verse.words)
        worn = sum(self.worn.get(word, 0) for word in verse.words) + 2 * self.worn.get(verse.template, 0)
        return (
            1.5 * verse.limping
            + 0.8 * worn
            + 1.5 * self.worn.get(verse.ending, 0)
            + 3 * self.worn.get(verse.last, 0)
            - 3.0 * fresh
        )

    def _use(self, verse: Verse) -> None:
        self.lines.add(verse.text)
        self.taken |= {verse.template, verse.ending, verse.last}
        for one in {*verse.words, verse.template, verse.ending, verse.last}:
            self.worn[one] = self.worn.get(one, 0) + 1


def write(
    prompt: str, rhymes: Rhymes, structure: Sequence[str] = (), seed: int = 0, language: str = "en-us"
) -> Written:
    """Lyrics about `prompt`. `structure`: kinds of sections in order, `FORM` where empty.

    Raises `RequestError` for another language than English, a prompt over `LONGEST_PROMPT`, too many sections.
    """
    if not language.lower().startswith("en"):
        raise RequestError(
            "The offline writer writes English only.",
            "Choose a text server that knows the language, or write yourself.",
        )
    if len(prompt) > LONGEST_PROMPT:
        raise RequestError(
            f"What the song is about has {len(prompt):,} characters; {LONGEST_PROMPT:,} are read at most.",
            "Say it in a few sentences.",
        )
    kinds = [KINDS.get(kind.partition(":")[0].strip().lower(), "verse") for kind in structure] or list(FORM)
    if len(kinds) > MOST_SECTIONS:
        raise RequestError(f"{len(kinds)} sections are too many.", f"Ask for {MOST_SECTIONS} at most.")
    rng = Random(f"{seed}:{prompt}")
    about = subject(prompt, rhymes, rng)
    made = Grammar(about, rhymes, Prosody("en-us", rhymes.words), rng)
    poet = _Poet(made, rng, rng.choice(_PATTERNS), rng.choice(_SCHEMES))
    hook = poet.hook()
    text = _sections(poet, kinds, hook)
    return Written(text, _title(hook.text), _notes(about, text))


def _sections(poet: _Poet, kinds: list[str], hook: Verse) -> str:
    chorus: list[str] = []
    seen: dict[str, int] = {}
    blocks: list[str] = []
    for kind in kinds:
        number = seen.get(kind, 0)
        seen[kind] = number + 1
        several = kinds.count(kind) > 1 and kind != "chorus"
        heading = f"[{kind[:1].upper()}{kind[1:]}{f' {number + 1}' if several else ''}]"
        lines: list[str] = []
        if kind == "chorus":
            chorus = chorus or poet.chorus(hook)
            lines = chorus
        elif kind not in _SILENT and not (kind == "intro" and len(kinds) > 1):
            lines = poet.stanza(kind, number)
        blocks.append("\n".join([heading, *lines]))
    return "\n\n".join(blocks) + "\n"


def _title(hook: str) -> str:
    small = ("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with", "than", "as")
    words = hook.rstrip(".,!?").split()
    return " ".join(
        word.lower() if place and word.lower() in small else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def _notes(about: Subject, text: str) -> tuple[str, ...]:
    used = [word for word in (*about.own, *about.names) if word.lower() in text.lower()]
    known = ", ".join(themes())
    return (
        f"The offline writer knows {len(themes())} themes ({known}); this song is about “{about.theme}”.",
        f"From your words it took: {', '.join(used)}." if used else "It found no nouns of yours to use.",
        "It counts syllables and finds true rhymes, in English only; it does not understand what it writes. "
        "Read it, and change what does not say what you mean.",
    )
