"""The lines of a script as jobs are asked for them, and where they lie in a voiceover."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiostudio.jobs import JsonObject
from audiostudio.operations.script import silence, speakable
from audiostudio.operations.speech import SAMPLE_RATE, Delivery
from audiostudio.timeline.project import LINE_PAUSE, Slot, TakeSource


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line of the script, as the request has it."""

    id: str
    number: int
    """In the script, from 1: for people."""
    delivery: Delivery
    pause_before: float
    pause_after: float
    slot: Slot | None
    take: str | None
    """The asset that it plays, whatever the recipe; None: one is looked for, else made."""
    source: str
    again: bool
    """Another take is wanted, though there may be one of the same recipe."""
    speaker: str
    """Who says it; empty: nobody in particular."""

    @classmethod
    def from_json(cls, data: JsonObject, number: int) -> "AskedLine":
        pause = data.get("pause_after")
        return cls(
            data["line"],
            data.get("number", number),
            Delivery.from_json(data),
            data.get("pause_before", 0.0),
            LINE_PAUSE if pause is None else pause,
            Slot(*data["slot"]) if data.get("slot") else None,
            data.get("take"),
            data.get("source", TakeSource.MADE),
            data.get("again", False),
            data.get("speaker", ""),
        )

    @property
    def fit(self) -> float | None:
        """As `timeline.Line.fit`."""
        return None if self.slot is None else self.slot.seconds


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A line and the take that speaks it. Small: an audiobook has tens of thousands."""

    asked: AskedLine
    asset: str
    samples: int
    recipe_key: str
    fit: JsonObject | None = None


def spoken_lines(asked: list[JsonObject]) -> list[AskedLine]:
    """The lines with something to say; a line that only pauses lengthens the pause before it."""
    lines: list[AskedLine] = []
    for number, data in enumerate(asked, 1):
        line = AskedLine.from_json(data, number)
        text = line.delivery.text
        if speakable(text):
            lines.append(line)
        elif lines and silence(text):
            lines[-1] = replace(lines[-1], pause_after=lines[-1].pause_after + silence(text))
    return lines


def unplaced(take: MadeLine) -> MadeLine:
    """As if the line asked for no place of its own."""
    return replace(take, asked=replace(take.asked, slot=None, pause_before=0.0))


def places(made: Sequence[MadeLine], former: dict[str, int] | None = None) -> list[int]:
    """Where each take begins in the voiceover, in samples: in its slot, or after the pause behind the take before, and
    never before that has ended. A line of `former` does not come earlier than it was there."""
    starts: list[int] = []
    end = pause = 0
    for take in made:
        if take.asked.slot is not None:
            start = max(end, round(take.asked.slot.start * SAMPLE_RATE))
        else:
            start = end + pause + round(take.asked.pause_before * SAMPLE_RATE)
            start = max(start, (former or {}).get(take.asked.id, 0))
        starts.append(start)
        end = start + take.samples
        pause = round(take.asked.pause_after * SAMPLE_RATE)
    return starts
