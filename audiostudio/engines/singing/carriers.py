"""Which sounds of a phrase carry its notes."""

from dataclasses import dataclass, replace

from audiostudio.engines.base import SungPhrase, SungSyllable
from audiostudio.engines.singing.syllables import LENGTH, STRESS, nuclei, of_syllables
from audiostudio.engines.tokens import SILENT, Piece


@dataclass(frozen=True, slots=True)
class Held:
    """A vowel, or what stands for one, that carries a note, and when it is heard: seconds from the song's beginning."""

    first: int
    """Its mark of stress among the tokens of its piece, or itself."""
    after: int
    """The token after its marks of length."""
    syllables: tuple[SungSyllable, ...]
    """More than one where it goes on."""

    @property
    def start(self) -> float:
        return self.syllables[0].start

    @property
    def end(self) -> float:
        return self.syllables[-1].end


def carriers(phrase: SungPhrase, piece: Piece) -> list[Held]:
    """The sounds of `piece`, the phrase's words in the same order, that carry its notes; none where nothing in it can
    be sung."""
    found: list[Held] = []
    for index, word in enumerate(phrase.words):
        places = [
            at
            for at, (symbol, owner) in enumerate(zip(piece.symbols, piece.owners, strict=True), 1)
            if owner == index and symbol not in SILENT
        ]
        if not places:  # nothing in it can be sung: its notes go to the word before
            if found:
                found[-1] = _prolonged(found[-1], word.syllables)
            continue
        sounds = "".join(piece.symbols[at - 1] for at in places)
        parted = word.phonemes if "".join(map("".join, word.phonemes)) == sounds else ()
        chosen = of_syllables(parted) if parted else nuclei(sounds, len(word.syllables))
        for at, syllable in zip(chosen, word.syllables, strict=True):
            held = Held(*_marked(piece, places[at]), (syllable,))
            if found and found[-1].after > held.first:
                found[-1] = _prolonged(found[-1], (syllable,))
            else:
                found.append(held)
    return found


def _prolonged(held: Held, syllables: tuple[SungSyllable, ...]) -> Held:
    return replace(held, syllables=held.syllables + syllables)


def _marked(piece: Piece, token: int) -> tuple[int, int]:
    """From its mark of stress to behind its marks of length."""
    symbols = f" {piece.symbols} "
    after = token + 1
    while symbols[after] in LENGTH:
        after += 1
    return token - (symbols[token - 1] in STRESS), after
