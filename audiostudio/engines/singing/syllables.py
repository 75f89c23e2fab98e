"""A word's phonemes shared among its syllables: which of them carries each note."""

from collections.abc import Sequence

from audiostudio.engines.durations import VOWELS

STRESS = frozenset("ˈˌ")
LENGTH = frozenset("ː̃ʰʲ↓→↗↘")
"""Marks that go with the sound before them."""
NUCLEI = VOWELS - STRESS - LENGTH
VOICELESS = frozenset("ptkfθsʃʧʦxhçɸʔqcʈ")
SONORANT = frozenset("lɹrɾmnŋɲjwʎɥʁɴɳɰ") | NUCLEI
DIPHTHONGS = frozenset("AIOQWY")
_WEAK = "əᵊɪɐᵻi"
"""Vowels that are swallowed first where a word is sung on fewer syllables than it has vowels."""


def nuclei(phonemes: str, syllables: int) -> list[int]:
    """Where in `phonemes`, the sounds of a word, the sound is that carries each of its syllables: `syllables` places,
    never falling; the same place again where a word has fewer vowels than syllables, so that the last goes on.

    `phonemes` is not empty.
    """
    found = [at for at, symbol in enumerate(phonemes) if symbol in NUCLEI]
    found = found or [_loudest(phonemes)]
    while len(found) > syllables:
        found.remove(_weakest(phonemes, found))
    return found + [found[-1]] * (syllables - len(found))


def of_syllables(syllables: Sequence[Sequence[str]]) -> list[int]:
    """As `nuclei`, of a word whose syllables somebody has parted already: places in all its phonemes together."""
    found: list[int] = []
    at = 0
    for one in syllables:
        text = "".join(one)
        if text:
            found.append(at + nuclei(text, 1)[0])
        else:
            found.append(found[-1] if found else 0)
        at += len(text)
    return found


def _loudest(phonemes: str) -> int:
    """Of a word without a vowel: `hmm`, `shh`."""
    order = [at for at, symbol in enumerate(phonemes) if symbol in SONORANT]
    order += [at for at, symbol in enumerate(phonemes) if symbol not in VOICELESS and symbol not in STRESS]
    return order[0] if order else len(phonemes) - 1


def _weakest(phonemes: str, places: list[int]) -> int:
    """The vowel that is missed least: beside another, without stress, weak by itself; of equals the last."""

    def weight(place: int) -> tuple[int, int, int]:
        stressed = place > 0 and phonemes[place - 1] in STRESS
        beside = place - 1 in places or place + 1 in places
        return 4 * stressed + 2 * (not beside) + (phonemes[place] not in _WEAK), -place, 0

    return min(places, key=weight)
