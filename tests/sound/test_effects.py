"""Effects, measured on what comes out."""

import math

import numpy as np
import pytest

from audiostudio.sound.effects import KINDS, STEP, Place, check, make, presets
from audiostudio.sound.files import Sound
from audiostudio.sound.loudness import loudness

RATE = 48_000
PROCESSING = sorted(name for name, kind in KINDS.items() if not kind.of_source)


def processor(kind, rate=RATE, **settings):
    checked = check(kind, settings)
    assert checked.problems == ()
    return make(checked, rate)


def heard(effect, sound, key=None, size=8_192):
    """What an effect makes of (2, n), without its latency."""
    count = sound.shape[1]
    padded = np.pad(sound, ((0, 0), (0, effect.latency + -(count + effect.latency) % STEP)))
    keys = None if key is None else np.pad(key, ((0, 0), (0, padded.shape[1] - count)))
    parts = [slice(at, at + size) for at in range(0, padded.shape[1], size)]
    out = [effect.process(padded[:, part], None if keys is None else keys[:, part]) for part in parts]
    return np.concatenate(out, axis=1)[:, effect.latency : effect.latency + count]


def tone(hertz, level=-20.0, seconds=1.0):
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.tile(wave.astype(np.float32), (2, 1))


def noise(seconds=1.0, level=0.2):
    return (np.random.default_rng(1).standard_normal((2, round(seconds * RATE))) * level).astype(np.float32)


def peak_db(sound):
    return 20 * math.log10(np.abs(sound).max())


