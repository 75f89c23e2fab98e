"""A voice in one file, and out of one."""

import secrets
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from audiostudio.errors import EngineUnavailable, RequestError, UnreadableMedia
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.progress import told
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.create import free_name
from audiostudio.operations.voices.create import told as facts
from audiostudio.rights import inherited
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.sharing import SUFFIX, SharedVoice, pack, settle, unpack
from audiostudio.voices.voice import OWN, Card, KeptVoice

Steps = Generator[Progress | Partial, None, JsonObject]


def share(studio: Studio, request: JsonObject) -> Steps:
    """`{voice, path, samples}` → `{path, voice, samples}`: a `.asvoice` file with the consent, the terms and a
    signature. `samples`: with the recordings the voice was made of; else only what was learnt from them.

    Raises `UnknownVoice`, `RequestError`, `StorageError`.
    """
    kept = studio.voices.get(request["voice"])
    path = absolute(request["path"])
    if path.suffix.lower() != SUFFIX:
        raise RequestError(f"{path.name} does not end in {SUFFIX}.", f"Call it {path.stem}{SUFFIX}.")
    studio.voices.verify(kept.voice.id)
    folder, picture = studio.voices.path(kept.voice.id), studio.voices.picture(kept.voice.id)
    with_samples = bool(request.get("samples")) and any(one.file for one in kept.voice.samples)
    with studio.voices.new() as place:
        work = pack(kept, folder, picture, path, studio.identity, with_samples, place)
        yield from told(work, f"Writing {path.name}")
    return {"path": str(path), "voice": kept.voice.id, "samples": with_samples}


def import_voice(studio: Studio, request: JsonObject) -> Steps:
    """`{path}` → `{voice, name, known, signer, method, engine, rights, …}`: the voice of a `.asvoice` file, with its
    consent, its terms and those of its engine here. `known`: it was here already, and nothing was changed.

    Raises `UnreadableMedia` for a file that was changed or is none, `EngineUnavailable` where nobody here could speak
    with it, `RequestError`, `StorageError`.
    """
    path = absolute(request["path"])
    with studio.voices.new() as place:
        shared = yield from told(unpack(path, place), f"Reading {path.name}")
        _require_engine(studio, shared, path)
        present = _present(studio, shared)
        if present is not None and not _is_newer(shared, present):
            return _told(present, shared) | {"known": True}
        picture = _picture_aside(shared, place)
        identity = present.voice.id if present else _identity(studio, shared)
        voice, card = settle(shared, place, identity)
        engine = studio.engines.manifest(voice.engine)
        voice = replace(voice, rights=inherited([voice.rights, engine.rights]))
        card = present.card if present else replace(card, name=_free_name(studio, card))
        kept = studio.voices.keep(place, voice, card)
        if picture is not None and not present:
            kept = studio.voices.set_picture(kept.voice.id, picture)
    return _told(kept, shared) | {"known": False}


def _told(kept: KeptVoice, shared: SharedVoice) -> JsonObject:
    consent = kept.voice.consent
    return facts(kept) | {
        "signer": shared.signature.fingerprint,
        "person": consent.person,
        "scope": consent.scope,
        "samples": sum(1 for one in kept.voice.samples if one.file),
    }


def _require_engine(studio: Studio, shared: SharedVoice, path: Path) -> None:
    known = {one.name: one for one in studio.engines.manifests()}
    voice = shared.voice
    if voice.engine not in known:
        raise EngineUnavailable(
            f"{path.name} is a voice of the engine “{voice.engine[:40]}”, which is not here.",
            "Install that engine first, then import the file again.",
        )
    if known[voice.engine].capabilities.cloning != voice.method:
        raise UnreadableMedia(
            f"{path.name} cannot be imported: {known[voice.engine].title} makes no voices of its kind.",
            "Ask for a voice that was made with this version of the engine.",
        )


def _present(studio: Studio, shared: SharedVoice) -> KeptVoice | None:
    """The voice of the same id that came from the same signer, or that was shared from here."""
    here = {one.voice.id: one for one in studio.voices.voices()}.get(shared.voice.id)
    if here is None:
        return None
    mine = here.signer == shared.signature.fingerprint and not here.voice.origin
    same = here.voice.origin == shared.signature.fingerprint
    return here if mine or same else None


def _is_newer(shared: SharedVoice, present: KeptVoice) -> bool:
    """Another revision of a voice from elsewhere. One that was made here is not put in place of the one that is."""
    return bool(present.voice.origin) and shared.voice.revision > present.voice.revision


def _identity(studio: Studio, shared: SharedVoice) -> str:
    """The voice's own id, so that projects find it; another where somebody else's voice has it. Raises `RequestError`
    for one that lies in the bin."""
    if any(one.voice.id == shared.voice.id for one in studio.voices.binned()):
        raise RequestError(f"“{shared.card.name}” lies in the bin.", "Restore it there, or empty the bin.")
    taken = {one.voice.id for one in studio.voices.voices()} | {one.id for one in studio.voices.damaged()}
    free = shared.voice.id not in taken and VoiceFolder.is_id(shared.voice.id)
    return shared.voice.id if free else OWN + secrets.token_hex(8)


def _free_name(studio: Studio, card: Card) -> str:
    """The card's name, as a voice's can be, with a number where another voice has it."""
    name = " ".join(card.name.replace(":", " ").replace("+", " ").split())[:80]
    return free_name(studio, name or "Voice")


def _picture_aside(shared: SharedVoice, place: Path) -> Path | None:
    if not shared.card.picture:
        return None
    aside = VoiceFolder.workshop(place) / shared.card.picture
    (place / shared.card.picture).rename(aside)
    return aside
