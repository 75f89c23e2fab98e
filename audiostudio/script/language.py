"""The languages that can be spoken, and the names people give them."""

from dataclasses import dataclass
from functools import cache

from audiostudio.errors import UnknownLanguage


@dataclass(frozen=True, slots=True)
class Language:
    tag: str
    """BCP 47, lower case: `en-us`."""
    name: str
    """In English."""
    own_name: str
    """As its speakers write it."""
    aliases: tuple[str, ...]
    """Other tags for it, lower case with hyphens."""
    longest_sentence: int
    """Characters of normalised text; longer sentences are cut at a clause, so that their phonemes fit an engine."""
    spaced: bool = True
    """Whether words are written with spaces between them."""
    as_written: bool = False
    """Nothing of it is normalised here: only engines that read text themselves speak it."""


LANGUAGES: tuple[Language, ...] = (
    Language("en-us", "American English", "English (US)", ("en", "eng", "en-ca", "american", "a"), 320),
    Language("en-gb", "British English", "English (UK)", ("en-uk", "en-au", "en-nz", "en-ie", "british", "b"), 320),
    Language("hi", "Hindi", "हिन्दी", ("hi-in", "hin", "h"), 220),
    Language("es", "Spanish", "Español", ("es-es", "es-mx", "es-419", "spa", "e"), 300),
    Language("fr", "French", "Français", ("fr-fr", "fr-ca", "fr-be", "fr-ch", "fra", "f"), 300),
    Language("it", "Italian", "Italiano", ("it-it", "ita", "i"), 300),
    Language("pt-br", "Brazilian Portuguese", "Português (Brasil)", ("pt", "pt-pt", "por", "p"), 300),
    Language("ja", "Japanese", "日本語", ("ja-jp", "jp", "jpn", "j"), 70, spaced=False),
    Language(
        "zh", "Mandarin Chinese", "中文", ("zh-cn", "zh-hans", "cmn", "cmn-cn", "mandarin", "z"), 60, spaced=False
    ),
)


def _further(tag: str, name: str, own_name: str, *aliases: str) -> Language:
    return Language(tag, name, own_name, aliases, 300, as_written=True)


FURTHER: tuple[Language, ...] = (
    _further("ar", "Arabic", "العربية", "ar-sa", "ar-ae", "ar-eg", "ara"),
    _further("bg", "Bulgarian", "Български", "bg-bg", "bul"),
    _further("cs", "Czech", "Čeština", "cs-cz", "ces"),
    _further("da", "Danish", "Dansk", "da-dk", "dan"),
    _further("de", "German", "Deutsch", "de-de", "de-at", "de-ch", "deu", "ger"),
    _further("el", "Greek", "Ελληνικά", "el-gr", "ell"),
    _further("fi", "Finnish", "Suomi", "fi-fi", "fin"),
    _further("fil", "Filipino", "Filipino (Pilipinas)", "fil-ph", "tl", "tgl"),
    _further("hr", "Croatian", "Hrvatski", "hr-hr", "hrv"),
    _further("hu", "Hungarian", "Magyar", "hu-hu", "hun"),
    _further("id", "Indonesian", "Bahasa Indonesia", "id-id", "ind"),
    _further("ka", "Georgian", "ქართული", "ka-ge", "kat"),
    _further("ko", "Korean", "한국어", "ko-kr", "kor"),
    _further("ms", "Malay", "Bahasa Melayu", "ms-my", "msa"),
    _further("nl", "Dutch", "Nederlands", "nl-nl", "nl-be", "nld"),
    _further("no", "Norwegian", "Norsk", "nb", "nb-no", "no-no", "nor"),
    _further("pl", "Polish", "Polski", "pl-pl", "pol"),
    _further("ro", "Romanian", "Română", "ro-ro", "ron"),
    _further("ru", "Russian", "Русский", "ru-ru", "rus"),
    _further("sk", "Slovak", "Slovenčina", "sk-sk", "slk"),
    _further("sv", "Swedish", "Svenska", "sv-se", "swe"),
    _further("ta", "Tamil", "தமிழ்", "ta-in", "tam"),
    _further("tr", "Turkish", "Türkçe", "tr-tr", "tur"),
    _further("uk", "Ukrainian", "Українська", "uk-ua", "ukr"),
    _further("vi", "Vietnamese", "Tiếng Việt", "vi-vn", "vie"),
)
"""What no voice of this computer speaks, and remote ones do."""


@cache
def _by_name() -> dict[str, Language]:
    found: dict[str, Language] = {}
    for one in (*LANGUAGES, *FURTHER):
        for name in (one.tag, one.name, one.own_name, *one.aliases):
            found[name.lower()] = one
    return found


def language(tag: str) -> Language:
    """The language of a tag, an alias or a name: `en`, `en_US`, `pt`, `cmn`, `French`. Case does not matter.

    Raises `UnknownLanguage`, with the tags that are known in its hint.
    """
    found = _by_name().get(tag.strip().replace("_", "-").lower())
    if found is None:
        known = ", ".join(one.tag for one in LANGUAGES)
        raise UnknownLanguage(f"The language “{tag[:40]}” is not known.", f"Choose one of {known}.")
    return found
