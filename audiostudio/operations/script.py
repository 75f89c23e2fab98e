"""What a line of a script asks for, in one place: Generate, previews, renders and batches all speak from this.

Cheap to import and plain Python: the window asks these functions while somebody types.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiostudio.errors import EmptyText, UnknownLanguage
from audiostudio.jobs.job import JsonObject
from audiostudio.script.markdown import blocks
from audiostudio.timeline.project import (
    Applying,
    AssetReference,
    Line,
    Project,
    Pronunciation,
    Take,
    TakeSource,
    TakeWord,
    VoiceChoice,
    WordPerformance,
    new_id,
    now,
)
from audiostudio.timeline.schema import decode, encode

if TYPE_CHECKING:
    from audiostudio.script.dictionary import Dictionary

SEED = "seed"
"""The voice option that is the seed of engines whose `Capabilities.seed` says that they have one."""
_REMEMBERED = 65_536


@lru_cache(_REMEMBERED)
def speakable(text: str) -> bool:
    """Whether anything in a line can be spoken."""
    from audiostudio.script.reading import require_speakable  # brings all of text normalisation along

    if not text or text.isspace():
        return False
    try:
        require_speakable(text)
    except EmptyText:
        return False
    return True


@lru_cache(_REMEMBERED)
def silence(text: str) -> float:
    """Seconds of the pauses that are written in a line."""
    return sum(mark.seconds for block in blocks(text) for _, _, mark in block.pauses)


class Pronouncing:
    """Which entries of the dictionaries each line of a project has a word for: an `Applying`.

    `follow` the project; what was found for a text is remembered until a dictionary changes.
    """

    def __init__(self, project: Project, everywhere: Sequence[Pronunciation] = ()) -> None:
        """`everywhere`: the dictionary of all projects, see `operations.dictionary`; the project's goes before it."""
        self._project = project
        self._everywhere = everywhere
        self._dictionary: Dictionary | None = None
        self._found: dict[tuple[str, str], tuple[Pronunciation, ...]] = {}

    def follow(self, project: Project, everywhere: Sequence[Pronunciation] | None = None) -> None:
        entries = self._everywhere if everywhere is None else everywhere
        if project.dictionary != self._project.dictionary or entries != self._everywhere:
            self._dictionary = None
            self._found.clear()
        self._project, self._everywhere = project, entries

    def __call__(self, line: Line) -> tuple[Pronunciation, ...]:
        return self.of(line.text, self._project.voice_of(line).language or self._project.language)

    def of(self, text: str, language: str) -> tuple[Pronunciation, ...]:
        """The entries that `text` has a word for."""
        if not self._project.dictionary and not self._everywhere:
            return ()
        found = self._found.get((text, language))
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            try:
                applying = self._made().applying(text, language)
            except UnknownLanguage:  # which whoever speaks the line will tell
                applying = ()
            found = tuple([entry for entry in applying if isinstance(entry, Pronunciation)])
            self._found[text, language] = found
        return found

    def _made(self) -> "Dictionary":
        if self._dictionary is None:
            from audiostudio.script.dictionary import Dictionary

            self._dictionary = Dictionary((*self._project.dictionary, *self._everywhere))
        return self._dictionary


def delivery(
    text: str,
    voice: VoiceChoice,
    performance: Iterable[WordPerformance] = (),
    pronunciations: Iterable[Pronunciation] = (),
) -> JsonObject:
    """A text and how it is spoken, as `speech.Delivery` reads it; what is at its default is left out."""
    own = {option.name: option.value for option in voice.options}
    seed = own.pop(SEED, "")
    asked: JsonObject = {
        "text": text,
        "voice": voice.voice,
        "language": voice.language or "",
        "speed": voice.speed,
        "pitch": voice.pitch,
    }
    added: JsonObject = {
        "seed": int(seed) if seed.isascii() and seed.isdigit() else 0,
        "energy": voice.energy,
        "options": [list(option) for option in sorted(own.items())],
        "performance": encode(tuple(performance)),
        "pronunciations": encode(tuple(pronunciations)),
    }
    if voice.intonation != 1.0:
        asked["intonation"] = voice.intonation
    return asked | {name: value for name, value in added.items() if value}


def line_request(project: Project, line: Line, applying: Applying, take: Take | None = None) -> JsonObject:
    """Everything that makes the sound of a line, as `speech.generate` and `speech.preview` are asked.

    `take`: the one that it plays, used as it is; None: one is made, unless the library has the same already.
    """
    asked = delivery(line.text, project.voice_of(line), line.performance, applying(line))
    asked |= {"line": line.id, "pause_after": line.pause_after}
    if line.pause_before:
        asked["pause_before"] = line.pause_before
    if line.slot is not None:
        asked["slot"] = list(line.slot)
    if line.speaker is not None:
        asked["speaker"] = line.speaker
    if take is not None:
        asked |= {"take": take.asset.id, "source": take.source}
    return asked


def request(
    project: Project,
    folder: Path | None,
    applying: Applying | None = None,
    *,
    takes: Mapping[str, Take] | None = None,
    only: Iterable[str] | None = None,
    again: Iterable[str] = (),
) -> JsonObject:
    """What `speech.generate` is asked: every line with something in it.

    `folder`: where the project lies; None: nowhere yet. `takes`: `Project.current_takes`, where somebody knows them
    already. `only`: the lines that may be made, all others stay as they are. `again`: lines of which another take is
    wanted, though there is a current one.
    """
    applies = applying or Pronouncing(project)
    playing = project.current_takes(applies) if takes is None else takes
    repeated = frozenset(again)
    lines = []
    for number, line in enumerate(project.script.lines, 1):
        if line.text.strip():
            take = None if line.id in repeated else playing.get(line.id)
            asked = line_request(project, line, applies, take) | {"number": number}
            lines.append(asked | {"again": True} if line.id in repeated else asked)
    made: JsonObject = {"project": project.id, "name": project.name, "lines": lines}
    if folder is not None:
        made["folder"] = str(folder)
    return made if only is None else made | {"only": sorted(only)}


def made_take(data: Mapping[str, Any], voice: VoiceChoice) -> Take:
    """The take that a partial `take` of `speech.generate` or `takes.keep` tells of. `voice`: `Project.voice_of` the
    line when it was asked for."""
    return Take(
        new_id(),
        data["line"],
        AssetReference(data["asset"], data["content_hash"], data["path"]),
        data["recipe_key"],
        data["text"],
        voice,
        data["samples"],
        data["sample_rate"],
        tuple([TakeWord(*word) for word in data["words"]]),
        now(),
        source=data.get("source", TakeSource.MADE),
        performance=decode(tuple[WordPerformance, ...], data.get("performance", [])),
        pronunciations=decode(tuple[Pronunciation, ...], data.get("pronunciations", [])),
        fitted=data.get("fitted"),
    )


def has_take(takes: Iterable[Take], made: Take) -> bool:
    """Whether the project already knows this recording of the line, under the same words and settings."""
    return any(_same(take, made) for take in takes)


def _same(take: Take, other: Take) -> bool:
    if take.asset.id != other.asset.id or take.text != other.text:
        return False
    return take.source != TakeSource.MADE or (
        (take.voice, take.performance, take.pronunciations, take.fitted)
        == (other.voice, other.performance, other.pronunciations, other.fitted)
    )
