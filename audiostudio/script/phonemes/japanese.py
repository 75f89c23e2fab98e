"""Japanese phonemes: Open JTalk's readings, written the way misaki writes kana for Kokoro 1.0."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from audiostudio.script.phonemes.alphabet import known, marks
from audiostudio.script.phonemes.missing import installed

_ROWS = {
    "ア": "a i ɯ e o", "カ": "ka kʲi kɯ ke ko", "ガ": "ɡa ɡʲi ɡɯ ɡe ɡo", "サ": "sa ɕi sɨ se so", "ザ": "ʣa ʥi zɨ ʣe ʣo",
    "タ": "ta ʨi ʦɨ te to", "ダ": "da ʥi zɨ de do", "ナ": "na ɲi nɯ ne no", "ハ": "ha çi ɸɯ he ho",
    "バ": "ba bʲi bɯ be bo", "パ": "pa pʲi pɯ pe po", "マ": "ma mʲi mɯ me mo", "ラ": "ɾa ɾʲi ɾɯ ɾe ɾo",
}  # fmt: skip
_COLUMNS = {
    "ア": "アイウエオ", "カ": "カキクケコ", "ガ": "ガギグゲゴ", "サ": "サシスセソ", "ザ": "ザジズゼゾ", "タ": "タチツテト", "ダ": "ダヂヅデド",
    "ナ": "ナニヌネノ", "ハ": "ハヒフヘホ", "バ": "バビブベボ", "パ": "パピプペポ", "マ": "マミムメモ", "ラ": "ラリルレロ",
}  # fmt: skip
_OTHERS = (
    "ァa ィi ゥɯ ェe ォo ャja ヤja ュjɯ ユjɯ ョjo ヨjo ワβa ヮβa ヰi ヱe ヲo ヴvɯ ヵka ヶke ヷva ヸvʲi ヹve ヺvo "
    "イェje ウィβi ウェβe ウォβo クァkᵝa クィkᵝi クェkᵝe クォkᵝo グァɡᵝa グィɡᵝi グェɡᵝe グォɡᵝo シェɕe ジェʥe チェʨe "
    "ツァʦa ツィʦʲi ツェʦe ツォʦo ティtʲi テュtʲɨ ディdʲi デュdʲɨ トゥtɯ ドゥdɯ ニェɲe ヒェçe キェkʲe ファɸa フィɸʲi フェɸe フォɸo "
    "フュɸʲɨ フョɸʲo ヴァva ヴィvʲi ヴェve ヴォvo ヴュbʲɨ ヴョbʲo"
)
_PALATAL = {"キ": "kʲ", "ギ": "ɡʲ", "シ": "ɕ", "ジ": "ʥ", "チ": "ʨ", "ヂ": "ʥ", "ニ": "ɲ", "ヒ": "ç", "ビ": "bʲ", "ピ": "pʲ",
            "ミ": "mʲ", "リ": "ɾʲ"}  # fmt: skip
_SMALL = frozenset("ャュョァィゥェォ")


def _table() -> dict[str, str]:
    table = {
        kana: sound for row, sounds in _ROWS.items() for kana, sound in zip(_COLUMNS[row], sounds.split(), strict=True)
    }
    for kana, start in _PALATAL.items():
        table |= {kana + "ャ": start + "a", kana + "ュ": start + "ɨ", kana + "ョ": start + "o"}
    for entry in _OTHERS.split():
        kana = entry.rstrip("abdeghijkmnoprstuvwzɕçʥʨʦɡɯɨɲɸɾβʲᵝ")
        table[kana] = entry[len(kana) :]
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
