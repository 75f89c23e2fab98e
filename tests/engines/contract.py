"""What every speech engine must do. One class of tests, run over each engine of the registry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, SpeechEngine, SpeechSettings, TimedWord
from audiostudio.errors import UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.script.spoken import Pause, Sentence, Word
from tests.engines.pitch import cents, melody

TEXT = "Everything you make can be made again. Change one line, and only that line is spoken anew!"


def sentences(text: str, language: str = "en-us") -> list[Sentence]:
    """`text` cut at stops; each word spoken as it is written."""
    found: list[Sentence] = []
    words: list[Word] = []
    at = 0
    for piece in text.split():
        start = text.index(piece, at)
        at = start + len(piece)
        words.append(Word(piece, start, at, piece))
        if piece[-1] in ".!?":
            found.append(Sentence(tuple(words), language))
            words = []
    return [*found, Sentence(tuple(words), language)] if words else found


@dataclass(frozen=True)
class Take:
    """A whole stream."""

    chunks: list[SpeechChunk]

    @property
    def audio(self) -> NDArray[np.float32]:
        return np.concatenate([chunk.audio for chunk in self.chunks] or [np.zeros(0, np.float32)])

    @property
    def words(self) -> list[TimedWord]:
        return [word for chunk in self.chunks for word in chunk.words]

    @property
    def rate(self) -> int:
        return self.chunks[0].sample_rate


@dataclass(frozen=True)
class Speaker:
    """An engine and one of its voices."""

    engine: SpeechEngine
    settings: SpeechSettings

    def say(self, *parts: Sentence | Pause, **settings: float | str) -> Take:
        """Spoken once; asked again, the same take."""
        key = (self.engine.manifest.name, parts, replace(self.settings, **settings))
        if key not in _takes:
            _takes[key] = self.say_again(*parts, **settings)
        return _takes[key]

    def timed(self, text: str) -> list[str]:
        """The words whose times it gives: all, or none."""
        return text.split() if self.engine.manifest.capabilities.word_times else []

    @property
    def marked(self) -> bool:
        """Whether the inaudible mark is in what comes: it swallows the softest moment where sound begins or ends, and
        is another where the same is said later."""
        able = self.engine.manifest.capabilities
        return able.cloning == "clone" and not able.remote

    def say_again(self, *parts: Sentence | Pause, **settings: float | str) -> Take:
        chunks = self.engine.speak(parts, replace(self.settings, **settings))
        waiting = self.engine.manifest.capabilities.remote or self.engine.manifest.environment
        return Take([chunk for chunk in chunks if len(chunk.audio) or not waiting])


_takes: dict[object, Take] = {}


def check_stream(take: Take) -> None:
    """Holds for every stream whatsoever."""
    position = 0
    for chunk in take.chunks:
        assert chunk.start == position
        assert chunk.audio.dtype == np.float32
        assert chunk.audio.ndim == 1
        assert len(chunk.audio) > 0
        assert np.isfinite(chunk.audio).all()
        assert np.abs(chunk.audio).max() <= 1.0
        assert chunk.sample_rate == take.rate
        for word in chunk.words:
            assert chunk.start <= word.start <= word.end <= chunk.start + len(chunk.audio)
        position += len(chunk.audio)
    for before, after in pairwise(take.words):
        assert before.start <= before.end <= after.start
        assert before.source_end <= after.source_start
    for word in take.words:
        if word.phonemes:
            assert word.phonemes[0].start == word.start
            assert word.phonemes[-1].end == word.end
            assert all(one.end == two.start for one, two in pairwise(word.phonemes))


def silences(audio: NDArray[np.float32]) -> list[int]:
    """The lengths of the runs of exact zeros of at least 10 ms at 24 kHz."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], audio == 0, [False]]).astype(int)))
    return [int(end - start) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= 240]


