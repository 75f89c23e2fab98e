"""A text into a file, with captions beside it."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.captions import caption_files, caption_paths
from audiostudio.operations.speech import (
    SAMPLE_RATE,
    Delivery,
    Recorder,
    caption_words,
    chunks,
    notices,
)
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import SoundWriter


def speak_to_file(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A `Delivery` and `{output, format, captions}` → `{output, captions, seconds, notices}`.

    The files appear together, whole, at the very end.
    """
    delivery = Delivery.from_json(request)
    output = Path(request["output"])
    captions = caption_paths(output, request["captions"])
    yield Progress(0.0, "Loading the voice")
    speech = chunks(studio, delivery)
    with ExitStack() as files:
        write_captions = files.enter_context(caption_files(captions))
        writer = files.enter_context(SoundWriter(output, SAMPLE_RATE, 1, request["format"]))
        recorder = Recorder(writer, keep_words=bool(captions))
        for chunk in speech:
            words = recorder.add(chunk)
            if words:
                yield Progress(min(0.99, words[-1].source_end / len(delivery.text)), "Speaking")
            else:
                yield Progress(None, "Speaking")
        recorder.finish()
        write_captions(caption_words(recorder.words), recorder.samples / SAMPLE_RATE)
    return {
        "output": str(output),
        "captions": [str(path) for path in captions.values()],
        "seconds": recorder.samples / SAMPLE_RATE,
        "notices": notices(delivery.text),
    }
