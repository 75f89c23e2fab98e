"""What a request for music means: the prompt read, the plan made, everything checked before an engine is loaded."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from audiostudio.engines.base import EngineManifest, MusicRequest
from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.jobs import JsonObject
from audiostudio.music.plan import SHORTEST, Brief, Plan
from audiostudio.music.song import Song, VocalPart
from audiostudio.operations.music.sounds import source_named
from audiostudio.operations.studio import Studio
from audiostudio.timeline.schema import SchemaError, decode
from audiostudio.timeline.songs import check, check_plan, check_vocals

MOST_PROMPT = 2_000
"""Characters."""
MOST_PIECES = 100
_SEEDS = 2**31
_WITHOUT_LENGTH = 30.0
"""Seconds of what an engine without plans makes when nobody says how long."""

_CHECKS: dict[type, Callable[[Any], None]] = {Plan: check_plan, Song: check, VocalPart: check_vocals}
"""What is kept in recipes and projects may be anybody's."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    request: MusicRequest
    brief: Brief | None
    """As the prompt and the controls together say; None: the engine reads no briefs."""
    notes: tuple[str, ...] = ()
    """Sentences on what of the prompt was not understood as one may think."""
    used: tuple[str, ...] = ()
    """Ids of assets that go into it."""
    given: bool = False
    """Whether the plan came with the request: then its variants keep all its decisions."""


def asked(studio: Studio, manifest: EngineManifest, request: JsonObject) -> Asked:
    """See `make.make` for the request. Raises `RequestError`, `UnsupportedSetting`."""
    prompt = " ".join(str(request.get("prompt") or "").split())
    given = decoded(Brief, request["brief"]) if request.get("brief") else None
    plan = decoded(Plan, request["plan"]) if request.get("plan") else None
    _require_words(prompt, given, plan)
    count = int(request.get("count") or 1)
    if not 1 <= count <= MOST_PIECES:
        raise RequestError(f"{count} pieces cannot be made at once.", f"Ask for 1 to {MOST_PIECES}.")
    wanted = None if request.get("seconds") is None else float(request["seconds"])
    if wanted is not None:
        require_length(manifest, wanted)
    brief, notes = understood(prompt, given) if manifest.capabilities.score else (given, [])
    seed, fixed = _seed(request, brief), plan is not None
    if manifest.capabilities.score and brief is not None:
        plan = plan or planned(replace(brief, seed=seed, seconds=wanted or brief.seconds))
        if wanted is not None and abs(wanted - plan.seconds) > 1e-6:
            raise RequestError(f"The plan is {plan.seconds:g} s long, not {wanted:g} s.", "Change its own length.")
    elif plan is not None:
        raise UnsupportedSetting(f"{manifest.title} follows no plan.", "Choose the composer, or leave the plan out.")
    seconds = plan.seconds if plan else wanted or (brief.seconds if brief else None) or _WITHOUT_LENGTH
    require_length(manifest, seconds)
    continues, before = _input(studio, request.get("continues"))
    melody, followed = _input(studio, request.get("melody"))
    made = MusicRequest(
        prompt=prompt,
        seconds=seconds,
        seed=seed,
        plan=plan,
        vocals=tuple(decoded(VocalPart, part) for part in request.get("vocals") or ()),
        options=tuple(sorted((str(name), str(value)) for name, value in dict(request.get("options") or {}).items())),
        continues=continues,
        melody=melody,
        count=count,
        stems=bool(request.get("stems")),
    )
    return Asked(made, brief, tuple(notes), (*before, *followed), fixed)


def variant(asked: Asked, number: int) -> Asked:
    """The same with another seed, for engines with plans: other decisions and other notes; of a plan that was given
    only other notes."""
    request = asked.request
    if not number or asked.brief is None or request.plan is None:
        return asked
    seed = (request.seed + number) % _SEEDS
    if asked.given:
        sections = tuple(replace(one, seed=(one.seed + number) % _SEEDS) for one in request.plan.sections)
        plan = replace(request.plan, seed=seed, sections=sections)
    else:
        plan = planned(replace(asked.brief, seed=seed, seconds=request.seconds))
    return replace(asked, request=replace(request, seed=seed, plan=plan))


def understood(prompt: str, given: Brief | None) -> tuple[Brief, list[str]]:
    """A prompt as a brief, over which `given` wins; and sentences on what it says twice, or is not understood."""
    if not prompt:
        return given or Brief(), []
    from audiostudio.music.prompt import merged, read

    reading = read(prompt)
    notes = list(reading.contradictions)
    if reading.unknown:
        notes.append(f"Not understood: {', '.join(one.text for one in reading.unknown)}.")
    return merged(reading.brief, given or Brief()), notes


def planned(brief: Brief) -> Plan:
    from audiostudio.music.planning import plan

    return plan(brief)


def require_length(manifest: EngineManifest, seconds: float) -> None:
    """Raises `RequestError` for what the engine cannot make so short, or so long."""
    longest = manifest.capabilities.longest
    if not SHORTEST <= seconds <= longest:
        most = f"{longest / 60:g} minutes" if longest >= 120 else f"{longest:g} seconds"
        raise RequestError(
            f"{manifest.title} cannot make {_length(seconds)} of music.",
            f"Ask for {SHORTEST:g} second to {most}" + (", or let a piece be extended." if seconds > longest else "."),
        )


def decoded(kind: type[T], data: Any) -> T:
    """Raises `RequestError` that names the place for another thing, and for values that nobody can work with."""
    try:
        found: T = decode(kind, data)
    except SchemaError as error:
        raise RequestError(f"The {kind.__name__.lower()} cannot be read: {error}.", "Make it anew.") from error
    if check := _CHECKS.get(kind):
        check(found)
    return found


def _seed(request: JsonObject, brief: Brief | None) -> int:
    """As asked for, as the prompt says, or drawn."""
    if request.get("seed") is not None:
        seed = int(request["seed"])
        if not -(2**63) <= seed < 2**63:  # what random generators of engines take
            raise RequestError("The seed is too large.", "Choose a number of 18 digits at most.")
        return seed
    return brief.seed if brief is not None and brief.seed else secrets.randbelow(_SEEDS)


def _require_words(prompt: str, brief: Brief | None, plan: Plan | None) -> None:
    if len(prompt) > MOST_PROMPT:
        raise RequestError(
            f"The prompt has {len(prompt):,} characters.",
            f"Say it in {MOST_PROMPT:,}: genre, mood, instruments, tempo.",
        )
    if not prompt and brief is None and plan is None:
        raise RequestError("Nothing says what music to make.", "Write a prompt such as “calm piano”, or take a preset.")


def _input(studio: Studio, name: str | None) -> tuple[Path | None, tuple[str, ...]]:
    """A recording that was named by its asset's id or its path; and the asset."""
    if not name:
        return None, ()
    source = source_named(studio, name)
    return source.path, () if source.asset is None else (source.asset.id,)


def _length(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds >= 7200 else f"{seconds:g} seconds"
