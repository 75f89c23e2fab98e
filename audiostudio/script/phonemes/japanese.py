"""Japanese phonemes: Open JTalk's readings, written the way misaki writes kana for Kokoro 1.0."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from audiostudio.script.phonemes.alphabet import known, marks
from audiostudio.script.phonemes.missing import installed

_ROWS = (
    "アイウエオ a i ɯ e o",
    "カキクケコ ka kʲi kɯ ke ko",
    "ガギグゲゴ ɡa ɡʲi ɡɯ ɡe ɡo",
    "サシスセソ sa ɕi sɨ se so",
    "ザジズゼゾ ʣa ʥi zɨ ʣe ʣo",
    "タチツテト ta ʨi ʦɨ te to",
    "ダヂヅデド da ʥi zɨ de do",
    "ナニヌネノ na ɲi nɯ ne no",
    "ハヒフヘホ ha çi ɸɯ he ho",
    "バビブベボ ba bʲi bɯ be bo",
    "パピプペポ pa pʲi pɯ pe po",
    "マミムメモ ma mʲi mɯ me mo",
    "ラリルレロ ɾa ɾʲi ɾɯ ɾe ɾo",
    "ヤユヨ ja jɯ jo",
    "ャュョ ja jɯ jo",
    "ァィゥェォ a i ɯ e o",
    "ワヮヰヱヲ βa βa i e o",
    "ヴヵヶ vɯ ka ke",
    "ヷヸヹヺ va vʲi ve vo",
)
"""Katakana and how each of them sounds."""
_PAIRS = (
    "イェ je ウィ βi ウェ βe ウォ βo クァ kᵝa クィ kᵝi クェ kᵝe クォ kᵝo "
    "グァ ɡᵝa グィ ɡᵝi グェ ɡᵝe グォ ɡᵝo シェ ɕe ジェ ʥe チェ ʨe "
    "ツァ ʦa ツィ ʦʲi ツェ ʦe ツォ ʦo ティ tʲi テュ tʲɨ ディ dʲi デュ dʲɨ "
    "トゥ tɯ ドゥ dɯ ニェ ɲe ヒェ çe キェ kʲe ファ ɸa フィ ɸʲi フェ ɸe "
    "フォ ɸo フュ ɸʲɨ フョ ɸʲo ヴァ va ヴィ vʲi ヴェ ve ヴォ vo ヴュ bʲɨ ヴョ bʲo"
)
_PALATAL = "キ kʲ ギ ɡʲ シ ɕ ジ ʥ チ ʨ ヂ ʥ ニ ɲ ヒ ç ビ bʲ ピ pʲ ミ mʲ リ ɾʲ"
_SMALL = frozenset("ャュョァィゥェォ")


def _by_twos(text: str) -> dict[str, str]:
    parts = text.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _table() -> dict[str, str]:
    table = _by_twos(_PAIRS)
    for row in _ROWS:
        kana, *sounds = row.split()
        table |= dict(zip(kana, sounds, strict=True))
    for kana, start in _by_twos(_PALATAL).items():
        table |= {kana + "ャ": start + "a", kana + "ュ": start + "ɨ", kana + "ョ": start + "o"}
    return table


KANA = _table()
"""Katakana, one or two, to the phonemes of `misaki.cutlet` 0.9.4."""


@dataclass(frozen=True, slots=True)
class Morpheme:
    surface: str
    phonemes: str
    chained: bool
    """Whether it belongs to the word before, as particles and endings do."""


def load() -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    read = reader()

    def phonemes(words: list[str]) -> list[str]:
        return _aligned(read("".join(words)), words, read)

    return phonemes


def segmenter() -> Callable[[str], list[str]]:
    """A function that parts a text into words (with their particles and endings); joined they are the text."""
    read = reader()

    def words(text: str) -> list[str]:
        found: list[str] = []
        for one in read(text):
            if one.chained and found:
                found[-1] += one.surface
            else:
                found.append(one.surface)
        return found if "".join(found) == text else [text]

    return words


def reader() -> Callable[[str], list[Morpheme]]:
    with installed("Japanese", "pyopenjtalk-plus"):
        import pyopenjtalk

    def read(text: str) -> list[Morpheme]:
        with warnings.catch_warnings():  # Open JTalk's dictionary of rare kanji uses a deprecated name of SudachiPy's
            warnings.simplefilter("ignore", DeprecationWarning)
            return list(_morphemes(text, pyopenjtalk.run_frontend(text)))

    return read


def _morphemes(text: str, features: list[Any]) -> Iterator[Morpheme]:
    """Open JTalk's words with their surface as it stands in `text` (Open JTalk widens letters)."""
    surfaces = [feature["string"] for feature in features]
    exact = sum(map(len, surfaces)) == len(text)
    at = 0
    for feature, surface in zip(features, surfaces, strict=True):
        written = text[at : at + len(surface)] if exact else surface
        at += len(surface)
        spoken = feature["mora_size"] > 0
        sound = kana_phonemes(feature["pron"]) if spoken else marks(surface)
        yield Morpheme(written, sound, spoken and feature["chain_flag"] == 1)


def _aligned(morphemes: list[Morpheme], words: list[str], read: Callable[[str], list[Morpheme]]) -> list[str]:
    if sum(len(one.surface) for one in morphemes) != sum(map(len, words)):
        return [_joined(read(word)) for word in words]
    groups: list[list[Morpheme]] = [[] for _ in words]
    ends: list[int] = []
    for word in words:
        ends.append((ends[-1] if ends else 0) + len(word))
    at = place = 0
    for one in morphemes:
        while place < len(words) - 1 and at >= ends[place]:
            place += 1
        groups[place].append(one)
        at += len(one.surface)
    return [_joined(group) for group in groups]


def _joined(morphemes: list[Morpheme]) -> str:
    said = ""
    for one in morphemes:
        mark = not any(sound.isalpha() for sound in one.phonemes)
        opens = said.endswith(("“", "("))
        if said and one.phonemes and not opens and (not mark or one.phonemes in "“(") and not said.endswith("ʔ"):
            said += " "
        said += one.phonemes
    return known(said)


def kana_phonemes(kana: str) -> str:
    """The phonemes of a reading in katakana: `コンニチワ` → `koɲɲiʨiβa`."""
    kana = kana.replace("’", "").replace("'", "")
    said = ""
    at = 0
    while at < len(kana):
        two = kana[at : at + 2]
        if len(two) == 2 and two in KANA:
            said += KANA[two]
            at += 2
            continue
        one = kana[at]
        after = kana[at + 1 : at + 2]
        if one == "ー":
            said += "ː"
        elif one == "ッ":
            said += "ʔ"
        elif one == "ン":
            said += _nasal(KANA.get(kana[at + 1 : at + 3]) or KANA.get(after, ""))
        elif after in _SMALL and after and one in KANA:
            said += KANA[one][:-1] + KANA[after]
            at += 1
        else:
            said += KANA.get(one, "")
        at += 1
    return said


def _nasal(following: str) -> str:
    """How ン sounds before `following`."""
    if following[:1] in tuple("mpb"):
        return "m"
    if following[:1] in tuple("kɡ"):
        return "ŋ"
    if following.startswith(("ɲ", "ʨ", "ʥ")):
        return "ɲ"
    return "n" if following[:1] in tuple("ntdɾz") else "ɴ"
