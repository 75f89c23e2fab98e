"""Every kind of effect, by its name in the project."""

import math
from collections.abc import Mapping

from audiostudio.sound.effects.kinds import STEP, Kind, Place, Setting, Unit

QUIET = -60.0
"""dB below which a tail counts as silent."""
LONGEST_TAIL = 20.0
"""Seconds."""
LOOK_AHEAD = 0.005
"""Seconds that a limiter sees a peak before it comes."""


def _gain(name: str, label: str, least: float, greatest: float, default: float = 0.0) -> Setting:
    return Setting(name, label, Unit.DB, least, greatest, default, 0.1)


def _hertz(name: str, label: str, default: float, least: float = 20.0, greatest: float = 20_000.0) -> Setting:
    return Setting(name, label, Unit.HZ, least, greatest, default, 1.0, logarithmic=True)


def _ms(name: str, label: str, least: float, greatest: float, default: float) -> Setting:
    return Setting(name, label, Unit.MS, least, greatest, default, 0.1, logarithmic=True)


def _share(name: str, label: str, default: float, greatest: float = 100.0) -> Setting:
    return Setting(name, label, Unit.PERCENT, 0.0, greatest, default, 1.0)


def _ratio(default: float) -> Setting:
    return Setting("ratio", "Ratio", Unit.RATIO, 1.0, 20.0, default, 0.1, logarithmic=True)


def _width(name: str, label: str, default: float) -> Setting:
    return Setting(name, label, Unit.NONE, 0.1, 10.0, default, 0.01, logarithmic=True)


def _band(name: str, label: str, hertz: float, q: float) -> tuple[Setting, ...]:
    return (
        _gain(f"{name}_gain", f"{label} gain", -24.0, 24.0),
        _hertz(f"{name}_frequency", f"{label} frequency", hertz),
        _width(f"{name}_q", f"{label} Q", q),
    )


def _slope() -> Setting:
    return Setting("slope", "Slope", Unit.NONE, 12.0, 24.0, 12.0, 12.0)


def _release_tail(values: Mapping[str, float]) -> float:
    return 3 * values["release"] / 1000


def _room_tail(values: Mapping[str, float]) -> float:
    """Measured of the algorithm, and rounded up: 0.6 s for the smallest room, 11 s for the largest."""
    room = values["room"] / 100
    return min(LONGEST_TAIL, 0.02 + values["predelay"] / 1000 + 0.9 / max(0.06, 1.0 - 0.94 * room))


def _echo_tail(values: Mapping[str, float]) -> float:
    feedback = values["feedback"] / 100
    echoes = 1 if feedback < 0.001 else 1 + QUIET / (20 * math.log10(feedback))
    return min(LONGEST_TAIL, math.ceil(echoes) * values["time"] / 1000)


def look_ahead(sample_rate: int) -> int:
    """In steps."""
    return round(LOOK_AHEAD * sample_rate / STEP)


