"""Listening to a sound file: the words that are heard, what can be measured, and when known words are spoken."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.dnsmos import MODEL as DNSMOS
from audiostudio.engines.dnsmos import Dnsmos
from audiostudio.jobs import Progress
from audiostudio.operations.studio import Studio
from audiostudio.script.comparison import Comparison
from audiostudio.script.word_times import HeardSpan, Span, word_times
from audiostudio.sound.faults import FaultFinder, Faults
from audiostudio.sound.files import decode, probe
from audiostudio.sound.loudness import Loudness, measure

_RATE = 16_000
"""Hz: what recognition and rating listen at."""
_UNSPACED = frozenset({"zh", "cmn", "yue", "ja", "jp", "th", "lo", "my", "km"})
"""Languages that write no spaces between words."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Everything that was heard in a file."""

    text: str
    words: tuple[HeardSpan, ...]
    """Places are in `text`."""
    language: str
    """As it was asked for, else as it was detected; empty when nothing was heard."""


def recognise(
    studio: Studio, path: Path, language: str | None, word_times: bool = True, prompt: str = ""
) -> Generator[Progress, None, Recognised]:
    """The words in a file, with progress as its share that was listened to. `prompt`: words as they are likely to come.

    Raises `ModelMissing`, `UnreadableMedia`, `EngineFailed`, `UnknownLanguage`.
    """
    length = probe(path).duration or 0.0
    yield Progress(0.0, "Loading speech recognition")
    transcriber = studio.engines.transcriber()
    text, detected = "", ""
    words: list[HeardSpan] = []
    for heard in transcriber.transcribe(_mono(path), _RATE, language, prompt, word_times):
        detected = detected or heard.language
        spaced = (language or detected).lower().split("-")[0] not in _UNSPACED
        for word in heard.words:
            text += " " if text and spaced else ""
            words.append(HeardSpan(len(text), len(text) + len(word.text), word.start, word.end))
            text += word.text
        yield Progress(min(0.99, heard.end / length) if length else None, "Listening")
    return Recognised(text, tuple(words), language or detected)


def detected_language(studio: Studio, path: Path) -> str:
    """The language of what is said first; empty where nothing is. Raises as `recognise` does."""
    heard = studio.engines.transcriber().transcribe(_mono(path), _RATE, word_times=False)
    return next((one.language for one in heard if one.language), "")


def measured(path: Path) -> tuple[Faults, Loudness]:
    """Clipping, silences and loudness of a file, at its own sample rate, in constant memory."""
    rate = probe(path).sample_rate or _RATE
    finder = FaultFinder(rate)

    def found() -> Iterator[NDArray[np.float32]]:
        for chunk in decode(path, rate):
            finder.push(chunk)
            yield chunk

    loudness = measure(found(), rate)
    return finder.finish(), loudness


def rater(studio: Studio) -> Dnsmos | None:
    """DNSMOS; None where its model is not on this machine."""
    return Dnsmos(studio.models) if studio.models.present(DNSMOS) else None


def quality(dnsmos: Dnsmos | None, path: Path) -> float | None:
    """The overall score of a file, 1…5; None: not measured."""
    found = dnsmos.rate(_mono(path), _RATE) if dnsmos else None
    return found.overall if found else None


def spoken_times(comparison: Comparison, heard: Recognised, faults: Faults) -> list[Span]:
    """When each word of the text is spoken, in seconds."""
    return word_times(comparison, heard.words, faults.quiet, faults.seconds)


def _mono(path: Path) -> Iterator[NDArray[np.float32]]:
    return (chunk[0] for chunk in decode(path, _RATE, mono=True))
