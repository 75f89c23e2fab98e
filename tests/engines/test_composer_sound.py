"""The composer's instruments, mix and master, measured in what they give."""

import math
import random
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.composer import moment, render
from audiostudio.engines.composer.band import FILE, MODEL, Band
from audiostudio.engines.composer.mastering import coloured, end, finish
from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, hits
from audiostudio.engines.composer.soundfont import SoundFontFile
from audiostudio.engines.composer.synths import SYNTHS, voice
from audiostudio.engines.composer.synths.drums import KITS
from audiostudio.engines.composer.synths.waves import PATCHES
from audiostudio.engines.models import ModelStore
from audiostudio.errors import ModelDamaged, RequestError
from audiostudio.music.composing import compose
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan
from audiostudio.music.score import Note, Part, Role, Score, Section, TempoAt
from audiostudio.music.theory import Key, Metre
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness, silences
from tests.engines.conftest import SEED

A4 = Hit(0, 2 * SAMPLE_RATE, 69, 100)


@pytest.fixture(scope="module")
def band(models_dir: Path) -> Iterator[Band]:
    made = Band(ModelStore(models_dir))
    yield made
    made.close()


@pytest.fixture
def chip() -> Plan:
    """A short piece that needs no SoundFont."""
    return plan(Brief(genre="chiptune", seconds=6.0, seed=SEED))


def run(band: Band, score: Score, wanted: Plan, folder: Path, stems: bool = False) -> list[tuple[str, str]]:
    work = render(band, score, wanted, folder, "piece", stems)
    while True:
        try:
            next(work)
        except StopIteration as done:
            return list(done.value)


def tune(*parts: Part, seconds: float = 4.0, tempo: tuple[TempoAt, ...] = (TempoAt(0, 120.0),)) -> Score:
    key = Key.parse("C major")
    return Score(key, Metre(), tempo, (Section("A", "verse", 0, 2, key),), parts, seconds)


def frequency(sound: NDArray[np.float32], near: float) -> float:
    """Hz of the tone near a frequency: the centre of its power."""
    mono = sound.mean(axis=0)
    size = 1 << 19
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), size)) ** 2
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    around = np.abs(hertz / near - 1) < 0.04
    return float(np.sum(hertz[around] * power[around]) / np.sum(power[around]))


def decibels(value: float) -> float:
    return 20 * math.log10(max(value, 1e-12))


