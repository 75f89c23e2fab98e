"""Voices over music: their chain, their place, the music stepping back, and the master."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.mastering import LOUDNESS
from audiostudio.engines.composer.mixing import Returns, Space, effect
from audiostudio.music.genres import genres
from audiostudio.music.plan import Plan
from audiostudio.operations.music.singing import Heard, track
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.sound.effects import STEP, Processor
from audiostudio.sound.loudness import measure

Floats = NDArray[np.float32]

_BLOCK = 1 << 17
"""Samples that are worked on at once; a multiple of `STEP`."""
_LEVEL = -20.0
"""LUFS of a lead before its chain."""
_OVER = 1.5
"""LU that the leads are louder than the music under them."""
_ROLES: Mapping[str, tuple[float, float, float]] = {
    "lead": (0.0, 0.0, 0.16),
    "harmony": (-6.5, 0.45, 0.28),
    "backing": (-7.5, 0.6, 0.4),
}
"""dB, how far to a side, and how much room, of each role."""
_APART = 0.18
"""How far two who lead in turns stand from the middle."""
_DUCKED = 2.5
"""dB by which the music steps back while somebody sings."""
_HEARD = 10 ** (-45 / 20)


@dataclass(frozen=True, slots=True)
class Track:
    """One voice in one role, dry."""

    slot: str
    role: str
    phrases: Sequence[Heard]
    """Laid out one track after the other: a long song has hundreds of megabytes of silence in each."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """All 48 kHz stereo, float32 (2, n). The sum of `vocals` and `instrumental` is the mix before the limiter, but for
    a factor."""

    mix: Floats
    """Before the limiter, filled up to whole steps."""
    vocals: Floats
    by_slot: dict[str, Floats]
    instrumental: Floats


def mixed(instrumental: Floats, tracks: Sequence[Track], plan: Plan) -> Iterator[float | Mixed]:
    """How far it is, 0…1, and at last all of it. `instrumental`: the finished music, changed in place; what is sung
    after its end is cut."""
    samples = instrumental.shape[1]
    slots = sorted({one.slot for one in tracks})
    by_slot = {slot: np.zeros((2, samples), np.float32) for slot in slots}
    under = measure(_blocks(instrumental), SAMPLE_RATE).integrated
    leads = [one for one in tracks if one.role == "lead"] or list(tracks)
    together = np.zeros(samples, np.float32)
    for number, one in enumerate(tracks):
        own = _levelled(track(one.phrases, samples))
        if any(one is lead for lead in leads):
            together += own
        for at, block in _placed(own, one.role, _side(one, number, slots), plan):
            by_slot[one.slot][:, at : at + block.shape[1]] += block
        yield 0.6 * (number + 1) / len(tracks)
    vocals = np.zeros((2, samples), np.float32)
    for sound in by_slot.values():
        vocals += sound
    over = measure(_blocks(vocals), SAMPLE_RATE).integrated
    if np.isfinite(over) and np.isfinite(under):
        gain = np.float32(10 ** ((under + _OVER - over) / 20))
        for sound in (vocals, *by_slot.values()):
            sound *= gain
    instrumental *= _stepping_back(together)
    yield 0.8
    whole = vocals + instrumental
    level = measure(_blocks(whole), SAMPLE_RATE).integrated
    stems = [vocals, instrumental, *by_slot.values()]
    peak = max(float(np.abs(sound).max(initial=0.0)) for sound in stems)
    factor = np.float32(min(10 ** ((LOUDNESS - level) / 20), 0.999 / max(peak, 1e-6)))
    for sound in stems:
        sound *= factor
    yield Mixed(np.pad(whole, ((0, 0), (0, -samples % STEP))), vocals, by_slot, instrumental)


def _side(one: Track, number: int, slots: Sequence[str]) -> float:
    """−1 left … 1 right."""
    wide = _ROLES.get(one.role, _ROLES["lead"])[1]
    if one.role != "lead":
        return wide if number % 2 else -wide
    if len(slots) == 1 or one.slot == "C":
        return 0.0
    return -_APART if one.slot == "A" else _APART


def _levelled(audio: Floats) -> Floats:
    level = measure(_blocks(audio[np.newaxis]), SAMPLE_RATE).integrated
    return audio * np.float32(10 ** ((_LEVEL - level) / 20)) if np.isfinite(level) else audio.copy()


def _placed(audio: Floats, role: str, side: float, plan: Plan) -> Iterator[tuple[int, Floats]]:
    """A voice through its chain, with its room, in stereo: where each block begins, and it."""
    decibels, _, send = _ROLES.get(role, _ROLES["lead"])
    style = genres().get(plan.genre)
    room = float(style.mix.get("room", 0.4)) if style else 0.4
    returns = Returns(Space(plan.bpm, 20 + 60 * room))
    turn = (side + 1) * np.pi / 4
    sides = np.array([[np.cos(turn)], [np.sin(turn)]], np.float32) * np.float32(10 ** (decibels / 20) * np.sqrt(2))
    chain = _chain(role)
    to_room, to_echo = np.float32(send * (0.6 + room)), np.float32(0.09 if role == "lead" else 0.0)
    for at in range(0, len(audio), _BLOCK):
        part = audio[at : at + _BLOCK]
        block = np.repeat(np.pad(part, (0, -len(part) % STEP))[np.newaxis], 2, axis=0)
        for stage in chain:
            block = stage.process(block)
        dry = block * sides
        wet = returns.process(dry * to_room, dry * to_echo)
        yield at, (dry + wet)[:, : len(part)]


def _chain(role: str) -> list[Processor]:
    """No rumble, no mud, even, clear, no sharp s."""
    colour = {
        "bell1_gain": -2.0, "bell1_frequency": 280.0, "bell3_gain": 1.5, "bell3_frequency": 3_500.0,
        "high_gain": 2.5, "high_frequency": 9_000.0,
    }  # fmt: skip
    low = 90.0 if role == "lead" else 160.0
    return [
        effect("highpass", {"frequency": low}),
        effect("compressor", {"threshold": -24.0, "ratio": 3.0, "attack": 8.0, "release": 140.0, "makeup": 3.0}),
        effect("eq", colour),
        effect("deesser", {"threshold": -28.0}),
    ]


def _stepping_back(voices: Floats) -> Floats:
    """What the music is multiplied with, for each sample."""
    blocks = -(-len(voices) // STEP)
    level = np.abs(np.pad(voices, (0, blocks * STEP - len(voices)))).reshape(blocks, STEP).max(axis=1)
    active = (level > _HEARD * max(float(level.max(initial=0.0)), 1e-6) * 4).astype(np.float64)
    width = max(1, round(0.25 * SAMPLE_RATE / STEP))
    smooth = np.convolve(np.pad(active, width, mode="edge"), np.hanning(2 * width + 1) / width, "same")[width:-width]
    gains = 10 ** (-_DUCKED * np.clip(smooth, 0.0, 1.0) / 20)
    at = np.arange(len(voices))
    return np.interp(at, np.arange(blocks) * STEP + STEP / 2, gains).astype(np.float32)


def _blocks(sound: Floats) -> Iterator[Floats]:
    return (sound[:, at : at + _BLOCK] for at in range(0, sound.shape[1], _BLOCK))
