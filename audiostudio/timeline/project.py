"""A project as plain, frozen data."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from audiostudio.errors import NotFound
from audiostudio.music.plan import Brief, PartPlan, Plan, SectionPlan
from audiostudio.music.song import SlotVoice, Song, VocalPart
from audiostudio.performance import Voicing
from audiostudio.timeline.schema import Extra, stored
from audiostudio.timeline.tracks import Timeline

LINE_PAUSE = 0.35
"""Seconds between two lines whose writer asked for nothing else; the engine's own breath comes on top."""


stored("Voicing", 1)(Voicing)
stored("Brief", 1)(Brief)
stored("SectionPlan", 1)(SectionPlan)
stored("PartPlan", 1)(PartPlan)
stored("Plan", 1)(Plan)
stored("VocalPart", 1)(VocalPart)
stored("SlotVoice", 1)(SlotVoice)
stored("Song", 1)(Song)


def new_id() -> str:
    """128 random bits. A pasted script needs tens of thousands at once, and a UUID takes four times as long."""
    return os.urandom(16).hex()


def now() -> str:
    """The time in UTC as ISO 8601 with seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class VoiceOption(NamedTuple):
    """A setting that only some engines have, under its name in `engines.base.Option`."""

    name: str
    value: str
    """As `Option` writes it: `0.5`, `true`, `excited`."""


@stored("VoiceChoice", 1)
@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice and how it speaks."""

    voice: str
    """A voice's id, or a mix: `af_heart:0.6+am_adam:0.4`."""
    speed: float = 1.0
    """A factor."""
    pitch: float = 0.0
    """Semitones."""
    language: str | None = None
    """A BCP 47 tag; None: the project's."""
    energy: float = 0.0
    """dB."""
    intonation: float = 1.0
    """How far the melody goes up and down: a factor; 0 is monotone."""
    options: tuple[VoiceOption, ...] = ()
    """By name; only those that are not at their default."""
    extra: Extra = ()


@stored("Role", 1)
@dataclass(frozen=True, slots=True)
class Role:
    """A speaker of the script and the voice cast for it."""

    name: str
    voice: VoiceChoice
    extra: Extra = ()


@stored("Cast", 1)
@dataclass(frozen=True, slots=True)
class Cast:
    roles: tuple[Role, ...] = ()
    """Names are unique."""
    extra: Extra = ()

    def role(self, name: str) -> Role | None:
        return next((role for role in self.roles if role.name == name), None)


@stored("Pronunciation", 1)
@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How a word or phrase is read aloud."""

    word: str
    spoken: str
    """A respelling, or phonemes in IPA."""
    ipa: bool = False
    language: str | None = None
    """Only in this language (a BCP 47 tag); None: in every one."""
    match_case: bool = False
    whole_word: bool = True
    extra: Extra = ()


@stored("WordPerformance", 1)
@dataclass(frozen=True, slots=True)
class WordPerformance:
    """A word of a line and how it was redrawn."""

    word: int
    """Its place among the words of the line, from 0."""
    text: str
    """As written, so that the edit goes with its word when the line changes."""
    voicing: Voicing
    extra: Extra = ()


class Slot(NamedTuple):
    """When a line has to be heard, in seconds: a subtitle's times."""

    start: float
    end: float

    @property
    def seconds(self) -> float | None:
        """Its length in whole milliseconds; None: it has only a beginning."""
        return round(self.end - self.start, 3) or None


