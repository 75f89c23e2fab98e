"""The composer's sound: a score played by a SoundFont and by synthesizers, mixed and mastered.

What is composed, and how, is in `audiostudio.music`; here it becomes files.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from audiostudio.engines.base import EngineManifest, Models, MusicPiece, MusicRequest
from audiostudio.engines.composer.band import Band
from audiostudio.engines.composer.mastering import Character, coloured, end, finish
from audiostudio.engines.composer.mixing import Returns, Space, Strip, balance, kicks
from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Player, Sound, hits
from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.music.genres import genres
from audiostudio.music.plan import LONGEST, SHORTEST, Plan
from audiostudio.music.score import Part, Score, TempoAt
from audiostudio.sound.effects import STEP
from audiostudio.sound.files import SoundWriter

_BLOCK = 1 << 18
"""Samples that all parts play before they go on."""
_FADE = 1.2
"""Seconds in which a piece falls silent at its very end, at most."""
_MOST = 100
"""Pieces of one request."""


class Composer:
    """A `MusicEngine`."""

    device = "the processor"

    def __init__(self, models: Models, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._band = Band(models)

    def make(self, request: MusicRequest, folder: Path) -> Generator[Progress, None, tuple[MusicPiece, ...]]:
        if request.continues or request.melody:
            raise UnsupportedSetting(
                f"{self.manifest.title} cannot go on from a recording, or follow its melody.", "Choose MusicGen."
            )
        if request.options:
            raise UnsupportedSetting(
                f"{self.manifest.title} has no setting “{request.options[0][0][:40]}”.", "Say it in the prompt."
            )
        if request.plan is None:
            _require_length(request.seconds)
        if not 1 <= request.count <= _MOST:
            raise RequestError(f"{request.count} pieces cannot be made at once.", f"Ask for 1 to {_MOST}.")
        pieces = []
        for number in range(request.count):
            share = (number / request.count, 1 / request.count)
            pieces.append((yield from self._piece(request, number, folder, share)))
        return tuple(pieces)

    def audition(self, plan: Plan, seconds: float, folder: Path, name: str) -> Generator[Progress, None, None]:
        """Write so many seconds of a plan's most typical section as `NAME.wav`. Raises what `make` raises."""
        from audiostudio.music.composing import compose

        yield Progress(0.0, "Composing")
        yield from render(self._band, moment(compose(plan), seconds), plan, folder, name, stems=False)

    def close(self) -> None:
        self._band.close()

    def _piece(
        self, request: MusicRequest, number: int, folder: Path, share: tuple[float, float]
    ) -> Generator[Progress, None, MusicPiece]:
        start, part = share
        yield Progress(start, "Composing")
        seed = request.seed + number
        plan = self._plan(request, seed)
        from audiostudio.music.composing import compose

        score = compose(plan, request.vocals)
        name = f"piece-{number + 1}"
        stems = yield from render(self._band, score, plan, folder, name, request.stems, (start, part))
        return MusicPiece(f"{name}.wav", plan.seed, stems, plan, score)

    def _plan(self, request: MusicRequest, seed: int) -> Plan:
        from audiostudio.music.planning import plan
        from audiostudio.music.prompt import read

        if request.plan is None:
            brief = read(request.prompt).brief
            return plan(replace(brief, seconds=request.seconds, seed=seed))
        if seed == request.seed:
            return request.plan
        sections = tuple(replace(one, seed=one.seed + seed - request.seed) for one in request.plan.sections)
        return replace(request.plan, seed=request.plan.seed + seed - request.seed, sections=sections)


def create(models: Models, manifest: EngineManifest) -> Composer:
    return Composer(models, manifest)


@dataclass
class _Line:
    """A part on its way."""

    part: Part
    player: Player
    strip: Strip
    returns: Returns
    writer: SoundWriter | None = None
    file: str = ""
    sends: bool = field(init=False)

    def __post_init__(self) -> None:
        self.sends = bool(self.strip.reverb or self.strip.echo)


