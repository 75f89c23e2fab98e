"""Own voices for tests, made without an engine."""

import hashlib
from dataclasses import replace
from pathlib import Path

from audiostudio.identity import Identity
from audiostudio.rights import Rights
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.voice import Card, Consent, KeptVoice, OwnVoice, Sample

CONSENT = Consent("permission", "Nina Berg", "2026-11-21", "Audiobooks", "I agree that you use my voice.")


def folder_in(root: Path) -> VoiceFolder:
    """The own voices of the profile in `root`."""
    return VoiceFolder(root / "library" / "voices", Identity(root))


def record(identity: str = "mine/nina00000001", engine: str = "kokoro", **facts: object) -> OwnVoice:
    """Names no files yet."""
    method = "match" if engine == "kokoro" else "clone"
    voice = OwnVoice(identity, engine, method, "en-us", CONSENT, (), (), Rights("yours", True), "2026-11-21T10:00:00")
    return replace(voice, **facts)  # type: ignore[arg-type]


def keep(
    folder: VoiceFolder, voice: OwnVoice | None = None, card: Card | None = None, content: bytes = b"style"
) -> KeptVoice:
    """A voice with the file that its engine needs, `style.bin`, and one sample."""
    with folder.new() as place:
        (place / "samples").mkdir()
        (place / "style.bin").write_bytes(content)
        (place / "samples" / "1.flac").write_bytes(b"sound " + content)
        digest = hashlib.sha256(content).hexdigest()
        sample = Sample("samples/1.flac", "Nina 1.wav", 8.0, hashlib.sha256(b"sound " + content).hexdigest(), 80.0)
        whole = replace(voice or record(), data=(("style.bin", digest),), samples=(sample,))
        return folder.keep(place, whole, card or Card("Nina"))
