"""From the tokens of a sentence to its words, each with the way it is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audiostudio.script.language import Language
from audiostudio.script.normalise import normalise
from audiostudio.script.normalise.clean import speakable
from audiostudio.script.phonemes.ipa import to_ipa
from audiostudio.script.saying import GLUE, Said, in_words, possessive
from audiostudio.script.segment import segmented
from audiostudio.script.sentences import Token
from audiostudio.script.spoken import Word

SPEAKABLE = re.compile(r"\w")
_MARKED = re.compile(r"[^\w\s]{3}$")
_OWNS = re.compile(r"['’]s(?=\W*$)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A token, and how it is said where that is not as it is written."""

    token: Token
    said: Said | None = None
    lead: str = ""
    """Punctuation of the token before what is said."""
    trail: str = ""


def units(tokens: Sequence[Token], saids: Sequence[Said], edges: Sequence[int], language: Language) -> list[Unit]:
    """`tokens` with what `saids` (in order) say of them; single words where a language writes no spaces.

    `edges`: places in the source, in order, at which words of such languages are parted too.
    """
    found: list[Unit] = []
    at = edge = 0
    for token in tokens:
        while at < len(saids) and saids[at].end <= token.start:
            at += 1
        last = at
        while last < len(saids) and saids[last].start < token.end:
            last += 1
        for unit in _said(token, saids[at:last], language) if last > at else [Unit(token)]:
            if unit.said is not None and found and found[-1].said is unit.said:
                found[-1] = replace(found[-1], token=_joined(found[-1].token, unit.token), trail=unit.trail)
            elif unit.said is not None and unit.said.start < tokens[0].start and not found:
                continue  # said in the sentence before
            elif unit.said is not None or language.spaced:
                found.append(unit)
            else:
                while edge < len(edges) and edges[edge] <= unit.token.start:
                    edge += 1
                for piece in _cut(unit.token, edges[edge : edge + len(unit.token.text)]):
                    found += [Unit(word) for word in segmented(piece, language)]
    return found


def _joined(first: Token, last: Token) -> Token:
    return Token(f"{first.text}{GLUE}{last.text}", first.start, last.end)


def _places(token: Token) -> Sequence[int]:
    return token.places or range(token.start, token.end)


def _cut(token: Token, edges: Sequence[int]) -> Iterator[Token]:
    places = _places(token)
    first = 0
    for edge in edges:
        at = first
        while at < len(places) and places[at] < edge:
            at += 1
        if at >= len(places):
            break
        if at > first:
            yield token.part(first, at)
            first = at
    yield token.part(first, len(token.text))


def _said(token: Token, saids: Sequence[Said], language: Language) -> list[Unit]:
    """A token of which some characters, perhaps all, are said in another way."""
    pieces = list(_pieces(token, saids))
    outside = [token.text[first:last] for first, last, said in pieces if said is None]
    inside = [(first, last, said) for first, last, said in pieces if said is not None]
    if not inside:
        return [Unit(token)]
    first, last, said = inside[0]
    lead, trail = token.text[:first], token.text[last:]
    if len(inside) == 1 and not any(map(SPEAKABLE.search, outside)):
        return [Unit(token, said, lead, trail)]
    owns = _OWNS.match(trail)
    if len(inside) == 1 and owns and said.phonemes and not SPEAKABLE.search(lead):
        phonemes = possessive(said.phonemes)
        return [Unit(token, replace(said, phonemes=phonemes, ipa=to_ipa(phonemes)), lead, trail[owns.end() :])]
    if language.spaced and all(one.words for _, _, one in inside):
        words = "".join(token.text[first:last] if one is None else one.words for first, last, one in pieces)
        return [Unit(token, Said(token.start, token.end, words=words))]
    return [Unit(token.part(first, last), one) for first, last, one in pieces]


