"""Recordings of speakers: how they are read, and whose voice is in them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.speakers import RATE, SpeakerEncoder, direction
from audiostudio.errors import RequestError, UnreadableMedia
from audiostudio.sound.files import decode

MOST_SECONDS = 600
"""Of one recording that are listened to."""
_TOLD_BY = 60
"""Seconds of each recording by which a speaker is told."""


def heard(path: Path, sample_rate: int = RATE) -> NDArray[np.float32]:
    """Mono, shape (n,): the first ten minutes. Raises `UnreadableMedia`, `MissingMedia`."""
    pieces: list[NDArray[np.float32]] = []
    samples = 0
    for chunk in decode(path, sample_rate, mono=True):
        pieces.append(chunk[0])
        samples += chunk.shape[1]
        if samples >= MOST_SECONDS * sample_rate:
            break
    if not samples:
        raise UnreadableMedia(f"{path.name} holds no sound.", "Choose another recording.")
    return np.concatenate(pieces)[: MOST_SECONDS * sample_rate]


def speaker(encoder: SpeakerEncoder, paths: Iterable[Path]) -> NDArray[np.float32]:
    """Whose voice is in the recordings, a unit vector of shape (256,). Raises `RequestError` where there is none."""
    found: list[NDArray[np.float32]] = []
    for path in paths:
        try:
            found.append(encoder.embed(heard(path)[: _TOLD_BY * RATE], RATE))
        except RequestError as error:
            raise RequestError(f"{path.name}: {error.sentence}", error.hint) from error
    return direction(np.stack(found))
