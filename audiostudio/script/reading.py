"""Text as it is read aloud: sentences of words, and pauses."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from audiostudio.errors import EmptyText, UnknownLanguage
from audiostudio.script.dictionary import NO_ENTRIES, Dictionary
from audiostudio.script.language import Language
from audiostudio.script.language import language as find_language
from audiostudio.script.markdown import COVER, Block, blocks
from audiostudio.script.markup import PauseMark, Problem
from audiostudio.script.markup.spans import State, states, voicings
from audiostudio.script.saying import Said, glued, problem, resolved
from audiostudio.script.scripts import UNREADABLE
from audiostudio.script.sentences import sentences
from audiostudio.script.spoken import Pause, Sentence, Word
from audiostudio.script.wording import SPEAKABLE, units, words

_CLAUSE_END = re.compile(r"[,;:—–…)」』，、；：][\"'”’]*$")
_SENTENCE_END = re.compile(r"[.!?…。！？।॥,;:—][\"'”’»)\]）」』]*$")
_OPENS = frozenset("“‘«‹(¿¡「『")
_CLINGS = re.compile(rf"(?:{COVER}{{0,200}}[.,;:!?…)\]\"'”’»。，！？、；：」』）])+")
"""Punctuation that belongs to the word before it."""
_NEAR = 100
"""Characters, covered ones among them, in which opening punctuation before a tag is looked for."""


def read(text: str, language: str, dictionary: Dictionary = NO_ENTRIES) -> Iterator[Sentence | Pause]:
    """The parts of `text` in the order they are spoken, each as soon as it is known; cost is linear in the text.

    Markdown is read as its reader would see it; `[pause 0.5s]` becomes a `Pause`; what markup and `dictionary` ask
    for is in the words; what cannot be spoken (emoji, code, unknown markup) is left out and told by `problems`.
    Raises `UnknownLanguage`.
    """
    spoken_language = find_language(language)
    for block in blocks(text):
        yield from _block(text, block, spoken_language, dictionary)


def problems(text: str, voices: Collection[str] | None = None) -> list[Problem]:
    """What in `text` is not understood and is not spoken, in order. `voices`: the ids that markup may name; None: any.

    A mix such as `af_heart:0.6+am_adam:0.4` is of several.
    """
    return [one for block in blocks(text) for one in sorted(_problems(block, voices), key=lambda one: one.start)]


def _problems(block: Block, voices: Collection[str] | None) -> Iterator[Problem]:
    yield from block.problems
    said = _saying(block)
    for found in UNREADABLE.finditer(block.clean):
        start, end = block.start + found.start(), block.start + found.end()
        near = bisect_right(said, (start, end)) - 1
        if near < 0 or said[near][1] < end:
            message = f"“{found[0][:40]}” is written in letters that no voice reads; it is not spoken."
            yield Problem(start, end, message)
    for span in block.spans:
        if (wrong := problem(span, block.clean, block.start)) is not None:
            yield wrong
        name, tag = span.change.voice, span.change.language
        if tag is not None and _language(tag) is None:
            yield Problem(span.start, span.end, f"The language “{tag}” is not known; this is read in the line's own.")
        if name is not None and voices is not None:
            for one in name.split("+"):
                if one.split(":")[0] not in voices:
                    yield Problem(span.start, span.end, f"There is no voice “{one.split(':')[0][:60]}”.")


def _language(tag: str) -> Language | None:
    try:
        return find_language(tag)
    except UnknownLanguage:
        return None


def require_speakable(text: str) -> None:
    """Raises `EmptyText` when nothing in `text` can be spoken."""
    if not any(SPEAKABLE.search(UNREADABLE.sub("", block.clean)) or _saying(block) for block in blocks(text)):
        raise EmptyText(
            "There is nothing to speak." if not text.strip() else "Nothing in this text can be spoken.",
            "Write or paste some words.",
        )


def _saying(block: Block) -> list[tuple[int, int]]:
    """The stretches for which markup says how they are read."""
    return [
        (span.start, span.end)
        for span in block.spans
        if span.change.saying is not None and problem(span, block.clean, block.start) is None
    ]


def _block(text: str, block: Block, language: Language, dictionary: Dictionary) -> Iterator[Sentence | Pause]:
    held: Sentence | None = None
    for part in _parts(text, block, language, dictionary):
        if held is not None:
            yield held
            held = None
        if isinstance(part, Sentence):
            held = part
        else:
            yield part
    if held is not None:
        yield replace(held, ends_paragraph=block.ends_paragraph)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a block without pauses, in one voice and one language."""

    start: int
    end: int
    language: Language
    voice: str | None
    closes: bool
    """Its end is the end of a sentence."""


