"""Takes checked by machines: the words are read back, faults and loudness measured, the sound rated."""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audiostudio.engines.dnsmos import Dnsmos
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.aligning import Rows, Said, aligned, keep_words, rows, sound_of
from audiostudio.operations.listening import Recognised, measured, quality, rater, recognise
from audiostudio.operations.progress import part_of
from audiostudio.operations.speech import Delivery, spoken_language, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.operations.verdict import Level, Verdict, verdict
from audiostudio.script.comparison import Comparison, compare
from audiostudio.script.language import language as find_language
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.faults import Faults
from audiostudio.timeline.project import TakeCheck
from audiostudio.timeline.schema import encode

_SHARE = 0.8
"""Of the work on a file that is recognition."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found in one file."""

    check: TakeCheck
    verdict: Verdict
    comparison: Comparison
    recognised: Recognised
    faults: Faults
    asked: float
    """Seconds of the longest pause that the text asks for."""

    @property
    def words(self) -> Rows:
        """When those of the text are spoken."""
        return rows(self.comparison, self.recognised, self.faults)

    def to_json(self) -> JsonObject:
        """`check` is a `TakeCheck` as the project stores it; `differences` have their places in the text."""
        return {
            "check": encode(self.check),
            "verdict": self.verdict.level,
            "reasons": list(self.verdict.reasons),
            "differences": [
                {"fault": one.fault, "said": one.said, "heard": one.heard, "start": one.start, "end": one.end}
                for one in self.comparison.differences
            ],
        }


def check_takes(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{lines: [{line, asset, text, voice, …}]}`, as `speech.generate` has them with the take's asset →
    `{checked, good, listen, bad}`.

    Yields a partial `check` for each: `{line, asset, check, verdict, reasons, differences}`, and one `words` as
    `align_takes` does where the take had none. Works for takes of every engine, recorded and imported ones too.
    Raises `ModelMissing` when speech recognition is not here, `NotFound`, `MissingMedia`.
    """
    lines: list[JsonObject] = request["lines"]
    counts = dict.fromkeys(Level, 0)
    dnsmos = rater(studio)
    for number, line in enumerate(lines):
        asset = studio.library.get(line["asset"])
        checking = checked_take(studio, Delivery.from_json(line), asset, dnsmos)
        found = yield from part_of(checking, number / len(lines), 1 / len(lines))
        counts[found.verdict.level] += 1
        yield Partial("check", {"line": line["line"], "asset": asset.id, **found.to_json()})
        yield from keep_words(studio, asset, line["line"], line["text"], found.words)
    return {"checked": len(lines), **{str(level): count for level, count in counts.items()}}


def align_takes(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{lines}` as of `check_takes` → `{aligned}`. Finds the times of the words of takes that have none (recorded,
    imported, or of an engine that does not tell), keeps them with the asset and yields a partial `words` for each:
    `{line, asset, text, words}`, as `timeline.project.Take` has them."""
    lines: list[JsonObject] = request["lines"]
    aligned_takes = 0
    for number, line in enumerate(lines):
        asset = studio.library.get(line["asset"])
        if asset.detail.get("words"):
            continue
        said = partial(_said, studio, Delivery.from_json(line))
        looking = aligned(studio, sound_of(asset), said, spoken_language(studio, Delivery.from_json(line)))
        found = yield from part_of(looking, number / len(lines), 1 / len(lines))
        aligned_takes += 1
        yield from keep_words(studio, asset, line["line"], line["text"], found)
    return {"aligned": aligned_takes}


def check_file(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{audio, text, language}` → `{audio, language, seconds, good, check, verdict, reasons, differences}`.

    Without a text (None) only the sound is judged, and `heard` says what was said.
    """
    path, text = Path(request["audio"]), request["text"]
    language = find_language(request["language"]).tag if request["language"] else None
    said = None if text is None else partial(read, text)
    found = yield from checked(studio, path, said, language, rater(studio))
    return {
        "audio": str(path),
        "language": found.recognised.language,
        "seconds": found.faults.seconds,
        "good": found.verdict.level is Level.GOOD,
        **found.to_json(),
    }


def checked_take(
    studio: Studio, delivery: Delivery, asset: Asset, dnsmos: Dnsmos | None
) -> Generator[Progress, None, Checked]:
    """A take of a delivery: its markup and pronunciations are no errors."""
    return (
        yield from checked(
            studio,
            sound_of(asset),
            partial(_said, studio, delivery),
            spoken_language(studio, delivery),
            dnsmos,
            word_times=not asset.detail.get("words"),
        )
    )


def _said(studio: Studio, delivery: Delivery, _tag: str) -> Iterator[Sentence | Pause]:
    return spoken_parts(studio, delivery)


def checked(
    studio: Studio,
    path: Path,
    said: Said | None,
    language: str | None,
    dnsmos: Dnsmos | None,
    word_times: bool = False,
) -> Generator[Progress, None, Checked]:
    """Everything about one file. `said`: what should be heard, from the language's tag; None: whatever is heard is
    right. `language` None: it is detected. Words of a language that the recogniser does not know well enough (Hindi)
    are not judged. Memory does not grow with the length of the sound."""
    recognised = yield from part_of(recognise(studio, path, language, word_times), 0.0, _SHARE)
    yield Progress(_SHARE, "Measuring")
    faults, loudness = measured(path)
    tag = "en-us" if said is None else find_language(recognised.language or "en-us").tag
    parts = list(said(tag)) if said is not None else []
    judged = said is not None and tag in studio.engines.transcriber().manifest.capabilities.languages
    comparison = compare(parts if judged else [], recognised.text if judged else "", tag)
    check = TakeCheck(
        heard=recognised.text,
        word_errors=round(comparison.word_errors, 4),
        missing=comparison.missing,
        added=comparison.added,
        clipped=faults.clipped,
        silence=round(faults.within, 2),
        before=round(faults.before, 2),
        after=round(faults.after, 2),
        loudness=round(loudness.integrated, 1) if math.isfinite(loudness.integrated) else None,
        quality=_rounded(quality(dnsmos, path)),
    )
    asked = max((part.seconds for part in parts if isinstance(part, Pause)), default=0.0)
    return Checked(check, verdict(check, asked), comparison, recognised, faults, asked)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)
