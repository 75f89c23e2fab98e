"""What can be asked of an engine, and what comes back."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from audiostudio.jobs.job import Progress
from audiostudio.music.plan import Plan
from audiostudio.music.score import Score
from audiostudio.music.song import VocalPart
from audiostudio.rights import Rights
from audiostudio.script.spoken import Pause, Sentence


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. A control for anything else is not shown."""

    languages: tuple[str, ...] = ()
    streaming: bool = False
    word_times: bool = False
    phoneme_times: bool = False
    speed: tuple[float, float] | None = None
    """Least and greatest factor."""
    pitch: tuple[float, float] | None = None
    """Least and greatest shift, in semitones."""
    pauses: bool = False
    """Exact silences."""
    mixes: bool = False
    """Voices can be mixed: `af_heart:0.6+am_adam:0.4`."""
    instant: bool = False
    """Fast enough to follow typing."""
    performance: bool = False
    """Follows `Word.voicing` in all: imposed lengths, drawn melodies, exact gaps; and gives the melody it made."""
    energy: tuple[float, float] | None = None
    """Least and greatest change of loudness, in dB."""
    intonation: tuple[float, float] | None = None
    """Least and greatest factor of the melody's range."""
    seed: bool = False
    """Another seed makes another take."""
    remote: bool = False
    """Runs on somebody else's computer: what is spoken is sent there, and may cost something."""
    designs_voices: bool = False
    cloning: str = ""
    """How it makes a voice from recordings: `clone` (learns the person's; what it speaks is watermarked), `match`
    (finds the nearest that it has); empty: not at all."""
    conversion: bool = False
    """Says a recording again in another voice."""
    sound_effects: bool = False
    history: bool = False
    singing: str = ""
    """How well it sings: `good` (words are understood), `experimental`; empty: not at all."""
    music: bool = False
    """Makes music from a `MusicRequest`."""
    score: bool = False
    """Its music comes with a score that can be edited, and with stems."""
    longest: float = 0.0
    """Seconds of music that it can make; 0: it makes none."""
    continuation: bool = False
    """Goes on where a recording ends."""
    melody: bool = False
    """Follows the melody of a recording."""
    variants: bool = False
    """Makes several at once."""
    options: tuple["Option", ...] = ()
    """Settings that it has beside those of all engines."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of one engine. The window makes its control from this."""

    name: str
    """Stable: `stability`."""
    title: str
    kind: str
    """`number`, `choice`, `switch` or `text`."""
    default: str
    """Values are written as text: `0.5`, `true`, `eleven_v3`, `excited`."""
    least: float = 0.0
    most: float = 1.0
    choices: tuple[tuple[str, str], ...] = ()
    """Values and what they are called."""
    hint: str = ""
    """What it does, in a sentence."""
    only_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Other options and the values that they must have for this one to count."""


@dataclass(frozen=True, slots=True)
class EngineManifest:
    """All that is known of an engine without importing it; from `resources/engines/NAME.json`."""

    name: str
    title: str
    module: str
    """Where `create(models, manifest) -> SpeechEngine` is, e.g. `audiostudio.engines.kokoro`; of a remote engine
    `connect(accounts, manifest, models) -> SpeechEngine`."""
    version: str
    """Goes into recipes: another version may sound different."""
    kind: str
    """`speech`, `transcription`, `music`, `separation` or `image`."""
    capabilities: Capabilities
    rights: Rights
    models: tuple[str, ...] = ()
    """Names in the model store that must be present."""
    needs_key: bool = False
    """Whether nothing can be asked of it without an API key."""
    environment: str = ""
    """The engine environment that it runs in, see `engines.environments`; empty: the application's own."""
    sample_rate: int = 0
    """Of all that it makes, Hz; 0: nobody knows before."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice, as shown in the gallery; from `resources/voices/ENGINE.json`."""

    id: str
    """Unique over all engines: `af_heart`."""
    name: str
    engine: str
    language: str
    gender: str
    """`female`, `male` or `neutral`."""
    accent: str = ""
    age: str = ""
    """`young`, `adult`, `mature` or empty when nobody said."""
    category: str = "standard"
    """`standard`, `premium` or `mine`."""
    description: str = ""
    use: str = ""
    """What it is made for: `narration`, `conversational`; empty when nobody said."""
    preview: str = ""
    """Where a ready sample can be fetched; empty: it speaks for itself."""


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How to speak. Values outside an engine's capabilities raise `UnsupportedSetting`."""

    voice: str
    """A voice's id, or a mix of ids of one engine: `af_heart:0.6+am_adam:0.4`."""
    speed: float = 1.0
    pitch: float = 0.0
    """Semitones."""
    seed: int = 0
    energy: float = 0.0
    """dB."""
    intonation: float = 1.0
    """A factor of the melody's range."""
    options: tuple[tuple[str, str], ...] = ()
    """Names and values of `Capabilities.options`, by name; those left out have their default."""