class _Asked:
    """What a block's markup asks for."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.states = states(block.spans, block.start)
        self.edges = sorted({place for span in block.spans for place in (span.start, span.end)})
        self._saids: dict[str, list[Said]] = {}

    def saids(self, stretch: _Stretch) -> list[Said]:
        """What is said differently in a stretch."""
        found = self._saids.get(stretch.language.tag)
        if found is None:
            found = resolved(self.block.spans, self.block.clean, self.block.start, stretch.language)
            self._saids[stretch.language.tag] = found
        first = bisect_right(found, stretch.start, key=lambda one: one.end)
        return found[first : bisect_left(found, stretch.end, key=lambda one: one.start)]


def _parts(text: str, block: Block, language: Language, dictionary: Dictionary) -> Iterator[Sentence | Pause]:
    asked = _Asked(block)
    for part in _stretches(block, asked.states, language):
        if isinstance(part, Pause):
            yield part
            continue
        for sentence in _sentences(text, asked, part, dictionary):
            yield _voiced(sentence, asked) if len(asked.states) > 1 else sentence


def _stretches(block: Block, held: list[State], language: Language) -> Iterator[_Stretch | Pause]:
    """The block's stretches and pauses in order."""
    cuts: list[tuple[int, int, PauseMark | State]] = [*block.pauses]
    before, place = held[0], block.start
    for state in held[1:]:
        if (state.voice, state.language) != (before.voice, before.language):
            place = max(_parting(block.clean, state.start - block.start) + block.start, place)
            cuts.append((place, place, state))
        before = state
    at, end = block.start, block.start + len(block.clean)
    voice, spoken = None, language
    spoken_end = block.start + next((n for n in range(len(block.clean) - 1, -1, -1) if block.clean[n].isalnum()), 0)
    for first, last, what in sorted(cuts, key=lambda cut: cut[:2]):
        if first > at:
            yield _Stretch(at, first, spoken, voice, isinstance(what, State) and first > spoken_end)
        if isinstance(what, PauseMark):
            yield Pause(what.seconds, first, last)
        else:
            voice = what.voice
            spoken = (what.language and _language(what.language)) or language
        at = max(at, last)
    yield _Stretch(at, end, spoken, voice, True)


def _parting(clean: str, at: int) -> int:
    """Where a change of voice at `at` parts the text: punctuation stays with its word."""
    if clings := _CLINGS.match(clean, at):
        return clings.end()
    found = at
    for place in range(at - 1, max(at - _NEAR, 0) - 1, -1):
        if clean[place] in _OPENS:
            found = place
        elif clean[place] != COVER:
            break
    return found


def _sentences(text: str, asked: _Asked, stretch: _Stretch, dictionary: Dictionary) -> Iterator[Sentence]:
    language, block = stretch.language, asked.block
    clean = block.clean[stretch.start - block.start : stretch.end - block.start]
    saids = _merged(asked.saids(stretch), dictionary.saids(clean, stretch.start, language))
    at = 0
    for tokens, ended in sentences(glued(clean, stretch.start, saids), stretch.start, language):
        while at < len(saids) and saids[at].end <= tokens[0].start:
            at += 1
        last = at
        while last < len(saids) and saids[last].start < tokens[-1].end:
            last += 1
        edges = () if language.spaced else asked.edges[bisect_left(asked.edges, tokens[0].start) :]
        found = units(tokens, saids[at:last], edges, language)
        if not any(unit.said or SPEAKABLE.search(unit.token.text) for unit in found):
            continue
        read_words = words(text, found, language)
        if read_words and (ended or stretch.closes) and not _SENTENCE_END.search(read_words[-1].spoken):
            mark = "." if language.spaced else "。"
            read_words[-1] = replace(read_words[-1], spoken=read_words[-1].spoken + mark)
        for part in _cut(read_words, language.longest_sentence):
            yield Sentence(tuple(part), language.tag, voice=stretch.voice)


def _merged(asked: list[Said], listed: list[Said]) -> list[Said]:
    """What markup asks for, and what the dictionary does where markup asks for nothing."""
    if not asked or not listed:
        return asked or listed
    free: list[Said] = []
    at = 0
    for one in listed:
        while at < len(asked) and asked[at].end <= one.start:
            at += 1
        if at == len(asked) or asked[at].start >= one.end:
            free.append(one)
    return sorted([*asked, *free], key=lambda one: one.start)


def _voiced(sentence: Sentence, asked: _Asked) -> Sentence:
    """`sentence` with what markup asks of its words."""
    found = voicings(asked.states, [_letters(word, asked.block) for word in sentence.words])
    return replace(
        sentence,
        words=tuple(
            word if voicing.plain else replace(word, voicing=voicing)
            for word, voicing in zip(sentence.words, found, strict=True)
        ),
    )


def _letters(word: Word, block: Block) -> tuple[int, int]:
    """Where a word begins to be heard, and where it ends."""
    found = SPEAKABLE.search(block.clean, word.start - block.start, word.end - block.start)
    return (block.start + found.start() if found else word.start), word.end


def _cut(words: list[Word], longest: int) -> Iterator[list[Word]]:
    """`words` in parts of at most `longest` spoken characters, cut after a clause where there is one."""
    part: list[Word] = []
    length = 0
    for word in words:
        if part and length + len(word.spoken) > longest:
            clause = next(
                (at for at in range(len(part), len(part) // 3, -1) if _CLAUSE_END.search(part[at - 1].spoken)), 0
            )
            at = clause or len(part)
            yield part[:at]
            part = part[at:]
            length = sum(len(one.spoken) + 1 for one in part)
        part.append(word)
        length += len(word.spoken) + 1
    if part:
        yield part
