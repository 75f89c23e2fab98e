"""What a file says about where it is from, and what can be found in it: mark, credentials, terms, the library."""

from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.credentials import FORMATS, Found
from audiostudio.engines.vad import RATE as VAD_RATE
from audiostudio.engines.vad import SpeechDetector, spans
from audiostudio.engines.watermark import FOUND, Watermarker, Window
from audiostudio.errors import EngineUnavailable, ModelError, StudioError, UnreadableMedia
from audiostudio.jobs import JsonObject, Progress
from audiostudio.library.moves import content_hash
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.sound.files import decode, probe
from audiostudio.sound.media import MediaInfo, read_tags
from audiostudio.sound.resample import Resampler

UNCLEAR = 0.5
"""The confidence from which a window may be marked."""
SPEECH = 0.5
"""Seconds of speech in a window without which it is not judged: in music the network sees what is not there."""
_RATE = 32_000

MARK_PROVES = (
    "The mark is Perth’s, which other programs that clone voices set too: it says that a machine spoke, not which one."
)
NO_MARK_PROVES = (
    "That no mark is found proves nothing: only cloned voices are marked, and another pitch, heavy editing or another "
    "network can take the mark away."
)


def verify(studio: Studio, request: JsonObject) -> Generator[Progress, None, JsonObject]:
    """`{path}` → `{file, seconds, watermark, credentials, rights, library, could_not_check, notes}`.

    `watermark`: `{state, confidence, found: [[start, end]], windows: [{start, end, confidence, speech}]}`, its state
    `found`, `unclear`, `not_found`, `no_speech` or `not_checked`; `credentials`: as `credentials.Found`, its state may
    be `not_checked`; `rights`: `{notice, licence, commercial, credit, url}` of our tag, or None; `library`: `{asset,
    name, source, recipe, rights}` of the same file, or None. What a damaged file hides is in `could_not_check`, in
    sentences. Raises `MissingMedia`, `UnreadableMedia` for what is no file, `StorageError`s.
    """
    path = Path(request["path"])
    yield Progress(0.0, f"Reading {path.name}")
    checked = _Checked(studio, path)
    info = checked.info()
    credentials = checked.credentials()
    result: JsonObject = {
        "file": str(path),
        "seconds": None if info is None else info.duration,
        "credentials": credentials,
        "rights": None if info is None else checked.rights(),
        "library": checked.library(),
    }
    watermark = yield from checked.watermark(info)
    notes = {"found": [MARK_PROVES], "unclear": [MARK_PROVES, NO_MARK_PROVES], "not_found": [NO_MARK_PROVES]}
    told = notes.get(watermark["state"], [])
    return result | {"watermark": watermark, "could_not_check": checked.could_not, "notes": told}