class SpeechContract:
    """Mixed into a test class that has a fixture `speaker`."""

    def test_chunks_follow_each_other_and_words_lie_inside(self, speaker: Speaker) -> None:
        take = speaker.say(*sentences(TEXT))
        check_stream(take)
        assert 2.0 < len(take.audio) / take.rate < 12.0
        assert np.sqrt(np.mean(take.audio**2)) > 0.01

    def test_words_are_those_of_the_source_in_order(self, speaker: Speaker) -> None:
        words = speaker.say(*sentences(TEXT)).words
        assert [word.text for word in words] == speaker.timed(TEXT)
        if not speaker.timed(TEXT):
            return
        assert [TEXT[word.source_start : word.source_end] for word in words] == TEXT.split()
        assert all(word.end > word.start for word in words)
        if speaker.engine.manifest.capabilities.phoneme_times:
            assert all(word.phonemes for word in words)

    def test_words_are_where_the_sound_is(self, speaker: Speaker) -> None:
        """The second sentence's first word begins after the silence between the two."""
        first, second = sentences(TEXT)
        take = speaker.say(first, Pause(1.0, 0, 0), second)
        if not speaker.timed(TEXT):
            return
        begins = take.words[len(first.words)].start
        ends = take.words[len(first.words) - 1].end
        assert begins - ends >= take.rate
        assert np.abs(take.audio[begins : begins + take.rate // 5]).max() > 0.02

    @pytest.mark.parametrize("seconds", [0.25, 0.73331, 2.0])
    def test_a_pause_is_exact(self, speaker: Speaker, seconds: float) -> None:
        first, second = sentences(TEXT)
        take = speaker.say(first, Pause(seconds, 0, 0), second)
        swallowed = take.rate // 1000 if speaker.marked else 0
        off = min(abs(found - round(seconds * take.rate)) for found in silences(take.audio))
        assert off <= swallowed
        check_stream(take)

    def test_pauses_at_the_ends_and_side_by_side_are_exact(self, speaker: Speaker) -> None:
        first, _ = sentences(TEXT)
        pause = Pause(0.5, 0, 0)
        plain = speaker.say(first)
        take = speaker.say(pause, first, pause, pause)
        assert len(take.audio) == len(plain.audio) + 3 * round(0.5 * plain.rate)
        assert not take.audio[: plain.rate // 2].any()
        assert not take.audio[-plain.rate :].any()
        assert speaker.marked or np.array_equal(take.audio[plain.rate // 2 : -plain.rate], plain.audio)

    def test_a_long_pause_comes_in_pieces(self, speaker: Speaker) -> None:
        take = speaker.say(Pause(25.0, 0, 0))
        assert len(take.audio) == 25 * take.rate
        assert len(take.chunks) > 1
        check_stream(take)

    @pytest.mark.parametrize("speed", [0.5, 0.8, 1.5, 2.0])
    def test_speed_changes_the_length(self, speaker: Speaker, speed: float) -> None:
        least, most = speaker.engine.manifest.capabilities.speed or (1.0, 1.0)
        speed = min(max(speed, least), most)
        plain, quick = speaker.say(*sentences(TEXT)), speaker.say(*sentences(TEXT), speed=speed)
        assert len(quick.audio) == pytest.approx(len(plain.audio) / speed, rel=0.12)
        check_stream(quick)

    @pytest.mark.parametrize("semitones", [-5, -2, 3, 5])
    def test_pitch_moves_within_30_cents(self, speaker: Speaker, semitones: int) -> None:
        self.check_pitch(speaker, semitones, 30.0)

    @pytest.mark.parametrize("semitones", [-10, -7, 8, 12])
    def test_pitch_moves_further_within_50_cents(self, speaker: Speaker, semitones: int) -> None:
        self.check_pitch(speaker, semitones, 50.0)

    def check_pitch(self, speaker: Speaker, semitones: int, allowed: float) -> None:
        if speaker.engine.manifest.capabilities.pitch is None:
            with pytest.raises(UnsupportedSetting):
                speaker.engine.speak(sentences(TEXT), replace(speaker.settings, pitch=semitones))
            return
        plain, moved = speaker.say(*sentences(TEXT)), speaker.say(*sentences(TEXT), pitch=semitones)
        assert len(moved.audio) == pytest.approx(len(plain.audio), abs=0.1 * plain.rate)
        off = [_word_cents(plain, moved, number, semitones) for number in range(len(plain.words))]
        found = np.concatenate(off)
        assert len(found) > 40, "too little voice to measure"
        assert abs(np.median(found)) <= allowed

    def test_the_same_request_gives_the_same_samples(self, speaker: Speaker) -> None:
        assert np.array_equal(speaker.say(*sentences(TEXT)).audio, speaker.say_again(*sentences(TEXT)).audio)

    @pytest.mark.parametrize("settings", [{"speed": 0.4}, {"speed": 2.1}, {"pitch": 13}, {"pitch": -12.5}])
    def test_settings_out_of_range_are_refused_at_once(self, speaker: Speaker, settings: dict[str, float]) -> None:
        least, most = speaker.engine.manifest.capabilities.speed or (1.0, 1.0)
        if "speed" in settings and least <= settings["speed"] <= most:
            settings = {"speed": least * 0.9 if settings["speed"] < 1 else most * 1.1}
        with pytest.raises(UnsupportedSetting):
            speaker.engine.speak(sentences(TEXT), replace(speaker.settings, **settings))

    @pytest.mark.parametrize("speed", [float("nan"), float("inf")])
    def test_no_number_is_no_setting(self, speaker: Speaker, speed: float) -> None:
        with pytest.raises(UnsupportedSetting):
            speaker.engine.speak(sentences(TEXT), replace(speaker.settings, speed=speed))

    def test_an_unknown_voice_is_refused_at_once(self, speaker: Speaker) -> None:
        for voice in ("nobody", "../../etc/passwd", f"{speaker.settings.voice}:0.5+nobody:0.5"):
            with pytest.raises(UnknownVoice):
                speaker.engine.speak(sentences(TEXT), replace(speaker.settings, voice=voice))

    def test_an_unknown_language_is_refused(self, speaker: Speaker) -> None:
        with pytest.raises(UnknownLanguage):
            list(speaker.engine.speak(sentences("Sul sul.", "xx"), speaker.settings))

    def test_nothing_gives_nothing(self, speaker: Speaker) -> None:
        assert speaker.say().chunks == []

    def test_what_cannot_be_spoken_is_passed_over(self, speaker: Speaker) -> None:
        emoji = Sentence((Word("😀🎉", 0, 2, "😀🎉"), Word("—", 3, 4, "—"), Word("…", 5, 6, "…")), "en-us")
        first, second = sentences(TEXT)
        assert len(speaker.say(emoji).audio) == 0
        take = speaker.say(first, emoji, second)
        check_stream(take)
        assert take.words == speaker.say(first, second).words

    def test_silent_words_in_a_sentence_keep_their_place(self, speaker: Speaker) -> None:
        text = "Hello — world 😀 again."
        words = speaker.say(*sentences(text)).words
        assert [word.text for word in words] == speaker.timed(text)

    def test_a_sentence_far_too_long_for_any_model(self, speaker: Speaker) -> None:
        text = " ".join(["one two, three four five six seven"] * 9)
        take = speaker.say(Sentence(sentences(text)[0].words, "en-us"))
        check_stream(take)
        assert [word.text for word in take.words] == speaker.timed(text)
        assert len(take.audio) / take.rate > 12

    def test_a_word_far_too_long_for_any_model(self, speaker: Speaker) -> None:
        text = "ab" * 600
        take = speaker.say(*sentences(text))
        check_stream(take)
        assert [word.text for word in take.words] == speaker.timed(text)

    def test_the_first_chunk_comes_before_the_source_ends(self, speaker: Speaker) -> None:
        taken = 0

        def source() -> Iterator[Sentence]:
            nonlocal taken
            for sentence in sentences("This is a short one. " * 300):
                taken += 1
                yield sentence

        stream = speaker.engine.speak(source(), speaker.settings)
        while not len(next(stream).audio):
            pass
        assert taken < 100
        stream.close()  # type: ignore[attr-defined]

    def test_a_stream_can_be_left_and_another_begun(self, speaker: Speaker) -> None:
        stream = speaker.engine.speak(iter(sentences(TEXT * 3)), speaker.settings)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        check_stream(speaker.say_again(*sentences(TEXT)))

    def test_it_says_what_it_runs_on(self, speaker: Speaker) -> None:
        assert speaker.engine.device


def _word_cents(plain: Take, moved: Take, number: int, semitones: int) -> NDArray[np.float64]:
    one, two = plain.words[number], moved.words[number]
    before, after = (
        melody(take.audio[word.start : word.end], take.rate) for take, word in ((plain, one), (moved, two))
    )
    return cents(after, before, semitones)
