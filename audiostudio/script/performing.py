"""The performance editor's edits, put onto the words of a line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Protocol

from audiostudio.performance import PLAIN, Voicing
from audiostudio.script.spoken import Pause, Sentence, Word


class WordEdit(Protocol):
    """A word and how it was redrawn; `timeline.WordPerformance` is one."""

    @property
    def word(self) -> int:
        """Its place among the words of the line as read, from 0."""
        ...

    @property
    def text(self) -> str:
        """As written."""
        ...

    @property
    def voicing(self) -> Voicing: ...


def perform(parts: Iterable[Sentence | Pause], edits: Sequence[WordEdit]) -> Iterator[Sentence | Pause]:
    """`parts` of one line with the edits on their words; where an edit says something, it wins over markup.

    An edit whose word is elsewhere by now goes with it, see `placed`; without its word it is left out.
    """
    line = list(parts)
    words = [word for part in line if isinstance(part, Sentence) for word in part.words]
    voicings = placed([word.text for word in words], edits)
    at = 0
    for part in line:
        if isinstance(part, Pause):
            yield part
            continue
        found = range(at, at + len(part.words))
        at += len(part.words)
        if any(place in voicings for place in found):
            part = replace(part, words=tuple(_performed(words[place], voicings.get(place, PLAIN)) for place in found))
        yield part


def placed(texts: Sequence[str], edits: Iterable[WordEdit]) -> dict[int, Voicing]:
    """Which word of a line each edit is for, given the line's words as written.

    An edit belongs to the word at its place when that is still its word; else to the nearest word like it, moved as
    far as the edit before, between its neighbours' words. Punctuation and capitals do not part a word from its edit.
    """
    ordered = sorted(edits, key=lambda edit: edit.word)
    cores = [_core(text) for text in texts]
    places: dict[str, list[int]] = {}
    for at, core in enumerate(cores):
        places.setdefault(core, []).append(at)
    fixed = [edit.word if 0 <= edit.word < len(texts) and texts[edit.word] == edit.text else -1 for edit in ordered]
    limits = _limits(fixed, len(texts))
    found: dict[int, Voicing] = {}
    before, moved = -1, 0
    for edit, own, limit in zip(ordered, fixed, limits, strict=True):
        place: int | None = own
        if own <= before:
            place = _nearest(places.get(_core(edit.text), []), edit.word + moved, before, limit)
        if place is None:
            continue
        found[place] = edit.voicing
        before, moved = place, place - edit.word
    return found


def _limits(fixed: Sequence[int], length: int) -> list[int]:
    """For each edit the first place behind it that belongs to another."""
    found: list[int] = []
    limit = length
    for own in reversed(fixed):
        found.append(limit)
        limit = own if own >= 0 else limit
    return found[::-1]


def _nearest(places: Sequence[int], wanted: int, before: int, limit: int) -> int | None:
    able = [place for place in places if before < place < limit]
    return min(able, key=lambda place: abs(place - wanted), default=None)


def _core(text: str) -> str:
    return "".join(one for one in text if one.isalnum()).casefold() or text


def over(asked: Voicing, edit: Voicing) -> Voicing:
    """What markup asks for with an edit on it: where the edit says something, it wins."""
    said = {
        field.name: getattr(edit, field.name)
        for field in fields(Voicing)
        if getattr(edit, field.name) != getattr(PLAIN, field.name)
    }
    return replace(asked, **said)


def _performed(word: Word, edit: Voicing) -> Word:
    return word if edit.plain else replace(word, voicing=over(word.voicing, edit))