class TestSoundFont:
    def test_an_instrument_is_in_tune(self, band: Band) -> None:
        sound = band.player("trumpet")([A4]).play(2 * SAMPLE_RATE)
        assert abs(1200 * math.log2(frequency(sound, 440.0) / 440.0)) < 12

    def test_a_harder_touch_is_louder(self, band: Band) -> None:
        """A grand piano's layers have modulators, which the player does not know: without them it was loudest when
        played softly."""
        levels = []
        for velocity in (30, 60, 90, 120):
            sound = band.player("electric-piano")([A4._replace(velocity=velocity)]).play(SAMPLE_RATE)
            levels.append(float(np.sqrt(np.mean(np.square(sound)))))
        assert levels == sorted(levels)

    @pytest.mark.long
    def test_a_harder_touch_is_louder_on_the_piano(self, band: Band) -> None:
        levels = []
        for velocity in (20, 45, 70, 90, 110, 125):
            sound = band.player("piano")([A4._replace(velocity=velocity, pitch=60)]).play(SAMPLE_RATE)
            levels.append(float(np.sqrt(np.mean(np.square(sound)))))
        assert levels == sorted(levels)
        assert levels[-1] < 40 * levels[0]

    def test_two_players_of_one_instrument_do_not_disturb_each_other(self, band: Band) -> None:
        alone = band.player("trumpet")([A4]).play(4_000)
        first, second = band.player("trumpet")([A4]), band.player("trumpet")([A4._replace(pitch=64)])
        second.play(4_000)
        assert np.array_equal(first.play(4_000), alone)

    def test_orchestral_drums_are_no_timpani(self, band: Band) -> None:
        """In that kit tuned timpani lie where others have toms."""
        for pitch in (41, 45, 49):
            sound = band.player("orchestra-kit")([Hit(0, 9_000, pitch, 100)]).play(SAMPLE_RATE)
            hertz = 440 * 2 ** ((pitch - 12 - 57) / 12)
            power = np.abs(np.fft.rfft(sound.mean(axis=0))) ** 2
            assert power[round(hertz) - 2 : round(hertz) + 3].sum() < 0.3 * power.sum()

    def test_the_orchestra_s_bass_drum_has_the_tonic(self, band: Band) -> None:
        for tonic in (0, 6, 10):
            sound = band.player("orchestra-kit", tonic)([Hit(0, 9_000, 36, 100)]).play(SAMPLE_RATE)
            size = 1 << 19
            hertz = float(np.argmax(np.abs(np.fft.rfft(sound.mean(axis=0), size)))) * SAMPLE_RATE / size
            assert abs((69 + 12 * math.log2(hertz / 440) - tonic + 6) % 12 - 6) < 0.3

    @pytest.mark.parametrize("share", [0.0, 0.0001, 0.3, 0.996, 0.9999])
    def test_one_that_is_cut_short_is_told_so(self, models_dir: Path, tmp_path: Path, share: float) -> None:
        whole = (models_dir / MODEL / FILE).read_bytes()
        broken = tmp_path / MODEL / FILE
        broken.parent.mkdir()
        broken.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(ModelDamaged, match="damaged") as told:
            Band(ModelStore(tmp_path)).player("trumpet")([A4])
        assert "pull musescore-general" in told.value.hint

    @pytest.mark.long
    def test_tables_that_point_nowhere_are_told(self, models_dir: Path, tmp_path: Path) -> None:
        """Whatever bytes its tables have: an error that can be mended, never a crash of the player."""
        whole = bytearray((models_dir / MODEL / FILE).read_bytes())
        place = whole.rindex(b"phdr")
        draw = random.Random(SEED)
        for _ in range(12):
            broken = bytearray(whole)
            for _ in range(400):
                at = draw.randrange(place + 8, len(broken))
                broken[at] = draw.randrange(256)
            path = tmp_path / "broken.sf3"
            path.write_bytes(broken)
            try:
                file = SoundFontFile(path)
                for bank, program in list(file.presets())[:20]:
                    assert file.excerpt(bank, program)[:4] == b"RIFF"
                file.close()
            except ModelDamaged:
                pass

    def test_a_stranger_is_no_soundfont(self, tmp_path: Path) -> None:
        path = tmp_path / "picture.sf3"
        path.write_bytes(b"RIFF" + struct.pack("<I", 4) + b"WAVE")
        with pytest.raises(ModelDamaged):
            SoundFontFile(path)


class TestSynths:
    @pytest.mark.parametrize("name", sorted({*PATCHES, "fm-keys", "fm-bass", "bell-pluck"} - {"808-bass"}))
    def test_each_is_in_tune(self, name: str) -> None:
        pitch = 45 if "bass" in name else 69
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        sound = voice(name).note(Hit(0, 5 * SAMPLE_RATE, pitch, 110))[:, : 5 * SAMPLE_RATE]
        spread = 1.0 if name in ("fm-bass", "acid-bass", "sub-bass") or "chip" in name else 4.0
        assert abs(1200 * math.log2(frequency(sound, hertz) / hertz)) < spread

    @pytest.mark.parametrize("name", ["acid-bass", "chip-square", "chip-pulse", "chip-triangle", "sub-bass"])
    def test_nothing_is_folded(self, name: str) -> None:
        """All that sounds is a harmonic: what is folded at half the sample rate lies between them."""
        pitch = 52 if "bass" in name else 100
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        sound = voice(name).note(Hit(0, 3 * SAMPLE_RATE, pitch, 127))[0, SAMPLE_RATE : 2 * SAMPLE_RATE]
        power = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
        places = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) / hertz
        apart = np.abs(places - np.rint(places)) * hertz > 12
        assert 10 * math.log10(power[apart].sum() / power.sum()) < -55

    @pytest.mark.parametrize("name", sorted(SYNTHS))
    def test_each_begins_and_ends_without_a_click(self, name: str) -> None:
        pitch = {True: 38, False: 60}["kit" in name]
        sound = voice(name).note(Hit(0, SAMPLE_RATE, pitch, 100))
        loudest = float(np.abs(sound).max())
        assert sound.shape[0] == 2
        assert np.isfinite(sound).all()
        assert loudest > 0.01
        assert float(np.abs(sound[:, [0, -1]]).max()) < 0.03 * loudest

    @pytest.mark.parametrize("name", ["supersaw-lead", "warm-pad", "fm-keys", "bell-pluck"])
    def test_nothing_is_above_what_can_be_heard(self, name: str) -> None:
        sound = voice(name).note(Hit(0, SAMPLE_RATE, 96, 127))[0, 4_800:SAMPLE_RATE]
        power = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
        high = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) > 20_500
        assert 10 * math.log10(power[high].sum() / power.sum()) < -70

    @pytest.mark.parametrize("kit", sorted({*KITS} - {"chip-kit"}))
    def test_the_bass_drum_has_the_tonic(self, kit: str) -> None:
        for tonic in range(12):
            sound = voice(kit, tonic).note(Hit(0, 100, 36, 110))[:, 4_800:]
            size = 1 << 19
            power = np.abs(np.fft.rfft(sound.mean(axis=0), size))
            hertz = float(np.argmax(power)) * SAMPLE_RATE / size
            away = (69 + 12 * math.log2(hertz / 440) - tonic + 6) % 12 - 6
            assert abs(away) < 0.6

    def test_a_strange_one_is_told(self) -> None:
        with pytest.raises(RequestError, match="no synthesizer"):
            voice("theremin-of-doom")


