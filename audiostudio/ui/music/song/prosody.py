"""Syllables and stresses of lyrics, and words that rhyme: asked beside the window, as the dictionary is long."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiostudio.music.lyrics import Lyrics

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


@dataclass(frozen=True, slots=True)
class Figures:
    syllables: dict[int, int] = field(default_factory=dict)
    """Row → how many; rows whose syllables cannot be told are left out."""
    stresses: dict[int, str] = field(default_factory=dict)
    """Row → its syllables with marks before those that are stressed: `ˈnight · train`."""


def figures(studio: "Studio", lyrics: Lyrics, language: str) -> Figures:
    from audiostudio.operations.music.songs import prosody_of

    known, found = prosody_of(studio, language), Figures()
    for line in lyrics.lines:
        if line.row in found.syllables:
            continue
        words = tuple(word.text for word in line.words)
        if all(map(known.countable, words)):
            syllables = [known.syllables(word) for word in words]
            found.syllables[line.row] = sum(map(len, syllables))
            found.stresses[line.row] = "  ".join(
                "".join(f"{'ˈ' if one.stress == 1 else 'ˌ' if one.stress == 2 else '·' if n else ''}{one.text}"
                        for n, one in enumerate(word))
                for word in syllables
            )  # fmt: skip
    return found


def rhymes(studio: "Studio", word: str, near: bool, syllables: int | None, most: int) -> list[str] | None:
    """Words that rhyme, the commonest first; None: the dictionary is not on this computer."""
    from audiostudio.music import pronunciations
    from audiostudio.music.rhymes import RhymeKind, open_rhymes

    if not studio.models.present(pronunciations.MODEL):
        return None
    known = open_rhymes(studio.models.path(pronunciations.MODEL, pronunciations.FILE))
    wanted = RhymeKind.NEAR if near else RhymeKind.PERFECT
    return [one.word for one in known.of(word, near, syllables, most=4 * most) if one.kind is wanted][:most]
