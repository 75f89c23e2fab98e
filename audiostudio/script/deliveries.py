"""Deliveries: ways to speak made of speed, pitch, energy and intonation, for engines without emotions of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to speak. What an engine cannot change of it is left as it is."""

    name: str
    """Stable: `calm`."""
    title: str
    sentence: str
    """What it does and what it is good for."""
    speed: float = 1.0
    """A factor."""
    pitch: float = 0.0
    """Semitones."""
    energy: float = 0.0
    """dB."""
    intonation: float = 1.0
    """A factor of the melody's range."""

    def settings(self) -> dict[str, float]:
        """Its four values by the names that engines and voices have for them."""
        return {"speed": self.speed, "pitch": self.pitch, "energy": self.energy, "intonation": self.intonation}


NEUTRAL = Delivery("neutral", "Neutral", "As the voice speaks by itself.")
DELIVERIES: tuple[Delivery, ...] = (
    NEUTRAL,
    Delivery("calm", "Calm", "Slower, softer and even, for guided moments.", 0.9, -0.5, -1.5, 0.8),
    Delivery("warm", "Warm", "A little lower and slower, with some melody, for welcomes.", 0.95, -0.75, -0.5, 1.1),
    Delivery("friendly", "Friendly", "A little brighter and livelier, for everyday talk.", 1.03, 0.5, 0.5, 1.15),
    Delivery("lively", "Lively", "Faster, with a wide melody, for trailers and social clips.", 1.08, 0.75, 1.0, 1.35),
    Delivery("excited", "Excited", "Fast, high and strong, for news that cannot wait.", 1.15, 1.5, 2.0, 1.5),
    Delivery("serious", "Serious", "Lower and narrower, for weighty matters.", 0.95, -1.0, 0.0, 0.75),
    Delivery("news", "News", "Brisk, clear and level.", 1.06, 0.0, 1.0, 0.9),
    Delivery("storyteller", "Storyteller", "Unhurried, with a wide melody, for tales.", 0.92, -0.25, 0.0, 1.3),
    Delivery("gentle", "Gentle", "Slow and soft, for bedtime.", 0.86, 0.0, -3.0, 0.85),
    Delivery("sad", "Sad", "Slow, low and nearly flat.", 0.85, -1.5, -2.0, 0.6),
    Delivery("firm", "Firm", "Strong and narrow, for instructions.", 0.98, -0.5, 2.0, 0.8),
    Delivery("monotone", "Monotone", "Without melody, like a machine.", 1.0, 0.0, 0.0, 0.0),
)
"""None of them is an emotion: the voice stays the same, only its tempo, height, loudness and melody change."""


def delivery(name: str) -> Delivery | None:
    """The delivery of that name, or None."""
    return next((one for one in DELIVERIES if one.name == name), None)


def named(speed: float, pitch: float, energy: float, intonation: float) -> Delivery | None:
    """The delivery that these values are, or None."""
    wanted = {"speed": speed, "pitch": pitch, "energy": energy, "intonation": intonation}
    return next((one for one in DELIVERIES if one.settings() == wanted), None)
