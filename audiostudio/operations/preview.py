"""Speech straight to the ear: nothing is stored."""

from collections.abc import Generator

from audiostudio.engines.base import SpeechChunk
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.script import speakable
from audiostudio.operations.speech import Delivery, Joined, chunks, words_to_json
from audiostudio.operations.studio import Studio
from audiostudio.timeline.project import LINE_PAUSE


def preview(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery`, or `{lines}` as `speech.generate` has them → `{seconds}`.

    Yields partials `sound` with `{start, sample_rate, words}`, of lines also `line`, and the array `audio`, as they are
    made. The places of words are those in their line's text.
    """
    joined = Joined()
    rate = 0
    pause = 0.0
    for line in _lines(request):
        yield from map(_sound, joined.end_turn(pause + line.get("pause_before", 0.0)))
        for chunk in chunks(studio, Delivery.from_json(line)):
            for given in joined.add(chunk):
                rate = given.sample_rate
                yield _sound(given, line.get("line"))
        after = line.get("pause_after")
        pause = LINE_PAUSE if after is None else after
    yield from map(_sound, joined.end_turn(0.0))
    return {"seconds": joined.samples / rate if rate else 0.0}


def _lines(request: JsonObject) -> list[JsonObject]:
    return [line for line in request["lines"] if speakable(line["text"])] if "lines" in request else [request]


def _sound(chunk: SpeechChunk, line: str | None = None) -> Partial:
    data: JsonObject = {
        "start": chunk.start,
        "sample_rate": chunk.sample_rate,
        "words": words_to_json(chunk.words),
    }
    return Partial("sound", data if line is None else data | {"line": line}, {"audio": chunk.audio})