@stored("Line", 1)
@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script as typed; may be blank. Its id stays while its text changes and when it moves."""

    id: str
    text: str
    speaker: str | None = None
    """The name of a role in the cast."""
    voice: VoiceChoice | None = None
    """None: the role's voice, else the project's."""
    pause_after: float | None = None
    """Seconds of silence after the line; None: the usual."""
    pause_before: float = 0.0
    """Seconds of silence before the line, on top of the pause after the one before."""
    performance: tuple[WordPerformance, ...] = ()
    """In the order of the words; only those that were redrawn."""
    slot: Slot | None = None
    """When it has to be heard; None: after the line before."""
    chosen: str | None = None
    """The take the user chose; None: the newest that says what the line says now."""
    extra: Extra = ()

    @property
    def fit(self) -> float | None:
        """Seconds that it has, in whole milliseconds; None: as many as it takes."""
        return None if self.slot is None else self.slot.seconds


@stored("Script", 1)
@dataclass(frozen=True, slots=True)
class Script:
    lines: tuple[Line, ...] = ()
    """In order; ids are unique."""
    cut: tuple[Line, ...] = ()
    """Lines that lately left the script with something to lose, oldest first: pasted again, they come back whole."""
    extra: Extra = ()

    @property
    def text(self) -> str:
        """The script as the editor shows it: its lines joined by line feeds."""
        return "\n".join([line.text for line in self.lines])


@stored("AssetReference", 1)
@dataclass(frozen=True, slots=True)
class AssetReference:
    """A file of the library. One that is missing stays as it is and can be relinked by its content."""

    id: str
    """The asset's id in the library."""
    content_hash: str
    path: str
    """With `/`, relative to the library's media folder, or to the project's folder once it was collected there."""
    extra: Extra = ()


@stored("Media", 1)
@dataclass(frozen=True, slots=True)
class Media:
    """A file that clips play. Missing, it stays as it is and can be relinked."""

    id: str
    """The asset's id in the library."""
    asset: AssetReference
    samples: int
    """Of each channel; frames of a picture."""
    sample_rate: int
    """0: a still picture, which has no length of its own."""
    channels: int = 1
    """0: no sound."""
    name: str = ""
    extra: Extra = ()


class TakeWord(NamedTuple):
    """A word of a take and when it sounds, in samples of the take; both ranges are half-open."""

    text: str
    source_start: int
    """In characters of the take's text."""
    source_end: int
    start: int
    end: int


class TakeSource(StrEnum):
    MADE = "made"
    """By an engine, from the line's text."""
    RECORDED = "recorded"
    IMPORTED = "imported"


@stored("TakeCheck", 1)
@dataclass(frozen=True, slots=True)
class TakeCheck:
    """What listening to a take found."""

    heard: str
    """The words that were recognised."""
    word_errors: float
    """Missing, added and other words for each word that should be there."""
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    clipped: int = 0
    """Samples at full scale, in runs of three or more."""
    silence: float = 0.0
    """Seconds of the longest silence within."""
    before: float = 0.0
    """Seconds of silence before the first sound."""
    after: float = 0.0
    loudness: float | None = None
    """LUFS, integrated; None: too short to tell."""
    quality: float | None = None
    """DNSMOS P.835 overall, 1…5; None: not measured."""
    extra: Extra = ()


@stored("Transcript", 1)
@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a medium that is no take: a recording, a film."""

    id: str
    """The medium's."""
    language: str
    """A BCP 47 tag; empty: nothing is said."""
    text: str = ""
    words: tuple[TakeWord, ...] = ()
    """Their places in `text`, and in samples of the medium."""
    extra: Extra = ()


@stored("Take", 1)
@dataclass(frozen=True, slots=True)
class Take:
    """A recording of one line. Kept when the line changes or goes."""

    id: str
    line: str
    """The line's id."""
    asset: AssetReference
    recipe_key: str
    """The same for whatever would sound the same: of text, voice, settings, engine and model version."""
    text: str
    """What it says: the line's text when it was made."""
    voice: VoiceChoice
    """With its language: `Project.voice_of` the line when it was made."""
    samples: int
    sample_rate: int
    words: tuple[TakeWord, ...] = ()
    created: str = ""
    """ISO 8601, UTC."""
    removed: bool = False
    """In the bin."""
    source: str = TakeSource.MADE
    performance: tuple[WordPerformance, ...] = ()
    """How the line was redrawn when it was made."""
    pronunciations: tuple[Pronunciation, ...] = ()
    """Entries of the dictionaries that it was made with: those that the text has a word for."""
    fitted: float | None = None
    """`Line.fit` of the line when it was made."""
    check: TakeCheck | None = None
    extra: Extra = ()

    @property
    def seconds(self) -> float:
        return self.samples / self.sample_rate if self.sample_rate else 0.0


Applying: TypeAlias = Callable[[Line], tuple[Pronunciation, ...]]
"""The entries of all dictionaries that a line's text has a word for. Asked for every line: it should remember."""


