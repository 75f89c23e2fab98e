"""Arrangement: who plays in which section, so that a piece grows and thins; risers and impacts between sections."""

from audiostudio.music.ensemble import genre_part
from audiostudio.music.frame import Frame, note
from audiostudio.music.genres import Genre
from audiostudio.music.plan import Plan, SectionPlan
from audiostudio.music.score import Note, Role

RISER, SWEEP, IMPACT, DROP, REVERSE = 60, 62, 64, 65, 67
"""Notes of the instrument `effects`."""
_SUSTAINING = (Role.CHORDS, Role.PAD, Role.ARPEGGIO)


def ordinals(plan: Plan) -> list[int]:
    """Of each part: the how manieth of its role it is."""
    seen: dict[str, int] = {}
    found = []
    for part in plan.parts:
        found.append(seen.get(part.role, 0))
        seen[part.role] = found[-1] + 1
    return found


def playing(plan: Plan, genre: Genre) -> list[list[bool]]:
    """`playing[section][part]`: by energy and kind. Every part plays somewhere, and no section is empty."""
    places = ordinals(plan)
    parts = [genre_part(genre, Role(part.role), place) for part, place in zip(plan.parts, places, strict=True)]
    table = [[_plays(section, part.role, part.enters, part.leaves) for part in parts] for section in plan.sections]
    order = sorted(range(len(plan.sections)), key=lambda i: plan.sections[i].energy)
    for index, part in enumerate(parts):
        if part.role is not Role.EFFECTS and not any(row[index] for row in table):
            wanted = order[0] if part.leaves < 1 else order[-1]
            table[wanted][index] = True
    for row in table:
        if not any(row[i] for i, part in enumerate(parts) if part.role in _SUSTAINING):
            first = next((i for i, part in enumerate(parts) if part.role in _SUSTAINING), None)
            if first is not None:
                row[first] = True
            elif parts and not any(row):
                row[0] = True
    return table


def window(frame: Frame, role: Role, ordinal: int, parts: int) -> tuple[int, int]:
    """From which tick of a section to which a part plays: an introduction fills up, an ending empties, and before a
    drop all hold their breath."""
    start, end = 0, frame.end
    half = frame.bars // 2 * frame.bar
    if frame.section.kind == "intro" and frame.first and frame.bars >= 4 and parts > 3:
        beats_first = frame.piece("opening").random() < (0.6 if frame.genre.ritardando == 0 else 0.1)
        waiting = (Role.LEAD, Role.COUNTER, Role.ARPEGGIO) if beats_first else (Role.DRUMS, Role.BASS, Role.LEAD)
        if role in waiting or (ordinal and role not in (Role.EFFECTS, Role.PAD)):
            start = half
    if frame.section.kind == "outro" and frame.last and frame.bars >= 4 and parts > 3:
        leaving = (Role.PERCUSSION, Role.COUNTER, Role.EFFECTS)
        if role in leaving or (ordinal and role not in (Role.PAD, Role.BASS)):
            end = half
    if frame.section.kind == "build" and frame.rises > 0.1 and role in (Role.DRUMS, Role.PERCUSSION, Role.BASS):
        end = frame.end - (frame.bar - frame.pulses[-1])
    return start, end


def effects(frame: Frame) -> list[Note]:
    """What leads into the next section, and what opens this one."""
    notes: list[Note] = []
    if frame.rises > 0.15 and frame.bars >= 2:
        bars = min(frame.bars, 4 if frame.rises > 0.3 else 2)
        notes.append(note(frame.end - bars * frame.bar, bars * frame.bar - 10, RISER, 60 + 60 * frame.rises))
        notes.append(note(frame.end - frame.bar, frame.bar - 10, REVERSE, 70 + 40 * frame.rises))
    elif frame.rises < -0.2 and not frame.last:
        notes.append(note(frame.end - frame.bar, frame.bar - 10, REVERSE, 64))
    if frame.energy > 0.6 and not frame.first:
        notes.append(note(0, frame.bar, IMPACT, 62 + 40 * frame.energy))
        if frame.section.kind == "drop":
            notes.append(note(0, frame.bar, DROP, 90))
    elif not frame.first and frame.energy < 0.4:
        notes.append(note(0, frame.bar * 2 if frame.bars > 2 else frame.bar, SWEEP, 60))
    return notes


def _plays(section: SectionPlan, role: Role, enters: float, leaves: float) -> bool:
    energy = section.energy
    if role is Role.EFFECTS:
        return True
    if section.kind == "break" and role in (Role.DRUMS, Role.LEAD):
        return energy >= max(enters, 0.5)
    if section.kind == "solo" and role is Role.LEAD:
        return True
    if section.kind == "build" and role is Role.LEAD:
        return False
    return enters <= energy < leaves
