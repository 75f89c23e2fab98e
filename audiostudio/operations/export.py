"""A voiceover of the library as files for elsewhere: any sound format, captions, and what may be done with it."""

from collections.abc import Generator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from audiostudio.errors import EmptyText, NotFound, StudioError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.aligning import Rows, aligned, can_align, keep_words, spread
from audiostudio.operations.captions import caption_files, caption_paths
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.generate import generate
from audiostudio.operations.progress import part_of
from audiostudio.operations.speech import SAMPLE_RATE, notices
from audiostudio.operations.studio import Studio
from audiostudio.script.captions import CaptionWord
from audiostudio.script.reading import read
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.sound.tags import Tags

_GENERATED = 0.9
"""The share of a render that is not the writing of its files."""


def render(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A request of `speech.generate` with one of `speech.export`, less its `asset` → both results, in one job, and
    `notices`: what in the lines was not understood and is not spoken, and those of the export.

    Raises `EmptyText` when no line has something to say.
    """
    made = yield from part_of(generate(studio, request), 0.0, _GENERATED)
    if made["asset"] is None:
        if made["problems"]:
            first = made["problems"][0]
            raise StudioError.from_json(first)
        raise EmptyText("There is nothing to speak.", "Write or paste some words.")
    asked = {"asset": made["asset"], "names": request.get("names", True)}
    asked |= {name: request[name] for name in ("output", "format", "captions")}
    written = yield from part_of(export(studio, asked), _GENERATED, 1 - _GENERATED)
    numbered = enumerate(request["lines"], 1)
    told = [one for number, line in numbered for one in notices(line["text"], line.get("number", number))]
    told += written["notices"]
    return {**made, **written, "seconds": studio.library.get(made["asset"]).duration, "notices": told}


def export(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset, output, format, captions}` → `{output, captions, guessed, rights, notices}`. The files appear whole, at
    the end; `notices`: why one has no Content Credentials.

    `names` false: captions without those who speak. Words of takes whose times nobody knows are looked for in their
    sound, and told as by `speech.align`; where speech recognition is missing, or hears nothing, they are spread over
    the take: `guessed` is the number of such takes.
    """
    asset = studio.library.get(request["asset"])
    output = Path(request["output"])
    captions = caption_paths(output, request["captions"])
    channels = asset.channels or 1
    expected = (asset.duration or 0.0) * SAMPLE_RATE or 1.0
    timed = (yield from part_of(_timed(studio, asset), 0.0, 0.5)) if captions else {}
    ingredients = Ingredients(studio)
    ingredients.add_assets([asset.id])
    seal = ingredients.seal(asset.name, asset.rights)
    with ExitStack() as files:
        write_captions = files.enter_context(caption_files(captions, request.get("names", True)))
        tags = Tags(asset.name, copyright=asset.rights.notice, comment=asset.rights.credit)
        writer = SoundWriter(output, SAMPLE_RATE, channels, request["format"], tags=tags, seal=seal)
        files.enter_context(writer)
        for samples in decode(asset.path, SAMPLE_RATE):
            writer.write(samples)
            yield Progress(min(0.99, writer.samples / expected), f"Writing {output.name}")
        write_captions(spoken_words(studio, asset), writer.samples / SAMPLE_RATE)
    return {
        "output": str(output),
        "captions": [str(path) for path in captions.values()],
        "guessed": timed.get("guessed", 0),
        "rights": asset.rights.to_json(),
        "notices": seal.told,
    }


def _timed(studio: Studio, asset: Asset) -> Generator[Progress | Partial, None, JsonObject]:
    """Look for the words of takes that have none."""
    wanted = [line for line in _lines(asset) if not _words(studio, line)]
    guessed = len(wanted)
    for number, line in enumerate(wanted if can_align(studio) else ()):
        take = _take(studio, line)
        if take is None or not take.path.is_file():
            continue
        looking = aligned(studio, take.path, partial(read, line["text"]), line.get("language"))
        found = yield from part_of(looking, number / len(wanted), 1 / len(wanted))
        yield from keep_words(studio, take, line.get("line", ""), line["text"], found)
        guessed -= bool(found)
    return {"guessed": guessed}


def spoken_words(studio: Studio, asset: Asset) -> list[CaptionWord]:
    """The words of a voiceover (or one take) with their times in seconds and who says them, as `generate` stored them.
    Those of a take of which only the length is known are spread over it."""
    found: list[CaptionWord] = []
    for line in _lines(asset):
        words = _words(studio, line) or spread(line["text"], line["samples"])
        start, speaker = line["start"], line.get("speaker", "")
        found += [
            CaptionWord(text, (start + first) / SAMPLE_RATE, (start + last) / SAMPLE_RATE, speaker, begins=number == 0)
            for number, (text, _, _, first, last) in enumerate(words)
        ]
    return found


def _lines(asset: Asset) -> list[JsonObject]:
    """Of a voiceover; a take is one line."""
    lines: list[JsonObject] = asset.detail.get("lines", [])
    if "words" not in asset.detail:
        return lines
    made: JsonObject = asset.recipe or asset.detail
    one = {"line": asset.line or "", "start": 0, "samples": asset.detail["samples"], "take": asset.id}
    return [one | {"text": made.get("text", ""), "language": made.get("language")}]


def _words(studio: Studio, line: JsonObject) -> Rows:
    """Of a line of a voiceover; before 0.2 it had them itself."""
    if "words" in line:
        own: Rows = line["words"]
        return own
    take = _take(studio, line)
    return [] if take is None else take.detail.get("words", [])


def _take(studio: Studio, line: JsonObject) -> Asset | None:
    try:
        return studio.library.get(line["take"])
    except (NotFound, KeyError):
        return None
