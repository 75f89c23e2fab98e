"""The parts of a piece: where something new begins, and which of them are alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.analysis.beats import Floats, between
from audiostudio.music.analysis.spectra import Spectra

_BARS = 4
"""On both sides of a place that are compared."""
_LEAST_BARS = 4
_GRID = 0.5
"""Seconds of a step where there are no beats."""
_ALIKE = 0.55
"""Distance up to which two sections are the same."""
_MOST = 60
"""Sections of a piece; of more, the clearest."""


@dataclass(frozen=True, slots=True)
class FoundSection:
    start: float
    end: float
    """Seconds."""
    label: str
    """`A`, `B`, …: equal letters sound alike."""


def find_sections(spectra: Spectra, beats: Floats, bars: NDArray[np.int64]) -> tuple[FoundSection, ...]:
    """One after the other, from 0 to the end. `bars`: which of `beats` begin a bar."""
    steps = beats[bars] if len(bars) >= 2 * _LEAST_BARS else _grid(spectra)
    whole = (FoundSection(0.0, spectra.seconds, "A"),)
    wide = _BARS if len(bars) >= 2 * _LEAST_BARS else round(6.0 / _GRID)
    if len(steps) < 2 * _LEAST_BARS or spectra.level.max(initial=0.0) < 1e-4:
        return whole
    looks = described(spectra, steps)
    places = _borders(looks, wide, max(3, wide * 3 // 4))
    if not places:
        return whole
    firsts = [0, *places]
    lasts = [*places, len(steps)]
    labels = _labels([looks[a:b].mean(axis=0) for a, b in zip(firsts, lasts, strict=True)])
    edges = [0.0, *(float(steps[at]) for at in places), spectra.seconds]
    return tuple(FoundSection(a, b, label) for a, b, label in zip(edges, edges[1:], labels, strict=False))


def described(spectra: Spectra, steps: Floats) -> Floats:
    """How each step of the music sounds: timbre, chords and loudness, shape (steps, n); distances mean something."""
    timbre = _cepstrum(spectra.timbre)
    chroma = spectra.chroma.astype(np.float64).reshape(len(spectra.chroma), 12, -1).sum(axis=2)
    chroma /= np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-6)
    level = 20 * np.log10(np.maximum(spectra.level.astype(np.float64), 1e-5))[:, None]
    parts = ((between(timbre, steps), 0.8), (between(chroma, steps), 0.45), (between(level, steps), 0.5))
    scaled = [_scaled(part) * np.sqrt(weight / part.shape[1]) for part, weight in parts]
    return np.concatenate(scaled, axis=1)


def _cepstrum(timbre: NDArray[np.float32]) -> Floats:
    """Shape (frames, 13)."""
    bands = timbre.shape[1]
    cosines = np.cos(np.pi / bands * np.outer(np.arange(bands) + 0.5, np.arange(1, 14)))
    found: Floats = timbre.astype(np.float64) @ cosines / bands
    return found


def _grid(spectra: Spectra) -> Floats:
    return np.arange(0.0, spectra.seconds, _GRID)


def _scaled(values: Floats) -> Floats:
    spread = values.std(axis=0)
    scaled: Floats = (values - values.mean(axis=0)) / max(float(np.sqrt(np.mean(np.square(spread)))), 1e-3)
    return scaled


def _borders(looks: Floats, wide: int, least: int) -> list[int]:
    """Steps at which what follows is unlike what came before: the tops of the checkerboard novelty, which for a
    product of vectors is the length of a weighed difference, so that no matrix is needed."""
    fall = np.exp(-0.5 * np.square(np.arange(wide) / (0.6 * wide)))
    fall /= fall.sum()
    kernel = np.concatenate([-fall[::-1], fall])
    padded = np.pad(looks, ((wide, wide), (0, 0)), "edge")
    change = np.stack([np.convolve(column, kernel[::-1], "valid") for column in padded.T], axis=1)[: len(looks)]
    novelty = np.linalg.norm(change, axis=1)
    novelty[: max(2, least // 2)] = 0.0
    novelty[len(novelty) - max(2, least // 2) + 1 :] = 0.0
    limit = max(0.35, float(novelty.mean()))
    found: list[int] = []
    for at in np.argsort(-novelty, kind="stable"):
        if novelty[at] < limit or len(found) >= _MOST:
            break
        if all(abs(int(at) - other) >= least for other in found):
            found.append(int(at))
    return sorted(found)


def _labels(means: list[Floats]) -> list[str]:
    """A letter for each section, by their order; those near each other share one."""
    kinds: list[list[Floats]] = []
    labels = []
    for mean in means:
        away = [float(np.linalg.norm(mean - np.mean(kind, axis=0))) for kind in kinds]
        best = int(np.argmin(away)) if away else -1
        if best < 0 or away[best] > _ALIKE:
            kinds.append([])
            best = len(kinds) - 1
        kinds[best].append(mean)
        labels.append(_letter(best))
    return labels


def _letter(number: int) -> str:
    return chr(65 + number) if number < 26 else f"{_letter(number // 26 - 1)}{chr(65 + number % 26)}"
