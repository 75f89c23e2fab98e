"""Instant voice cloning: recordings are sent to ElevenLabs, which makes a voice of the account of them."""

import json
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audiostudio.engines.base import Learnt
from audiostudio.engines.elevenlabs.catalogue import ENGINE, TITLE, named
from audiostudio.engines.elevenlabs.service import ONCE, Service
from audiostudio.engines.voices import voice_id
from audiostudio.errors import AccountError, EngineFailed, UnknownVoice
from audiostudio.files import replace_file
from audiostudio.jobs.job import Progress
from audiostudio.sound.files import Sound, read_sound, write_sound

FILE = "elevenlabs.json"
"""In the folder of an own voice: which of the account's it is."""
_MOST_SECONDS = 180.0
"""That are sent: more does not make a likeness better, says ElevenLabs."""
_RATE = 48_000


def clone(
    service: Service, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
) -> Generator[Progress, None, Learnt]:
    """Send `samples`, up to three minutes in all, and note the voice in `folder`. `options`: `name`, `language`,
    `noise` (`true`: ElevenLabs takes noise off)."""
    yield Progress(0.0, "Packing the samples")
    files, seconds = _packed(samples, folder)
    request: dict[str, Any] = {
        "name": options.get("name") or "Audio Studio",
        "files": files,
        "remove_background_noise": options.get("noise") == "true",
    }
    if options.get("language"):
        request["labels"] = {"language": options["language"].split("-")[0]}
    asking = service.ask(lambda client: client.voices.ivc.create(request_options=ONCE, **request), paid=True)
    while True:
        yield Progress(0.3, f"{TITLE} makes the voice")
        try:
            next(asking)
        except StopIteration as end:
            found = end.value
            break
    try:
        identity = named(found.voice_id)
    except (AttributeError, ValueError) as error:
        raise EngineFailed(f"{TITLE} gave no voice.", "Try again in a while.") from error
    if found.requires_verification:
        raise AccountError(
            f"{TITLE} wants the voice verified before it speaks.", "Do so on elevenlabs.io, under Voices; or delete it."
        )
    replace_file(folder / FILE, json.dumps({"voice": identity}).encode())
    return Learnt((FILE,), {"sent_to": TITLE, "seconds": round(seconds, 1)})


def cloned(folder: Path) -> str:
    """The voice of the account, as engines name it. Raises `UnknownVoice` for a folder without one."""
    try:
        return voice_id(ENGINE, named(json.loads((folder / FILE).read_bytes())["voice"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnknownVoice(f"That voice was not made at {TITLE}.", "Make it again.") from error


def _packed(samples: Sequence[Path], folder: Path) -> tuple[list[tuple[str, bytes, str]], float]:
    """The samples as FLAC, and how many seconds of them."""
    files: list[tuple[str, bytes, str]] = []
    left = _MOST_SECONDS
    for number, path in enumerate(samples, 1):
        sound = read_sound(path, _RATE, mono=True)
        kept = sound.samples[:, : round(left * _RATE)]
        if not kept.shape[1]:
            break
        packed = folder / f"sent-{number}.flac"
        write_sound(packed, Sound(kept, _RATE), "flac")
        files.append((f"sample {number}.flac", packed.read_bytes(), "audio/flac"))
        packed.unlink()
        left -= kept.shape[1] / _RATE
    return files, _MOST_SECONDS - left