class TestPlaying:
    @pytest.mark.parametrize("instrument", ["trumpet", "pluck"])
    def test_how_it_is_cut_does_not_matter(self, band: Band, instrument: str) -> None:
        notes = [Hit(500, 9_000, 60, 90), Hit(7_777, 20_000, 64, 80), Hit(7_777, 12_000, 67, 80)]
        whole = band.player(instrument)(notes).play(24_000)
        player = band.player(instrument)(notes)
        draw, pieces, left = random.Random(SEED), [], 24_000
        while left:
            count = min(left, draw.randrange(1, 6_000))
            pieces.append(player.play(count))
            left -= count
        apart = np.concatenate(pieces, axis=1) - whole
        assert float(np.sqrt(np.mean(apart**2))) < 0.03 * float(np.sqrt(np.mean(whole**2)))

    def test_notes_are_where_the_tempo_puts_them(self) -> None:
        part = Part("Lead", Role.LEAD, "pluck", tuple(Note(480 * beat, 240, 60, 90) for beat in range(8)))
        score = tune(part, tempo=(TempoAt(0, 120.0), TempoAt(960, 60.0), TempoAt(1_920, 90.0)))
        found = [hit.start for hit in hits(score, part, 10 * SAMPLE_RATE)]
        assert found == [round(score.seconds_at(480 * beat) * SAMPLE_RATE) for beat in range(8)]

    def test_a_note_that_comes_again_ends_the_one_before(self, band: Band) -> None:
        again = [Hit(0, SAMPLE_RATE, 60, 100), Hit(12_000, 24_000, 60, 100)]
        sound = band.player("organ")(again).play(3 * SAMPLE_RATE)
        assert float(np.abs(sound[:, 2 * SAMPLE_RATE :]).max()) < 1e-3


