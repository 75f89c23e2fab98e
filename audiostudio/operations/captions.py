"""Captions beside a sound file, in every format that was asked for; and captions of any recording."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import RequestError
from audiostudio.files import new_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.script.captions import CAPTION_WRITERS, CaptionWord, Cue, cues, cues_for, in_paragraphs, lrc

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


def caption_paths(output: Path, kinds: Iterable[str]) -> dict[str, Path]:
    """Where the captions of `output` lie: beside it, with its stem."""
    return {kind: output.with_suffix(f".{kind}") for kind in kinds}


@contextmanager
def caption_files(
    paths: dict[str, Path], names: bool = True
) -> Iterator[Callable[[Sequence[CaptionWord], float], None]]:
    """A function that writes words, and the sound's length in seconds, as captions. Whole, at the end. `names`: with
    who speaks, where several do."""
    with ExitStack() as files:
        halves = {kind: files.enter_context(new_file(path)) for kind, path in paths.items()}

        def write(words: Sequence[CaptionWord], length: float) -> None:
            for kind, half in halves.items():
                text = CAPTION_WRITERS[kind](cues_for(kind, words, length, names))
                half.write_text(text, encoding="utf-8", errors="replace")

        yield write


def caption_file(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{audio, text, language, output, word_times}` → `{output, language, captions, word_errors, too_fast}`.

    With a text its words are shown, each when it is spoken; without one (None) those that were recognised. The format
    is the ending of `output`; `word_times`: an LRC file has the time of each word. Raises `RequestError` when no
    speech is heard.
    """
    from audiostudio.operations.listening import measured, recognise, spoken_times
    from audiostudio.script.comparison import compare
    from audiostudio.script.language import language as find_language
    from audiostudio.script.reading import read, require_speakable

    audio, output, text = Path(request["audio"]), Path(request["output"]), request["text"]
    if text is not None:
        require_speakable(text)
    asked = find_language(request["language"]).tag if text is not None and request["language"] else request["language"]
    kind = output.suffix.lower().removeprefix(".")
    write = partial(lrc, word_times=True) if kind == "lrc" and request.get("word_times") else CAPTION_WRITERS[kind]
    with new_file(output) as half:
        heard = yield from recognise(studio, audio, asked or None)
        if not heard.words:
            raise RequestError(f"No speech is heard in {audio.name}.", "Choose a recording with speech.")
        faults, _ = measured(audio)
        word_errors: float | None = None
        if text is None:
            words = [CaptionWord(heard.text[one.first : one.last], one.start, one.end) for one in heard.words]
        else:
            tag = find_language(heard.language).tag
            comparison = compare(read(text, tag), heard.text, tag)
            word_errors = round(comparison.word_errors, 4)
            spans = spoken_times(comparison, heard, faults)
            timed = [CaptionWord(one.text, *span) for one, span in zip(comparison.words, spans, strict=True)]
            words = in_paragraphs(timed, [one.start for one in comparison.words], text)
        found = cues(words, faults.seconds)
        half.write_text(write(found), encoding="utf-8", errors="replace")
    return {
        "output": str(output),
        "language": heard.language,
        "captions": len(found),
        "word_errors": word_errors,
        "too_fast": [_told(cue) for cue in found if cue.too_fast],
    }


def _told(cue: Cue) -> JsonObject:
    return {
        "start": round(cue.start_seconds, 3),
        "end": round(cue.end_seconds, 3),
        "text": " ".join(cue.lines),
        "speed": round(cue.reading_speed, 1),
    }
