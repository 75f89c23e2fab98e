"""A voiceover of the library as files for elsewhere: any sound format, captions, and what may be done with it."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiostudio.errors import EmptyText, NotFound, StudioError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.captions import caption_files, caption_paths
from audiostudio.operations.generate import generate
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.script.captions import CaptionWord
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence
from audiostudio.sound.files import SoundWriter, decode

_GENERATED = 0.9
"""The share of a render that is not the writing of its files."""


def render(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A request of `speech.generate` with `{output, format, captions}` → both results, in one job.

    Raises `EmptyText` when no line has something to say.
    """
    made = yield from _scaled(generate(studio, request), 0.0, _GENERATED)
    if made["asset"] is None:
        if made["problems"]:
            first = made["problems"][0]
            raise StudioError.from_json(first)
        raise EmptyText("There is nothing to speak.", "Write or paste some words.")
    asked = {"asset": made["asset"], **{name: request[name] for name in ("output", "format", "captions")}}
    written = yield from _scaled(export(studio, asked), _GENERATED, 1.0)
    return {**made, **written, "seconds": studio.library.get(made["asset"]).duration}


def _scaled(
    events: Generator[Progress | Partial, None, JsonObject], first: float, last: float
) -> Generator[Progress | Partial, None, JsonObject]:
    """A part of a job, with its progress from `first` to `last`."""
    with closing(events):
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: JsonObject = end.value
                return result
            if isinstance(event, Progress) and event.fraction is not None:
                event = replace(event, fraction=first + (last - first) * event.fraction)
            yield event


def export(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset, output, format, captions}` → `{output, captions, rights}`. The files appear whole, at the end."""
    asset = studio.library.get(request["asset"])
    output = Path(request["output"])
    captions = caption_paths(output, request["captions"])
    channels = asset.channels or 1
    expected = (asset.duration or 0.0) * SAMPLE_RATE or 1.0
    with ExitStack() as files:
        write_captions = files.enter_context(caption_files(captions))
        writer = files.enter_context(
            SoundWriter(output, SAMPLE_RATE, channels, request["format"], title=asset.name, comment=asset.rights.credit)
        )
        for samples in decode(asset.path, SAMPLE_RATE):
            writer.write(samples)
            yield Progress(min(0.99, writer.samples / expected), f"Writing {output.name}")
        write_captions(spoken_words(studio, asset), writer.samples / SAMPLE_RATE)
    return {
        "output": str(output),
        "captions": [str(path) for path in captions.values()],
        "rights": asset.rights.to_json(),
    }


def spoken_words(studio: Studio, asset: Asset) -> list[CaptionWord]:
    """The words of a voiceover (or one take) with their times in seconds, as `generate` stored them. Those of a
    recording, or of a take that is gone, of which only the length is known, are spread over it."""
    lines = asset.detail.get("lines", [])
    if "words" in asset.detail:
        lines = [{"start": 0, "text": "", **asset.detail}]
    found: list[CaptionWord] = []
    for line in lines:
        words = _words(studio, line) or spread(line["text"], line["samples"])
        found += [
            CaptionWord(text, (line["start"] + start) / SAMPLE_RATE, (line["start"] + end) / SAMPLE_RATE)
            for text, _, _, start, end in words
        ]
    return found


def _words(studio: Studio, line: JsonObject) -> Sequence[Sequence[Any]]:
    """Of a line of a voiceover; before 0.2 it had them itself."""
    if "words" in line:
        own: list[list[Any]] = line["words"]
        return own
    try:
        kept: list[list[Any]] = studio.library.get(line["take"]).detail.get("words", [])
    except NotFound:
        return []
    return kept


def spread(text: str, samples: int) -> list[tuple[str, int, int, int, int]]:
    """The words of a text over a length of time, each for as long as it is written."""
    words = [word for part in read(text, "en-us") if isinstance(part, Sentence) for word in part.words]
    total = sum(len(word.text) + 1 for word in words) or 1
    found, at = [], 0
    for word in words:
        end = at + len(word.text) + 1
        found.append((word.text, word.start, word.end, at * samples // total, end * samples // total))
        at = end
    return found
