"""Speech straight to the ear: nothing is stored."""

from collections.abc import Generator

from audiostudio.engines.base import SpeechChunk
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.lines import AskedLine, spoken_lines
from audiostudio.operations.speech import Delivery, Joined, chunks, words_to_json
from audiostudio.operations.studio import Studio


def preview(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery`, or `{lines}` as `speech.generate` has them → `{seconds}`.

    Yields partials `sound` with `{start, sample_rate, words}`, of lines also `line`, and the array `audio`, as they are
    made. The places of words are those in their line's text.
    """
    joined = Joined()
    rate = 0
    pause = 0.0
    lines = spoken_lines(request["lines"]) if "lines" in request else [AskedLine.from_json({**request, "line": ""}, 1)]
    for line in lines:
        yield from map(_sound, joined.end_turn(pause + line.pause_before))
        for chunk in chunks(studio, line.delivery):
            for given in joined.add(chunk):
                rate = given.sample_rate
                yield _sound(given, line.id)
        pause = line.pause_after
    yield from map(_sound, joined.end_turn(0.0))
    return {"seconds": joined.samples / rate if rate else 0.0}


def warm(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery` → {}: load what speaks it and let it begin, heard by nobody; a preview need not wait for that."""
    yield Progress(None)
    next(chunks(studio, Delivery.from_json(request)), None)
    return {}


def _sound(chunk: SpeechChunk, line: str = "") -> Partial:
    data: JsonObject = {
        "start": chunk.start,
        "sample_rate": chunk.sample_rate,
        "words": words_to_json(chunk.words),
    }
    return Partial("sound", data | {"line": line} if line else data, {"audio": chunk.audio})