def _pieces(token: Token, saids: Sequence[Said]) -> Iterator[tuple[int, int, Said | None]]:
    """The stretches of a token's text: begin, end, and how they are said."""
    places = _places(token)
    at = 0
    for said in saids:
        first = at
        while first < len(places) and places[first] < said.start:
            first += 1
        last = first
        while last < len(places) and places[last] < said.end:
            last += 1
        if last == first:
            continue
        if first > at:
            yield at, first, None
        yield first, last, said
        at = last
    if at < len(places):
        yield at, len(places), None


def words(text: str, found: Sequence[Unit], language: Language) -> list[Word]:
    """One word for each thing that is spoken; lone punctuation joins what is spoken before it."""
    done: list[Word] = []
    opening, opened = "", 0
    at = 0
    for taken, spoken in _normalised(found, language):
        unit = found[at]
        start, end = unit.token.start, found[at + taken - 1].token.end
        at += taken
        if unit.said is not None:
            done.append(_word(text, unit, spoken, opening, opened, language))
            opening = ""
        elif not spoken:
            continue
        elif SPEAKABLE.search(spoken):
            start = opened if opening else start
            done.append(Word(text[start:end], start, end, opening + spoken))
            opening = ""
        elif spoken in "([{“«‹‘¿¡「『":
            opening, opened = spoken, start
        elif done:
            done[-1] = _followed(text, done[-1], spoken, found[at - 1].token)
    return done


def _normalised(found: Sequence[Unit], language: Language) -> list[tuple[int, str]]:
    """How many units make a word, and how it is spoken. What is said differently helps to read the words around it,
    but is never one word with them."""
    groups = list(normalise([_context(unit) for unit in found], language))
    if not any(unit.said for unit in found):
        return groups
    at = 0
    for taken, _ in groups:
        if taken > 1 and any(unit.said for unit in found[at : at + taken]):
            break
        at += taken
    else:
        return groups
    groups = []
    run: list[str] = []
    for unit in found:
        if unit.said is None:
            run.append(_context(unit))
            continue
        groups += [*normalise(run, language), (1, _context(unit))]
        run = []
    return [*groups, *normalise(run, language)]


def _context(unit: Unit) -> str:
    """What the words around see of a unit."""
    return unit.token.text.split(GLUE)[0] or unit.token.text.replace(GLUE, "") or "-"


def _word(text: str, unit: Unit, spoken: str, opening: str, opened: int, language: Language) -> Word:
    said = unit.said
    assert said is not None
    start = opened if opening else unit.token.start
    end = unit.token.end
    before, behind = opening + speakable(unit.lead), speakable(unit.trail)
    if said.phonemes:
        core = unit.token.text[len(unit.lead) : len(unit.token.text) - len(unit.trail) or None].replace(GLUE, " ")
        plain = in_words(core, language)
        if not SPEAKABLE.search(plain):
            plain = core
        return Word(text[start:end], start, end, before + plain + behind, said.phonemes, ipa=said.ipa)
    plain = said.spoken or in_words(said.words, language)
    return Word(
        text[start:end],
        start,
        end,
        before + _stopped(plain, behind),
        said_as=opening + unit.lead + _stopped(said.words or said.spoken, unit.trail),
    )


def _stopped(text: str, mark: str) -> str:
    """`text` with the punctuation behind it, one full stop where two would meet."""
    return text + (mark[1:] if text.endswith(".") and mark.startswith(".") and mark[:2] != ".." else mark)


def _followed(text: str, word: Word, mark: str, token: Token) -> Word:
    """`word` with punctuation that stands alone behind it; what only stands for it (a table's `|`) is not shown."""
    end = token.end if text[token.start : token.end] == token.text else word.end
    if _MARKED.search(word.spoken):
        return word
    space = " " if mark in "—…" else ""
    said_as = None if word.said_as is None else word.said_as + space + mark[:3]
    return replace(word, text=text[word.start : end], end=end, spoken=word.spoken + space + mark[:3], said_as=said_as)
