"""What an engine must do whose manifest says `performance`; measured in the file that is made, after decoding it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechEngine, SpeechSettings, TimedWord
from audiostudio.engines.durations import sounds
from audiostudio.engines.fitting import fitted
from audiostudio.errors import UnsupportedSetting
from audiostudio.operations.speech import Recorder
from audiostudio.performance import PLAIN, PitchPoint, Voicing
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.files import SoundWriter, decode
from tests.engines.contract import Take, check_stream
from tests.engines.pitch import heard

RATE = 48_000
FRAME = RATE // 40
"""Samples of an engine's frame, 25 ms."""
CENTS = 40.0

SENTENCES = {
    "en-us": (
        ("The quiet harbour", "An old gardener", "Our youngest daughter", "The morning train", "Nobody in Lyon"),
        ("remembered", "was moving along", "sang about", "wanted to borrow", "drew a map of"),
        ("the yellow lantern", "a narrow river", "every window", "our wooden boat", "the lonely moon"),
        ("in early January.", "under the bridge.", "without any money.", "before the rain.", "and ran home."),
    ),
    "es": (
        ("La abuela", "Mi hermano", "El marinero", "Una niña"),
        ("miraba", "buscaba", "quería comprar", "dibujó"),
        ("la luna llena", "un barco de madera", "el jardín", "una ventana amarilla"),
        ("en el mes de enero.", "antes de la lluvia.", "debajo del puente."),
    ),
    "hi": (
        ("मेरी माँ", "वह लड़का", "मेरा भाई"),
        ("बाज़ार में", "नदी के पास", "घर के बाहर"),
        ("एक पुरानी किताब", "लाल फूल", "नया गाना"),
        ("ढूँढ रहा है।", "देखना चाहता है।"),
    ),
    "fr": (
        ("Le vieux jardinier", "Ma grand-mère", "Un enfant"),
        ("regarde", "dessine", "imagine"),
        ("la lune", "un navire", "une maison jaune"),
        ("au mois de janvier.", "avant la nuit.", "dans le jardin."),
    ),
}


def sentence(rng: random.Random, language: str) -> Sentence:
    """One that nobody chose."""
    text = " ".join(rng.choice(part) for part in SENTENCES[language])
    found = next(iter(read(text, language)))
    assert isinstance(found, Sentence)
    return found


def performed(sentence: Sentence, voicings: Sequence[Voicing]) -> Sentence:
    words = zip(sentence.words, voicings, strict=True)
    return replace(sentence, words=tuple(replace(word, voicing=voicing) for word, voicing in words))


@dataclass(frozen=True)
class Heard:
    """A file, decoded."""

    take: Take
    audio: NDArray[np.float32]
    """48 kHz."""
    words: list[TimedWord]
    """Times in samples of `audio`."""

    def level(self, start: float, end: float) -> float:
        """dB of full scale."""
        part = self.audio[int(start) : int(end)].astype(np.float64)
        return float(10 * np.log10(np.mean(part**2) + 1e-12))

    def inner(self) -> list[int]:
        """The words that do not touch the edges of what was said in one breath."""
        counts = np.cumsum([len(chunk.words) for chunk in self.take.chunks])
        edges = {0, *counts, *(counts - 1)}
        return [index for index in range(len(self.words)) if index not in edges]

    def gaps(self) -> list[int]:
        return [two.start - one.end for one, two in pairwise(self.words)]

    def breaks(self) -> set[int]:
        """Which of the gaps lie between what was said in one breath and in the next."""
        return set((np.cumsum([len(chunk.words) for chunk in self.take.chunks]) - 1).tolist())


@dataclass(frozen=True)
class Performer:
    """An engine, one of its voices, and somewhere to write."""

    engine: SpeechEngine
    settings: SpeechSettings
    language: str
    folder: Path
    rng: random.Random

    def play(self, *parts: Sentence | Pause, **settings: float) -> Heard:
        path = self.folder / "take.wav"
        take = Take(list(self.engine.speak(parts, replace(self.settings, **settings))))
        check_stream(take)
        with SoundWriter(path, RATE, 1, "wav") as writer:
            recorder = Recorder(writer)
            for chunk in take.chunks:
                recorder.add(chunk)
            recorder.finish()
        audio = np.concatenate([block[0] for block in decode(path, RATE, mono=True)])
        return Heard(take, audio, recorder.words)

    def sentence(self) -> Sentence:
        return sentence(self.rng, self.language)

    def each(self, sentence: Sentence, voicing: Callable[[], Voicing]) -> Sentence:
        return performed(sentence, [voicing() for _ in sentence.words])


