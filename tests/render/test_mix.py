import threading
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from audiostudio.errors import RequestError
from audiostudio.render.mix import BLOCK, Mix
from audiostudio.render.sources import MOST_STRETCHED, Sources, Treated
from audiostudio.sound.conform import Treatment
from audiostudio.timeline.editing import source as grid
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import (
    Automation,
    Channel,
    Fade,
    Parameter,
    Point,
    Shape,
    Transition,
)
from tests.render.mixing import RATE, SAMPLE, channel, clip, effect, noise, pitch, rms, tone, track


def test_clips_stand_where_they_are_to_the_sample(bench):
    """Also where blocks meet, and with gaps between."""
    one, two = bench.sound(noise(1)), bench.sound(noise(2))
    starts = (0, RATE + 7, 3 * RATE - 1)
    found = bench.rendered(track(clip(one, starts[0]), clip(two, starts[1], 30_000, 500), clip(one, starts[2], 20_000)))
    wanted = np.zeros((2, found.shape[1]), np.float32)
    wanted[:, :RATE] = noise(1)
    wanted[:, starts[1] : starts[1] + 30_000] = noise(2)[:, 500:30_500]
    wanted[:, starts[2] : starts[2] + 20_000] = noise(1)[:, :20_000]
    assert np.array_equal(found, wanted)


def test_one_channel_is_heard_on_both_sides_and_six_on_two(bench):
    mono = bench.sound(tone(440))
    many = bench.sound(np.stack([tone(100 * i) for i in range(1, 7)]))
    found = bench.rendered(track(clip(mono)))
    assert np.array_equal(found[0], tone(440))
    assert np.array_equal(found[1], found[0])
    left, right = bench.rendered(track(clip(many)))
    half = np.float32(0.7071)
    assert left == pytest.approx(tone(100) + half * (tone(300) + tone(500)), abs=1e-5)
    assert right == pytest.approx(tone(200) + half * (tone(300) + tone(600)), abs=1e-5)


@pytest.mark.parametrize("db", [-60.0, -12.0, -0.1, 0.0, 6.0])
def test_gains_are_decibels(bench, db):
    """Of the clip, the track and the master, which add up."""
    media = bench.sound(noise(3))
    third = {"gain": db / 3}
    found = bench.rendered(track(clip(media, **third), channel=Channel(**third)), master=Channel(**third))
    assert rms(found) - rms(noise(3)) == pytest.approx(db, abs=0.01)


