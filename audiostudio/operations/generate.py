"""A project's script into takes, one for each line, and one finished voiceover of them all.

Only lines without a take of the same recipe are spoken; the others keep theirs. Every take is in the library as soon
as it is whole, so that a run that was killed goes on where it stopped.
"""

import secrets
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from audiostudio.errors import MissingMedia, NotFound, RequestError, StorageError, StudioError
from audiostudio.files import scratch_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset, recipe_key
from audiostudio.operations.ability import notes, require_able
from audiostudio.operations.credentials import Ingredients, Seal
from audiostudio.operations.fitting import Fit, fitted
from audiostudio.operations.lines import AskedLine, MadeLine, places, spoken_lines, unplaced
from audiostudio.operations.speech import SAMPLE_RATE, Delivery, Recorder, chunks, recipe, rights, spoken_language
from audiostudio.operations.studio import Studio
from audiostudio.rights import inherited
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.timeline.project import TakeSource, new_id
from audiostudio.voices.voice import OWN

_BLOCK = 65_536
"""Samples of silence that are written at once."""
_SEEDS = 2**31
_VOICEOVER = 0.98
"""The share of the work that comes before the lines are joined."""


def generate(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, folder, name, lines: [{line, text, voice, …}]}` → `{asset, takes, made, lines, problems}`.

    What a line may have stands in `operations.script.line_request`. Also `only`: ids of the lines that may be made;
    when another has no take there is no voiceover, and what is wrong with it is not told. `join` false: none is wanted.
    `keep_places`: a voiceover's asset; lines that are in it do not come earlier than there, so that the gap behind a
    line that became shorter stays.
    `go_on`: a line that cannot be made is told as a partial `problem` `{line, number, error, sentence, hint}` and
    left out; else it ends the job.

    What the engine of a line leaves out of it is told before anything is made, as partials `note` `{line, number,
    message}`; a language that it does not speak ends the job there.

    Yields a partial `take` for each line as soon as it can be heard, with what the project stores of it. `lines` of
    the result are the ids of those that were made, `made` is their number.
    """
    if "folder" in request:
        studio.library.index_project(request["project"], request["name"], Path(request["folder"]))
    run = _Run(studio, request)
    lines = spoken_lines(request["lines"])
    total = sum(len(line.delivery.text) for line in lines) or 1
    yield from _look_ahead(studio, filter(run.may_make, lines), bool(request.get("go_on")))
    yield Progress(0.0, "Loading the voice")
    done = 0
    for line in lines:
        share = len(line.delivery.text)
        try:
            yield from run.take_of(line, done / total, share / total)
        except StorageError:
            raise
        except StudioError as error:
            if not request.get("go_on"):
                raise _at(error, line) from error
            run.problems.append({"line": line.id, "number": line.number, **_at(error, line).to_json()})
            yield Partial("problem", run.problems[-1])
        done += share
        yield Progress(_VOICEOVER * done / total, "Speaking")
    yield Progress(_VOICEOVER, "Joining the lines")
    complete = not run.missing and request.get("join", True)
    voiceover = (yield from run.voiceover()) if run.made and complete else None
    return {
        "asset": voiceover.id if voiceover else None,
        "takes": len(run.made),
        "made": len(run.spoken),
        "lines": run.spoken,
        "problems": run.problems,
    }


def _look_ahead(studio: Studio, lines: Iterable[AskedLine], go_on: bool) -> Iterator[Partial]:
    for line in lines:
        if line.take is not None:
            continue
        try:
            require_able(studio, line.delivery)
        except StudioError as error:
            if not go_on:  # else it is told in its turn
                raise _at(error, line) from error
        for message in notes(studio, line.delivery):
            yield Partial("note", {"line": line.id, "number": line.number, "message": message})


class _Run:
    """One run over the lines."""

    def __init__(self, studio: Studio, request: JsonObject) -> None:
        self._studio = studio
        self._request = request
        self._only = frozenset(request["only"]) if "only" in request else None
        self.made: list[MadeLine] = []
        self.spoken: list[str] = []
        """Ids of the lines that were made now."""
        self.missing = False
        """A line that may not be made has no take."""
        self.problems: list[JsonObject] = []

    def may_make(self, line: AskedLine) -> bool:
        return self._only is None or line.id in self._only

    def take_of(self, line: AskedLine, start: float, share: float) -> Generator[Progress | Partial, None, None]:
        """Find the take of a line, or make it if that may be. It has `share` of the work, from `start`."""
        may_make = self.may_make(line)
        again = line.again and may_make
        asset = None if again else self._own(line)
        if asset is None and may_make:
            asset = yield from self._found_or_made(line, again, start, share)
        elif asset is None:
            asset = self._found(line)
        if asset is None:
            self.missing = True
            return
        take = MadeLine(line, asset.id, int(asset.detail["samples"]), _key_of(asset), asset.detail.get("fit"))
        self.made.append(take)
        self._index(line, asset)
        yield self._partial(take, asset)

    def _own(self, line: AskedLine) -> Asset | None:
        """The take that the line plays, also where its voice is no longer here. Raises `MissingMedia` when a recording
        is gone."""
        if line.take is None:
            return None
        try:
            asset = self._studio.library.get(line.take)
        except NotFound:
            pass
        else:
            if not asset.binned and asset.path.is_file() and "samples" in asset.detail:
                return asset
        if line.source == TakeSource.MADE:
            return None
        raise MissingMedia(
            "The recording is gone.", "Relink it in the library, record it again or choose another take."
        )

    def _found(self, line: AskedLine) -> Asset | None:
        """The take of the same recipe; of a line that is not to be made, whatever is wrong with it."""
        try:
            return self._of_recipe(self._recipe(line))
        except RequestError:
            return None

    def _found_or_made(
        self, line: AskedLine, again: bool, start: float, share: float
    ) -> Generator[Progress | Partial, None, Asset]:
        if again:
            line = replace(line, delivery=self._varied(line.delivery))
        made_by = self._recipe(line) | ({"take": new_id()} if again else {})
        found = None if again else self._of_recipe(made_by)
        if found is not None:
            return found
        asset = yield from self._make(line, made_by, start, share)
        self.spoken.append(line.id)
        return asset

    def _recipe(self, line: AskedLine) -> JsonObject:
        made_by = recipe(self._studio, line.delivery)
        return made_by if line.fit is None else made_by | {"fit": line.fit}

    def _of_recipe(self, made_by: JsonObject) -> Asset | None:
        asset = self._studio.library.find_by_recipe(recipe_key(made_by))
        return asset if asset is not None and "samples" in asset.detail else None

    def _make(
        self, line: AskedLine, made_by: JsonObject, start: float, share: float
    ) -> Generator[Progress | Partial, None, Asset]:
        studio, delivery = self._studio, line.delivery
        fit: Fit | None = None
        ingredients = Ingredients(studio)
        ingredients.add_speech(delivery)
        seal = ingredients.seal(_beginning(delivery.text), rights(studio, delivery))
        with scratch(studio) as path:
            with SoundWriter(path, SAMPLE_RATE, 1, "wav", seal=seal) as writer:
                recorder = Recorder(writer, keep_detail=True)
                if line.fit is None:
                    speech = chunks(studio, delivery)
                else:
                    held, fit = yield from fitted(studio, delivery, line.fit)
                    speech = iter(held)
                for chunk in speech:
                    words = recorder.add(chunk)
                    here = words[-1].source_end / len(delivery.text) if words else 0.0
                    yield Progress(_VOICEOVER * (start + share * here), "Speaking")
                recorder.finish()
            return studio.library.add(
                path,
                NewAsset(
                    AssetKind.VOICEOVER,
                    self._source(delivery),
                    f"{self._request['name']} – {_beginning(delivery.text)}",
                    rights=rights(studio, delivery),
                    media=MediaInfo(recorder.samples / SAMPLE_RATE, SAMPLE_RATE, 1),
                    text=delivery.text,
                    recipe=made_by,
                    project=self._request.get("project"),
                    line=line.id,
                    take_only=True,
                    detail=recorder.detail() | ({} if fit is None else {"fit": fit.to_json()}),
                ),
            )

    def _varied(self, delivery: Delivery) -> Delivery:
        """With another seed, where the engine has one."""
        manifest, _ = self._studio.engines.resolve(delivery.voice)
        return replace(delivery, seed=secrets.randbelow(_SEEDS)) if manifest.capabilities.seed else delivery

    def _source(self, delivery: Delivery) -> AssetSource:
        manifest, voices = self._studio.engines.resolve(delivery.voice)
        if manifest.capabilities.cloning == "clone" and any(one.id.startswith(OWN) for one, _ in voices):
            return AssetSource.CLONED
        return AssetSource.AI_VOICE if manifest.capabilities.remote else AssetSource.TTS

    def _index(self, line: AskedLine, asset: Asset) -> None:
        """Let the library know which takes a line of a project has, and that it speaks with this one now."""
        project = self._request.get("project")
        if project is None:
            return
        known = {one.asset.id: one for one in self._studio.library.takes(project, line.id)}
        one = known.get(asset.id)
        if one is None:
            self._studio.library.add_take(project, line.id, asset.id, asset.detail["words"])
        elif not one.chosen:
            self._studio.library.choose_take(project, line.id, one.number)

    def _partial(self, take: MadeLine, asset: Asset) -> Partial:
        asked = take.asked
        data: JsonObject = {
            "line": asked.id,
            "text": asked.delivery.text,
            "asset": asset.id,
            "content_hash": asset.content_hash,
            "path": asset.path.relative_to(self._studio.library.media).as_posix(),
            "recipe_key": take.recipe_key,
            "samples": take.samples,
            "sample_rate": SAMPLE_RATE,
            "words": asset.detail.get("words", []),
        }
        settings = asked.delivery.to_json()
        data |= {name: settings[name] for name in ("performance", "pronunciations") if name in settings}
        if asked.source != TakeSource.MADE:
            data["source"] = asked.source
        if asked.fit is not None:
            data |= {"fitted": asked.fit, "fit": take.fit}
        return Partial("take", data)

    def voiceover(self) -> Generator[Progress, None, Asset]:
        """The takes one after the other, as one asset; the one that is there when nothing changed."""
        plain = places([unplaced(take) for take in self.made])
        starts = places(self.made, self._former())
        made_by: JsonObject = {
            "operation": "voiceover",
            "lines": [[take.recipe_key, take.asked.pause_after] for take in self.made],
            "sample_rate": SAMPLE_RATE,
        }
        if starts != plain:
            made_by["starts"] = starts
        lines = [self._told(take, start) for take, start in zip(self.made, starts, strict=True)]
        present = self._studio.library.find_by_recipe(recipe_key(made_by))
        if present is not None:
            if present.detail.get("lines") == lines:
                return present
            return self._studio.library.update_detail(present.id, {"lines": lines})
        length = starts[-1] + self.made[-1].samples
        with scratch(self._studio) as path:
            with SoundWriter(path, SAMPLE_RATE, 1, "wav", seal=self._seal()) as writer:
                for take, start in zip(self.made, starts, strict=True):
                    _write_silence(writer, start - writer.samples)
                    sound = self._studio.library.get(take.asset).path
                    for samples in decode(sound, SAMPLE_RATE, mono=True):
                        writer.write(samples)
                    yield Progress(_VOICEOVER + (1 - _VOICEOVER) * writer.samples / length, "Joining the lines")
            return self._studio.library.add(
                path,
                NewAsset(
                    AssetKind.VOICEOVER,
                    AssetSource.TTS,
                    self._request["name"],
                    media=MediaInfo(length / SAMPLE_RATE, SAMPLE_RATE, 1),
                    text="\n".join(take.asked.delivery.text for take in self.made),
                    recipe=made_by,
                    made_of=tuple(dict.fromkeys(take.asset for take in self.made)),
                    project=self._request.get("project"),
                    detail={"lines": lines, "samples": length},
                ),
            )

    def _seal(self) -> Seal:
        """Of the voiceover."""
        ingredients = Ingredients(self._studio)
        ingredients.add_assets(take.asset for take in self.made)
        assets = (self._studio.library.get(take.asset) for take in self.made)
        return ingredients.seal(self._request["name"], inherited(asset.rights for asset in assets))

    def _told(self, take: MadeLine, start: int) -> JsonObject:
        """A line of a voiceover's detail. `fit` and `late` (seconds after its time) where it has a slot. Its words are
        with its take: together they would be more than all else of an audiobook in memory."""
        told: JsonObject = {
            "line": take.asked.id,
            "text": take.asked.delivery.text,
            "start": start,
            "samples": take.samples,
            "take": take.asset,
            "language": self._language(take.asked.delivery),
        }
        if take.asked.speaker:
            told["speaker"] = take.asked.speaker
        if take.asked.slot is not None:
            told["late"] = round(start / SAMPLE_RATE - take.asked.slot.start, 3)
            told["fit"] = take.fit
        return told

    def _language(self, delivery: Delivery) -> str | None:
        """None: only its voice would tell, and that is no longer here."""
        try:
            return spoken_language(self._studio, delivery)
        except RequestError:
            return delivery.language or None

    def _former(self) -> dict[str, int]:
        """Where lines were in the voiceover whose places are to be kept."""
        asset_id = self._request.get("keep_places")
        if asset_id is None:
            return {}
        try:
            detail = self._studio.library.get(asset_id).detail
        except NotFound:
            return {}
        return {line["line"]: line["start"] for line in detail.get("lines", [])}


def _key_of(asset: Asset) -> str:
    return recipe_key(asset.recipe) if asset.recipe is not None else f"content {asset.content_hash}"


def _at(error: StudioError, line: AskedLine) -> StudioError:
    """The error with its place."""
    return type(error)(f"Line {line.number}: {error.sentence}", error.hint)


def _write_silence(writer: SoundWriter, samples: int) -> None:
    while samples > 0:
        writer.write(np.zeros(min(samples, _BLOCK), np.float32))
        samples -= _BLOCK


@contextmanager
def scratch(studio: Studio) -> Iterator[Path]:
    """A path for a sound on its way to the library, beside it so that the move is a rename."""
    with scratch_file(studio.library.workshop / "take.wav") as path:
        yield path


def _beginning(text: str, words: int = 6) -> str:
    """The first words of a text, for a name."""
    parts = text.split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")
