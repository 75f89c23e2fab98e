"""Mandarin phonemes as misaki writes them for Kokoro 1.0: jieba's words, pypinyin's readings."""

import itertools
from collections.abc import Callable
from functools import lru_cache

from audiostudio.script.phonemes.alphabet import known, parted, surrounded
from audiostudio.script.phonemes.missing import installed

_PACKAGES = ("jieba", "pypinyin")


def _table(text: str) -> dict[str, str]:
    return dict(entry.split("=") for entry in text.split())


_INITIALS = _table(
    "zh=ꭧ ch=ꭧʰ sh=ʂ b=p c=ʦʰ d=t f=f g=k h=x j=ʨ k=kʰ l=l m=m n=n p=pʰ q=ʨʰ r=ɻ s=s t=tʰ x=ɕ z=ʦ"  # as misaki 0.9.4
)
_FINALS = _table(
    "a=a0 ai=ai0 an=a0n ang=a0ŋ ao=au0 e=ɤ0 ei=ei0 en=ə0n eng=ə0ŋ i=i0 ia=ja0 ian=jɛ0n iang=ja0ŋ iao=jau0 ie=je0 "
    "in=i0n iou=jou0 iu=jou0 ing=i0ŋ iong=jʊ0ŋ ong=ʊ0ŋ ou=ou0 u=u0 uei=wei0 ui=wei0 ua=wa0 uai=wai0 uan=wa0n "
    "uen=wə0n un=wə0n uang=wa0ŋ ueng=wə0ŋ uo=wo0 o=wo0 ü=y0 üe=ɥe0 üan=ɥɛ0n ün=y0n"
)
"""`0` is where the tone's arrow stands."""
_ALONE = _table("er=ɚ0 o=ɔ0 io=jɔ0 ê=ɛ0 m=m0 n=n0 ng=ŋ0 hm=hm0 hng=hŋ0 yo=wo0")
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}


def segmenter() -> Callable[[str], list[str]]:
    """A function that parts a text into words; joined they are the text."""
    with installed("Mandarin", *_PACKAGES):
        import jieba

    tokenizer = jieba.Tokenizer()  # filled here, because its own way keeps a cache where others can write
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True

    def words(text: str) -> list[str]:
        return list(tokenizer.cut(text))

    return words


def load() -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    split = segmenter()
    with installed("Mandarin", *_PACKAGES):
        from pypinyin import Style, lazy_pinyin

    @lru_cache(8192)
    def said(text: str) -> str:
        readings = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True, errors="ignore")
        return known("".join(syllable(reading) for reading in readings))

    def phonemes(words: list[str]) -> list[str]:
        return [_word(one, split, said) for one in words]

    return phonemes


def readings(text: str, most: int = 8) -> list[tuple[str, str]]:
    """Pinyin and phonemes of each way in which the characters of a word can be read, likely ones first."""
    with installed("Mandarin", *_PACKAGES):
        from pypinyin import Style, pinyin

    options = pinyin(text, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True, v_to_u=True, errors="ignore")
    choices = itertools.islice(itertools.product(*(dict.fromkeys(one) for one in options)), most)
    return [(" ".join(choice), known("".join(syllable(one) for one in choice))) for choice in choices]


def _word(text: str, split: Callable[[str], list[str]], said: Callable[[str], str]) -> str:
    before, core, after = parted(text)
    joined = " ".join(part for part in map(said, split(core)) if part)
    return surrounded(before, joined, after) if joined else ""


def syllable(pinyin: str) -> str:
    """One syllable of pinyin with its tone's number in misaki's phonemes: `tian1` → `tʰjɛ→n`; empty for no pinyin."""
    plain, tone = pinyin.rstrip("12345"), _TONES.get(pinyin[-1:], "")
    if plain in _ALONE:
        return _ALONE[plain].replace("0", tone)
    initial = next((one for one in (plain[:2], plain[:1]) if one in _INITIALS), "")
    final = _final(plain[len(initial) :], initial)
    return _INITIALS.get(initial, "") + final.replace("0", tone)


def _final(final: str, initial: str) -> str:
    if initial in ("zh", "ch", "sh", "r", "z", "c", "s") and final == "i":
        return "ɨ0"
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "ü" + final[1:]
    if not initial:
        final = _without_glide(final)
    return _FINALS.get(final, "")


def _without_glide(final: str) -> str:
    """The final behind the written `y` or `w` of a syllable without an initial: `yue` → `üe`, `wei` → `uei`."""
    if final.startswith("yu"):
        return "ü" + final[2:] if final != "you" else "iou"
    if final.startswith("yi"):
        return final[1:]
    if final.startswith("y"):
        return "i" + final[1:]
    if final.startswith("wu"):
        return final[1:]
    return "u" + final[1:] if final.startswith("w") else final
