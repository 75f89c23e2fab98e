"""Phonemes that people write, in IPA or X-SAMPA, to Kokoro's alphabet and back."""

import re
import unicodedata

from audiostudio.script.phonemes.alphabet import MARKS, known, nearest, vocabulary

_TIES = dict.fromkeys(map(ord, "͜͡‿"))
_DRESSING = str.maketrans(
    {"'": "ˈ", "’": "ˈ", ":": "ː", "g": "ɡ", ".": "", "/": "", "|": "", "‖": "", "-": "", "·": ""}
)
_PAIRS = (("tʃ", "ʧ"), ("dʒ", "ʤ"), ("ts", "ʦ"), ("dz", "ʣ"), ("tɕ", "ʨ"), ("dʑ", "ʥ"))
_DIPHTHONGS = (("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"), ("oʊ", "O"), ("əʊ", "Q"))
_ENGLISH = (("l̩", "ᵊl"), ("n̩", "ᵊn"), ("m̩", "ᵊm"), ("ɫ", "l"), ("r", "ɹ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"), ("e", "ɛ"))
_AMERICAN = (("Q", "O"), ("ɒ", "ɑ"), ("ɜː", "ɜɹ"), ("ː", ""), ("ɹɹ", "ɹ"), ("a", "ɑ"))
_BRITISH = (("O", "Q"), ("ɛə", "ɛː"), ("æ", "a"), ("oː", "ɔː"))
_VOWELS = "AIOQWYaeiouyæøœɐɑɒɔəɚɛɜɤɨɪɯʊʌᵊᵻ"
_STRESS = re.compile(rf"([ˈˌ])([^{_VOWELS}ˈˌ\s]+)(?=[{_VOWELS}])")
"""Kokoro's stress marks stand before the vowel, those of IPA before the syllable."""
_IPA = (
    ("A", "eɪ"), ("I", "aɪ"), ("W", "aʊ"), ("Y", "ɔɪ"), ("O", "oʊ"), ("Q", "əʊ"), ("ʧ", "tʃ"), ("ʤ", "dʒ"),
    ("ʦ", "ts"), ("ʣ", "dz"), ("ʨ", "tɕ"), ("ʥ", "dʑ"), ("T", "ɾ"), ("S", "s"), ("ᵊ", "ə"), ("ᵻ", "ɪ"), ("ᵝ", ""),
    ("ꭧ", "ʈʂ"),
)  # fmt: skip
_X_SAMPA_TABLE = (
    "b_<=ɓ d`=ɖ d_<=ɗ g_<=ɠ h\\=ɦ j\\=ʝ l\\=ɺ l`=ɭ n`=ɳ p\\=ɸ r\\=ɹ r\\`=ɻ r`=ɽ s\\=ɕ s`=ʂ t`=ʈ v\\=ʋ x\\=ɧ z\\=ʑ "
    "z`=ʐ A=ɑ B=β B\\=ʙ C=ç D=ð E=ɛ F=ɱ G=ɣ G\\=ɢ H=ɥ H\\=ʜ I=ɪ I\\=ᵻ J=ɲ J\\=ɟ K=ɬ K\\=ɮ L=ʎ L\\=ʟ M=ɯ M\\=ɰ N=ŋ "
    "N\\=ɴ O=ɔ O\\=ʘ P=ʋ Q=ɒ R=ʁ R\\=ʀ S=ʃ T=θ U=ʊ V=ʌ W=ʍ X=χ X\\=ħ Y=ʏ Z=ʒ @=ə @\\=ɘ @`=ɚ {=æ }=ʉ 1=ɨ 2=ø "
    '3=ɜ 3\\=ɞ 3`=ɝ 4=ɾ 5=ɫ 6=ɐ 7=ɤ 8=ɵ 9=œ &=ɶ ?=ʔ ?\\=ʕ "=ˈ %=ˌ :=ː :\\=ˑ _h=ʰ _w=ʷ _j=ʲ ~=̃ _~=̃ ==̩ _=̩'
)
_X_SAMPA = dict(entry.rsplit("=", 1) for entry in _X_SAMPA_TABLE.split(" "))
_X_SAMPA_SYMBOL = re.compile("|".join(re.escape(one) for one in sorted(_X_SAMPA, key=len, reverse=True)))
_IGNORED = frozenset("'’:.|‖-/· ͜͡‿ˑʷ()‧̩̯") | MARKS


def from_ipa(text: str, tag: str) -> str:
    """IPA, in which Kokoro's own symbols may stand, in Kokoro's alphabet as it is used for the language `tag`."""
    said = unicodedata.normalize("NFD", text).translate(_TIES).translate(_DRESSING).replace("ç", "ç")
    said = " ".join("".join(one for one in said if one not in MARKS).split())
    for old, new in _PAIRS:
        said = said.replace(old, new)
    if tag in ("ja", "zh"):
        return known(said.replace("ˈ", "").replace("ˌ", ""))
    for old, new in _DIPHTHONGS:
        said = said.replace(old, new)
    if tag.startswith("en-"):
        for old, new in (*_ENGLISH, *(_AMERICAN if tag == "en-us" else _BRITISH)):
            said = said.replace(old, new)
    return known(_STRESS.sub(r"\2\1", said))


def from_x_sampa(text: str) -> str:
    """X-SAMPA in IPA."""
    return _X_SAMPA_SYMBOL.sub(lambda found: _X_SAMPA[found[0]], text)


def to_ipa(phonemes: str) -> str:
    """Kokoro's symbols in plain IPA, without punctuation."""
    said = "".join(one for one in phonemes if one not in MARKS)
    for old, new in _IPA:
        said = said.replace(old, new)
    return said.strip()


def unknown(text: str) -> str:
    """The first sign of phonemes in IPA that no voice knows; empty when all are known."""
    for one in unicodedata.normalize("NFD", text):
        if not (one in vocabulary() or one in _IGNORED or unicodedata.combining(one) or nearest(one)):
            return one
    return ""
