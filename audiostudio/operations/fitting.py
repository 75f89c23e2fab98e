"""Dubbing: a line in the time that it has."""

from collections.abc import Generator
from dataclasses import dataclass, replace

from audiostudio.engines.base import SpeechChunk
from audiostudio.jobs import JsonObject, Progress
from audiostudio.operations.speech import Delivery, chunks, seconds_of, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.script.spoken import Pause
from audiostudio.timeline.project import WordPerformance

_TRIES = 5
_MARGIN = 1.003
"""Engines count in frames: a little more speed than was reckoned saves a try."""
_PAID_TRIES = 1
_PAID_MARGIN = 1.02
"""Of engines that run elsewhere, where every try may cost something."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a line fits into its time."""

    seconds: float
    """That it has."""
    factor: float
    """How much faster than by itself it has to be spoken; 1: it fits by itself."""
    over: float
    """Seconds that it is too long all the same, as its engine cannot speak faster; 0: it fits."""

    def to_json(self) -> JsonObject:
        return {"seconds": self.seconds, "factor": round(self.factor, 4), "over": round(self.over, 4)}


def fitted(
    studio: Studio, delivery: Delivery, seconds: float
) -> Generator[Progress, None, tuple[list[SpeechChunk], Fit]]:
    """The sound of a line that has to be said within `seconds`: as it is where it fits, else as much faster as it
    needs and its engine can. Pauses that were asked for keep their length.

    An engine that runs elsewhere is asked a second time at most. Held in memory: a slot is short.
    """
    made = yield from _listened(studio, delivery)
    natural = length = seconds_of(made)
    pauses = sum(part.seconds for part in spoken_parts(studio, delivery) if isinstance(part, Pause))
    factor = _factor(natural, pauses, seconds)
    able = studio.engines.resolve(delivery.voice)[0].capabilities
    fastest = able.speed[1] / delivery.speed if able.speed else 1.0
    tries, margin = (_PAID_TRIES, _PAID_MARGIN) if able.remote else (_TRIES, _MARGIN)
    tried = 1.0
    for _ in range(tries):
        faster = min(fastest, tried * _factor(length, pauses, seconds) * margin)
        if length <= seconds or faster <= tried:
            break
        tried = faster
        made = yield from _listened(studio, hastened(delivery, tried))
        length = seconds_of(made)
    return made, Fit(seconds, factor, max(0.0, length - seconds))


def hastened(delivery: Delivery, factor: float) -> Delivery:
    """The same, spoken faster: also the words whose length was drawn."""
    performance = tuple(_hastened(word, factor) for word in delivery.performance)
    return replace(delivery, speed=delivery.speed * factor, performance=performance)


def _hastened(word: WordPerformance, factor: float) -> WordPerformance:
    seconds, gap = word.voicing.seconds, word.voicing.gap
    voicing = replace(
        word.voicing,
        seconds=None if seconds is None else seconds / factor,
        gap=None if gap is None else gap / factor,
    )
    return replace(word, voicing=voicing)


def _factor(length: float, pauses: float, seconds: float) -> float:
    """How much faster what is no pause has to be; where the pauses alone are too long, everything counts."""
    if length <= seconds:
        return 1.0
    return (length - pauses) / (seconds - pauses) if seconds > pauses else length / seconds


def _listened(studio: Studio, delivery: Delivery) -> Generator[Progress, None, list[SpeechChunk]]:
    made = []
    for chunk in chunks(studio, delivery):
        made.append(chunk)
        yield Progress(None, "Fitting the line into its time")
    return made