@dataclass(frozen=True, slots=True)
class TimedPhoneme:
    """A phoneme and when it sounds: samples from the beginning of the stream, half-open."""

    symbol: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the source and when it sounds: samples from the beginning of the stream, half-open."""

    text: str
    source_start: int
    """In characters of the source text."""
    source_end: int
    start: int
    end: int
    phonemes: tuple[TimedPhoneme, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """The next piece of a stream of speech."""

    audio: NDArray[np.float32]
    """Mono, shape (samples,), −1…1. Empty only while an engine that is remote, or in an environment, is waited for: a
    place to cancel."""
    sample_rate: int
    start: int
    """Samples since the beginning of the stream: the sum of the lengths of all chunks before."""
    words: tuple[TimedWord, ...] = field(default=())
    """The words that begin in this chunk, in order."""
    melody: NDArray[np.float32] | None = None
    """Hz at the middle of each `hop` samples of `audio`, 0 where there is no voice, shape (⌈samples / hop⌉,); None:
    the engine does not tell."""
    hop: int = 0


class Models(Protocol):
    """What an engine needs of the model store and of the user's own voices."""

    def path(self, name: str, file: str) -> Path:
        """Where a model's file lies. Raises `ModelMissing`."""
        ...

    def voice(self, identity: str) -> Path:
        """The folder with the data of an own voice, `mine/…`. Raises `UnknownVoice`."""
        ...


class SpeechEngine(Protocol):
    """A loaded engine. Made once per process, used by one thread at a time."""

    manifest: EngineManifest
    device: str
    """For people: what it truly runs on."""

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """Speak `parts` as they come, in constant memory.

        The chunks follow each other without a gap; a `Pause` of s seconds gives exactly round(s · sample_rate)
        samples between the sound of its neighbours. The same request gives the same samples.
        Raises `UnknownVoice`, `UnknownLanguage`, `UnsupportedSetting`, `EngineFailed`.
        """
        ...

    def close(self) -> None:
        """Give back memory and files. The engine is not used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an engine made of recordings. Its files lie in the folder that it was given."""

    files: tuple[str, ...]
    """All that it needs to speak with the voice."""
    made_by: dict[str, Any] = field(default_factory=dict)
    """For the record: settings, and how near it came (JSON)."""


class VoiceMaker(Protocol):
    """A `SpeechEngine` whose manifest has `cloning`. One that clones has the attribute `clones = True` as well, so that
    what it says is marked whatever a manifest says."""

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """Make the data of a voice from `samples` (mono WAV files of speech, 48 kHz) and write it into `folder`.

        `options`: `seed`, `seconds` (at most so long), `language`. Each yield is a place to cancel.
        Raises `EngineFailed`, `ModelMissing`.
        """
        ...


class Converter(Protocol):
    """A `SpeechEngine` whose manifest has `conversion`."""

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        """Say what `audio` (mono, shape (n,)) says in an own voice, in its rhythm. Raises `UnknownVoice`,
        `EngineFailed`."""
        ...


@dataclass(frozen=True, slots=True)
class SungSyllable:
    """A syllable and the notes that it is sung on. Times are seconds from the beginning of the song."""

    text: str
    """As it is shown."""
    start: float
    """When its vowel is heard: consonants come before."""
    end: float
    pitches: tuple[tuple[float, float], ...]
    """(from when, MIDI number): the first at `start`; more than one where it goes on to other pitches."""
    velocity: int = 90
    """1…127."""


@dataclass(frozen=True, slots=True)
class SungWord:
    text: str
    """As written, with the punctuation that touches it."""
    syllables: tuple[SungSyllable, ...]
    phonemes: tuple[tuple[str, ...], ...] = ()
    """Of each syllable, in the alphabet of `script.phonemes`; empty: the engine finds them."""


@dataclass(frozen=True, slots=True)
class SungPhrase:
    """Words that are sung in one breath, by one voice."""

    words: tuple[SungWord, ...]
    language: str
    """A BCP 47 tag."""
    line: int = 0
    """Of the lyrics."""