def told(made: Heard) -> NDArray[np.float32]:
    """The melody that the engine tells, and its hop at 48 kHz."""
    last = made.take.chunks[-1]
    hop = last.hop
    melody = np.zeros(-(-(last.start + len(last.audio)) // hop), np.float32)
    for chunk in made.take.chunks:
        assert chunk.melody is not None
        at = round(chunk.start / hop)  # chunks need not begin with a hop
        melody[at : at + len(chunk.melody)] = chunk.melody[: len(melody) - at]
    return melody


def sung(made: Heard, like: Heard, words: Sequence[int]) -> NDArray[np.float32]:
    """The melody in `words`, about every 5 ms, at as many places of each as `like` has there."""
    melody = told(made)
    hop = made.take.chunks[0].hop
    lengths = [like.take.words[index].end - like.take.words[index].start for index in words]
    own = [made.take.words[index] for index in words]
    places = [np.linspace(word.start, word.end - 1, size // 120) for word, size in zip(own, lengths, strict=True)]
    return melody[np.minimum((np.concatenate(places) / hop).astype(int), len(melody) - 1)]


def centre(made: Heard) -> float:
    melody = told(made)
    return float(np.median(melody[melody > 0]))


def off(made: Heard, wanted: Callable[[TimedWord, float], float | None], words: Sequence[int]) -> NDArray[np.float64]:
    """Cents between what is heard in `words` and what is wanted, wherever a voice is clear."""
    places, hz = heard(made.audio[::2], RATE // 2)
    places = places * 2
    found = []
    for index in words:
        word = made.words[index]
        for place, one in zip(places, hz, strict=True):
            if one > 0 and word.start <= place < word.end:
                want = wanted(word, (place - word.start) / (word.end - word.start))
                if want is not None:
                    found.append(1200 * np.log2(one / want))
    return np.array(found)


class PerformanceContract:
    """Mixed into a test class that has a fixture `performer`."""

    def test_the_melody_that_is_told_is_the_one_that_is_heard(self, performer: Performer) -> None:
        made = performer.play(performer.sentence())
        melody = told(made)
        hop = made.take.chunks[0].hop * 2
        assert len(melody) == pytest.approx(len(made.audio) / hop, abs=1.0)
        places, hz = heard(made.audio[::2], RATE // 2)
        own = melody[np.minimum((places * 2 / hop).astype(int), len(melody) - 1)]
        both = (hz > 0) & (own > 0)
        assert both.sum() > 20
        assert np.median(np.abs(1200 * np.log2(hz[both] / own[both]))) < CENTS
        assert (own[hz > 0] > 0).mean() > 0.9

    def test_a_drawn_melody_is_heard(self, performer: Performer) -> None:
        plain = performer.sentence()
        base = centre(performer.play(plain))

        def drawn() -> Voicing:
            places = sorted({0.0, round(performer.rng.uniform(0.2, 0.8), 2), 1.0})
            points = [PitchPoint(place, base * 2 ** (performer.rng.uniform(-6, 6) / 12)) for place in places]
            return Voicing(curve=tuple(points))

        asked = performer.each(plain, drawn)
        made = performer.play(asked)
        curves = {word.start: word.voicing.curve for word in asked.words}

        def wanted(word: TimedWord, place: float) -> float:
            curve = curves[word.source_start]
            height = np.interp(place, [point.at for point in curve], [np.log2(point.hz) for point in curve])
            return float(2**height)

        found = off(made, wanted, range(len(made.words)))
        assert len(found) > 20
        assert np.median(np.abs(found)) < CENTS

    def test_beside_a_drawn_word_the_melody_does_not_jump(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        chosen = performer.rng.randrange(1, len(plain.words) - 1)
        voicings = [PLAIN] * len(plain.words)
        height = centre(before) * 2 ** (performer.rng.choice([-7, 7]) / 12)
        voicings[chosen] = Voicing(curve=(PitchPoint(0.0, height),))
        after = performer.play(performed(plain, voicings))

        def steepest(made: Heard) -> float:
            melody = told(made)
            both = (melody[:-1] > 0) & (melody[1:] > 0)
            return float(np.abs(np.diff(np.log2(np.maximum(melody, 1))))[both].max() * 12)

        assert len(after.audio) == pytest.approx(len(before.audio), abs=0.05 * RATE)
        if performer.engine.manifest.models:  # what has no model sings note by note, which jumps by itself
            assert steepest(after) < max(steepest(before), 4.0) + 1.0

    def test_imposed_lengths_are_exact_to_a_frame(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        lengths = [
            max(sounds(own) * FRAME, (word.end - word.start) * performer.rng.uniform(0.8, 1.8)) / RATE
            for word, own in zip(before.words, before.take.words, strict=True)
        ]
        asked = performed(plain, [Voicing(seconds=one) for one in lengths])
        made = performer.play(asked)
        for word, seconds in zip(made.words, lengths, strict=True):
            assert abs((word.end - word.start) - seconds * RATE) <= FRAME / 2 + 2
        once = performer.play(performed(plain, [replace(word.voicing, gap=0.2) for word in asked.words]))
        for one, two in zip(made.words, once.words, strict=True):
            assert two.end - two.start == one.end - one.start
        edge = once.words[0].start
        assert edge <= FRAME
        assert sum(word.end - word.start for word in once.words) + 0.2 * RATE * len(lengths) == len(once.audio) - edge

    def test_one_imposed_length_moves_the_end_and_nothing_else(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        chosen = performer.rng.randrange(1, len(plain.words) - 1)
        longer = round((before.words[chosen].end - before.words[chosen].start) / FRAME + 8) * FRAME
        voicings = [PLAIN] * len(plain.words)
        voicings[chosen] = Voicing(seconds=longer / RATE)
        made = performer.play(performed(plain, voicings))
        assert made.words[chosen].end - made.words[chosen].start == longer
        for index in before.inner():
            one, two = before.words[index], made.words[index]
            assert two.end - two.start == (longer if index == chosen else one.end - one.start)
        for index, (here, there) in enumerate(zip(made.gaps(), before.gaps(), strict=True)):
            assert here == pytest.approx(there, abs=0.1 * RATE if index in before.breaks() else 0)

    def test_shares_of_phonemes_are_kept(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        chosen = max(range(len(before.words)), key=lambda index: len(before.take.words[index].phonemes))
        count = len(before.take.words[chosen].phonemes)
        shares = np.array([performer.rng.uniform(1, 3) for _ in range(count)])
        shares /= shares.sum()
        voicings = [PLAIN] * len(plain.words)
        voicings[chosen] = Voicing(seconds=0.1 * count, phonemes=tuple(shares.tolist()))
        word = performer.play(performed(plain, voicings)).take.words[chosen]
        lengths = [phoneme.end - phoneme.start for phoneme in word.phonemes]
        assert sum(lengths) == pytest.approx(0.1 * count * 24_000, abs=300)
        assert np.abs(np.array(lengths) - shares * sum(lengths)).max() <= 600

    @pytest.mark.parametrize("gap", [0.0, 0.05, 0.3, 1.2])
    def test_gaps_are_exact_and_silent(self, performer: Performer, gap: float) -> None:
        plain = performer.sentence()
        natural = performer.play(plain).gaps()
        made = performer.play(performer.each(plain, lambda: Voicing(gap=gap)))
        assert made.gaps() == [gap * RATE] * (len(made.words) - 1)
        assert len(made.audio) - made.words[-1].end == gap * RATE
        loudest = max(made.level(word.start, word.end) for word in made.words)
        for (one, two), by_itself in zip(pairwise(made.words), natural, strict=True):
            if gap >= 0.3 and by_itself < gap * RATE:
                assert made.level(one.end + 0.11 * RATE, two.start - 0.11 * RATE) < loudest - 60

    def test_a_gap_between_sentences_is_exact_and_wins_over_a_pause(self, performer: Performer) -> None:
        first, second = performer.sentence(), performer.sentence()
        second = replace(
            second, words=tuple(replace(one, start=one.start + 500, end=one.end + 500) for one in second.words)
        )
        first = replace(performed(first, [*[PLAIN] * (len(first.words) - 1), Voicing(gap=0.4)]), ends_paragraph=True)
        for parts in ((first, second), (first, Pause(2.0, 0, 0), second)):
            made = performer.play(*parts)
            assert made.gaps()[len(first.words) - 1] == 0.4 * RATE

    def test_energy_of_words_is_heard_within_a_decibel(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        asked = [performer.rng.uniform(-15, 3) for _ in plain.words]
        made = performer.play(performed(plain, [Voicing(energy=one) for one in asked]))
        for one, two, energy in zip(before.words, made.words, asked, strict=True):
            assert made.level(two.start, two.end) - before.level(one.start, one.end) == pytest.approx(energy, abs=1.0)

    @pytest.mark.parametrize("energy", [-12.0, 4.0])
    def test_energy_of_a_line_is_heard_within_a_decibel(self, performer: Performer, energy: float) -> None:
        plain = performer.sentence()
        before, made = performer.play(plain), performer.play(plain, energy=energy)
        assert len(made.audio) == len(before.audio)
        change = made.level(0, len(made.audio)) - before.level(0, len(before.audio))
        assert change == pytest.approx(energy, abs=1.0)

    def test_words_are_moved_and_paced_by_themselves(self, performer: Performer) -> None:
        plain = performer.sentence()
        before = performer.play(plain)
        chosen = max(before.inner(), key=lambda index: before.words[index].end - before.words[index].start)
        voicings = [PLAIN] * len(plain.words)
        voicings[chosen] = Voicing(pitch=4.0)
        made = performer.play(performed(plain, voicings))
        one, two = sung(before, before, [chosen]), sung(made, before, [chosen])
        both = (one > 0) & (two > 0)
        assert np.median(12 * np.log2(two[both] / one[both])) == pytest.approx(4.0, abs=0.25)
        voicings[chosen] = Voicing(speed=0.5)
        slow = performer.play(performed(plain, voicings)).words[chosen]
        fast = before.words[chosen]
        assert (slow.end - slow.start) == pytest.approx(2 * (fast.end - fast.start), abs=3 * FRAME)

    @pytest.mark.parametrize("intonation", [0.0, 0.5, 1.6])
    def test_intonation_is_the_range_of_the_melody(self, performer: Performer, intonation: float) -> None:
        plain = performer.sentence()
        before, made = performer.play(plain), performer.play(plain, intonation=intonation)
        breath = range(len(next(chunk.words for chunk in before.take.chunks if chunk.words)))
        one, two = (12 * np.log2(np.maximum(sung(take, before, breath), 1.0)) for take in (before, made))
        both = (one > np.median(one[one > 0]) - 11) & (two > 0)  # where a voice breaks off, its melody is left

        def spread(melody: NDArray[np.float32]) -> float:
            return float(np.subtract(*np.percentile(melody[both], [75, 25])))

        assert spread(two) == pytest.approx(intonation * spread(one), rel=0.15, abs=0.3)
        assert np.mean(two[both]) == pytest.approx(np.mean(one[both]), abs=1.0)

    def test_intonation_is_heard(self, performer: Performer) -> None:
        made = performer.play(performer.sentence(), intonation=0.0)
        _, hz = heard(made.audio[::2], RATE // 2)
        voiced = hz[hz > 0]
        assert np.median(np.abs(1200 * np.log2(voiced / np.median(voiced)))) < CENTS

    @pytest.mark.parametrize(
        "settings", [{"energy": 6.5}, {"energy": -24.5}, {"intonation": -0.1}, {"intonation": 2.1}]
    )
    def test_what_is_out_of_range_is_refused(self, performer: Performer, settings: dict[str, float]) -> None:
        with pytest.raises(UnsupportedSetting):
            performer.engine.speak([performer.sentence()], replace(performer.settings, **settings))

    def test_the_same_performance_gives_the_same_samples(self, performer: Performer) -> None:
        asked = performer.each(performer.sentence(), lambda: Voicing(seconds=0.4, gap=0.1, energy=3.0))
        assert np.array_equal(performer.play(asked).audio, performer.play(asked).audio)

    @pytest.mark.parametrize("factor", [0.62, 0.9, 1.0, 1.3, 2.2])
    def test_a_line_is_fitted_to_the_frame(self, performer: Performer, factor: float) -> None:
        parts = (performer.sentence(), replace(performer.sentence(), ends_paragraph=True))
        moved_on = tuple(replace(word, start=word.start + 500, end=word.end + 500) for word in parts[1].words)
        line = (parts[0], replace(parts[1], words=moved_on))
        before = performer.play(*line)
        seconds = len(before.audio) / RATE * factor
        fitting = fitted(before.take.words, len(before.take.audio), before.take.rate, seconds)
        assert fitting.over == 0
        count = len(line[0].words)
        made = performer.play(
            performed(line[0], fitting.voicings[:count]), performed(line[1], fitting.voicings[count:])
        )
        assert 0 <= seconds * RATE - len(made.audio) < FRAME + 2
        assert fitting.seconds * RATE == pytest.approx(len(made.audio), abs=2)

    def test_what_cannot_fit_is_told(self, performer: Performer) -> None:
        line = performer.sentence()
        before = performer.play(line)
        seconds = len(before.audio) / RATE / 3
        fitting = fitted(before.take.words, len(before.take.audio), before.take.rate, seconds)
        made = performer.play(performed(line, fitting.voicings))
        assert fitting.factor > 2
        assert fitting.over == pytest.approx(len(made.audio) / RATE - seconds, abs=0.001)
        assert fitting.over > 0
