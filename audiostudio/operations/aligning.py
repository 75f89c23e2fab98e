"""When the words of a sound are spoken, where its engine does not tell: found by recognition, else spread over it."""

from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from audiostudio.engines.whisper import MODEL
from audiostudio.errors import MissingMedia, UnknownLanguage
from audiostudio.jobs import Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.listening import Recognised, measured, recognise, spoken_times
from audiostudio.operations.speech import SAMPLE_RATE, Delivery, spoken_language, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.script.captions import CaptionWord, in_paragraphs
from audiostudio.script.comparison import Comparison, compare
from audiostudio.script.language import language as find_language
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.faults import Faults

Said: TypeAlias = Callable[[str], Iterable[Sentence | Pause]]
"""From a language's tag to what should be heard."""
Rows: TypeAlias = list[list[Any]]
"""Words as they are stored: text, source start and end, first and last sample at 48 kHz."""
GUESSED = "When its words are spoken is guessed for the captions: they could not be found in the sound."


def can_align(studio: Studio) -> bool:
    """Whether speech recognition is on this machine."""
    return studio.models.present(MODEL)


def aligned(studio: Studio, path: Path, said: Said, language: str | None) -> Generator[Progress, None, Rows]:
    """The words of a file; none where nothing is heard, or in a language that the recogniser does not know well enough.
    `language` None: it is detected. Raises `ModelMissing`, `UnreadableMedia`, `EngineFailed`."""
    heard = yield from recognise(studio, path, language)
    if not heard.words:
        return []
    try:
        tag = find_language(heard.language).tag
    except UnknownLanguage:  # as it was detected
        return []
    if tag not in studio.engines.transcriber().manifest.capabilities.languages:
        return []
    faults, _ = measured(path)
    return rows(compare(said(tag), heard.text, tag), heard, faults)


def delivered(
    studio: Studio, path: Path, delivery: Delivery, samples: int
) -> Generator[Progress, None, tuple[list[CaptionWord], bool]]:
    """The words of a file of so many samples at 48 kHz, whose engine told nothing of them; and whether they were found,
    not spread over it."""
    found: Rows = []
    if can_align(studio):
        language = spoken_language(studio, delivery)
        found = yield from aligned(studio, path, lambda _: spoken_parts(studio, delivery), language)
    timed = found or spread(delivery.text, samples)
    words = [CaptionWord(one[0], one[3] / SAMPLE_RATE, one[4] / SAMPLE_RATE) for one in timed]
    return in_paragraphs(words, [one[1] for one in timed], delivery.text), bool(found)


def rows(comparison: Comparison, heard: Recognised, faults: Faults) -> Rows:
    """The words of a text that was laid beside what was heard."""
    if not heard.words:
        return []
    spans = spoken_times(comparison, heard, faults)
    return [
        [word.text, word.start, word.end, round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)]
        for word, span in zip(comparison.words, spans, strict=True)
    ]


def keep_words(studio: Studio, asset: Asset, line: str, text: str, found: Rows) -> Iterator[Partial]:
    """Keep the words that were found in a take that had none with its asset, and tell them as a partial `words`:
    `{line, asset, text, words}`."""
    if found and not asset.detail.get("words"):
        studio.library.update_detail(asset.id, {"words": found})
        yield Partial("words", {"line": line, "asset": asset.id, "text": text, "words": found})


def sound_of(asset: Asset) -> Path:
    """Its file. Raises `MissingMedia`."""
    if not asset.path.is_file():
        raise MissingMedia(f"“{asset.name}” is no longer where it was.", "Relink it in the library.")
    return asset.path


def spread(text: str, samples: int) -> Rows:
    """The words of a text over a length of time, each for as long as it is written."""
    words = [word for part in read(text, "en-us") if isinstance(part, Sentence) for word in part.words]
    total = sum(len(word.text) + 1 for word in words) or 1
    found: Rows = []
    at = 0
    for word in words:
        end = at + len(word.text) + 1
        found.append([word.text, word.start, word.end, at * samples // total, end * samples // total])
        at = end
    return found
