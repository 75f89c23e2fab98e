"""Samples of a voice listened to and judged, one by one and together."""

import hashlib
import json
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audiostudio.engines.speakers import direction, similarity
from audiostudio.errors import MediaError, StorageError
from audiostudio.files import replace_file, storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.listening import Floats, Listened, Listener
from audiostudio.script.language import LANGUAGES
from audiostudio.voices.verdict import BEST_MOST, SAME_SPEAKER, Measures, broken, judge, together

_FORM = "1"
"""Of what is kept; another measures again."""
LOUDNESS = -23.0
"""dBFS of speech, and LUFS, that samples are brought to: few voices have peaks too high for it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One sample: what the user is told, and what comparing and cutting need."""

    sample: JsonObject
    voice: Floats | None
    """The speaker's embedding, shape (256,)."""
    phrases: tuple[tuple[float, float], ...]

    def to_json(self) -> JsonObject:
        voice = None if self.voice is None else [round(float(one), 5) for one in self.voice]
        return {"sample": self.sample, "voice": voice, "phrases": self.phrases}

    @classmethod
    def from_json(cls, data: JsonObject) -> "Checked":
        voice = None if data["voice"] is None else np.array(data["voice"], np.float32)
        return cls(data["sample"], voice, tuple((start, end) for start, end in data["phrases"]))


def check(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{files, keep, language, best}` → `{samples: [SAMPLE], together}`; a partial `sample` for each.

    `language` (a tag, or left out): what should be spoken. `best`: seconds of the best part, 6…30. `keep`: what was
    found is remembered, so that the same file is not listened to again. A file that cannot be read is a refused
    sample; the others are looked at all the same. Raises `ModelDamaged`, `EngineUnavailable`, `EngineFailed`.
    """
    files: list[str] = request["files"]
    listener = Listener(studio)
    found: list[Checked] = []
    for number, file in enumerate(files):
        looking = checked(studio, listener, Path(file), request)
        found.append((yield from part_of(looking, number / len(files), 1 / len(files))))
        yield Partial("sample", found[-1].sample)
    usable = [one for one in found if one.sample["verdict"] != "refused"]
    worth = [(one.sample["name"], one.sample["speech"], one.sample["verdict"]) for one in usable]
    whole = together(worth, len(found) - len(usable), _stranger(usable))
    return {"samples": [one.sample for one in found], "together": asdict(whole)}


def checked(studio: Studio, listener: Listener, path: Path, request: JsonObject) -> Generator[Progress, None, Checked]:
    """One file; from what was kept of it where it is still the same."""
    wanted: str = request.get("language") or ""
    most = min(BEST_MOST, max(6.0, float(request.get("best") or BEST_MOST)))
    try:
        place = _place(studio, path, (wanted, most, listener.able))
        known = _kept(place)
        if known is not None:
            return known
        listened = yield from listener.listen(path, wanted, most)
    except (MediaError, StorageError) as error:
        verdict = broken(error.sentence, error.hint)
        return Checked(_sample(path, None, None, verdict.score, verdict.word, verdict.findings), None, ())
    found = _judged(path, listened)
    if request.get("keep"):
        replace_file(place, json.dumps(found.to_json(), ensure_ascii=False).encode())
    return found


def _judged(path: Path, listened: Listened) -> Checked:
    measures = listened.measures
    names = {one.tag.split("-")[0]: one.name for one in reversed(LANGUAGES)} | {"en": "English", "pt": "Portuguese"}
    verdict = judge(measures, names)
    sample = _sample(path, measures, listened.best, verdict.score, verdict.word, verdict.findings)
    return Checked(sample, listened.voice, listened.phrases)


def _sample(
    path: Path,
    found: Measures | None,
    best: tuple[float, float] | None,
    score: int,
    word: str,
    findings: Sequence[Any],
) -> JsonObject:
    sample: JsonObject = {"file": str(path), "name": path.name, "score": score, "verdict": word}
    sample["findings"] = [asdict(one) | {"level": str(one.level)} for one in findings]
    if found is None:
        empty = ("speech_share", "snr", "noise_floor", "clipped", "reverberation", "bandwidth", "music", "dnsmos")
        nothing: JsonObject = dict.fromkeys((*empty, "pitch", "best"), None)
        return sample | nothing | {"seconds": 0.0, "speech": 0.0, "speakers": 0, "language": "", "offers": []}
    rounded = {
        name: None if value is None else round(value, digits)
        for name, value, digits in (
            ("seconds", found.seconds, 3),
            ("speech", found.speech, 2),
            ("speech_share", found.speech_share, 3),
            ("level", found.level, 1),
            ("snr", found.snr, 1),
            ("noise_floor", found.noise_floor, 1),
            ("clipped", found.clipped, 6),
            ("reverberation", found.reverberation, 3),
            ("bandwidth", found.bandwidth, 0),
            ("music", found.music, 3),
            ("dnsmos", found.dnsmos, 2),
            ("pitch", found.pitch, 1),
        )
    }
    return (
        sample
        | rounded
        | {
            "speakers": found.speakers,
            "others": [[round(start, 2), round(end, 2)] for start, end in found.others],
            "language": found.language,
            "offers": _offers(found, best),
            "best": None if best is None else [round(best[0], 2), round(min(best[1], found.looked), 2)],
        }
    )


def _offers(found: Measures, best: tuple[float, float] | None) -> list[str]:
    """What can make it better."""
    if best is None or found.speech < 1:
        return []
    able = {
        "trim": found.looked - found.speech > max(1.0, 0.25 * found.looked),
        "denoise": found.snr < 30 or found.noise_floor > -50 or (found.dnsmos or 5.0) < 2.7,
        "normalise": abs(found.level - LOUDNESS) > 5,
        "best": best[1] - best[0] < found.looked - 3,
    }
    return [name for name, useful in able.items() if useful]


def _stranger(samples: Sequence[Checked]) -> str | None:
    """The name of the sample that is least like the others, if somebody else speaks in it."""
    known = [(one.sample["name"], one.voice) for one in samples if one.voice is not None]
    if len(known) < 2:
        return None
    voices = np.stack([voice for _, voice in known])
    alike = [similarity(voice, direction(np.delete(voices, number, axis=0))) for number, voice in enumerate(voices)]
    if min(alike) >= SAME_SPEAKER:
        return None
    return str(known[len(known) - 1 - int(np.argmin(alike[::-1]))][0])


def _place(studio: Studio, path: Path, about: tuple[object, ...]) -> Path:
    """Where what was found in a file is kept: another name for another file of that name."""
    with storage_errors(path):
        status = path.stat()
    identity = json.dumps([_FORM, str(path), status.st_size, status.st_mtime_ns, *about])
    return studio.profile.cache / "samples" / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"


def _kept(place: Path) -> Checked | None:
    try:
        return Checked.from_json(json.loads(place.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None
