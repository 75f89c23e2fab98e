"""Making a voice of recordings: looked at, agreed to, learnt, and kept whole or not at all."""

import contextlib
import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Learnt, VoiceMaker
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.speakers import SpeakerEncoder
from audiostudio.errors import RequestError, UnknownLanguage, UnsupportedSetting
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library.moves import content_hash
from audiostudio.operations import OPERATIONS
from audiostudio.operations.listening import recognise
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices import characteristics, consent
from audiostudio.operations.voices.sounds import heard, speaker
from audiostudio.rights import Rights, inherited
from audiostudio.script.language import language as find_language
from audiostudio.sound.files import Sound, write_sound
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.shape import is_text
from audiostudio.voices.voice import OWN, Card, Consent, KeptVoice, OwnVoice, Sample

RATE = 48_000
_MOST_SAMPLES = 50
_LONGEST_NAME = 80
_EXCERPT = 20
"""Seconds."""

Steps = Generator[Progress | Partial, None, JsonObject]


@dataclass(frozen=True, slots=True)
class _Source:
    """A recording to learn from."""

    path: Path
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A consent, the terms it sets, and the phrase that was answered with which recording; None: none was."""

    consent: Consent
    rights: Rights
    phrase: tuple[str, str] | None


def create(studio: Studio, request: JsonObject) -> Steps:
    """`{name, engine, language, samples: [{path, name}], consent, options, card, keep_samples}` → `{voice, name,
    engine, method, revision, rights, found, alike}`, and what the engine tells of how near it came.

    `engine`: a name, or `match`. `consent`: see `consent.record`. `alike`: own voices that sound like the same person.
    Partials: `sample` for each that was looked at, `note` `{message}`.
    Raises `RequestError` for what cannot be, with the reason; `ModelMissing`, `EngineUnavailable`, `EngineFailed`,
    `KeyNeeded`, `UnknownLanguage`, `UnreadableMedia`, `StorageError`. Nothing is left of a voice that was not finished.
    """
    name = require_name(studio, request["name"])
    manifest = maker(studio.engines, request["engine"])
    consent.require_form(request["consent"])
    voice = OWN + secrets.token_hex(8)
    run = _Run(studio, manifest, request, voice)
    return (yield from run.create(_card(request.get("card") or {}, name)))


def retrain(studio: Studio, request: JsonObject) -> Steps:
    """As `create`, with `voice`, and without `name` and `engine`: `samples` are learnt from together with those that
    the voice has kept. Without `consent` the one that was given counts, if the same person speaks."""
    kept = studio.voices.get(request["voice"])
    manifest = maker(studio.engines, kept.voice.engine)
    if request.get("consent"):
        consent.require_form(request["consent"])
    run = _Run(studio, manifest, {"language": kept.voice.language} | request, kept.voice.id)
    card = kept.card
    if request.get("name") and request["name"].strip() != card.name:
        card = replace(card, name=require_name(studio, request["name"], but=kept.voice.id))
    return (yield from run.retrain(kept, card))


def maker(engines: EngineRegistry, name: str) -> EngineManifest:
    """The engine that makes voices, by its name or by `match`. Raises `NotFound`, `UnsupportedSetting`."""
    makers = [one for one in engines.manifests() if one.capabilities.cloning]
    for one in makers:
        if name == one.name or (name == "match" and one.capabilities.cloning == "match"):
            return one
    title = engines.manifest(name).title
    known = ", ".join("match" if one.capabilities.cloning == "match" else one.name for one in makers)
    raise UnsupportedSetting(f"{title} cannot make a voice of recordings.", f"Choose one of: {known}.")


def require_name(studio: Studio, text: str, but: str = "") -> str:
    """A name that no other own voice has. Raises `RequestError`."""
    name = " ".join(text.split())
    if not is_text(name, lines=False):
        raise RequestError("The name holds signs that cannot be shown.", "Type it again.")
    if not name or len(name) > _LONGEST_NAME or name.startswith(OWN) or any(one in name for one in ":+"):
        raise RequestError(
            f"“{name[:40]}” cannot be the name of a voice.", f"Up to {_LONGEST_NAME} letters, without “:” and “+”."
        )
    for one in studio.voices.voices():
        if one.card.name.casefold() == name.casefold() and one.voice.id != but:
            raise RequestError(f"There is already a voice called “{one.card.name}”.", "Choose another name.")
    return name


def free_name(studio: Studio, name: str) -> str:
    """The name, with a number where another voice has it."""
    taken = {one.card.name.casefold() for one in studio.voices.voices()}
    number, found = 2, name
    while found.casefold() in taken:
        found, number = f"{name} {number}", number + 1
    return found


class _Run:
    """One making of one voice."""

    def __init__(self, studio: Studio, manifest: EngineManifest, request: JsonObject, identity: str) -> None:
        self._studio = studio
        self._manifest = manifest
        self._request = request
        self._id = identity
        self._language = find_language(request["language"]).tag if request.get("language") else ""
        self._samples = [(absolute(one["path"]), one.get("name") or "") for one in request["samples"]]
        if not 0 < len(self._samples) <= _MOST_SAMPLES:
            raise RequestError(f"{len(self._samples)} samples cannot be used.", f"Add one to {_MOST_SAMPLES}.")
        if self._language:
            _require_spoken(manifest, self._language)

    def create(self, card: Card) -> Steps:
        engine = yield from self._engine()
        sources = yield from part_of(self._looked_at(), 0.02, 0.2)
        with self._studio.voices.new() as place:
            work = part_of(consent.record(self._studio, self._request["consent"], _paths(sources), place), 0.22, 0.13)
            given, rights, digest = yield from work
            phrase = (self._request["consent"]["phrase"], digest) if digest else None
            return (yield from self._made(engine, sources, place, card, _Agreed(given, rights, phrase)))

    def retrain(self, kept: KeptVoice, card: Card) -> Steps:
        engine = yield from self._engine()
        self._studio.voices.verify(kept.voice.id)
        old = self._studio.voices.path(kept.voice.id)
        before = [_Source(old / one.file, one.name, one.score) for one in kept.voice.samples if one.file]
        if not before:
            yield Partial("note", {"message": "The earlier samples were not kept: it learns from the new ones alone."})
        added = yield from part_of(self._looked_at(), 0.02, 0.2)
        with self._studio.voices.new() as place:
            agreed = yield from self._agreed_again(kept.voice, old, added, place)
            return (yield from self._made(engine, [*before, *added], place, card, agreed, kept.voice))

    def _engine(self) -> Generator[Progress, None, VoiceMaker]:
        """Loaded before anything else is done: what it lacks is told at once."""
        yield Progress(0.0, f"Loading {self._manifest.title}")
        if self._manifest.needs_key:
            self._studio.accounts.key(self._manifest.name, self._manifest.title)
        return self._studio.engines.maker(self._manifest.name)

    def _looked_at(self) -> Generator[Progress | Partial, None, list[_Source]]:
        """The samples with their scores. Raises `RequestError` for one that cannot work."""
        asked = {"files": [str(path) for path, _ in self._samples], "keep": True, "language": self._language}
        result = yield from OPERATIONS["voice.check"].body(self._studio, asked)
        for one in result["samples"]:
            if one["verdict"] == "refused":
                raise _refused(one)
        together = result["together"]
        if together["verdict"] == "refused":
            raise RequestError(together["sentence"], together["hint"])
        self._require_language([one.get("language") or "" for one in result["samples"]])
        names = [name or path.name for path, name in self._samples]
        found = zip(self._samples, names, result["samples"], strict=True)
        return [_Source(path, name, float(one["score"])) for (path, _), name, one in found]

    def _require_language(self, heard: Sequence[str]) -> None:
        """What is spoken in the samples, where nobody said so. Raises `UnknownLanguage`."""
        if not self._language:
            known = [one for one in heard if one]
            self._language = find_language(max(known, key=known.count) if known else "en").tag
            _require_spoken(self._manifest, self._language)

    def _agreed_again(
        self, voice: OwnVoice, old: Path, added: Sequence[_Source], place: Path
    ) -> Generator[Progress, None, _Agreed]:
        asked = self._request.get("consent")
        if asked:
            given, rights, digest = yield from part_of(
                consent.record(self._studio, asked, _paths(added), place), 0.22, 0.13
            )
            return _Agreed(given, rights, (asked["phrase"], digest) if digest else None)
        yield Progress(0.22, "Comparing the voices")
        known = characteristics.speaker_of(old)
        if known is None:
            raise RequestError("Nobody can tell whether the same person speaks.", "Add a consent.")
        consent.same_speaker(self._studio, _paths(added), known)
        for name in filter(None, (voice.consent.recording, voice.consent.document)):
            (place / name).write_bytes((old / name).read_bytes())
        return _Agreed(voice.consent, _consented(voice), None)

    def _made(
        self,
        engine: VoiceMaker,
        sources: Sequence[_Source],
        place: Path,
        card: Card,
        agreed: _Agreed,
        before: OwnVoice | None = None,
    ) -> Steps:
        sounds = yield from part_of(_prepared(sources, VoiceFolder.workshop(place)), 0.35, 0.05)
        learnt = yield from part_of(engine.learn(sounds, place, self._options()), 0.4, 0.45)
        yield Progress(0.85, "Listening to the voice")
        embedding = speaker(SpeakerEncoder(self._studio.models), sounds)
        found = yield from part_of(self._found(sounds, sources), 0.86, 0.12)
        characteristics.keep_speaker(embedding, place)
        samples = _kept_samples(sources, sounds, place, bool(self._request.get("keep_samples", True)))
        card = card if card.gender != "neutral" or before else replace(card, gender=found.get("gender", "neutral"))
        voice = OwnVoice(
            self._id,
            self._manifest.name,
            self._manifest.capabilities.cloning,
            self._language,
            agreed.consent,
            samples,
            tuple((name, content_hash(place / name)) for name in learnt.files),
            inherited([self._manifest.rights, agreed.rights]),
            before.created if before else datetime.now(UTC).isoformat(timespec="seconds"),
            revision=before.revision + 1 if before else 1,
            made_by=self._made_by(learnt, agreed.rights),
            found=found,
            origin=before.origin if before else "",
        )
        near = characteristics.alike(self._studio, embedding, self._id)
        for one in near[:1]:
            yield Partial("note", {"message": f"It sounds like “{one['name']}”, a voice that is there already."})
        yield Progress(0.98, "Keeping the voice")
        card = self._card_now(card, before is not None)
        with self._answering(agreed):
            kept = self._studio.voices.keep(place, voice, card)
        return learnt.made_by | told(kept) | {"alike": near}

    def _card_now(self, card: Card, again: bool) -> Card:
        """What was written on the voice meanwhile stays; of a new one another may have taken the name."""
        if not again:
            return replace(card, name=free_name(self._studio, card.name))
        now = next((one.card for one in self._studio.voices.voices() if one.voice.id == self._id), card)
        return replace(now, name=card.name) if self._request.get("name") else now

    def _options(self) -> Mapping[str, str]:
        given = {str(name): str(value) for name, value in (self._request.get("options") or {}).items()}
        return given | {"language": self._language, "name": str(self._request.get("name") or self._id)}

    def _made_by(self, learnt: Learnt, rights: Rights) -> JsonObject:
        made: JsonObject = {"engine_version": self._manifest.version, "models": list(self._manifest.models)}
        return made | learnt.made_by | {"options": dict(self._options()), "consent_rights": rights.to_json()}

    def _found(self, sounds: Sequence[Path], sources: Sequence[_Source]) -> Generator[Progress, None, JsonObject]:
        """What `OwnVoice.found` holds."""
        measured = characteristics.pitch(sounds)
        excerpt = _excerpt(sounds[0])
        words = yield from recognise(self._studio, excerpt, self._language)
        spoken = sum(one.end - one.start for one in words.words)
        found = measured.to_json() | {"gender": measured.gender}
        if spoken > 1.0:
            found["rate"] = round(float(len(words.words) / spoken), 2)
        return found | {"score": round(float(np.mean([one.score for one in sources])), 1)}

    @contextlib.contextmanager
    def _answering(self, agreed: _Agreed) -> Iterator[None]:
        if agreed.phrase is None:
            yield
            return
        with consent.phrases(self._studio).answered(*agreed.phrase):
            yield


def told(kept: KeptVoice) -> JsonObject:
    """Of a voice, for the result of a job."""
    voice = kept.voice
    return {
        "voice": voice.id,
        "name": kept.card.name,
        "engine": voice.engine,
        "method": voice.method,
        "revision": voice.revision,
        "rights": voice.rights.to_json(),
        "found": voice.found,
    }


def _require_spoken(manifest: EngineManifest, tag: str) -> None:
    known = manifest.capabilities.languages
    if known and tag.split("-")[0] not in {one.split("-")[0] for one in known}:
        raise UnknownLanguage(
            f"{manifest.title} does not speak {find_language(tag).name}.",
            f"It speaks {', '.join(known)}. Choose another engine, or samples in another language.",
        )


def _consented(voice: OwnVoice) -> Rights:
    known = voice.made_by.get("consent_rights")
    return Rights.from_json(known) if known else Rights("unknown", None)


def _paths(sources: Sequence[_Source]) -> list[Path]:
    return [one.path for one in sources]


def _refused(sample: JsonObject) -> RequestError:
    worst = next((one for one in sample["findings"] if one["level"] == "refuse"), None)
    sentence, hint = (worst["sentence"], worst["hint"]) if worst else ("It cannot be used.", "Choose another.")
    return RequestError(f"{sample['name']}: {sentence}", hint)


def _prepared(sources: Sequence[_Source], folder: Path) -> Generator[Progress, None, list[Path]]:
    """The recordings as engines want them: mono WAVs, 48 kHz."""
    sounds = []
    for number, one in enumerate(sources):
        yield Progress(number / len(sources), f"Reading {one.name}")
        path = folder / f"{number + 1}.wav"
        write_sound(path, Sound(heard(one.path, RATE)[np.newaxis], RATE))
        sounds.append(path)
    return sounds


def _excerpt(sound: Path) -> Path:
    """The beginning of a sound, which tells how fast somebody speaks."""
    audio = heard(sound, RATE)
    if len(audio) <= _EXCERPT * RATE:
        return sound
    path = sound.with_name("excerpt.wav")
    write_sound(path, Sound(audio[np.newaxis, : _EXCERPT * RATE], RATE))
    return path


def _kept_samples(sources: Sequence[_Source], sounds: Sequence[Path], place: Path, keep: bool) -> tuple[Sample, ...]:
    """Their records; with `keep` also their sound, in the voice's folder."""
    found = []
    for number, (one, path) in enumerate(zip(sources, sounds, strict=True), 1):
        sound: NDArray[np.float32] = heard(path, RATE)
        kept, name = path, ""
        if keep:
            name = f"samples/{number}.flac"
            kept = place / name
            write_sound(kept, Sound(sound[np.newaxis], RATE), "flac")
        found.append(Sample(name, one.name, round(len(sound) / RATE, 3), content_hash(kept), round(one.score, 1)))
    return tuple(found)


def _card(data: JsonObject, name: str) -> Card:
    tags = tuple(dict.fromkeys(" ".join(str(one).split()) for one in data.get("tags", ()) if str(one).strip()))
    texts = {one: str(data[one]) for one in ("description", "slot", "gender", "sentence") if data.get(one)}
    return Card(name, tags=tags, **texts)
