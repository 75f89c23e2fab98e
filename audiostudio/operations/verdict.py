"""Whether a take can be used, judged from what listening to it found."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from audiostudio.timeline.project import TakeCheck

WORD_ERRORS = (0.02, 0.25)
"""Above the first a take is worth a listen, above the second it is bad; so with the pairs below."""
CLIPPED = (0, 100)
"""Samples."""
SILENCE = (1.5, 4.0)
"""Seconds within a line, on top of the longest pause that its writer asked for."""
EDGE = 1.0
"""Seconds of silence before or after; worth a listen."""
QUALITY = (2.7, 2.0)
"""DNSMOS; below."""
LOUDEST = -9.0
"""LUFS; above it sounds strained beside other lines."""
QUIETEST = (-35.0, -50.0)
"""LUFS; below."""


class Level(StrEnum):
    GOOD = "good"
    LISTEN = "listen"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    level: Level
    reasons: tuple[str, ...] = ()
    """A sentence for each thing that is not good, the worst first."""


def verdict(check: TakeCheck, asked: float = 0.0) -> Verdict:
    """`asked`: seconds of the longest pause that the text asks for."""
    found = sorted(_findings(check, asked), key=lambda one: one[0] is not Level.BAD)
    level = found[0][0] if found else Level.GOOD
    return Verdict(level, tuple(sentence for _, sentence in found))


def penalty(check: TakeCheck, asked: float = 0.0) -> float:
    """To choose among takes: the least is the best. A wrong word weighs most, then what is bad, then quality."""
    levels = [level for level, _ in _findings(check, asked)]
    faults = 3.0 * levels.count(Level.BAD) + levels.count(Level.LISTEN)
    return 20 * check.word_errors + faults - (check.quality or 0.0) / 5


def _findings(check: TakeCheck, asked: float) -> Iterator[tuple[Level, str]]:
    yield from _words(check)
    if level := _above(check.clipped, CLIPPED):
        yield level, f"{check.clipped} samples are clipped: it may crackle."
    if level := _above(check.silence - asked, SILENCE):
        yield level, f"It is silent for {check.silence:.1f} seconds within the line."
    if check.before > EDGE + asked:
        yield Level.LISTEN, f"It begins with {check.before:.1f} seconds of silence."
    if check.after > EDGE + asked:
        yield Level.LISTEN, f"It ends with {check.after:.1f} seconds of silence."
    if check.loudness is not None and (level := _above(-check.loudness, (-QUIETEST[0], -QUIETEST[1]))):
        yield level, f"It is very quiet: {check.loudness:.0f} LUFS."
    if check.loudness is not None and check.loudness > LOUDEST:
        yield Level.LISTEN, f"It is very loud: {check.loudness:.0f} LUFS."
    if check.quality is not None and (level := _above(-check.quality, (-QUALITY[0], -QUALITY[1]))):
        yield level, f"It sounds distorted or noisy (DNSMOS {check.quality:.1f} of 5)."


def _words(check: TakeCheck) -> Iterator[tuple[Level, str]]:
    level = _above(check.word_errors, WORD_ERRORS)
    if level is None:
        return
    if not check.heard:
        yield level, "No words are heard."
        return
    sentences = [f"Not heard: {_listed(check.missing)}."] if check.missing else []
    if check.added:
        sentences.append(f"Heard {'instead' if check.missing else 'beside the text'}: {_listed(check.added)}.")
    yield level, " ".join(sentences)


def _above(value: float, limits: tuple[float, float]) -> Level | None:
    return Level.BAD if value > limits[1] else Level.LISTEN if value > limits[0] else None


def _listed(words: tuple[str, ...], most: int = 6) -> str:
    shown = ", ".join(f"“{one}”" for one in words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown
