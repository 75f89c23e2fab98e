"""Who plays: the parts of a piece, from its genre and from what was asked for and against."""

from dataclasses import replace
from random import Random

from audiostudio.music.genres import Genre, GenrePart, Instrument, instrument, instruments
from audiostudio.music.plan import Brief, PartPlan
from audiostudio.music.score import Role
from audiostudio.music.words import eras

_PLAYS: dict[str, tuple[Role, ...]] = {
    "keys": (Role.CHORDS, Role.LEAD, Role.ARPEGGIO),
    "mallets": (Role.ARPEGGIO, Role.LEAD, Role.COUNTER),
    "guitar": (Role.CHORDS, Role.ARPEGGIO, Role.LEAD),
    "strings": (Role.PAD, Role.LEAD, Role.COUNTER, Role.CHORDS),
    "voices": (Role.PAD, Role.COUNTER),
    "brass": (Role.COUNTER, Role.LEAD, Role.CHORDS),
    "woodwind": (Role.LEAD, Role.COUNTER),
    "bass": (Role.BASS,),
    "pad": (Role.PAD,),
    "synth": (Role.LEAD, Role.CHORDS, Role.ARPEGGIO),
    "chip": (Role.LEAD, Role.CHORDS, Role.ARPEGGIO),
    "effects": (Role.EFFECTS,),
}
"""What an instrument of a family is asked to play, first choice first."""
_CHORDAL = ("keys", "guitar", "mallets", "pad", "synth", "chip")
_DEFAULTS = {
    Role.LEAD: GenrePart(Role.LEAD, ()),
    Role.COUNTER: GenrePart(Role.COUNTER, (), enters=0.6, volume=-3, pan=0.25),
    Role.PAD: GenrePart(Role.PAD, (), ("hold",), volume=-4, reverb=0.4),
    Role.CHORDS: GenrePart(Role.CHORDS, (), ("half",), volume=-3, pan=-0.2),
    Role.ARPEGGIO: GenrePart(Role.ARPEGGIO, (), ("eighths",), enters=0.4, volume=-4, pan=0.3),
}


def ensemble(brief: Brief, genre: Genre, rng: Random) -> tuple[PartPlan, ...]:
    """The parts of a piece. Whatever is asked for is there; whatever is not wanted is not."""
    chosen: list[tuple[GenrePart, str]] = []
    open_ = [name for name in brief.instruments if not unwanted(instrument(name), None, brief.without)]
    preferred = eras()[brief.era].prefer if brief.era and brief.era in eras() else ()
    for part in genre.parts:
        there = rng.random() < part.chance
        wanted = [name for name in open_ if name in part.instruments]
        allowed = [name for name in part.instruments if not unwanted(instrument(name), part.role, brief.without)]
        used = {name for _, name in chosen} | set(brief.instruments)
        allowed = [name for name in allowed if name not in used] or allowed  # none plays twice where another can
        drawn = rng.choice(allowed) if allowed else None
        if part.role in brief.without or (not there and not wanted) or (not allowed and not wanted):
            continue
        if wanted:
            open_.remove(wanted[0])
            chosen.append((part, wanted[0]))
        else:
            era = [name for name in allowed if name in preferred]
            chosen.append((part, era[0] if era else drawn or allowed[0]))
    taken = set(brief.instruments) - set(open_)
    for name in open_:
        _place(name, chosen, taken, brief.without)
        taken.add(name)
    if "others" in brief.without and brief.instruments:
        chosen = _alone(brief.instruments)
    return tuple(
        PartPlan(
            str(part.role),
            name,
            part.volume,
            part.pan,
            part.reverb,
            style=Random(f"{brief.seed}:{part.role}:{place}").choice(part.styles) if part.styles else "",
        )
        for place, (part, name) in enumerate(_in_order(chosen))
    )


def unwanted(one: Instrument, role: Role | None, without: tuple[str, ...]) -> bool:
    """Whether somebody said that there must be none of it: by its name, its family or what it would play."""
    return bool({one.id, one.family, str(role) if role else ""} & set(without))


def _alone(names: tuple[str, ...]) -> list[tuple[GenrePart, str]]:
    """Parts for these instruments and no other: what can play chords plays bass and melody where nobody else does."""
    by_height = sorted((instruments()[name] for name in names), key=lambda one: -one.high)
    pitched = [one for one in by_height if not one.drums and one.family != "effects"]
    found = [(replace(_DEFAULTS[Role.LEAD], volume=0), one.id) for one in pitched[:1]]
    if len(pitched) > 1:
        found.append((GenrePart(Role.BASS, (), ("root-fifth",)), pitched[-1].id))
    found += [(replace(_DEFAULTS[Role.COUNTER], enters=0.0), one.id) for one in pitched[1:-1]]
    chordal = next((one for one in by_height if one.family in _CHORDAL), None)
    if chordal:
        found.append((GenrePart(Role.ARPEGGIO, (), ("alberti", "picking"), leaves=0.6), chordal.id))
        found.append((GenrePart(Role.CHORDS, (), ("ballad", "quarters"), enters=0.5), chordal.id))
        if len(pitched) == 1:
            found.append((GenrePart(Role.BASS, (), ("root-fifth",)), chordal.id))
    return found + [(GenrePart(Role.DRUMS, (), ("pop",)), one.id) for one in by_height if one.drums]


def genre_part(genre: Genre, role: Role, ordinal: int) -> GenrePart:
    """How a genre plays the part that is the `ordinal`th of its role in a plan."""
    of_role = [part for part in genre.parts if part.role is role]
    if not of_role:
        return _DEFAULTS.get(role, GenrePart(role, ()))
    return of_role[min(ordinal, len(of_role) - 1)]


def _place(name: str, chosen: list[tuple[GenrePart, str]], taken: set[str], without: tuple[str, ...]) -> None:
    """Give an instrument that a genre does not know something to play: in another's place, or beside all."""
    one = instruments()[name]
    kit = Role.PERCUSSION if one.family == "percussion" or name == "latin-percussion" else Role.DRUMS
    roles = (kit,) if one.drums else tuple(role for role in _PLAYS.get(one.family, (Role.LEAD,)) if role not in without)
    for role in roles:
        for place, (part, other) in enumerate(chosen):
            if part.role is role and other not in taken:
                chosen[place] = (replace(part, enters=min(part.enters, 0.45)), name)
                return
    role = roles[-1] if roles else Role.COUNTER
    chosen.append((_DEFAULTS.get(role, GenrePart(role, ())), name))


def _in_order(chosen: list[tuple[GenrePart, str]]) -> list[tuple[GenrePart, str]]:
    order = list(Role)
    return sorted(chosen, key=lambda entry: order.index(entry[0].role))
