"""What is sent: sentences joined into passages, and where each word stands in them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audiostudio.engines.asked import pace
from audiostudio.engines.elevenlabs.catalogue import TAGGED
from audiostudio.errors import UnsupportedSetting
from audiostudio.script.spoken import Pause, Sentence, Word

PASSAGE = 700
"""Characters that are asked for at once, about 45 s: enough for a natural melody, little to lose when a line is cut."""
_SOUND = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one voice, language and pace that are spoken by one request."""

    sentences: tuple[Sentence, ...]
    following: str = ""
    """The text that comes after them, for the melody."""

    @property
    def text(self) -> str:
        return " ".join(map(sentence_text, self.sentences))

    @property
    def language(self) -> str:
        return self.sentences[0].language

    @property
    def voice(self) -> str | None:
        return self.sentences[0].voice

    @property
    def pace(self) -> float:
        return pace(self.sentences[0])

    @property
    def ends_paragraph(self) -> bool:
        return self.sentences[-1].ends_paragraph

    def begins(self) -> list[int]:
        """Where each sentence begins in the text, and where the text ends."""
        found = [0]
        for sentence in self.sentences:
            found.append(found[-1] + len(sentence_text(sentence)) + 1)
        return [*found[:-1], found[-1] - 1]

    def places(self, number: int) -> list[tuple[int, int]]:
        """Where the words of a sentence stand in the text, half-open; a word that is not sent has no length."""
        at = self.begins()[number]
        found: list[tuple[int, int]] = []
        for word in self.sentences[number].words:
            said = word_text(word)
            found.append((at, at + len(said)))
            at += len(said) + (1 if said else 0)
        return found

    def after(self, number: int) -> "Passage":
        """What is left when `number` sentences are done."""
        return Passage(self.sentences[number:], self.following)


def word_text(word: Word) -> str:
    """What is sent of a word: ElevenLabs reads numbers and abbreviations itself. Brackets would be taken for tags."""
    said = word.text if word.said_as is None else word.said_as
    return " ".join(said.replace("[", "(").replace("]", ")").replace("<", " ").replace(">", " ").split())


def sentence_text(sentence: Sentence) -> str:
    return " ".join(filter(None, map(word_text, sentence.words)))


def tagged(text: str, options: dict[str, str]) -> str:
    """The text as it is sent: with the emotion as an audio tag, for the models that read such."""
    tag = options.get("emotion", "")
    return f"[{tag}] {text}" if tag and options["model"] in TAGGED else text


def passages(parts: Iterable[Sentence | Pause], longest: int) -> Iterator[Passage | Pause]:
    """The parts as they are asked for: the first sentence alone, so that it is heard soon, then several at a time.

    `longest`: characters in one request. What has nothing to say is left out. Raises `UnsupportedSetting` for a word
    that is too long to be sent.
    """
    held: list[Sentence] = []
    first = True
    for part in _units(parts, longest):
        if held and (isinstance(part, Pause) or first or not _belongs(part, held, longest)):
            yield Passage(tuple(held), sentence_text(part) if isinstance(part, Sentence) else "")
            held, first = [], False
        if isinstance(part, Pause):
            yield part
        else:
            held.append(part)
    if held:
        yield Passage(tuple(held))


def _belongs(part: Sentence, held: Sequence[Sentence], longest: int) -> bool:
    last = held[-1]
    length = sum(len(sentence_text(one)) + 1 for one in held) + len(sentence_text(part))
    same = (part.language, part.voice, pace(part)) == (last.language, last.voice, pace(last))
    return same and not last.ends_paragraph and length <= min(PASSAGE, longest)


def _units(parts: Iterable[Sentence | Pause], longest: int) -> Iterator[Sentence | Pause]:
    """The sentences that can be heard, those that are too long for one request cut between words."""
    for part in parts:
        if isinstance(part, Pause):
            yield part
        elif _SOUND.search(sentence_text(part)):
            yield from _cut(part, longest) if len(sentence_text(part)) > longest else (part,)


def _cut(sentence: Sentence, longest: int) -> Iterator[Sentence]:
    words: list[Word] = []
    length = 0
    for word in sentence.words:
        here = len(word_text(word)) + 1
        if here > longest:
            raise UnsupportedSetting(
                f"The word at character {word.start + 1} has {here - 1} letters, more than ElevenLabs takes at once.",
                "Put a space into it.",
            )
        if words and length + here > longest:
            yield Sentence(tuple(words), sentence.language, False, sentence.voice)
            words, length = [], 0
        words.append(word)
        length += here
    yield Sentence(tuple(words), sentence.language, sentence.ends_paragraph, sentence.voice)
