"""Text as it is read aloud: sentences of words, and pauses."""

import re
from collections.abc import Iterator, Sequence

from audiostudio.errors import EmptyText
from audiostudio.script.language import Language
from audiostudio.script.language import language as find_language
from audiostudio.script.markdown import Block, blocks
from audiostudio.script.markup import Problem
from audiostudio.script.normalise import normalise
from audiostudio.script.scripts import UNREADABLE
from audiostudio.script.segment import segmented
from audiostudio.script.sentences import Token, sentences
from audiostudio.script.spoken import Pause, Sentence, Word

_SPEAKABLE = re.compile(r"\w")
_MARKED = re.compile(r"[^\w\s]{3}$")
_CLAUSE_END = re.compile(r"[,;:—–…)」』，、；：][\"'”’]*$")
_SENTENCE_END = re.compile(r"[.!?…。！？।॥,;:—][\"'”’»)\]）」』]*$")


def read(text: str, language: str) -> Iterator[Sentence | Pause]:
    """The parts of `text` in the order they are spoken, each as soon as it is known; cost is linear in the text.

    Markdown is read as its reader would see it; `[pause 0.5s]` becomes a `Pause`; what cannot be spoken (emoji,
    code, unknown markup) is left out and told by `problems`. Raises `UnknownLanguage`.
    """
    spoken_language = find_language(language)
    for block in blocks(text):
        yield from _block(text, block, spoken_language)


def problems(text: str) -> list[Problem]:
    """What in `text` is not understood and is not spoken, in order."""
    return [problem for block in blocks(text) for problem in sorted(_problems(block), key=lambda one: one.start)]


def _problems(block: Block) -> Iterator[Problem]:
    yield from block.problems
    for found in UNREADABLE.finditer(block.clean):
        yield Problem(
            block.start + found.start(),
            block.start + found.end(),
            f"“{found[0][:40]}” is written in letters that no voice reads; it is not spoken.",
        )


def require_speakable(text: str) -> None:
    """Raises `EmptyText` when nothing in `text` can be spoken."""
    if not any(_SPEAKABLE.search(UNREADABLE.sub("", block.clean)) for block in blocks(text)):
        raise EmptyText(
            "There is nothing to speak." if not text.strip() else "Nothing in this text can be spoken.",
            "Write or paste some words.",
        )


def _block(text: str, block: Block, language: Language) -> Iterator[Sentence | Pause]:
    held: Sentence | None = None
    for part in _parts(text, block, language):
        if held is not None:
            yield held
            held = None
        if isinstance(part, Sentence):
            held = part
        else:
            yield part
    if held is not None:
        yield Sentence(held.words, held.language, block.ends_paragraph)


def _parts(text: str, block: Block, language: Language) -> Iterator[Sentence | Pause]:
    at = block.start
    for start, end, mark in block.pauses:
        yield from _sentences(text, block.clean[at - block.start : start - block.start], at, language, closes=False)
        yield Pause(mark.seconds, start, end)
        at = end
    yield from _sentences(text, block.clean[at - block.start :], at, language, closes=True)


def _sentences(text: str, clean: str, start: int, language: Language, closes: bool) -> Iterator[Sentence]:
    """The sentences of a stretch without pauses. `closes`: its end is the end of a sentence."""
    found = sentences(clean, start, language)
    for tokens, ended in found:
        if not any(_SPEAKABLE.search(token.text) for token in tokens):
            continue
        if not language.spaced:
            tokens = [word for token in tokens for word in segmented(token, language)]
        words = _words(text, tokens, language)
        if words and (ended or closes) and not _SENTENCE_END.search(words[-1].spoken):
            last = words[-1]
            words[-1] = Word(last.text, last.start, last.end, last.spoken + ("." if language.spaced else "。"))
        for part in _cut(words, language.longest_sentence):
            yield Sentence(tuple(part), language.tag)


def _words(text: str, tokens: Sequence[Token], language: Language) -> list[Word]:
    """One word for each thing that is spoken; lone punctuation joins what is spoken before it."""
    words: list[Word] = []
    opening, opened = "", 0
    at = 0
    for taken, spoken in normalise([token.text for token in tokens], language):
        start, end = tokens[at].start, tokens[at + taken - 1].end
        at += taken
        if not spoken:
            continue
        if _SPEAKABLE.search(spoken):
            start = opened if opening else start
            words.append(Word(text[start:end], start, end, opening + spoken))
            opening = ""
        elif spoken in "([{“«‹‘¿¡「『":
            opening, opened = spoken, start
        elif words:
            words[-1] = _followed(text, words[-1], spoken, tokens[at - 1])
    return words


def _followed(text: str, word: Word, mark: str, token: Token) -> Word:
    """`word` with punctuation that stands alone behind it; what only stands for it (a table's `|`) is not shown."""
    end = token.end if text[token.start : token.end] == token.text else word.end
    if _MARKED.search(word.spoken):
        return word
    space = " " if mark in "—…" else ""
    return Word(text[word.start : end], word.start, end, word.spoken + space + mark[:3])


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