def response(effect, hertz):
    """dB at a frequency, when all has settled."""
    settled = heard(effect, tone(hertz))[:, -RATE // 4 :]
    return 10 * math.log10(np.square(settled).mean() / np.square(tone(hertz)).mean())


@pytest.mark.parametrize("kind", PROCESSING)
def test_it_does_not_matter_how_the_sound_is_cut(kind):
    """Nor how often it was used before: after a reset it is as new."""
    extremes = {
        one.name: one.greatest if number % 2 else one.default for number, one in enumerate(KINDS[kind].settings)
    }
    effect, sound = processor(kind, **extremes), noise(0.7)[:, : 33_600 // STEP * STEP]
    key = sound[::-1] if KINDS[kind].sidechain else None
    whole = heard(effect, sound, key)
    assert whole.dtype == np.float32
    assert np.isfinite(whole).all()
    assert effect.latency == KINDS[kind].latency(RATE)
    for size in (STEP, 304, 4_096):
        effect.reset()
        assert np.array_equal(
            heard(effect, sound[:, :9_600], None if key is None else key[:, :9_600], size), whole[:, :9_600]
        )


@pytest.mark.parametrize("kind", PROCESSING)
@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_effects_work_at_other_rates(kind, rate):
    effect = processor(kind, rate)
    assert effect.latency == KINDS[kind].latency(rate)
    assert effect.latency % STEP == 0
    assert np.isfinite(heard(effect, noise(0.2), noise(0.2))).all()


@pytest.mark.parametrize("kind", ["gain", "eq", "limiter", "width", "ducker"])
def test_what_does_nothing_changes_no_bit(kind):
    assert np.array_equal(heard(processor(kind), noise(0.3, 0.05)), noise(0.3, 0.05))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_silence_stays_silence_and_tails_end(kind):
    if KINDS[kind].of_source:
        return
    checked = check(kind, {})
    effect = make(checked, RATE)
    assert not heard(effect, np.zeros((2, 4_800), np.float32)).any()
    heard(effect, noise(0.5))
    tail = round(checked.tail * RATE) // STEP * STEP
    rest = heard(effect, np.zeros((2, tail + effect.latency + RATE // 10), np.float32))
    assert np.abs(rest[:, tail:]).max() < 10 ** (-60 / 20)


def test_bells_and_shelves_have_their_gains():
    bands = processor("eq", low_gain=6.0, low_frequency=100, bell2_gain=-9.0, bell2_frequency=1_000, bell2_q=2.0)
    assert response(bands, 25) == pytest.approx(6.0, abs=0.3)
    assert response(bands, 100) == pytest.approx(3.0, abs=0.3)
    assert response(bands, 1_000) == pytest.approx(-9.0, abs=0.1)
    assert response(bands, 8_000) == pytest.approx(0.0, abs=0.2)
    high = processor("eq", high_gain=-6.0, high_frequency=8_000)
    assert response(high, 16_000) == pytest.approx(-6.0, abs=0.5)
    assert response(high, 500) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(("slope", "order"), [(12, 2), (24, 4)])
@pytest.mark.parametrize("hertz", [100, 500, 1_000, 2_000, 5_000])
def test_passes_are_butterworth(slope, order, hertz):
    ratio = math.tan(math.pi * hertz / RATE) / math.tan(math.pi * 1_000 / RATE)
    for kind, power in (("highpass", -2 * order), ("lowpass", 2 * order)):
        wanted = -10 * math.log10(1 + ratio**power)
        if wanted > -60:
            found = response(processor(kind, frequency=1_000, slope=slope), hertz)
            assert found == pytest.approx(wanted, abs=0.15)


@pytest.mark.parametrize("ratio", [2.0, 4.0, 20.0])
def test_compressor_has_its_ratio(ratio):
    squeezing = {"threshold": -30.0, "ratio": ratio, "knee": 0.0, "attack": 1.0, "release": 500.0}
    for level in (-20.0, -10.0):
        found = peak_db(heard(processor("compressor", **squeezing), tone(997, level))[:, RATE // 2 :])
        assert found == pytest.approx(-30 + (level + 30) / ratio, abs=0.4)
    below = heard(processor("compressor", **squeezing), tone(997, -31.0))
    assert peak_db(below) == pytest.approx(-31.0, abs=0.05)


def test_compressor_takes_its_time_and_keeps_the_picture():
    """One loud channel brings down both; the gain comes near by a factor of e in the attack's time."""
    sound = np.concatenate([tone(997, -40, 0.5), tone(997, 0, 1.0)], axis=1)
    sound[1] *= 0.1
    settings = {"threshold": -20.0, "ratio": 20.0, "knee": 0.0, "attack": 50.0, "release": 1_000.0}
    found = heard(processor("compressor", **settings), sound)
    assert found[1] == pytest.approx(0.1 * found[0], abs=1e-5)
    gain = [peak_db(found[:, at : at + 480]) for at in (RATE // 2 + 48, RATE // 2 + 2_400, RATE)]
    assert gain[0] > -3.0  # before it could react
    assert gain[0] > gain[1] > gain[2]
    assert gain[2] == pytest.approx(-19.0, abs=0.7)


def test_knee_is_soft():
    at_threshold = {"threshold": -20.0, "ratio": 4.0, "attack": 1.0, "release": 500.0}
    hard = peak_db(heard(processor("compressor", knee=0.0, **at_threshold), tone(997, -20.0))[:, RATE // 2 :])
    soft = peak_db(heard(processor("compressor", knee=12.0, **at_threshold), tone(997, -20.0))[:, RATE // 2 :])
    assert hard == pytest.approx(-20.0, abs=0.1)
    assert soft == pytest.approx(-20.0 - 0.75 * 12 / 8, abs=0.3)


@pytest.mark.parametrize("ceiling", [-1.0, -6.0])
def test_limiter_holds_the_true_peak(ceiling):
    """Also of sound that is worst between its samples."""
    quarter = np.tile(np.sin(np.pi / 4 + np.pi / 2 * np.arange(RATE)).astype(np.float32), (2, 1))
    for sound in (noise(2.0, 1.0), tone(997, 12.0), quarter * np.float32(1.3)):
        found = heard(processor("limiter", ceiling=ceiling), sound)
        assert loudness(Sound(found, RATE)).true_peak <= ceiling
        assert peak_db(found) > ceiling - 4


def test_limiter_leaves_what_is_below_alone():
    found = heard(processor("limiter"), tone(997, -6.0))
    assert found == pytest.approx(tone(997, -6.0), abs=1e-6)


def test_gate_closes_and_opens():
    sound = np.concatenate([tone(500, -60), tone(500, -20), tone(500, -60, 2.0)], axis=1)
    found = heard(processor("gate", threshold=-40.0, range=30.0, hold=100.0, release=100.0), sound)
    assert peak_db(found[:, RATE // 2 : RATE - 100]) == pytest.approx(-90.0, abs=0.5)
    assert peak_db(found[:, RATE + 480 : 2 * RATE]) == pytest.approx(-20.0, abs=0.1)
    assert peak_db(found[:, 2 * RATE + 480 : 2 * RATE + 4_000]) == pytest.approx(-60.0, abs=0.5)  # held open
    assert peak_db(found[:, 3 * RATE :]) == pytest.approx(-90.0, abs=1.0)


def test_deesser_takes_sharp_sounds_down_and_leaves_voices():
    sharp = {"threshold": -40.0, "ratio": 10.0, "range": 12.0}
    assert response(processor("deesser", **sharp), 8_000) == pytest.approx(-8.0, abs=1.5)
    assert response(processor("deesser", **sharp), 12_000) == pytest.approx(-10.0, abs=1.5)
    assert response(processor("deesser", **sharp), 300) == pytest.approx(0.0, abs=0.1)
    assert np.array_equal(heard(processor("deesser"), noise(0.3, 0.003)), noise(0.3, 0.003))


def test_ducker_hears_only_its_key():
    key = np.concatenate([tone(300, -10), np.zeros((2, 2 * RATE), np.float32)], axis=1)
    effect = processor("ducker", depth=18.0, attack=20, hold=100, release=100)
    found = heard(effect, tone(500, -20, 3.0), key)
    assert peak_db(found[:, RATE // 2 : RATE]) == pytest.approx(-38.0, abs=0.3)
    assert peak_db(found[:, 2 * RATE :]) == pytest.approx(-20.0, abs=0.2)


def test_delay_repeats():
    click = np.zeros((2, RATE), np.float32)
    click[:, 100] = 0.5
    found = heard(processor("delay", time=250.0, feedback=50.0, mix=50.0), click)[0]
    assert found[100] == pytest.approx(0.25)
    assert found[100 + RATE // 4] == pytest.approx(0.25, rel=0.01)
    assert found[100 + RATE // 2] == pytest.approx(0.125, rel=0.01)


def test_a_larger_room_rings_longer():
    def ringing(room):
        click = np.zeros((2, 3 * RATE), np.float32)
        click[:, 0] = 1.0
        found = heard(processor("reverb", room=room, mix=100.0), click)
        power = np.cumsum(np.square(found[0])[::-1])[::-1]
        return int(np.argmax(power < power[0] / 1_000))

    assert ringing(20) < ringing(50) < ringing(80)


def test_width_changes_only_what_differs():
    sound = noise()
    middle = sound.mean(axis=0)
    for width in (0.0, 50.0, 200.0):
        found = heard(processor("width", width=width), sound)
        assert found.mean(axis=0) == pytest.approx(middle, abs=1e-6)
        assert found[0] - found[1] == pytest.approx((sound[0] - sound[1]) * width / 100, abs=1e-5)


@pytest.mark.parametrize("kind", PROCESSING)
def test_settings_can_be_moved(kind):
    """Each to both of its ends, while it works; afterwards it is as if it had been there always."""
    effect, fresh = processor(kind), processor(kind)
    for one in KINDS[kind].settings:
        for value in (one.least, one.greatest, one.default):
            effect.set(one.name, value)
            assert np.isfinite(effect.process(noise(0.02)[:, :960], noise(0.02)[:, :960])).all()
    effect.reset()
    key = noise(0.3) if KINDS[kind].sidechain else None
    assert heard(effect, noise(0.3), key) == pytest.approx(heard(fresh, noise(0.3), key), abs=2e-3)


def test_settings_of_a_project_are_checked():
    known = check("compressor", {"ratio": 500.0, "attack": math.nan, "colour": 3.0, "threshold": -20})
    assert known.values["ratio"] == 20.0
    assert known.values["attack"] == 10.0
    assert known.values["threshold"] == -20.0
    assert len(known.problems) == 3
    unknown = check("vocoder", {"x": 1.0})
    assert unknown.kind is None
    assert make(unknown, RATE) is None
    assert "vocoder" in unknown.problems[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_descriptions_hold_together(kind):
    about = KINDS[kind]
    assert about.name == kind
    assert about.places
    names = [one.name for one in about.settings]
    assert len(set(names)) == len(names)
    for one in about.settings:
        assert one.least <= one.default <= one.greatest
        assert one.step > 0
        assert one.label
        assert not one.logarithmic or one.least > 0 or one.name in ("hold", "predelay")


def test_presets_can_be_used_as_they_are():
    found = presets()
    assert {"speech", "music", "effects", "master"} <= {preset.content for preset in found.values()}
    for name, preset in found.items():
        for one in preset.effects:
            checked = check(one.kind, one.settings)
            assert checked.problems == (), name
            assert checked.kind is not None
            assert set(preset.places) <= set(checked.kind.places), name
        assert (preset.content == "master") == (preset.places == (Place.MASTER,))
