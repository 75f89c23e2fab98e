"""A voiceover of the library as files for elsewhere: any sound format, captions, and what may be done with it."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.captions import caption_files, caption_paths
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.script.captions import CaptionWord
from audiostudio.sound.files import SoundWriter, decode


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
        write_captions(spoken_words(asset), writer.samples / SAMPLE_RATE)
    return {
        "output": str(output),
        "captions": [str(path) for path in captions.values()],
        "rights": asset.rights.to_json(),
    }


def spoken_words(asset: Asset) -> list[CaptionWord]:
    """The words of a voiceover (or one take) with their times in seconds, as `generate` stored them."""
    lines = asset.detail.get("lines") or [{"start": 0, "words": asset.detail.get("words", [])}]
    return [
        CaptionWord(text, (line["start"] + start) / SAMPLE_RATE, (line["start"] + end) / SAMPLE_RATE)
        for line in lines
        for text, _, _, start, end in line["words"]
    ]