@pytest.mark.parametrize(
    ("shape", "quarter"),
    [
        (Shape.LINEAR, 0.25),
        (Shape.EQUAL_POWER, np.sin(np.pi / 8)),
        (Shape.SMOOTH, (1 - np.cos(np.pi / 4)) / 2),
        (Shape.LOGARITHMIC, 10 ** (-45 / 20)),
    ],
)
def test_fades_have_their_shapes(bench, shape, quarter):
    media = bench.sound(np.full(RATE, 0.5))
    fade = Fade(TICKS // 10, shape)
    (found, _) = bench.rendered(track(clip(media, fade_in=fade, fade_out=fade)))
    at = RATE // 40
    assert found[0] == pytest.approx(0.0, abs=6e-4)
    assert found[at] == pytest.approx(0.5 * quarter, rel=1e-4)
    assert found[RATE - at] == pytest.approx(0.5 * quarter, rel=1e-4)
    assert np.all(found[RATE // 10 : -RATE // 10] == 0.5)
    assert np.all(np.diff(found[: RATE // 10]) > 0)


def test_envelope_moves_in_decibels_from_sample_to_sample(bench):
    media = bench.sound(np.full(RATE, 0.5))
    points = (Point(TICKS // 4, 0.0), Point(TICKS // 2, -20.0))
    (found, _) = bench.rendered(track(clip(media, 777, envelope=points)))
    db = 20 * np.log10(found[777:] / 0.5)
    wanted = np.interp(np.arange(RATE), [RATE / 4, RATE / 2], [0.0, -20.0])
    assert db == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.0, 0.3, 1.0])
def test_pan_keeps_the_power_and_leaves_the_middle_alone(bench, pan):
    media = bench.sound(noise(4, channels=1))
    left, right = bench.rendered(track(clip(media), channel=Channel(pan=pan)))
    power = 10 ** (rms(left) / 10) + 10 ** (rms(right) / 10)
    assert power == pytest.approx(2 * 10 ** (rms(noise(4, channels=1)) / 10), rel=1e-4)
    if pan == 0:
        assert np.array_equal(left, noise(4, channels=1)[0])
    assert (rms(right) > rms(left)) == (pan > 0) or pan == 0


@pytest.mark.long
def test_automation_of_gain_ducking_and_pan_reaches_every_sample(bench):
    media = bench.sound(np.full((2, 2 * RATE), 0.25))
    automation = (
        Automation(Parameter.GAIN, (Point(0, 0.0), Point(TICKS, -12.0))),
        Automation(Parameter.DUCKING, (Point(TICKS, 0.0), Point(TICKS + TICKS // 2, -6.0))),
        Automation(Parameter.PAN, (Point(0, -1.0), Point(2 * TICKS, 1.0))),
    )
    left, right = bench.rendered(track(clip(media), channel=Channel(pan=0.9, gain=1.0, automation=automation)))
    at = np.arange(2 * RATE) / RATE
    db = 1.0 + np.interp(at, [0, 1], [0, -12]) + np.interp(at, [1, 1.5], [0, -6])
    angle = at / 2 * np.pi / 2
    level = 0.25 * np.sqrt(2) * 10 ** (db / 20)
    assert left == pytest.approx(level * np.cos(angle), abs=2e-6)
    assert right == pytest.approx(level * np.sin(angle), abs=2e-6)


def test_a_setting_of_an_effect_moves(bench):
    media = bench.sound(np.full((2, RATE), 0.25))
    moving = Automation("gain 1/gain", (Point(0, 0.0), Point(TICKS, -24.0)))
    (found, _) = bench.rendered(track(clip(media), channel=channel(effect("gain"), automation=(moving,))))
    db = 20 * np.log10(found / 0.25)
    assert db == pytest.approx(np.arange(RATE) / RATE * -24, abs=64 / RATE * 24 + 1e-3)


@pytest.mark.parametrize(("shape", "exponent"), [(Shape.EQUAL_POWER, 2), (Shape.LINEAR, 1)])
def test_crossfade_keeps_power_or_amplitude_and_uses_the_handles(bench, shape, exponent):
    """Of two sounds that have nothing in common: the power; of one and the same: the amplitude."""
    one = bench.sound(np.stack([np.full(2 * RATE, 0.5), np.zeros(2 * RATE)]))
    two = bench.sound(np.stack([np.zeros(2 * RATE), np.full(2 * RATE, 0.5)]))
    left, right = clip(one, 0, RATE), clip(two, RATE, RATE, RATE // 2)
    over = Transition("x", left.id, right.id, TICKS // 4, TICKS // 8, shape)
    fades = {"fade_out": Fade(TICKS // 3)}
    found = bench.rendered(track(clip(one, 0, RATE, **fades), right, transitions=(over,)))
    begin, end = RATE - RATE // 4, RATE + RATE // 8
    assert np.all(found[0, :begin] == 0.5)
    assert np.all(found[1, :begin] == 0.0)
    assert np.all(found[0, end:] == 0.0)
    assert np.all(found[1, end:] == 0.5)
    held = found[0, begin:end] ** exponent + found[1, begin:end] ** exponent
    assert held == pytest.approx(0.5**exponent, rel=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("rate", [44_100, RATE])
@pytest.mark.parametrize("odd", [0, 4_321])
def test_a_split_clip_sounds_as_the_whole(bench, rate, odd):
    """Bit by bit, wherever it was cut, also of a medium that has other samples than the mix, and placed between two
    samples. A curve is cut to half a sample: where its new points are."""
    media = bench.sound(noise(5)[:, :rate], rate)
    fit = bench.folder / bench.sound(noise(6)).asset.path
    bench.open = lambda *_: fit  # as if it had been prepared
    whole = grid.moved(clip(media, 1_000, fade_in=Fade(TICKS // 5, Shape.SMOOTH), gain=-3.0), odd)
    cuts = np.sort(np.random.default_rng(7).choice(np.arange(10_000, 40_000), 5, replace=False))

    def parts(rest):
        for number, length in enumerate(np.diff(cuts, prepend=0)):
            first, rest = grid.halves(rest, media, int(length), f"part {number}")
            yield first
        yield rest

    assert np.array_equal(bench.rendered(track(whole)), bench.rendered(track(*parts(whole))))
    curved = replace(whole, envelope=(Point(0, 0.0), Point(TICKS, -9.0)))
    assert bench.rendered(track(curved)) == pytest.approx(bench.rendered(track(*parts(curved))), rel=5e-5)


def busy(bench):
    """Everything that has a memory."""
    long = [bench.sound(noise(seed, 4.0)) for seed in (11, 12, 13)]
    ringing = clip(long[0], 50_000, 60_000, effects=(effect("reverb", room=30), effect("limiter")))
    speech = track(clip(long[0], 0, 40_000), ringing, name="speech", channel=channel(effect("compressor")))
    music = track(
        clip(long[1], 12_345, 120_000),
        name="music",
        channel=channel(
            effect("eq", bell1_gain=4.0, high_gain=-3.0),
            effect("ducker", source="speech", depth=18.0, release=100),
            pan=-0.3,
            automation=(
                Automation(Parameter.GAIN, (Point(0, -6.0), Point(2 * TICKS, 0.0))),
                Automation("eq 1/bell1_gain", (Point(TICKS, -6.0), Point(2 * TICKS, 6.0))),
            ),
        ),
    )
    stretched = clip(long[2], 70_000, 60_000, duration=2 * TICKS, pitch=2.0)
    other = track(stretched, name="other", channel=channel(effect("limiter"), effect("delay", time=20, feedback=10)))
    return bench.project(speech, music, other, master=channel(effect("limiter", ceiling=-12.0), gain=-1.0))


@pytest.mark.long
def test_the_same_bits_however_they_are_asked_for(bench):
    project = busy(bench)
    count = 200_000
    with bench.mix(project, threads=1) as mix:
        whole = mix.render(0, count)
        assert mix.problems == ()
    assert rms(whole) > -40
    for size, threads in ((BLOCK, 2), (1_000, 2), (7 * BLOCK + 3, 1)):
        with bench.mix(project, threads=threads) as mix:
            pieces = [mix.render(at, min(size, count - at)) for at in range(0, count, size)]
        assert np.array_equal(np.concatenate(pieces, axis=1), whole), size


@pytest.mark.long
def test_after_a_jump_effects_are_where_they_would_be(bench):
    project = busy(bench)
    with bench.mix(project) as mix:
        whole = mix.render(0, 200_000)
        for start in (150_000, 47_321, 90_000, 0):
            assert mix.render(start, 30_000) == pytest.approx(whole[:, start : start + 30_000], abs=1e-4), start


@pytest.mark.long
def test_a_jump_in_a_hurry_sounds_nearly_as_it_should_and_soon_exactly(bench):
    """Effects hear less of what was before; small pieces fit to each other and to the blocks after them."""
    project = busy(bench)
    with bench.mix(project) as mix:
        whole = mix.render(0, 200_000)
        mix.hurried = True
        for start in (150_000, 47_321, 90_000):
            found = np.concatenate([mix.render(start + at, 1_700) for at in range(0, 34_000, 1_700)], axis=1)
            assert found == pytest.approx(whole[:, start : start + 34_000], abs=1e-3), start
            assert found[:, 17_000:] == pytest.approx(whole[:, start + 17_000 : start + 34_000], abs=1e-5), start
        assert np.array_equal(mix.render(0, 100_000), whole[:, :100_000])


def test_a_jump_without_effects_gives_the_same_bits(bench):
    media = bench.sound(noise(8, 3.0))
    project = bench.project(track(clip(media, 100, fade_out=Fade(TICKS)), channel=Channel(pan=0.2)))
    with bench.mix(project) as mix:
        whole = mix.render(0, 3 * RATE)
        for hurried in (False, True):
            mix.hurried = hurried
            mix.render(0, 1_000)
            assert np.array_equal(mix.render(77_777, 20_000), whole[:, 77_777:97_777])


def test_mute_and_solo(bench):
    one, two, three = (bench.sound(noise(seed)) for seed in (1, 2, 3))

    def tracks(**of_two):
        return (
            track(clip(one), name="one"),
            track(clip(two), name="two", **of_two),
            track(clip(three, muted=True), name="three"),
        )

    assert np.array_equal(bench.rendered(*tracks(muted=True)), noise(1))
    assert np.array_equal(bench.rendered(*tracks(solo=True)), noise(2))
    assert np.array_equal(bench.rendered(*tracks()), noise(1) + noise(2))


@pytest.mark.long
def test_what_is_late_is_made_up_for(bench):
    """A limiter looks ahead; nobody hears that on its track, on others, on clips or on the master."""
    media = bench.sound(noise(9, 1.0, level=0.01))
    plain = bench.rendered(track(clip(media, 123)), count=RATE)
    free = effect("limiter", ceiling=0.0)
    for found in (
        bench.rendered(track(clip(media, 123, effects=(free,))), count=RATE),
        bench.rendered(track(clip(media, 123), channel=channel(free)), count=RATE),
        bench.rendered(track(clip(media, 123)), master=channel(free), count=RATE),
    ):
        assert found == pytest.approx(plain, abs=1e-6)
    both = bench.rendered(
        track(clip(media, 123), name="one", channel=channel(free)), track(clip(media, 123), name="two"), count=RATE
    )
    assert both == pytest.approx(2 * plain, abs=1e-6)


def test_slow_clips_keep_no_more_memory_than_fast_ones(bench):
    media = bench.sound(tone(440, 25.0))
    sources = Sources({media.id: media}, bench.open)
    for speed in range(100):
        slow = Treated(Treatment(RATE), Fraction(1, 4) + Fraction(speed, 1_000), 0.0)
        found = sources.get(media.id, slow)
        kept = list(sources._stretched.values())
        assert kept[-1] is found
        assert sum(one.bytes for one in kept) <= MOST_STRETCHED
    assert 10 < len(kept) < 100
    found.read(0, 10)
    assert 0 < sum(piece.nbytes for _, piece in found._pieces.values()) <= found.bytes


def test_stretched_clips_have_their_length_and_pitch(bench):
    media = bench.sound(tone(440, 2.0))
    longer = clip(media, duration=3 * TICKS)
    (found, _) = bench.rendered(track(longer))
    assert found.shape == (3 * RATE,)
    assert pitch(found[RATE : 2 * RATE]) == pytest.approx(440, rel=0.003)
    assert rms(found[-RATE // 2 : -RATE // 10]) == pytest.approx(rms(tone(440)), abs=1)
    higher = clip(media, pitch=7.0)
    (found, _) = bench.rendered(track(higher))
    assert found.shape == (2 * RATE,)
    assert pitch(found[RATE // 2 : 3 * RATE // 2]) == pytest.approx(440 * 2 ** (7 / 12), rel=0.005)


def test_a_click_in_a_stretched_clip_is_where_it_belongs(bench):
    clicks = np.zeros(20 * RATE, np.float32)
    clicks[RATE // 2 :: RATE] = 0.8
    media = bench.sound(clicks)
    (found, _) = bench.rendered(track(clip(media, source=RATE, duration=19 * TICKS * 5 // 4)))
    for number in range(19):
        wanted = round((number + 0.5) * RATE * 5 / 4)
        near = np.abs(found[wanted - 2_000 : wanted + 2_000])
        assert abs(int(np.argmax(near)) - 2_000) < 300, number


def test_a_clip_rings_on_after_its_end(bench):
    media = bench.sound(noise(1))
    found = bench.rendered(track(clip(media, effects=(effect("reverb", mix=50),))), count=2 * RATE)
    assert rms(found[:, RATE + 100 : RATE + 5_000]) > -45
    assert rms(found[:, -1_000:]) < -60


def test_a_ducker_steps_back_while_another_track_plays(bench):
    speech, music = bench.sound(noise(1, 1.0)), bench.sound(noise(2, 4.0))
    duck = effect("ducker", source="speech", depth=15.0, attack=10, hold=0, release=50)
    limited = channel(effect("limiter"))  # which is late
    found = bench.rendered(
        track(clip(speech, RATE), name="speech", channel=Channel(gain=-120.0, effects=limited.effects)),
        track(clip(music), name="music", channel=channel(duck)),
    )
    level = rms(noise(2, 4.0))
    assert rms(found[:, : RATE - 500]) == pytest.approx(level, abs=0.1)
    assert rms(found[:, RATE + RATE // 5 : 2 * RATE - 500]) == pytest.approx(level - 15, abs=0.3)
    assert rms(found[:, 3 * RATE :]) == pytest.approx(level, abs=0.1)


def test_tracks_that_duck_each_other_are_told_and_heard(bench):
    media = bench.sound(noise(1))
    one, two = (
        track(clip(media), name=name, channel=channel(effect("ducker", source=other)))
        for name, other in (("one", "two"), ("two", "one"))
    )
    with bench.mix(bench.project(one, two)) as mix:
        assert rms(mix.render(0, RATE)) > -20
        assert any("duck each other" in problem.sentence for problem in mix.problems)


def test_a_medium_that_two_tracks_play_is_opened_once_and_heard_on_both(bench):
    media, opened = bench.sound(noise(1)), []

    def open_media(one, treatment):
        opened.append(one.id)
        threading.Event().wait(0.2)  # meanwhile the other track asks for it as well
        return bench.open(one, treatment)

    project = bench.project(track(clip(media), name="a"), track(clip(media), name="b"))
    with Mix(project, project.timelines[0], open_media, threads=2) as mix:
        assert np.array_equal(mix.render(0, RATE), 2 * noise(1))
    assert opened == [media.id]


def test_what_is_missing_is_silent_and_told_once(bench):
    there, gone, broken = bench.sound(noise(1)), bench.sound(noise(2)), bench.sound(noise(3))
    (bench.folder / gone.asset.path).unlink()
    (bench.folder / broken.asset.path).write_bytes(b"RIFF" + bytes(100))
    tracks = [track(clip(media), clip(media, 2 * RATE), name=media.id) for media in (there, gone, broken)]
    with bench.mix(bench.project(*tracks)) as mix:
        assert np.array_equal(mix.render(0, RATE), noise(1))
        assert {problem.media for problem in mix.problems} == {gone.id, broken.id}
        assert all(problem.sentence and problem.hint for problem in mix.problems)


def test_a_drive_that_goes_away_while_it_plays(bench):
    media = bench.sound(noise(1, 2.0))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        assert np.array_equal(mix.render(0, RATE), noise(1, 2.0)[:, :RATE])
        file = bench.folder / media.asset.path
        away = file.rename(bench.folder / "away.wav")
        assert not mix.render(RATE + 40_000, 1_000).any()
        assert [problem.media for problem in mix.problems] == [media.id]
        away.rename(file)
        mix.retry_media()
        assert np.array_equal(mix.render(0, RATE), noise(1, 2.0)[:, :RATE])
        assert mix.problems == ()


def test_unknown_effects_and_settings_are_passed_over_and_told(bench):
    media = bench.sound(noise(1))
    strange = channel(effect("vocoder", robots=3.0), effect("gain", volume=3.0), effect("limiter", ceiling=np.nan))
    with bench.mix(bench.project(track(clip(media), channel=strange))) as mix:
        assert mix.render(0, RATE) == pytest.approx(noise(1), abs=1e-6)
        assert len(mix.problems) == 3
        assert {problem.track for problem in mix.problems} == {"track"}


def test_another_document_is_heard_from_the_next_sample_on(bench):
    media = bench.sound(noise(1, 2.0))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        before = mix.render(0, 50_000)
        quieter = bench.project(track(clip(media), channel=Channel(gain=-6.0)))
        mix.update(quieter, quieter.timelines[0])
        after = mix.render(50_000, 40_000)
    assert np.array_equal(before, noise(1, 2.0)[:, :50_000])
    assert after == pytest.approx(noise(1, 2.0)[:, 50_000:90_000] * 10 ** (-6 / 20), abs=1e-6)


def test_other_sample_rates(bench):
    media = bench.sound(noise(1)[:, :44_100], 44_100)
    with bench.mix(bench.project(track(clip(media)), sample_rate=44_100)) as mix:
        assert mix.end == 44_100
        assert np.array_equal(mix.render(0, 44_100), noise(1)[:, :44_100])
    with pytest.raises(RequestError):
        bench.mix(bench.project(sample_rate=48_001))


def test_a_day_is_reached_at_once(bench):
    """24 hours later, between two samples: whole ticks do not lose any."""
    media = bench.sound(noise(1))
    day = 24 * 3600 * RATE
    project = bench.project(track(clip(media, 5), clip(media, day + 3)))
    with bench.mix(project) as mix:
        assert mix.end == day + 3 + RATE
        assert np.array_equal(mix.render(day + 3, RATE), noise(1))
        assert not mix.render(day // 2, 1_000).any()


def test_peaks_of_what_was_heard_last(bench):
    one, two = bench.sound(np.full((2, RATE), 0.5)), bench.sound(np.full((2, RATE), 0.25))
    tracks = track(clip(one), name="one", channel=Channel(pan=-1.0)), track(clip(two), name="two", muted=True)
    with bench.mix(bench.project(*tracks)) as mix:
        mix.render(0, BLOCK)
        assert set(mix.peaks) == {"one", ""}
        assert mix.peaks["one"] == pytest.approx((0.5 * np.sqrt(2), 0.0), abs=1e-6)
        assert mix.peaks[""] == mix.peaks["one"]


def test_before_the_beginning_and_after_the_end_is_silence(bench):
    media = bench.sound(noise(1))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = mix.render(-500, RATE + 1_000)
        assert not found[:, :500].any()
        assert np.array_equal(found[:, 500:-500], noise(1))
        assert not found[:, -500:].any()
        assert not mix.render(-3_000, 1_000).any()
    assert SAMPLE * RATE == TICKS