class SingingEngine(Protocol):
    """A `SpeechEngine` whose manifest has `singing`."""

    def sing(self, phrases: Iterable[SungPhrase], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """Sing `phrases`, in order and without overlap, each as one chunk.

        A chunk's `start` is the sample from the beginning of the song at which its audio begins (a little before its
        first note, for the breath and the consonants); its words have the times of the syllables that were sung. The
        same request gives the same samples. Options of all singing engines are in `settings.options`: `vibrato`
        (0…1), `glide` (0…1), `breath` (0…1). Raises what `SpeechEngine.speak` raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """What music is asked for."""

    prompt: str
    seconds: float
    seed: int = 0
    plan: Plan | None = None
    """For engines that have `score`: wins over the prompt."""
    vocals: tuple[VocalPart, ...] = ()
    """A melody that the arrangement has to leave room for."""
    options: tuple[tuple[str, str], ...] = ()
    """Of `Capabilities.options`, by name; those left out have their default."""
    continues: Path | None = None
    """A sound file that the music goes on from; what comes back begins with it."""
    melody: Path | None = None
    """A sound file whose melody is followed."""
    count: int = 1
    """Variants."""
    stems: bool = False


@dataclass(frozen=True, slots=True)
class MusicPiece:
    """A piece that was made: 32-bit float WAV files in the folder that the engine was given."""

    file: str
    """The mix. Exactly the seconds that were asked for, to the sample."""
    seed: int
    stems: tuple[tuple[str, str], ...] = ()
    """(name of the part, file): as long as the mix; their sum is the mix before mastering."""
    plan: Plan | None = None
    score: Score | None = None


class MusicEngine(Protocol):
    """An engine that makes music. Made once per process, used by one thread at a time."""

    manifest: EngineManifest
    device: str

    def make(self, request: MusicRequest, folder: Path) -> Generator[Progress, None, tuple[MusicPiece, ...]]:
        """Make `request.count` pieces and write them into `folder`. Each yield is a place to cancel.

        The same request gives the same samples. Raises `RequestError`, `UnsupportedSetting`, `EngineFailed`,
        `ModelMissing`.
        """
        ...

    def close(self) -> None:
        """Give back memory and files. The engine is not used afterwards."""
        ...


class Separator(Protocol):
    """An engine that takes a mix apart."""

    manifest: EngineManifest
    device: str

    def separate(self, path: Path, folder: Path) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
        """Write `vocals`, `drums`, `bass`, `other` (as the engine has them) of a WAV file into `folder`; (name, file)
        of each, as long as the mix and at its rate. Raises `EngineFailed`, `UnreadableMedia`."""
        ...

    def close(self) -> None:
        """Give back memory and files. The engine is not used afterwards."""
        ...


class Illustrator(Protocol):
    """An engine that makes pictures; its kind is `image`."""

    manifest: EngineManifest
    device: str

    def illustrate(self, prompt: str, side: int, seed: int, file: Path) -> Generator[Progress, None, None]:
        """Write a square picture of about `side` pixels as the PNG file `file`. Raises `EngineFailed`,
        `RequestError`."""
        ...

    def close(self) -> None:
        """Give back memory and files. The engine is not used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word that was recognised. Times are seconds from the beginning of the sound."""

    text: str
    """With the punctuation that touches it; in languages without spaces a few characters."""
    start: float
    end: float
    probability: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised in the next stretch of a sound."""

    words: tuple[HeardWord, ...]
    """In order; may be empty."""
    text: str
    """The same with the spaces that the language has."""
    end: float
    """Seconds of the sound that were listened to so far."""
    language: str
    """The language that was asked for or detected: ISO 639-1, `en`."""


class Transcriber(Protocol):
    """A loaded engine that recognises speech. Made once per process, used by one thread at a time."""

    manifest: EngineManifest
    device: str

    def transcribe(
        self,
        audio: Iterable[NDArray[np.float32]],
        sample_rate: int,
        language: str | None = None,
        prompt: str = "",
        word_times: bool = True,
    ) -> Iterator[Heard]:
        """Recognise mono float32 pieces, shape (n,), as they come, in constant memory; can be closed between two.

        `language`: a BCP 47 tag; None: it is detected. `prompt`: words that are likely to come, such as names.
        Without `word_times` the words' times are only those of their stretch, and it is a little faster.
        Raises `UnknownLanguage`, `EngineFailed`.
        """
        ...

    def detect(self, audio: NDArray[np.float32], sample_rate: int) -> tuple[str, float]:
        """The language of mono float32 speech, shape (n,): ISO 639-1, and how sure that is, 0…1; empty for silence.
        Listens to 28 s at most. Raises `EngineFailed`."""
        ...

    def close(self) -> None:
        """Give back memory and files. The engine is not used afterwards."""
        ...