@dataclass
class _Checked:
    """One file, and what could not be found out about it."""

    studio: Studio
    path: Path
    could_not: list[str] = field(default_factory=list)

    def info(self) -> MediaInfo | None:
        try:
            return probe(self.path)
        except UnreadableMedia as error:
            if not self.path.is_file():
                raise
            self.could_not.append(f"The sound: {error}")
            return None

    def credentials(self) -> JsonObject:
        suffix = self.path.suffix.lower().lstrip(".")
        try:
            found = self.studio.credentials.read(self.path)
        except StudioError as error:
            found = Found("not_checked")
            self.could_not.append(f"Content Credentials: {error}")
        if found.state == "unreadable":
            self.could_not.append(f"Content Credentials: they cannot be read ({'; '.join(found.problems)}).")
        elif found.state == "none" and suffix not in FORMATS:
            self.could_not.append("Content Credentials: files of this kind hold none that are written here.")
        return asdict(found)

    def rights(self) -> JsonObject | None:
        try:
            tags = read_tags(self.path)
        except UnreadableMedia as error:
            self.could_not.append(f"The terms: {error}")
            return None
        for name in ("copyright", "comment"):
            found = Rights.of_notice(tags.get(name, ""))
            if found is not None:
                return {"notice": found.notice, **found.to_json()}
        return None

    def library(self) -> JsonObject | None:
        if not (self.studio.profile.library / "library.db").exists():  # to look is no reason to make one
            return None
        asset = self.studio.library.find_content(content_hash(self.path))
        if asset is None:
            return None
        about = {"asset": asset.id, "name": asset.name, "source": asset.source.value, "rights": asset.rights.to_json()}
        return about | {"recipe": asset.recipe}

    def watermark(self, info: MediaInfo | None) -> Generator[Progress, None, JsonObject]:
        empty: JsonObject = {"state": "not_checked", "confidence": None, "found": [], "windows": []}
        if info is None:
            return empty
        if info.sample_rate is None:
            self.could_not.append("The watermark: there is no sound in it.")
            return empty
        try:
            watermarker = Watermarker(self.studio.models)
        except ModelError as error:
            self.could_not.append(f"The watermark: {error}")
            return empty
        listener = _Listener(self)
        windows: list[Window] = []
        for window in watermarker.windows(listener.pieces(), _RATE):
            windows.append(window)
            yield Progress(min(0.99, window.end / (info.duration or window.end)), "Looking for the watermark")
        return self._judged(windows, listener)

    def _judged(self, windows: list[Window], listener: "_Listener") -> JsonObject:
        spoken = _spoken(listener.speech(), [one.start for one in windows], [one.end for one in windows])
        told = [asdict(one) | {"speech": round(speech, 2)} for one, speech in zip(windows, spoken, strict=True)]
        judged = [one for one, about in zip(windows, told, strict=True) if about["speech"] >= SPEECH]
        confidence = max((one.confidence for one in judged), default=None)
        return {
            "state": _state(confidence),
            "confidence": confidence,
            "found": [[one.start, one.end] for one in judged if one.confidence >= FOUND],
            "windows": told,
        }


class _Listener:
    """Gives a sound on and remembers where speech is in it."""

    def __init__(self, checked: _Checked) -> None:
        self._checked = checked
        self._heard: list[NDArray[np.float32]] = []
        self._length = 0
        try:
            self._detector: SpeechDetector | None = SpeechDetector()
        except EngineUnavailable as error:
            self._detector = None
            checked.could_not.append(f"Where speech is: {error} Music was taken for speech.")

    def pieces(self) -> Iterator[NDArray[np.float32]]:
        """Mono at `_RATE`; of a damaged file what can be read."""
        resampler = Resampler(_RATE, VAD_RATE)
        try:
            for chunk in decode(self._checked.path, _RATE, mono=True):
                self._listen(resampler.push(chunk)[0])
                self._length += chunk.shape[1]
                yield chunk[0]
        except UnreadableMedia as error:
            self._checked.could_not.append(f"A part of the sound: {error}")
        self._listen(resampler.finish()[0])
        if self._detector is not None:
            self._heard.append(self._detector.finish())

    def speech(self) -> list[tuple[float, float]]:
        """Seconds of the sound in which somebody speaks."""
        if self._detector is None:
            return [(0.0, self._length / _RATE)]
        return spans(np.concatenate([np.zeros(0, np.float32), *self._heard]))

    def _listen(self, audio: NDArray[np.float32]) -> None:
        if self._detector is not None and len(audio):
            self._heard.append(self._detector.push(audio))


def _spoken(speech: list[tuple[float, float]], starts: list[float], ends: list[float]) -> list[float]:
    """Seconds of speech in each window."""
    times = np.array([0.0, *(edge for span in speech for edge in span)])
    before = np.concatenate([[0.0], np.cumsum(np.diff(times) * (np.arange(1, len(times)) % 2 == 0))])
    found: list[float] = (np.interp(ends, times, before) - np.interp(starts, times, before)).tolist()
    return found


def _state(confidence: float | None) -> str:
    if confidence is None:
        return "no_speech"
    if confidence >= FOUND:
        return "found"
    return "unclear" if confidence >= UNCLEAR else "not_found"
