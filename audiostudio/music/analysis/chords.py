"""Chords of a recording: major or minor triads, one for each bar or half bar."""

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.analysis.beats import Floats, between
from audiostudio.music.analysis.key import semitones
from audiostudio.music.analysis.spectra import Spectra
from audiostudio.music.theory import Chord, Key

_AT_HOME = 0.06
"""How much likelier a chord of the key is."""
_STAYS = 0.04
"""How much likelier a chord is that goes on."""


def find_chords(spectra: Spectra, times: Floats, key: Key | None = None) -> tuple[Chord, ...]:
    """The chord from each of `times` (seconds, in order) to the next."""
    if not len(times):
        return ()
    tones, bass = between(semitones(spectra.chroma), times), between(semitones(spectra.bass), times)
    chords = [Chord(root, quality) for quality in ("", "m") for root in range(12)]
    shapes = np.stack([_shape(chord) for chord in chords])
    fits = _unit(tones) @ shapes.T + 0.35 * _unit(bass)[:, [chord.root for chord in chords]]
    if key is not None:
        scale = set(key.scale)
        fits += np.array([_AT_HOME if set(chord.classes) <= scale else 0.0 for chord in chords])
    return tuple(chords[at] for at in _path(fits))


def _shape(chord: Chord) -> Floats:
    shape = np.zeros(12)
    shape[list(chord.classes)] = (1.0, 0.8, 0.9)
    found: Floats = shape / np.linalg.norm(shape)
    return found


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _path(fits: Floats) -> NDArray[np.int64]:
    """The best row of states where staying is a little likelier."""
    best = fits[0].copy()
    came = np.zeros(fits.shape, np.int64)
    for number in range(1, len(fits)):
        top = int(best.argmax())
        stays = best + _STAYS >= best[top]
        came[number] = np.where(stays, np.arange(len(best)), top)
        best = np.where(stays, best + _STAYS, best[top]) + fits[number]
    path = np.zeros(len(fits), np.int64)
    path[-1] = int(best.argmax())
    for number in range(len(fits) - 1, 0, -1):
        path[number - 1] = came[number, path[number]]
    return path
