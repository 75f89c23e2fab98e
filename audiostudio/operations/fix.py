"""New takes of lines that are not good, until one is.

How a take is varied depends on what its engine can do: another seed where it has seeds; the same once more where it
runs elsewhere and never says a thing twice in the same way; else a speed 2 or 4 per cent faster or slower, which
nobody hears as another speed and which makes the engine say it anew.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from audiostudio.engines.base import Capabilities
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.operations.aligning import keep_words
from audiostudio.operations.check import Checked, checked_take
from audiostudio.operations.generate import generate
from audiostudio.operations.listening import rater
from audiostudio.operations.progress import part_of
from audiostudio.operations.speech import Delivery
from audiostudio.operations.studio import Studio
from audiostudio.operations.verdict import Level, penalty
from audiostudio.timeline.project import TakeSource

TRIES = 5
"""New takes of a line at most, where nobody asks for another number."""
_SPEEDS = (0.98, 1.02, 0.96, 1.04)


@dataclass(frozen=True, slots=True)
class _Take:
    """A take and what was found in it."""

    line: JsonObject
    """As it was asked for."""
    asset: Asset
    checked: Checked

    @property
    def penalty(self) -> float:
        return penalty(self.checked.check, self.checked.asked)


def fix(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, name, lines, tries}`; lines as of `speech.generate`, with `asset` where there is a take already →
    `{lines: [{line, asset, verdict, tries}], good}`.

    A take that is good stays. Of the others every new take comes as a partial `take` and its findings as those of
    `check_takes`; the best of all, old ones among them, comes last as a partial `best` `{line, asset, verdict,
    tries}`. Recorded and imported takes are judged, never made anew. Raises as `generate` and `check_takes` do.
    """
    lines: list[JsonObject] = request["lines"]
    fixing = _Fix(studio, request)
    best: list[JsonObject] = []
    for number, line in enumerate(lines):
        found = yield from fixing.best_of(line, number / len(lines), 1 / len(lines))
        best.append(found)
        yield Partial("best", found)
    return {"lines": best, "good": sum(one["verdict"] == Level.GOOD for one in best)}


class _Fix:
    def __init__(self, studio: Studio, request: JsonObject) -> None:
        self._studio = studio
        self._request = request
        self._tries = int(request.get("tries", TRIES))
        self._dnsmos = rater(studio)

    def best_of(self, line: JsonObject, start: float, share: float) -> Generator[Progress | Partial, None, JsonObject]:
        """Judge the take that is there, then make others while they are wanted."""
        step = share / (self._tries + 1)
        takes: list[_Take] = []
        if line.get("asset"):
            asset = self._studio.library.get(line["asset"])
            takes.append((yield from self._judged(line, asset, start, step)))
        made = 0
        for varied in self._variants(line):
            if made == self._tries or (takes and takes[-1].checked.verdict.level is Level.GOOD):
                break
            made += 1
            asset = yield from self._made(varied, start + made * step, step / 2)
            takes.append((yield from self._judged(varied, asset, start + (made + 0.5) * step, step / 2)))
        best = min(takes, key=lambda one: one.penalty)
        if made and best is not takes[-1]:
            yield from self._made({**best.line, "take": best.asset.id, "again": False}, start + share, 0.0)
        level = best.checked.verdict.level
        return {"line": line["line"], "asset": best.asset.id, "verdict": level, "tries": made}

    def _variants(self, line: JsonObject) -> Iterator[JsonObject]:
        """The line in other ways, the first as it is unless it has a take already."""
        if line.get("source", TakeSource.MADE) != TakeSource.MADE:
            return
        bare = {name: value for name, value in line.items() if name not in ("take", "asset")}
        if not line.get("asset"):
            yield bare
        manifest, _ = self._studio.engines.resolve(line["voice"])
        yield from _varied(bare, manifest.capabilities, self._tries)

    def _made(self, line: JsonObject, start: float, share: float) -> Generator[Progress | Partial, None, Asset]:
        making = generate(self._studio, {**self._request, "lines": [line], "join": False})
        asset = ""
        for event in making:
            if isinstance(event, Progress):
                yield Progress(start + share * (event.fraction or 0.0), event.message)
                continue
            if event.kind == "take":
                asset = event.data["asset"]
            yield event
        return self._studio.library.get(asset)

    def _judged(
        self, line: JsonObject, asset: Asset, start: float, share: float
    ) -> Generator[Progress | Partial, None, _Take]:
        checking = checked_take(self._studio, Delivery.from_json(line), asset, self._dnsmos)
        found = yield from part_of(checking, start, share)
        yield Partial("check", {"line": line["line"], "asset": asset.id, **found.to_json()})
        yield from keep_words(self._studio, asset, line["line"], line["text"], found.words)
        return _Take(line, asset, found)


def _varied(line: JsonObject, able: Capabilities, tries: int) -> Iterator[JsonObject]:
    """The line as the engine would say it anew; nothing where it cannot."""
    if able.seed:
        for number in range(1, tries + 1):
            yield line | {"seed": int(line.get("seed", 0)) + number}
    elif able.remote:
        for _ in range(tries):
            yield line | {"again": True}
    elif able.speed is not None:
        speed = float(line.get("speed", 1.0))
        least, most = able.speed
        wanted: list[dict[str, Any]] = [{"speed": round(speed * factor, 4)} for factor in _SPEEDS]
        yield from (line | one for one in wanted if least <= one["speed"] <= most)
