"""What is heard, sample by sample: jumps, loops, growth and ends, with no clock and no device."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiostudio.sound.transport import FADE_SECONDS, SCRUB_SECONDS, Transport

RATE = 48_000
FADE = round(FADE_SECONDS * RATE)


@dataclass
class Ramp:
    """A sound whose every sample tells where it is: sample p is p / 1e6."""

    length: int
    complete: bool = True
    sample_rate: int = RATE

    def ready(self, start: int, count: int) -> int:
        return max(0, min(count, self.length - start))

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        at = np.arange(start, stop)
        value = np.where((at >= 0) & (at < self.length), at / 1e6, 0.0)
        return np.stack([value, -value], axis=1).astype(np.float32)


@dataclass
class Sine(Ramp):
    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        at = np.arange(start, stop)
        value = np.where((at >= 0) & (at < self.length), 0.5 * np.sin(2 * np.pi * 220 * at / RATE), 0.0)
        return np.stack([value, value], axis=1).astype(np.float32)


def playing(length: int, **rest: bool) -> Transport:
    transport = Transport()
    transport.load(Ramp(length, **rest))
    transport.play()
    return transport


def left(transport: Transport, frames: int) -> NDArray[np.float32]:
    return transport.render(frames)[0][:, 0]


def exact(start: int, count: int) -> NDArray[np.float32]:
    return (np.arange(start, start + count) / 1e6).astype(np.float32)


def test_the_whole_sound_comes_out_unchanged_and_then_silence():
    transport = playing(10_000)
    sound = np.concatenate([left(transport, n) for n in (1, 999, 5_000, 4_000, 1_000)])
    assert np.array_equal(sound[:10_000], exact(0, 10_000))
    assert not sound[10_000:].any()
    assert transport.at_end
    assert transport.silent


def test_positions_count_what_has_been_heard():
    transport = playing(700)
    _, positions = transport.render(1_000)
    assert np.array_equal(positions[:700], np.arange(1, 701))
    assert (positions[700:] == 700).all()


def test_a_seek_is_exact_once_the_fade_is_over():
    transport = playing(100_000)
    transport.render(1_000)
    transport.seek(50_000)
    sound, positions = transport.render(2_000)
    assert np.array_equal(sound[FADE:, 0], exact(50_000 + FADE, 2_000 - FADE))
    assert positions[0] == 50_001


def test_a_seek_to_the_beginning_starts_with_the_first_sample_at_full_level():
    transport = playing(100_000)
    transport.pause()
    transport.render(FADE)
    transport.seek(0)
    transport.play()
    assert np.array_equal(left(transport, 500), exact(0, 500))


def test_a_pause_fades_out_stays_and_goes_on_from_there():
    transport = playing(100_000)
    transport.render(40_000)
    transport.pause()
    sound, positions = transport.render(1_000)
    assert (positions == 40_000).all()
    assert sound[0, 0] > 0.039
    assert not sound[FADE:].any()
    assert (np.diff(sound[:FADE, 0]) < 0).all()
    transport.play()
    assert np.array_equal(left(transport, 1_000)[FADE:], exact(40_000 + FADE, 1_000 - FADE))


def test_a_loop_is_exact_in_length_over_many_rounds():
    transport = playing(100_000)
    transport.set_loop((10_000, 14_800))
    transport.seek(9_000)
    _, positions = transport.render(1_000 + 20 * 4_800)
    assert np.array_equal(positions[:1_000], np.arange(9_001, 10_001))
    turn = np.r_[10_001:14_800, 10_000]  # the last sample of a round leads to the first of the next
    assert np.array_equal(positions[1_000:], np.tile(turn, 20))


def test_each_round_of_a_loop_sounds_alike_after_its_fade():
    transport = playing(100_000)
    transport.set_loop((10_000, 14_800))
    transport.seek(10_000)
    rounds = left(transport, 5 * 4_800).reshape(5, 4_800)
    for sound in rounds:
        assert np.array_equal(sound[FADE:], exact(10_000 + FADE, 4_800 - FADE))


def test_behind_the_loop_playing_goes_on_to_the_end():
    transport = playing(20_000)
    transport.set_loop((1_000, 5_000))
    transport.seek(6_000)
    transport.render(14_000)
    assert transport.at_end


def test_a_loop_past_the_end_turns_at_the_end():
    transport = playing(5_000)
    transport.set_loop((1_000, 9_000))
    _, positions = transport.render(20_000)
    assert positions.max() == 4_999
    assert not transport.at_end


def test_jumps_and_loops_do_not_click():
    transport = Transport()
    transport.load(Sine(RATE * 10))
    transport.play()
    pieces = [left(transport, 1_000)]
    transport.seek(123_457)
    pieces.append(left(transport, 1_000))
    transport.set_loop((124_000, 126_001))
    pieces.append(left(transport, 20_000))
    transport.seek(300_011)
    pieces.append(left(transport, 50))
    transport.seek(11_111)
    pieces.append(left(transport, 500))
    transport.pause()
    pieces.append(left(transport, 500))
    transport.play()
    pieces.append(left(transport, 500))
    steepest = 0.5 * 2 * np.pi * 220 / RATE
    fade = np.pi / 2 / FADE  # how fast a fade itself changes a full-scale sound
    assert np.abs(np.diff(np.concatenate(pieces))).max() < steepest + 2 * fade


def test_more_arriving_in_time_is_not_heard_as_a_seam():
    transport = playing(5_000, complete=False)
    source = transport.source
    assert isinstance(source, Ramp)
    sound = [left(transport, 4_000)]
    source.length, source.complete = 12_000, True
    sound.append(left(transport, 8_000))
    assert np.array_equal(np.concatenate(sound), exact(0, 12_000))


def test_waiting_for_more_fades_out_and_goes_on_without_losing_a_sample():
    transport = playing(5_000, complete=False)
    source = transport.source
    assert isinstance(source, Ramp)
    before = left(transport, 8_000)
    assert np.array_equal(before[: 5_000 - FADE], exact(0, 5_000 - FADE))
    assert not before[5_000:].any()
    assert not transport.at_end
    assert transport.silent
    assert transport.position == 5_000 - FADE
    source.length, source.complete = 12_000, True
    after, positions = transport.render(12_000 - transport.position)
    assert positions[0] == 5_001 - FADE
    assert np.array_equal(after[FADE:, 0], exact(5_000, 7_000))
    assert transport.at_end


def test_what_had_ended_goes_on_when_it_grows():
    transport = playing(1_000)
    transport.render(2_000)
    assert transport.at_end
    source = transport.source
    assert isinstance(source, Ramp)
    source.length = 3_000
    sound = left(transport, 2_000)
    assert np.array_equal(sound[FADE:], exact(1_000 + FADE, 2_000 - FADE))


def test_play_after_the_end_begins_again_but_seek_stands_still():
    transport = playing(1_000)
    transport.render(2_000)
    transport.seek(500)
    assert not transport.playing
    assert transport.position == 500
    transport.play()
    transport.render(2_000)
    transport.play()
    assert transport.position == 0
    assert transport.playing


def test_a_very_short_loop_is_widened():
    transport = playing(10_000)
    transport.set_loop((1_000, 1_001))
    transport.seek(1_000)
    _, positions = transport.render(1_000)
    assert positions.max() == 1_000 + RATE // 100 - 1


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("render"), st.integers(1, 3_000), st.just(0)),
            st.tuples(st.just("seek"), st.integers(-10, 22_000), st.just(0)),
            st.tuples(st.just("loop"), st.integers(0, 21_000), st.integers(1, 22_000)),
            st.tuples(st.sampled_from(["play", "pause", "unloop"]), st.just(0), st.just(0)),
        ),
        max_size=30,
    )
)
def test_whatever_is_done_the_position_follows_the_sound(steps: list[tuple[str, int, int]]):
    """Away from fades, each frame is the sample before its position; and the level never passes full scale."""
    transport = playing(20_000)
    for step, a, b in steps:
        match step:
            case "render":
                sound, positions = transport.render(a)
                assert np.isfinite(sound).all()
                assert np.abs(sound).max(initial=0.0) <= 1.0
                assert (positions >= 0).all()
                assert (positions <= 20_000).all()
                steady = np.flatnonzero(positions == np.arange(len(positions)) + positions[0])
                if transport.playing and len(steady) == len(positions) and len(positions) > 2 * FADE:
                    tail = slice(2 * FADE, None)
                    assert np.allclose(sound[tail, 0], (positions[tail] - 1) / 1e6, atol=1e-6)
            case "seek":
                transport.seek(a)
            case "loop":
                transport.set_loop((a, a + b))
            case "unloop":
                transport.set_loop(None)
            case "play":
                transport.play()
            case "pause":
                transport.pause()


def test_at_another_speed_the_pitch_is_kept_and_the_place_moves_as_fast():
    for rate in (0.5, 2.0, 4.0, -1.0, -2.0):
        transport = Transport()
        transport.load(Sine(10 * RATE))
        transport.set_rate(rate)
        transport.play(5 * RATE)
        sound, positions = transport.render(RATE)
        heard = sound[FADE:, 0] * np.hanning(RATE - FADE)
        peak = np.argmax(np.abs(np.fft.rfft(heard, 8 * RATE))) / 8
        assert abs(peak - 220) < 2
        assert np.abs(positions[-1] - (5 + rate) * RATE) <= 2
        assert (np.diff(positions) * np.sign(rate) >= 0).all()
        assert np.abs(np.diff(sound[FADE:, 0])).max() < 0.05
        assert np.sqrt(np.mean(np.square(sound[RATE // 2 :, 0]))) > 0.3


def test_backwards_at_normal_speed_is_the_sound_mirrored():
    transport = Transport()
    transport.load(Ramp(100_000))
    transport.set_rate(-1.0)
    transport.play(50_000)
    assert np.allclose(left(transport, 9_600)[FADE:], exact(0, 50_000)[::-1][FADE:9_600], atol=1e-6)
    transport.render(50_000)
    assert transport.at_end
    assert transport.position == 0


def test_a_loop_holds_at_another_speed():
    for rate in (2.0, -2.0):
        transport = Transport()
        transport.load(Sine(10 * RATE))
        transport.set_loop((RATE, 2 * RATE))
        transport.set_rate(rate)
        transport.play(RATE + RATE // 2)
        _, positions = transport.render(5 * RATE)
        assert positions.min() >= RATE - 2_000
        assert positions.max() <= 2 * RATE + 2_000
        assert np.count_nonzero(np.abs(np.diff(positions)) > RATE // 2) >= 9


def test_scrubbing_lets_a_moment_be_heard_and_stands_there():
    transport = Transport()
    transport.load(Ramp(500_000))
    transport.scrub(200_000)
    sound, positions = transport.render(8_192)
    piece = round(SCRUB_SECONDS * RATE)
    assert np.array_equal(sound[FADE:piece, 0], exact(200_000 + FADE, piece - FADE))
    assert not sound[piece + FADE :].any()
    assert (positions[piece:] == 200_000).all()
    assert not transport.playing


@dataclass
class Patchy(Ramp):
    """Of which only a part can be read."""

    there: tuple[int, int] = (0, 0)

    def ready(self, start: int, count: int) -> int:
        return max(0, min(count, self.there[1] - start)) if start >= self.there[0] else 0


def test_what_is_late_is_counted_and_waited_for_but_not_what_begins_late():
    source = Patchy(500_000)
    transport = Transport()
    transport.load(source)
    transport.play(100_000)
    assert transport.awaits
    source.there = (90_000, 110_000)
    assert not transport.awaits
    sound = left(transport, 12_000)
    assert np.array_equal(sound[FADE : 10_000 - FADE], exact(100_000 + FADE, 10_000 - 2 * FADE))
    assert np.abs(np.diff(sound[FADE:])).max() < 0.003
    assert transport.position == 110_000 - FADE
    assert transport.dropouts == 1
    source.there = (90_000, 500_000)
    assert np.array_equal(left(transport, 5_000)[FADE:], exact(110_000, 5_000 - FADE))
    transport.seek(400_000)
    transport.render(1_000)
    assert transport.dropouts == 1
