"""Speech straight to the ear: nothing is stored."""

from collections.abc import Generator

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.speech import Delivery, chunks, words_to_json
from audiostudio.operations.studio import Studio


def preview(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery` → partials `sound` with `{start, sample_rate, words}` and the array `audio`, as they are made."""
    samples = 0
    rate = 0
    for chunk in chunks(studio, Delivery.from_json(request)):
        samples, rate = chunk.start + len(chunk.audio), chunk.sample_rate
        data = {"start": chunk.start, "sample_rate": rate, "words": words_to_json(list(chunk.words))}
        yield Partial("sound", data, {"audio": chunk.audio})
    return {"seconds": samples / rate if rate else 0.0}