class TestMix:
    @pytest.mark.long
    def test_it_is_as_long_as_asked_and_ends(self, band: Band, tmp_path: Path, chip: Plan) -> None:
        score = compose(replace(chip, seconds=6.123_456))
        run(band, score, chip, tmp_path)
        sound = read_sound(tmp_path / "piece.wav")
        assert sound.samples.shape == (2, round(6.123_456 * SAMPLE_RATE))
        assert float(np.abs(sound.samples[:, -1]).max()) < 1e-4
        body, tail = np.abs(sound.samples[:, : 5 * SAMPLE_RATE]).max(), np.abs(sound.samples[:, -960:]).max()
        assert decibels(float(tail)) < decibels(float(body)) - 30

    def test_its_loudness_and_peaks(self, band: Band, tmp_path: Path, chip: Plan) -> None:
        run(band, compose(chip), chip, tmp_path)
        found = loudness(read_sound(tmp_path / "piece.wav"))
        assert abs(found.integrated + 14) < 0.5
        assert found.true_peak <= -1.0
        assert found.clipped == 0

    def test_the_stems_are_the_mix_before_mastering(self, band: Band, tmp_path: Path) -> None:
        wanted = plan(Brief(genre="electronic", seconds=5.0, seed=SEED))
        wanted = replace(wanted, parts=wanted.parts[:4])
        score = compose(wanted)
        stems = run(band, score, wanted, tmp_path, stems=True)
        assert [name for name, _ in stems] == [part.name for part in score.parts if part.notes]
        parts = [read_sound(tmp_path / file).samples for _, file in stems]
        assert {part.shape for part in parts} == {(2, 5 * SAMPLE_RATE)}
        made = read_sound(tmp_path / "piece.wav").samples
        mix = np.sum(parts, axis=0, dtype=np.float32)
        from audiostudio.engines.composer import _character, _fade

        fade = _fade(score, mix.shape[1])
        end(mix, mix.shape[1], fade)
        coloured(mix, _character(wanted), wanted.seed)
        end(mix, mix.shape[1], min(fade, SAMPLE_RATE // 20))
        for _ in finish(mix, mix.shape[1], tmp_path / "again.wav"):
            pass
        again = read_sound(tmp_path / "again.wav").samples
        assert float(np.abs(again - made).max()) < 1e-3

    @pytest.mark.long
    def test_the_same_score_sounds_the_same(self, band: Band, tmp_path: Path, chip: Plan) -> None:
        score = compose(chip)
        run(band, score, chip, tmp_path)
        first = (tmp_path / "piece.wav").read_bytes()
        run(band, score, chip, tmp_path)
        assert (tmp_path / "piece.wav").read_bytes() == first

    def test_a_muted_part_is_not_heard(self, band: Band, tmp_path: Path) -> None:
        low = Part("Bass", Role.BASS, "chip-triangle", (Note(0, 1_920, 36, 100),))
        high = Part("Lead", Role.LEAD, "chip-square", (Note(0, 1_920, 84, 100),), muted=True)
        wanted = plan(Brief(genre="chiptune", seconds=4.0))
        run(band, tune(low, high), wanted, tmp_path)
        sound = read_sound(tmp_path / "piece.wav").samples
        power = np.abs(np.fft.rfft(sound[0, :SAMPLE_RATE])) ** 2
        assert power[1_040:1_055].sum() < 1e-4 * power.sum()

    def test_nothing_but_muted_parts_is_told(self, band: Band, tmp_path: Path) -> None:
        part = Part("Lead", Role.LEAD, "chip-square", (Note(0, 480, 60, 90),), muted=True)
        with pytest.raises(RequestError, match="no part plays") as told:
            run(band, tune(part), plan(Brief(genre="chiptune", seconds=4.0)), tmp_path)
        assert told.value.hint == "Unmute a part."

    def test_the_pump_steps_back_from_the_bass_drum(self, band: Band, tmp_path: Path) -> None:
        kicks = Part("Drums", Role.DRUMS, "909-kit", tuple(Note(480 * beat, 100, 36, 100) for beat in range(8)))
        pad = Part("Pad", Role.PAD, "string-pad", (Note(0, 3_840, 60, 90),), reverb=0.0)
        wanted = plan(Brief(genre="house", seconds=4.0))
        stems = dict(run(band, tune(kicks, pad), wanted, tmp_path, stems=True))
        sound = read_sound(tmp_path / stems["Pad"]).samples
        after, before = (
            float(np.sqrt(np.mean([np.square(sound[:, at : at + 2_400]) for at in places])))
            for places in (range(49_000, 120_000, 24_000), range(69_000, 120_000, 24_000))
        )
        assert decibels(after) < decibels(before) - 2

    def test_a_piece_that_is_left_leaves_no_file(self, band: Band, tmp_path: Path, chip: Plan) -> None:
        work = render(band, compose(chip), chip, tmp_path, "piece", stems=True)
        for step in work:
            if step.message == "Playing the instruments":
                break
        work.close()
        assert list(tmp_path.iterdir()) == []

    def test_a_moment_is_where_it_is_liveliest(self, band: Band) -> None:
        wanted = plan(Brief(genre="house", seconds=90.0, seed=SEED))
        score = compose(wanted)
        short = moment(score, 10.0)
        assert short.seconds == 10.0
        assert any(note.start < 1_920 for part in short.parts for note in part.notes)

    @pytest.mark.full
    def test_twenty_minutes_fit_into_memory(self, band: Band, tmp_path: Path) -> None:
        import resource

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wanted = plan(Brief(genre="chiptune", seconds=1_200.0, seed=SEED))
        run(band, compose(wanted), wanted, tmp_path)
        assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 1.4e6
        assert not silences(read_sound(tmp_path / "piece.wav", mono=True).samples, SAMPLE_RATE, -50.0, 1.2)
