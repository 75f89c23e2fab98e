"""Finds what of Kokoro is nearest to a speaker: a voice, the colour that it needs, and a point between all voices.

It is no clone: Kokoro has never heard the speaker. Three things are matched:
the melody's height and range, which Kokoro imposes; the long-term spectrum, by an equaliser; and who seems to speak,
by a search among the styles that Kokoro's own voices span, judged by the speaker encoder.
"""

import contextlib
import json
import time
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import Learnt, Models
from audiostudio.engines.kokoro.evolution import Evolution
from audiostudio.engines.kokoro.manner import MATCHING, NEUTRAL, Manner
from audiostudio.engines.kokoro.stages import Floats, Prosody, Stages
from audiostudio.engines.kokoro.styles import STYLE, VOICES, style_table
from audiostudio.engines.kokoro.timbre import Decibels, correction, equalised, spectrum
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.speakers import SpeakerEncoder, direction, similarity
from audiostudio.engines.tokens import SAMPLE_RATE, pieces
from audiostudio.engines.voices import shipped
from audiostudio.errors import EngineFailed, EngineUnavailable, ModelMissing, UnsupportedSetting
from audiostudio.files import replace_file
from audiostudio.jobs.job import Progress
from audiostudio.resource import resource
from audiostudio.script.comparison import compare
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence
from audiostudio.sound.files import read_sound
from audiostudio.sound.pitch import RATE as PITCH_RATE
from audiostudio.sound.pitch import melody
from audiostudio.sound.resample import resample

Point: TypeAlias = NDArray[np.float64]

TIMBRE = 128
"""Of the 256 numbers of a style the first, which the decoder reads; the others make durations and melody."""

_MOST_HEARD = 60
"""Seconds of each recording."""
_NEAREST, _TRIED = 2, 2
"""Voices that the search may begin with, and the phrases that each says."""
_FORETOLD = (0.02, 0.008)
"""It may as well begin where a linear model puts the speaker: what that model is charged for extraordinary voices."""
_RIDGE, _ASCENT, _STRIDE = 20.0, 600, 2.0
_DIMENSIONS = 24
"""Of the space that the voices span, those in which they differ most: 92 % of what differs."""
_POPULATION = 12
_GENERATIONS = 24
_SECONDS = 90.0
_SIGMA = 0.25
_ORDINARY = 0.02
"""What it costs to lie as far from the mean voice as voices do: beyond them speech falls to pieces."""
_PATIENCE, _WORTH = 8, 0.002
"""Generations without a gain, over all phrases, after which the search ends, and what a gain is."""
_PITCH, _REACH = (-12.0, 12.0), (0.6, 1.6)
_MUMBLED = 0.1
"""More word errors than those of the nearest voice: the search went too far."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom it is to be."""

    embedding: Floats
    spectrum: Decibels
    height: float
    """The median of the melody, octaves above 1 Hz; 0: no voice is clear."""
    reach: float
    """From the tenth to the nine tenths of the melody, octaves."""
    own: float
    """How like each other the speaker's own recordings are."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is said to be judged: its length in tokens, and the prosody that all candidates share."""

    text: str
    row: int
    prosody: Prosody


def match(
    models: Models, stages: Stages, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
) -> Generator[Progress, None, Learnt]:
    """See `base.VoiceMaker.learn`. `options`: `language` of the samples, `seed`, `generations` of the search at most,
    `seconds` after which none is begun: with time enough the same seed gives the same voice.

    `made_by`: `similarity` of the voice and of the `nearest` one that ships (`nearest_voice`), on sentences that the
    search has not seen, to the samples; of the samples to each other (`own`); and what both are by other measures,
    `judged` and `nearest_judged`, see `_Search._judged`.
    """
    yield Progress(0.0, "Listening to the samples")
    encoder = SpeakerEncoder(models)
    speaker = heard(encoder, samples)
    with ThreadPoolExecutor(2, "matching") as pool:
        return (yield from _Search(models, stages, encoder, speaker, options, pool).run(folder))