def limiter_latency(sample_rate: int) -> int:
    """One more than it looks ahead, for finding what is between the samples."""
    return (look_ahead(sample_rate) + 1) * STEP


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("gain", "Gain", (_gain("gain", "Gain", -60.0, 24.0),), "Louder or quieter."),
        Kind(
            "eq",
            "Equaliser",
            (
                *_band("low", "Low shelf", 100.0, 0.7071),
                *_band("bell1", "Bell 1", 250.0, 1.0),
                *_band("bell2", "Bell 2", 1_000.0, 1.0),
                *_band("bell3", "Bell 3", 4_000.0, 1.0),
                *_band("high", "High shelf", 8_000.0, 0.7071),
            ),
            "Five bands: a shelf below, three bells and a shelf above.",
            tail=lambda _: 0.1,
        ),
        Kind(
            "highpass",
            "High-pass",
            (_hertz("frequency", "Frequency", 80.0), _slope()),
            "Takes away what is lower: rumble, thumps, handling.",
            tail=lambda _: 0.1,
        ),
        Kind(
            "lowpass",
            "Low-pass",
            (_hertz("frequency", "Frequency", 12_000.0), _slope()),
            "Takes away what is higher: hiss.",
            tail=lambda _: 0.1,
        ),
        Kind(
            "compressor",
            "Compressor",
            (
                _gain("threshold", "Threshold", -60.0, 0.0, -18.0),
                _ratio(3.0),
                _ms("attack", "Attack", 0.1, 300.0, 10.0),
                _ms("release", "Release", 5.0, 3_000.0, 120.0),
                _gain("knee", "Knee", 0.0, 24.0, 6.0),
                _gain("makeup", "Make-up gain", 0.0, 30.0),
            ),
            "Evens out loud and quiet. Both channels move together.",
            tail=_release_tail,
        ),
        Kind(
            "limiter",
            "Limiter",
            (
                _gain("gain", "Gain", 0.0, 24.0),
                _gain("ceiling", "Ceiling", -20.0, 0.0, -1.0),
                _ms("release", "Release", 5.0, 2_000.0, 100.0),
            ),
            "Nothing passes the ceiling, also between the samples (true peak).",
            tail=_release_tail,
            latency=limiter_latency,
        ),
        Kind(
            "gate",
            "Gate",
            (
                _gain("threshold", "Threshold", -90.0, 0.0, -45.0),
                _gain("range", "Range", 0.0, 90.0, 40.0),
                _ms("attack", "Attack", 0.1, 100.0, 1.0),
                _ms("hold", "Hold", 0.0, 1_000.0, 60.0),
                _ms("release", "Release", 5.0, 3_000.0, 150.0),
            ),
            "Closes while it is quiet.",
            tail=lambda values: (3 * values["release"] + values["hold"]) / 1000,
        ),
        Kind(
            "denoise",
            "De-noise",
            (_gain("reduction", "Reduction", 0.0, 100.0, 24.0),),
            "Takes background noise off speech (DeepFilterNet). Made once for each recording, then kept.",
            places=(Place.CLIP, Place.TRACK),
            of_source=True,
        ),
        Kind(
            "deesser",
            "De-esser",
            (
                _hertz("frequency", "Frequency", 5_500.0, 2_000.0, 12_000.0),
                _gain("threshold", "Threshold", -60.0, 0.0, -30.0),
                _ratio(4.0),
                _gain("range", "Most reduction", 0.0, 24.0, 10.0),
            ),
            "Softens sharp s sounds.",
            tail=lambda _: 0.2,
        ),
        Kind(
            "reverb",
            "Reverb",
            (
                _share("room", "Room size", 40.0),
                _share("damping", "Damping", 50.0),
                _share("width", "Width", 100.0),
                _ms("predelay", "Pre-delay", 0.0, 250.0, 10.0),
                _share("mix", "Mix", 20.0),
            ),
            "A room around the sound.",
            tail=_room_tail,
        ),
        Kind(
            "delay",
            "Delay",
            (
                _ms("time", "Time", 1.0, 2_000.0, 300.0),
                _share("feedback", "Feedback", 30.0, 95.0),
                _share("mix", "Mix", 25.0),
            ),
            "Echoes.",
            tail=_echo_tail,
        ),
        Kind(
            "pitch",
            "Pitch",
            (Setting("semitones", "Pitch", Unit.SEMITONES, -24.0, 24.0, 0.0, 0.1),),
            "Higher or lower at the same speed; comes on top of the clip's own pitch.",
            places=(Place.CLIP, Place.TRACK),
            of_source=True,
        ),
        Kind("width", "Stereo width", (_share("width", "Width", 100.0, 200.0),), "From mono (0 %) to twice as wide."),
        Kind(
            "ducker",
            "Ducker",
            (
                _gain("threshold", "Threshold", -70.0, 0.0, -40.0),
                _gain("depth", "Depth", 0.0, 40.0, 12.0),
                _ms("attack", "Attack", 1.0, 2_000.0, 60.0),
                _ms("hold", "Hold", 0.0, 3_000.0, 250.0),
                _ms("release", "Release", 5.0, 5_000.0, 400.0),
            ),
            "Steps back while another track is heard.",
            tail=lambda values: (3 * values["release"] + values["hold"]) / 1000,
            places=(Place.TRACK,),
            sidechain=True,
        ),
    )
}
