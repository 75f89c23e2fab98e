"""Stretches of a text that are said in another way than they are written, by markup or by the dictionary."""

from collections.abc import Iterable
from dataclasses import dataclass

from audiostudio.script.language import Language
from audiostudio.script.markdown import COVER
from audiostudio.script.markup.meaning import Problem, Saying, Span
from audiostudio.script.normalise import normalise
from audiostudio.script.phonemes.alphabet import MARKS
from audiostudio.script.phonemes.ipa import from_ipa, from_x_sampa, to_ipa, unknown
from audiostudio.script.sayas import fits, say

GLUE = "\x1f"
"""Stands for the spaces within such a stretch, so that it stays together. No text has it: it is invisible."""


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch. Its `words`, or its `phonemes`, without punctuation around them."""

    start: int
    """In characters of the source."""
    end: int
    words: str = ""
    """As they are to be written; normalised before they are spoken."""
    spoken: str = ""
    """Words that are normalised already."""
    phonemes: str = ""
    ipa: str = ""


def problem(span: Span, clean: str, start: int) -> Problem | None:
    """Why what a span asks to say cannot be said so; it is then read as it is written. `clean` begins at `start`."""
    saying = span.change.saying
    if saying is None:
        return None
    shown = visible(clean[span.start - start : span.end - start])
    message = _complaint(saying, shown)
    return Problem(span.start, span.end, message) if message else None


def _complaint(saying: Saying, shown: str) -> str:
    if not shown:
        return "There is nothing here to be said differently."
    if saying.phonemes:
        ipa = _ipa(saying)
        strange = unknown(ipa)
        if strange:
            return f"“{strange}” in the phonemes /{saying.phonemes[:40]}/ is no sound that the voices know."
        return "" if from_ipa(ipa, "en-us") else f"/{saying.phonemes[:40]}/ holds no sound."
    if saying.form:
        article = "an" if saying.form == "ordinal" else "a"
        form = saying.form if saying.form in ("letters", "digits") else f"{article} {saying.form}"
        return "" if fits(saying.form, shown) else f"“{shown[:40]}” cannot be read as {form}."
    return "" if any(one.isalnum() for one in saying.words) else "Say which words are to be read instead."


def visible(clean: str) -> str:
    """Of text with covered characters what a reader sees."""
    return clean.replace(COVER, "").strip()


def resolved(spans: Iterable[Span], clean: str, start: int, language: Language) -> list[Said]:
    """What the spans with a saying ask for, in order. Of spans within each other the outer one holds; those that have
    a `problem` are left out."""
    found: list[Said] = []
    end = start
    for span in spans:
        saying = span.change.saying
        if saying is None or span.start < end or problem(span, clean, start):
            continue
        shown = visible(clean[span.start - start : span.end - start])
        found.append(_said(span.start, span.end, saying, shown, language))
        end = span.end
    return found


def _said(start: int, end: int, saying: Saying, shown: str, language: Language) -> Said:
    if saying.phonemes:
        ipa = _ipa(saying)
        phonemes = from_ipa(ipa, language.tag)
        return Said(start, end, phonemes=phonemes, ipa=to_ipa(ipa.strip("/ ")))
    if saying.form:
        return Said(start, end, spoken=say(saying.form, shown, saying.detail, language))
    return Said(start, end, words=saying.words)


def _ipa(saying: Saying) -> str:
    return from_x_sampa(saying.phonemes) if saying.alphabet == "x-sampa" else saying.phonemes


def glued(clean: str, start: int, saids: Iterable[Said]) -> str:
    """`clean`, which begins at `start`, with the stretches held together."""
    parts: list[str] = []
    done = 0
    for said in saids:
        first, last = max(said.start - start, done), max(said.end - start, done)
        parts += [clean[done:first], clean[first:last].replace(" ", GLUE).replace("\n", GLUE)]
        done = last
    return "".join([*parts, clean[done:]])


def in_words(text: str, language: Language) -> str:
    """`text` as the language's normaliser reads it, by itself."""
    if language.spaced:
        return " ".join(spoken for _, spoken in normalise(text.split(), language) if spoken)
    return "".join(spoken for _, spoken in normalise(text.split(), language))


def possessive(phonemes: str) -> str:
    """English phonemes with the sound of `'s`."""
    last = phonemes.rstrip("".join(MARKS))[-1:]
    return phonemes + ("ᵻz" if last in "szʃʒʧʤ" else "s" if last in "ptkfθ" else "z")
