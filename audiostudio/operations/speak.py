"""A text into a file, with captions beside it."""

from collections.abc import Generator, Iterable
from pathlib import Path

from audiostudio.engines.base import SpeechChunk
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.ability import notes
from audiostudio.operations.aligning import GUESSED, delivered
from audiostudio.operations.captions import caption_files, caption_paths
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.speech import (
    SAMPLE_RATE,
    Delivery,
    Recorder,
    caption_words,
    chunks,
    notices,
    rights,
)
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import SoundWriter
from audiostudio.sound.tags import Tags


def speak_to_file(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery` and `{output, format, captions}` → `{output, captions, seconds, notices}`.

    The files appear whole, at the very end. What the engine leaves out is told before, as partials `note`.
    """
    delivery = Delivery.from_json(request)
    output = Path(request["output"])
    for message in notes(studio, delivery):
        yield Partial("note", {"message": message})
    yield Progress(0.0, "Loading the voice")
    speech = chunks(studio, delivery)
    seconds, guessed = yield from write_speech(studio, delivery, speech, output, request["format"], request["captions"])
    return {
        "output": str(output),
        "captions": [str(path) for path in caption_paths(output, request["captions"]).values()],
        "seconds": seconds,
        "notices": [*notices(delivery.text), *([GUESSED] if guessed else [])],
    }


def write_speech(
    studio: Studio,
    delivery: Delivery,
    speech: Iterable[SpeechChunk],
    path: Path,
    container: str,
    captions: Iterable[str],
) -> Generator[Progress | Partial, None, tuple[float, bool]]:
    """Write the sound of a delivery and its captions: how many seconds it has, and whether the times of the captions
    are guessed.

    The files appear together, but where the engine does not tell when its words are spoken: then the sound is there
    while they are looked for in it.
    """
    paths = caption_paths(path, captions)
    guessed = False
    terms = rights(studio, delivery)
    tags = Tags(copyright=terms.notice, comment=terms.credit)
    ingredients = Ingredients(studio)
    ingredients.add_speech(delivery)
    seal = ingredients.seal(path.stem, terms)
    with caption_files(paths) as write_captions:
        with SoundWriter(path, SAMPLE_RATE, 1, container, tags=tags, seal=seal) as writer:
            recorder = Recorder(writer, keep_words=bool(paths))
            for chunk in speech:
                words = recorder.add(chunk)
                here = min(0.99, words[-1].source_end / len(delivery.text)) if words else None
                yield Progress(here, f"Speaking {path.name}")
            recorder.finish()
            seconds = recorder.samples / SAMPLE_RATE
            if recorder.words:
                write_captions(caption_words(recorder.words, delivery.text), seconds)
        if paths and not recorder.words:
            shown, found = yield from delivered(studio, path, delivery, recorder.samples)
            write_captions(shown, seconds)
            guessed = not found
    yield from seal.notes()
    return seconds, guessed
