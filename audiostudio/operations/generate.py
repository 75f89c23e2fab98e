"""A project's script into takes, one for each line, and one finished voiceover of them all.

Only lines without a take of the same recipe are spoken; the others keep theirs.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from audiostudio.errors import EmptyText
from audiostudio.files import scratch_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset, recipe_key
from audiostudio.operations.speech import SAMPLE_RATE, Delivery, Recorder, chunks, recipe, rights, words_to_json
from audiostudio.operations.studio import Studio
from audiostudio.script.reading import read, require_speakable
from audiostudio.script.spoken import Pause
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.timeline.project import LINE_PAUSE


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line of the script, as the request has it."""

    id: str
    delivery: Delivery
    pause_after: float

    @classmethod
    def from_json(cls, data: JsonObject) -> "AskedLine":
        pause = data.get("pause_after")
        return cls(data["line"], Delivery.from_json(data), LINE_PAUSE if pause is None else pause)


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A line and the take that speaks it."""

    asked: AskedLine
    asset: Asset
    recipe_key: str

    @property
    def samples(self) -> int:
        return int(self.asset.detail["samples"])


def generate(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, folder, name, lines: [{line, text, voice, …, pause_after}]}` → `{asset, takes, made}`.

    Yields a partial `take` for each line as soon as it can be heard, with what the project stores of it.
    """
    if "folder" in request:
        studio.library.index_project(request["project"], request["name"], Path(request["folder"]))
    lines = _spoken(request["lines"])
    total = sum(len(line.delivery.text) for line in lines) or 1
    yield Progress(0.0, "Loading the voice")
    made: list[MadeLine] = []
    spoken = done = 0
    for line in lines:
        key = recipe_key(recipe(studio, line.delivery))
        asset = studio.library.find_by_recipe(key)
        if asset is None or "samples" not in asset.detail:
            asset = yield from _make_take(studio, request, line, done / total, len(line.delivery.text) / total)
            spoken += 1
        take = MadeLine(line, asset, key)
        made.append(take)
        _index(studio, request, take)
        done += len(line.delivery.text)
        yield _partial(studio, take)
        yield Progress(0.98 * done / total, "Speaking")
    yield Progress(0.98, "Joining the lines")
    voiceover = _voiceover(studio, request, made) if made else None
    return {"asset": voiceover.id if voiceover else None, "takes": len(made), "made": spoken}


def _make_take(
    studio: Studio, request: JsonObject, line: AskedLine, start: float, share: float
) -> Generator[Progress | Partial, None, Asset]:
    with scratch_file(studio.library.workshop / "take.wav") as path:  # on the library's disk: the move is a rename
        with SoundWriter(path, SAMPLE_RATE, 1, "wav") as writer:
            recorder = Recorder(writer)
            for chunk in chunks(studio, line.delivery):
                words = recorder.add(chunk)
                here = words[-1].source_end / len(line.delivery.text) if words else 0.0
                yield Progress(0.98 * (start + share * here), "Speaking")
            recorder.finish()
        return studio.library.add(
            path,
            NewAsset(
                AssetKind.VOICEOVER,
                AssetSource.TTS,
                f"{request['name']} – {_beginning(line.delivery.text)}",
                rights=rights(studio, line.delivery),
                media=MediaInfo(recorder.samples / SAMPLE_RATE, SAMPLE_RATE, 1),
                text=line.delivery.text,
                recipe=recipe(studio, line.delivery),
                project=request.get("project"),
                line=line.id,
                take_only=True,
                detail={"samples": recorder.samples, "words": words_to_json(recorder.words)},
            ),
        )


def _index(studio: Studio, request: JsonObject, take: MadeLine) -> None:
    """Let the library know which takes a line of a project has, and that it speaks with this one now."""
    project = request.get("project")
    if project is None:
        return
    known = {one.asset.id: one for one in studio.library.takes(project, take.asked.id)}
    one = known.get(take.asset.id)
    if one is None:
        studio.library.add_take(project, take.asked.id, take.asset.id, take.asset.detail["words"])
    elif not one.chosen:
        studio.library.choose_take(project, take.asked.id, one.number)


def _partial(studio: Studio, take: MadeLine) -> Partial:
    asset = take.asset
    return Partial(
        "take",
        {
            "line": take.asked.id,
            "text": take.asked.delivery.text,
            "asset": asset.id,
            "content_hash": asset.content_hash,
            "path": asset.path.relative_to(studio.library.media).as_posix(),
            "recipe_key": take.recipe_key,
            "samples": take.samples,
            "sample_rate": SAMPLE_RATE,
            "words": asset.detail["words"],
        },
    )


def _voiceover(studio: Studio, request: JsonObject, made: list[MadeLine]) -> Asset:
    """The takes one after the other, as one asset; the one that is there when nothing changed."""
    made_by = {
        "operation": "voiceover",
        "lines": [[take.recipe_key, take.asked.pause_after] for take in made],
        "sample_rate": SAMPLE_RATE,
    }
    present = studio.library.find_by_recipe(recipe_key(made_by))
    if present is not None:
        return present
    places = list(_places(made))
    with scratch_file(studio.library.workshop / "voiceover.wav") as path:
        with SoundWriter(path, SAMPLE_RATE, 1, "wav") as writer:
            for take in made:
                for samples in decode(take.asset.path, SAMPLE_RATE, mono=True):
                    writer.write(samples)
                if take is not made[-1]:
                    writer.write(np.zeros(round(take.asked.pause_after * SAMPLE_RATE), np.float32))
        length = places[-1] + made[-1].samples
        return studio.library.add(
            path,
            NewAsset(
                AssetKind.VOICEOVER,
                AssetSource.TTS,
                request["name"],
                media=MediaInfo(length / SAMPLE_RATE, SAMPLE_RATE, 1),
                text="\n".join(take.asked.delivery.text for take in made),
                recipe=made_by,
                made_of=tuple(dict.fromkeys(take.asset.id for take in made)),
                project=request.get("project"),
                detail={
                    "lines": [
                        {
                            "line": take.asked.id,
                            "text": take.asked.delivery.text,
                            "start": start,
                            "samples": take.samples,
                            "words": take.asset.detail["words"],
                        }
                        for take, start in zip(made, places, strict=True)
                    ],
                    "samples": length,
                },
            ),
        )


def _places(made: list[MadeLine]) -> Iterator[int]:
    """Where each take begins in the voiceover, in samples."""
    start = 0
    for take in made:
        yield start
        start += take.samples + round(take.asked.pause_after * SAMPLE_RATE)


def _spoken(asked: list[JsonObject]) -> list[AskedLine]:
    """The lines with something to say; a line that only pauses lengthens the pause before it."""
    lines: list[AskedLine] = []
    for line in map(AskedLine.from_json, asked):
        try:
            require_speakable(line.delivery.text)
        except EmptyText:
            silence = sum(part.seconds for part in read(line.delivery.text, "en") if isinstance(part, Pause))
            if lines and silence:
                lines[-1] = replace(lines[-1], pause_after=lines[-1].pause_after + silence)
        else:
            lines.append(line)
    return lines


def _beginning(text: str, words: int = 6) -> str:
    """The first words of a text, for a name."""
    parts = text.split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")
