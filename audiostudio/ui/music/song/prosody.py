"""Syllables and stresses of lyrics, and words that rhyme: asked beside the window, as the dictionary is long."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiostudio.music.lyrics import Lyrics

if TYPE_CHECKING:
    from audiostudio.music.syllables import Prosody
    from audiostudio.operations.studio import Studio


@dataclass(frozen=True, slots=True)
class Figures:
    syllables: dict[int, int] = field(default_factory=dict)
    """Row → how many; rows whose syllables cannot be told are left out."""
    stresses: dict[int, str] = field(default_factory=dict)
    """Row → its syllables with marks before those that are stressed: `ˈnight · train`."""


def prosody(studio: "Studio", language: str) -> "Prosody":
    """Of a language; without the dictionary, where it was not fetched, by rules."""
    from audiostudio.music import pronunciations
    from audiostudio.music.syllables import Prosody

    known = studio.models.present(pronunciations.MODEL)
    file = studio.models.path(pronunciations.MODEL, pronunciations.FILE) if known else None
    return Prosody.open(language, file)


def figures(studio: "Studio", lyrics: Lyrics, language: str) -> Figures:
    known, found = prosody(studio, language), Figures()
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


def rhymes(studio: "Studio", word: str, language: str, near: bool, syllables: int | None, most: int) -> list[str]:
    """Words that rhyme, the usual ones first; none for languages whose rhymes are not known."""
    from audiostudio.music.rhymes import rhymes as found

    return found(prosody(studio, language), word, near, syllables, most)