def heard(encoder: SpeakerEncoder, samples: Sequence[Path]) -> Speaker:
    """Raises `EngineFailed` where nobody's voice is clear, `UnreadableMedia`."""
    sounds = [read_sound(path, SAMPLE_RATE, mono=True).samples[0][: _MOST_HEARD * SAMPLE_RATE] for path in samples]
    windows = [one for one in (encoder.windows(sound, SAMPLE_RATE)[0] for sound in sounds) if len(one)]
    if not windows:
        raise EngineFailed("Nobody is heard in the samples.", "Choose recordings in which somebody speaks.")
    embedding = direction(np.stack([encoder.embed(sound, SAMPLE_RATE) for sound in sounds]))
    parts = [direction(one) for one in (windows if len(windows) > 1 else np.array_split(windows[0], 2)) if len(one)]
    pairs = [similarity(a, b) for number, a in enumerate(parts) for b in parts[:number]]
    low, height, high = _quantiles(np.concatenate([_melody(sound) for sound in sounds]))
    own = float(np.mean(pairs)) if pairs else 1.0
    return Speaker(embedding, spectrum(sounds, SAMPLE_RATE), height, high - low, own)


class _Listener:
    """Whisper, where it is there."""

    def __init__(self, models: Models) -> None:
        self._engines = EngineRegistry(models)

    def word_errors(self, sounds: Sequence[Floats], texts: Sequence[str], language: str) -> float | None:
        """The share of words that are heard otherwise; None where nobody listens."""
        try:
            whisper = self._engines.transcriber()
        except (ModelMissing, EngineUnavailable):
            return None
        silence = np.zeros(SAMPLE_RATE // 2, np.float32)
        audio = [piece for sound in sounds for piece in (sound, silence)]
        said = " ".join(one.text for one in whisper.transcribe(audio, SAMPLE_RATE, language, word_times=False))
        return compare(read("\n\n".join(texts), language), said, language).word_errors

    def close(self) -> None:
        self._engines.close()


class _Search:
    """A point in the space of timbres: how far it lies from the mean voice along each axis, in standard deviations of
    Kokoro's voices, shape (24,)."""

    def __init__(
        self,
        models: Models,
        stages: Stages,
        encoder: SpeakerEncoder,
        speaker: Speaker,
        options: Mapping[str, str],
        pool: ThreadPoolExecutor,
    ) -> None:
        self._models = models
        self._stages = stages
        self._encoder = encoder
        self._speaker = speaker
        self._pool = pool
        self._seed = round(_number(options, "seed", 0, 2**32 - 1))
        self._language = options.get("language") or "en-us"
        self._generations = round(_number(options, "generations", _GENERATIONS, 1000))
        self._end = time.monotonic() + _number(options, "seconds", _SECONDS, 86_400)
        self._names, self._tables = _tables(models)
        self._centres = self._tables[:, :, :TIMBRE].mean(axis=1)
        self._mean: Floats = self._centres.mean(axis=0)
        _, deviations, axes = np.linalg.svd(self._centres - self._mean, full_matrices=False)
        self._axes: Point = (axes * (deviations / np.sqrt(len(axes)))[:, np.newaxis])[:_DIMENSIONS].astype(np.float64)
        self._places: Point = (self._centres - self._mean).astype(np.float64) @ np.linalg.pinv(self._axes)
        self._near: Floats = stock().astype(np.float32) @ speaker.embedding
        self._nearest = int(np.argmax(self._near))
        self._leader = self._accent()
        self._manner = self._melodious()
        texts = phrases(self._language)
        self._phrases = [self._phrase(text, self._leader, self._manner) for text in texts["fit"]]
        self._unseen = [self._phrase(text, self._leader, self._manner) for text in texts["unseen"]]
        self._offsets: list[Decibels] = []

    def run(self, folder: Path) -> Generator[Progress, None, Learnt]:
        start = yield from self._begin()
        found, spent = yield from self._evolve(start)
        yield Progress(0.9, "Comparing the voice with the samples")
        voice = self._manner_at(found)
        with contextlib.closing(_Listener(self._models)) as listener:
            judged = self._judged(found, voice, listener)
            stock = self._judged_stock(listener)
            if judged.get("word_errors", 0.0) > stock.get("word_errors", 0.0) + _MUMBLED:
                found = (start + found) / 2
                voice = self._manner_at(found)
                judged = self._judged(found, voice, listener)
        table = np.stack([self._style(found, row) for row in range(self._tables.shape[1])])
        replace_file(folder / STYLE, table.astype("<f4").tobytes())
        replace_file(folder / MATCHING, json.dumps(voice.to_json()).encode())
        made_by = {
            "similarity": judged["similarity"],
            "nearest": stock["similarity"],
            "nearest_voice": self._names[self._nearest],
            "own": round(self._speaker.own, 3),
            "melody_of": self._names[self._leader],
            "judged": judged,
            "nearest_judged": stock,
            "generations": spent,
            "seed": self._seed,
        }
        return Learnt((STYLE, MATCHING), made_by)

    def _accent(self) -> int:
        """The nearest voice of the samples' language: its melody and its accent are taken."""
        languages = {voice["id"]: voice["language"] for voice in shipped("kokoro")}
        native = np.array([languages[name] == self._language for name in self._names])
        return int(np.argmax(self._near + native))

    def _melodious(self) -> Manner:
        """What brings that voice's melody to the speaker's height and range."""
        said = [self._phrase(text, self._leader, NEUTRAL) for text in phrases(self._language)["fit"][:_TRIED]]
        sounds = self._pool.map(lambda one: self._stages.decode(self._tables[self._leader, one.row], one.prosody), said)
        low, height, high = _quantiles(np.concatenate([_melody(one) for one in sounds]))
        if not self._speaker.height or not height:
            return NEUTRAL
        reach = self._speaker.reach / max(high - low, 1e-3)
        return Manner(float(np.clip(12 * (self._speaker.height - height), *_PITCH)), float(np.clip(reach, *_REACH)))

    def _phrase(self, text: str, voice: int, manner: Manner) -> _Phrase:
        sentence = next(one for one in read(text, self._language) if isinstance(one, Sentence))
        piece = pieces(phonemize(sentence).words)[0]
        style = self._tables[voice, len(piece.symbols)]
        frames = self._stages.durations(piece.tokens, style)
        made = self._stages.prosody(piece.tokens, style, frames)
        return _Phrase(text, len(piece.symbols), Prosody(manner.sung(made.f0), made.energy, made.features))

    def _begin(self) -> Generator[Progress, None, Point]:
        """The nearest voice when each has the speaker's colour, or the point where such a speaker should be."""
        order = np.argsort(-self._near, kind="stable")[:_NEAREST]
        points = [*(self._foretold(weight) for weight in _FORETOLD), *self._places[order]]
        reached = []
        for number, point in enumerate(points):
            yield Progress(0.05 + 0.1 * number / len(points), "Trying the nearest voices")
            reached.append(self._reached(self._said(point, self._phrases[:_TRIED])))
        found: Point = points[int(np.argmax(reached))]
        return found

    def _foretold(self, ordinary: float) -> Point:
        """Where the speaker should be if embeddings were linear in points, by ridge regression over Kokoro's voices;
        `ordinary` holds it near them."""
        known = stock().astype(np.float64)
        mean = known.mean(axis=0)
        normal = self._places.T @ self._places + _RIDGE * np.eye(_DIMENSIONS)
        slope: Point = np.linalg.solve(normal, self._places.T @ (known - mean))
        wanted = self._speaker.embedding.astype(np.float64)
        point: Point = np.zeros(_DIMENSIONS)
        for _ in range(_ASCENT):
            there = mean + point @ slope
            length = np.linalg.norm(there)
            uphill = slope @ (wanted / length - (there @ wanted) * there / length**3)
            point = point + _STRIDE * (uphill - 2 * ordinary * point / _DIMENSIONS)
        return point

    def _evolve(self, start: Point) -> Generator[Progress, None, tuple[Point, int]]:
        """The best point, and after how many generations."""
        yield Progress(0.15, "Moving nearer")
        sounds = self._said(start, self._phrases)
        whole = spectrum(sounds, SAMPLE_RATE)
        self._offsets = [np.nan_to_num(spectrum([one], SAMPLE_RATE) - whole) for one in sounds]
        at_start = self._reached(sounds)
        recent: dict[int, float] = {}
        settled = 0.0
        evolution = Evolution(start, _SIGMA, _POPULATION, self._seed)
        spent = since = 0
        while spent < self._generations and since < _PATIENCE and time.monotonic() < self._end:
            points = evolution.ask()
            phrase = spent % len(self._phrases)
            near = np.array(list(self._pool.map(lambda point, phrase=phrase: self._nearness(point, phrase), points)))
            evolution.tell(points, _ORDINARY * np.mean(np.square(points), axis=1) - near)
            recent[phrase] = float(np.median(near))
            level = float(np.mean(list(recent.values()))) if len(recent) == len(self._phrases) else 0.0
            since = 0 if spent < len(self._phrases) or level > settled + _WORTH else since + 1
            settled = max(settled, level)
            spent += 1
            yield Progress(
                0.15 + 0.75 * spent / self._generations,
                f"Moving nearer: {100 * max(at_start, settled):.0f} % alike so far",
            )
        nearer = self._reached(self._said(evolution.mean, self._phrases)) > at_start
        return (evolution.mean if nearer else start), spent

    def _nearness(self, point: Point, phrase: int) -> float:
        """By one phrase, which has vowels of its own: what they do to its spectrum is not taken for the voice's."""
        audio = self._say(point, self._phrases[phrase])
        had = spectrum([audio], SAMPLE_RATE) - self._offsets[phrase]
        return self._alike([equalised(audio, correction(self._speaker.spectrum, had))])

    def _reached(self, sounds: Sequence[Floats]) -> float:
        """How near sounds come in the speaker's colour."""
        decibels = correction(self._speaker.spectrum, spectrum(sounds, SAMPLE_RATE))
        return self._alike([equalised(one, decibels) for one in sounds])

    def _alike(self, sounds: Sequence[Floats]) -> float:
        found = np.stack([self._encoder.embed(one, SAMPLE_RATE) for one in sounds])
        return similarity(direction(found), self._speaker.embedding)

    def _said(self, point: Point, said: Sequence[_Phrase]) -> list[Floats]:
        return list(self._pool.map(lambda phrase: self._say(point, phrase), said))

    def _say(self, point: Point, phrase: _Phrase) -> Floats:
        return self._stages.decode(self._style(point, phrase.row), phrase.prosody)

    def _style(self, point: Point, row: int) -> Floats:
        """The leader's style for that length, its timbre moved to the point."""
        style: Floats = self._tables[self._leader, row].copy()
        style[:TIMBRE] += self._mean + (point @ self._axes).astype(np.float32) - self._centres[self._leader]
        return style

    def _manner_at(self, point: Point) -> Manner:
        decibels = correction(self._speaker.spectrum, spectrum(self._said(point, self._phrases), SAMPLE_RATE))
        return replace(self._manner, equaliser=tuple(float(one) for one in decibels))

    def _judged(self, point: Point, manner: Manner, listener: _Listener) -> dict[str, float]:
        """`similarity`, and what the search did not look at: `spectrum`, the mean difference to the samples' in dB;
        `pitch`, the difference of the medians in semitones; `word_errors`, where Whisper is there."""
        return self._measured([manner.coloured(one) for one in self._said(point, self._unseen)], listener)

    def _judged_stock(self, listener: _Listener) -> dict[str, float]:
        """The same of the nearest voice that ships, as it is."""
        said = [self._phrase(one.text, self._nearest, NEUTRAL) for one in self._unseen]
        styles = self._tables[self._nearest]
        return self._measured([self._stages.decode(styles[one.row], one.prosody) for one in said], listener)

    def _measured(self, sounds: Sequence[Floats], listener: _Listener) -> dict[str, float]:
        difference = np.abs(spectrum(sounds, SAMPLE_RATE) - self._speaker.spectrum)
        height = _quantiles(np.concatenate([_melody(one) for one in sounds]))[1]
        found = {
            "similarity": round(self._alike(sounds), 3),
            "spectrum": round(float(np.nanmean(difference)), 2),
            "pitch": round(12 * (height - self._speaker.height), 2),
        }
        errors = listener.word_errors(sounds, [one.text for one in self._unseen], self._language)
        return found if errors is None else found | {"word_errors": round(errors, 3)}


def stock() -> NDArray[np.float16]:
    """Whose voices Kokoro's are, by name: embeddings, shape (54, 256). Made by `bench/matching.py --voices`."""
    with np.load(resource("engines/kokoro/speakers.npz")) as file:
        found: NDArray[np.float16] = file["embeddings"]
        return found


def phrases(language: str) -> dict[str, list[str]]:
    """What is said to fit a voice and, `unseen`, to judge it."""
    known = json.loads(resource("engines/kokoro/phrases.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = known.get(language.split("-")[0], known["en"])
    return found


def _number(options: Mapping[str, str], name: str, default: float, most: float) -> float:
    """Raises `UnsupportedSetting`."""
    text = options.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise UnsupportedSetting(f"“{text[:40]}” cannot be the {name} of a match.", f"Choose a number up to {most:g}.")
    return value


def _tables(models: Models) -> tuple[list[str], Floats]:
    names = sorted(voice["id"] for voice in shipped("kokoro"))
    return names, np.stack([style_table([(models.path(VOICES, f"{name}.bin"), 1.0)]) for name in names])


def _melody(audio: Floats) -> Floats:
    """Hz where a voice is clear."""
    found = melody(resample(audio[np.newaxis], SAMPLE_RATE, PITCH_RATE)[0])
    return found[found > 0]


def _quantiles(hertz: Floats) -> tuple[float, float, float]:
    """Low, median and high of a melody, octaves above 1 Hz; 0 where there is none."""
    if not len(hertz):
        return 0.0, 0.0, 0.0
    low, middle, high = np.quantile(np.log2(hertz), (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)