def render(
    band: Band, score: Score, plan: Plan, folder: Path, name: str, stems: bool, share: tuple[float, float] = (0.0, 1.0)
) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
    """Write a score's mastered mix as `NAME.wav` into `folder` and, if wanted, its parts as `NAME-1.wav`, …; (name of
    the part, file) of these. 32-bit float, 48 kHz, stereo, exactly `score.seconds` long.

    Raises `RequestError` for a score of silence, and what loading its instruments raises.
    """
    _require_length(score.seconds)
    samples = round(score.seconds * SAMPLE_RATE)
    mix = np.zeros((2, -(-samples // STEP) * STEP), np.float32)
    parts = [(part, hits(score, part, samples)) for part in score.parts if not part.muted and part.notes]
    begin, whole = share
    with ExitStack() as files:
        lines = yield from _lines(band, score, plan, parts, begin, whole * 0.2)
        space = Returns(_space(plan))
        if stems:
            for number, line in enumerate(lines):
                line.file = f"{name}-{number + 1}.wav"
                line.writer = files.enter_context(SoundWriter(folder / line.file, SAMPLE_RATE, 2, "wav32f"))
        for at in range(0, mix.shape[1], _BLOCK):
            count = min(_BLOCK, mix.shape[1] - at)
            for _ in _block(lines, space, mix[:, at : at + count], at, samples, stems):
                yield Progress(begin + whole * (0.2 + 0.5 * at / mix.shape[1]), "Playing the instruments")
    mix_end = _fade(score, samples)
    end(mix, samples, mix_end)
    yield Progress(begin + whole * 0.7, "Mastering")
    coloured(mix, _character(plan), plan.seed)
    end(mix, samples, min(mix_end, SAMPLE_RATE // 20))
    yield Progress(begin + whole * 0.75, "Mastering")
    for _ in finish(mix, samples, folder / f"{name}.wav"):
        yield Progress(begin + whole * 0.85, "Mastering")
    return tuple((line.part.name, line.file) for line in lines if line.file)


def _require_length(seconds: float) -> None:
    if not SHORTEST <= seconds <= LONGEST:
        raise RequestError(
            f"A piece of {seconds:g} seconds cannot be composed.",
            f"Ask for {SHORTEST:g} second to {LONGEST / 60:g} minutes.",
        )


def moment(score: Score, seconds: float) -> Score:
    """A stretch of a score that shows what it is like: where its liveliest section begins, as one of its own."""
    seconds = min(seconds, score.seconds)
    lively = max(score.sections, key=lambda one: (one.energy, -one.bar), default=None)
    begin = lively.bar * score.metre.bar if lively else 0
    if score.seconds - score.seconds_at(begin) < seconds:
        begin = 0
    bpm = max((one for one in score.tempo if one.tick <= begin), key=lambda one: one.tick).bpm
    tempo = (TempoAt(0, bpm), *(TempoAt(one.tick - begin, one.bpm) for one in score.tempo if one.tick > begin))
    parts = tuple(
        replace(
            part, notes=tuple(note._replace(start=note.start - begin) for note in part.notes if note.start >= begin)
        )
        for part in score.parts
    )
    return replace(score, tempo=tempo, parts=parts, seconds=seconds)


def _lines(
    band: Band, score: Score, plan: Plan, parts: list[tuple[Part, list[Hit]]], begin: float, whole: float
) -> Generator[Progress, None, list[_Line]]:
    """Every part with its player, at its level."""
    space = _space(plan)
    beats = kicks(parts)
    hints = _hints(plan)
    lines = []
    for number, (part, played) in enumerate(parts):
        yield Progress(begin + whole * number / len(parts), f"Tuning {part.name}")
        player = band.player(part.instrument, score.key.tonic)
        gain = balance(part, played, player) + hints.get(str(part.role), 0.0)
        lines.append(_Line(part, player(played), Strip(part, gain, space, beats), Returns(space)))
    return lines


def _block(lines: list[_Line], space: Returns, out: Sound, at: int, samples: int, apart: bool) -> Iterator[None]:
    """Add all parts to a stretch of the mix; a place to cancel after each."""
    room, echo = np.zeros_like(out), np.zeros_like(out)
    for line in lines:
        dry = line.strip.process(line.player.play(out.shape[1]))
        if apart:
            wet = line.returns.process(dry * line.strip.reverb, dry * line.strip.echo) if line.sends else 0.0
            dry += wet
            assert line.writer is not None
            line.writer.write(dry[:, : max(0, samples - at)])
        else:
            room += dry * line.strip.reverb
            echo += dry * line.strip.echo
        out += dry
        yield
    if not apart:
        out += space.process(room, echo)


def _fade(score: Score, samples: int) -> int:
    """How long the end fades, in samples: not before the last notes end, but a little in any case."""
    last = max((score.seconds_at(note.start + note.length) for part in score.parts for note in part.notes), default=0.0)
    return round(min(_FADE, max(0.25, score.seconds - last), score.seconds / 4) * SAMPLE_RATE)


def _hints(plan: Plan) -> dict[str, float]:
    found = genres().get(plan.genre)
    return dict(found.mix) if found else {}


def _space(plan: Plan) -> Space:
    hints = _hints(plan)
    room = hints.get("room", 0.4)
    return Space(plan.bpm, 25 + 65 * room, 0.1 + 0.2 * room, hints.get("pump", 0.0))


def _character(plan: Plan) -> Character:
    hints = _hints(plan)
    names = ("drive", "wow", "crackle", "bright", "width")
    return Character(**{name: float(hints[name]) for name in names if name in hints})
