"""How well voices sing: pitch, words and beginnings of notes, of ten songs, heard by machines that did not sing them.

Run: `PYTHONPATH=. python bench/singing.py [--voices V1,V2 | --english] [--songs NAME,NAME] [--json FILE]`. Prints a
table for docs/benchmarks.md. Melodies are composed to bench/songs/*.txt as `audiostudio song` does, and sung dry.

Pitch: how far WORLD's F0 (harvest, 5 ms) is from the score. Of each note the median over the middle of its length, so
that vibrato does not count; of these the median and the 90th percentile. `frames`: the median over all voiced 5 ms.
Words: errors of Whisper base on the whole dry vocal. Onsets: how far the steepest change of the mel spectrum within
120 ms of a syllable's beginning is from it, for syllables that begin with a consonant or after a rest.
"""

import argparse
import json
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import librosa
import numpy as np
import pyworld

from audiostudio.engines.base import SpeechSettings, SungPhrase
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.music.composing import skeleton
from audiostudio.music.lyrics import parse
from audiostudio.music.prompt import read
from audiostudio.music.pronunciations import FILE, MODEL
from audiostudio.music.score import Score, TempoAt
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import Key, Metre
from audiostudio.music.vocals import song_plan, write_melody
from audiostudio.operations.music.casting import range_of
from audiostudio.operations.music.singing import phrases_of
from tests.conftest import word_errors

MODELS = Path(os.environ.get("AUDIOSTUDIO_TEST_MODELS") or ".test-data/models").resolve()
SONGS = sorted((Path(__file__).parent / "songs").glob("*.txt"))
RATE = 24_000
Whisper = Callable[[np.ndarray], str]


@dataclass
class Found:
    notes: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    onsets: list[float] = field(default_factory=list)
    wrong: float = 0.0
    words: int = 0
    seconds: float = 0.0
    took: float = 0.0
    heard: list[str] = field(default_factory=list)

    def row(self) -> str:
        notes, onsets = np.abs(self.notes), np.abs(self.onsets)
        return (
            f"{np.median(notes):.1f} | {np.percentile(notes, 90):.1f} | {np.median(self.frames):.1f} | "
            f"{100 * self.wrong / self.words:.1f} % | {1000 * np.median(onsets):.0f} | "
            f"{1000 * np.percentile(onsets, 90):.0f} | {self.took / self.seconds:.2f}"
        )


def composed(path: Path, engines: EngineRegistry, voice: str) -> list[SungPhrase]:
    style, _, text = path.read_text(encoding="utf-8").partition("\n")
    lyrics = parse(text)
    prosody = Prosody.open("en-us", MODELS / MODEL / FILE)
    plan = song_plan(lyrics, read(style.removeprefix("#").strip()).brief, prosody)
    manifest, mix = engines.resolve(voice)
    sections = skeleton(plan)
    vocals = write_melody(lyrics, plan, sections, prosody, {"A": range_of(mix[0][0])}, 1, backing=False)
    score = Score(Key.parse(plan.key), Metre.parse(plan.metre), (TempoAt(0, plan.bpm),), sections, (), plan.seconds)
    del manifest
    return phrases_of(vocals[0], lyrics, score, mix[0][0].language)


def sung(engines: EngineRegistry, voice: str, phrases: list[SungPhrase]) -> np.ndarray:
    manifest, _ = engines.resolve(voice)
    chunks = list(engines.singer(manifest.name).sing(phrases, SpeechSettings(voice)))
    audio = np.zeros(max(one.start + len(one.audio) for one in chunks) + RATE, np.float32)
    for one in chunks:
        audio[one.start : one.start + len(one.audio)] += one.audio
    return np.round(audio * 32767).astype(np.int16).astype(np.float32) / 32767


def judged(found: Found, audio: np.ndarray, phrases: list[SungPhrase], listen: Whisper) -> None:
    pitch, times = pyworld.harvest(audio.astype(np.float64), RATE, f0_floor=60, f0_ceil=900, frame_period=5)
    change = librosa.onset.onset_strength(y=audio, sr=RATE, hop_length=120, n_mels=64, fmax=8000, n_fft=1024)
    moments = np.arange(len(change)) * 120 / RATE
    ended = -1.0
    for phrase in phrases:
        for word in phrase.words:
            for number, syllable in enumerate(word.syllables):
                begins = number > 0 or word.text[0].lower() not in "aeiou" or syllable.start - ended > 0.1
                ended = syllable.end
                if begins:
                    near = np.flatnonzero(np.abs(moments - syllable.start) <= 0.12)
                    found.onsets.append(float(moments[near[np.argmax(change[near])]] - syllable.start))
                for place, (start, wanted) in enumerate(syllable.pitches):
                    later = syllable.pitches[place + 1 :]
                    end = later[0][0] if later else syllable.end
                    edge = min(0.06, (end - start) / 4)
                    inside = (times >= start + edge) & (times < end - edge) & (pitch > 0)
                    if inside.sum() >= 4:
                        cents = 1200 * np.log2(pitch[inside] / 440) - 100 * (wanted - 69)
                        found.notes.append(float(np.median(cents)))
                        found.frames += np.abs(cents).tolist()
    text = " ".join(word.text for phrase in phrases for word in phrase.words)
    heard = listen(librosa.resample(audio, orig_sr=RATE, target_sr=16_000))
    words = len(text.split())
    found.wrong += min(1.0, word_errors(text, heard)) * words
    found.words += words
    found.heard.append(heard)


def whisper() -> Whisper:
    warnings.simplefilter("ignore")
    from faster_whisper import WhisperModel

    model = WhisperModel(str(MODELS / "whisper-base"), device="cpu", compute_type="int8", cpu_threads=2)
    return lambda sound: " ".join(one.text for one in model.transcribe(sound, language="en", beam_size=5)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", default="hibari_heart,af_heart,am_michael")
    parser.add_argument("--english", action="store_true", help="every English voice of Kokoro")
    parser.add_argument("--songs", default="", metavar="NAME,NAME", help="default: all")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    engines = EngineRegistry(ModelStore(MODELS))
    voices = arguments.voices.split(",")
    if arguments.english:
        voices = [one.id for one in engines.voices() if one.engine == "kokoro" and one.language.startswith("en")]
    names = arguments.songs.split(",") if arguments.songs else [path.stem for path in SONGS]
    listen = whisper()
    print("voice | note cents | 90 % | frames | words wrong | onset ms | 90 % | RTF\n---|---|---|---|---|---|---|---")
    told = {}
    for voice in voices:
        found = Found()
        for path in (path for path in SONGS if path.stem in names):
            phrases = composed(path, engines, voice)
            began = time.perf_counter()
            audio = sung(engines, voice, phrases)
            found.took += time.perf_counter() - began
            found.seconds += len(audio) / RATE
            judged(found, audio, phrases, listen)
        print(f"{voice} | {found.row()}", flush=True)
        told[voice] = {"word_errors": round(found.wrong / found.words, 3), "heard": found.heard}
        if arguments.json:
            arguments.json.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
