"""What is said in media that are no takes: found by recognition, kept with the file in the library."""

from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

from audiostudio.errors import MediaError, MissingMedia, NotFound
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.listening import detected_language, recognise
from audiostudio.operations.looks import outline_file
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.script.word_times import Span, heard_times
from audiostudio.sound.peaks import Peaks, peaks
from audiostudio.sound.silence import levels
from audiostudio.timeline.project import Media, TakeWord, Transcript
from audiostudio.timeline.schema import SchemaError, decode, encode
from audiostudio.timeline.tidying import prompt

_KEPT = "transcript"
"""Where it lies in the details of an asset."""
_PAUSE = 0.08
"""Seconds of silence that part words."""


def listening(media: Iterable[tuple[Media, Path]], language: str | None = None, *, again: bool = False) -> JsonObject:
    """The request of a job that listens to these. `language` None: it is detected, for each. `again`: also to what was
    listened to before."""
    items = [
        {
            "media": one.id,
            "name": one.name,
            "path": str(path),
            "content": one.asset.content_hash,
            "rate": one.sample_rate,
        }
        for one, path in media
    ]
    return {"items": items, "language": language, "again": again}


def transcribe(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """A request of `listening` → `{transcribed, refused: [{media, error…}]}`, with a partial `transcript` for each as
    it is done: a `Transcript` as the project stores it.

    One that cannot be read does not keep the others out. Raises `ModelMissing`, `EngineFailed`, `UnknownLanguage`.
    """
    items, language = request["items"], request["language"]
    refused: list[JsonObject] = []
    for number, item in enumerate(items):
        known = None if request["again"] else _known(studio, item, language)
        try:
            if known is None:
                known = yield from part_of(_heard(studio, item, language), number / len(items), 1 / len(items))
                _keep(studio, known)
        except MediaError as error:
            refused.append({"media": item["media"], **error.to_json()})
            yield Partial("refused", refused[-1])
        else:
            yield Partial(_KEPT, {"transcript": encode(known)})
    return {"transcribed": len(items) - len(refused), "refused": refused}


def transcript_of(partial: Mapping[str, Any]) -> Transcript:
    """That a partial of `transcribe` brought."""
    found: Transcript = decode(Transcript, partial["transcript"])
    return found


def forget(studio: Studio, media_ids: Iterable[str]) -> list[str]:
    """Take out of the library what was heard in these media; those of which something was known."""
    found = []
    for media_id in media_ids:
        try:
            detail = studio.library.get(media_id).detail
        except NotFound:  # a project from elsewhere
            continue
        if _KEPT in detail:
            studio.library.update_detail(media_id, {_KEPT: None})
            found.append(media_id)
    return found


def _heard(studio: Studio, item: JsonObject, language: str | None) -> Generator[Progress, None, Transcript]:
    path, rate = Path(item["path"]), int(item["rate"])
    if not path.is_file():
        raise MissingMedia(f"“{item['name'] or path.name}” is no longer where it was.", "Relink it first.")
    yield Progress(0.0, f"Listening to {item['name'] or path.name}")
    spoken = language or detected_language(studio, path)
    if not spoken:
        return Transcript(item["media"], "")
    heard = yield from recognise(studio, path, spoken, prompt=prompt(spoken))
    quiet = [(a / rate, b / rate) for a, b in levels(_outline(studio, item)).quiet(least=_PAUSE)]
    texts = [heard.text[one.first : one.last] for one in heard.words]
    times = heard_times(texts, [Span(one.start, one.end) for one in heard.words], quiet)
    words = tuple(
        [
            TakeWord(text, one.first, one.last, round(span.start * rate), round(span.end * rate))
            for text, one, span in zip(texts, heard.words, times, strict=True)
        ]
    )
    return Transcript(item["media"], spoken if words else "", heard.text, words)


def _outline(studio: Studio, item: JsonObject) -> Peaks:
    """Of the timeline, or made now and left for it."""
    file = outline_file(studio.profile.cache, item["content"] or item["media"])
    found = Peaks.load(file)
    if found is None:
        found = peaks(Path(item["path"]))
        file.parent.mkdir(parents=True, exist_ok=True)
        found.save(file)
    return found


def _known(studio: Studio, item: JsonObject, language: str | None) -> Transcript | None:
    """What was found when somebody listened before, in this project or another."""
    try:
        kept = studio.library.get(item["media"]).detail.get(_KEPT)
        found: Transcript | None = None if kept is None else decode(Transcript, kept)
    except (NotFound, SchemaError):
        return None
    return found if found is not None and language in (None, found.language) else None


def _keep(studio: Studio, found: Transcript) -> None:
    try:
        asset = studio.library.get(found.id)
    except NotFound:  # a project from elsewhere
        return
    studio.library.update_detail(asset.id, {_KEPT: encode(found)})