@stored("Project", 1)
@dataclass(frozen=True, slots=True)
class Project:
    """Everything a user makes in one project. Edits are functions from one to the next, in `timeline.edits`."""

    id: str
    name: str
    language: str
    """A BCP 47 tag."""
    voice: VoiceChoice
    """For lines that have neither a voice nor a role."""
    script: Script = Script()
    cast: Cast = Cast()
    dictionary: tuple[Pronunciation, ...] = ()
    takes: tuple[Take, ...] = ()
    """Of all lines, past and present, in the order of their making. Only ever grows."""
    media: tuple[Media, ...] = ()
    """What the clips of all timelines play; ids are unique."""
    timelines: tuple[Timeline, ...] = ()
    """The first is the main one. None before anything was put on it."""
    transcripts: tuple[Transcript, ...] = ()
    """Of media that were listened to. Facts like takes: no edit touches them, not even one that removes a medium."""
    songs: tuple[Song, ...] = ()
    """Pieces of music, with words or without; ids are unique."""
    created: str = ""
    """ISO 8601, UTC."""
    extra: Extra = ()

    @property
    def text(self) -> str:
        return self.script.text

    def line(self, line_id: str) -> Line:
        """Raises `NotFound`."""
        for line in self.script.lines:
            if line.id == line_id:
                return line
        raise NotFound("That line is no longer in the script.", "Undo brings it back.")

    def take(self, take_id: str) -> Take:
        """Raises `NotFound`."""
        for take in self.takes:
            if take.id == take_id:
                return take
        raise NotFound("The project has no such take.")

    def medium(self, media_id: str) -> Media:
        """Raises `NotFound`."""
        for media in self.media:
            if media.id == media_id:
                return media
        raise NotFound("The project has no such medium.")

    def transcript(self, media_id: str) -> Transcript | None:
        """None: nobody listened to it yet."""
        return next((one for one in self.transcripts if one.id == media_id), None)

    def timeline(self, timeline_id: str) -> Timeline:
        """Raises `NotFound`."""
        for timeline in self.timelines:
            if timeline.id == timeline_id:
                return timeline
        raise NotFound("That timeline is no longer in the project.", "Undo brings it back.")

    def voice_of(self, line: Line) -> VoiceChoice:
        """The voice and language a line is spoken with: its own, else its role's, else the project's."""
        role = self.cast.role(line.speaker) if line.voice is None and line.speaker is not None else None
        voice = line.voice or (role.voice if role else self.voice)
        return voice if voice.language is not None else replace(voice, language=self.language)

    def takes_of(self, line_id: str) -> tuple[Take, ...]:
        """Oldest first, without those in the bin."""
        return tuple([take for take in self.takes if take.line == line_id and not take.removed])

    def current_take(self, line: Line, *, applying: Applying | None = None) -> Take | None:
        """The take to play for `line`, or None when it must be made: of those that are current the chosen one, else
        the newest. Without `applying` dictionaries are not looked at."""
        return self._current(line, self.takes_of(line.id), applying)

    def current_takes(self, applying: Applying | None = None) -> dict[str, Take]:
        """Line id → its current take, for every line that has one."""
        of_line: dict[str, list[Take]] = {}
        for take in self.takes:
            if not take.removed:
                of_line.setdefault(take.line, []).append(take)
        lines = (line for line in self.script.lines if line.id in of_line)
        found = ((line.id, self._current(line, of_line[line.id], applying)) for line in lines)
        return {line_id: take for line_id, take in found if take is not None}

    def is_current(self, take: Take, line: Line, applying: Applying | None = None) -> bool:
        """Whether a take of the line still says its text and, unless a person recorded it, as the line asks for it:
        in its voice, performance and length, and with the words that the dictionaries have for it."""
        if take.text != line.text:
            return False
        return take.source != TakeSource.MADE or (
            take.voice == self.voice_of(line)
            and take.performance == line.performance
            and take.fitted == line.fit
            and (applying is None or take.pronunciations == applying(line))
        )

    def _current(self, line: Line, takes: Iterable[Take], applying: Applying | None) -> Take | None:
        current: Take | None = None
        for take in takes:
            if self.is_current(take, line, applying):
                current = take
                if take.id == line.chosen:
                    break
        return current


DEFAULT_VOICE = VoiceChoice("af_heart")


def new_project(name: str, language: str = "en-us", voice: VoiceChoice = DEFAULT_VOICE) -> Project:
    return Project(new_id(), name, language, voice, created=now())
