"""Names that the tab shows in several places."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from audiostudio.script.language import FURTHER, LANGUAGES

if TYPE_CHECKING:
    from audiostudio.engines.base import Voice


def _tr(text: str) -> str:
    return QCoreApplication.translate("Speech", text)


def language_name(tag: str) -> str:
    """In the user's language, as not every computer can draw every script."""
    return next(
        (QCoreApplication.translate("Languages", one.name) for one in (*LANGUAGES, *FURTHER) if one.tag == tag), tag
    )


def gender_name(gender: str) -> str:
    return {"female": _tr("Female"), "male": _tr("Male"), "neutral": _tr("Neutral")}.get(gender, gender)


def age_name(age: str) -> str:
    return {"young": _tr("Young"), "adult": _tr("Adult"), "mature": _tr("Mature")}.get(age, age)


def category_name(category: str) -> str:
    return {"standard": _tr("Standard"), "premium": _tr("Premium"), "mine": _tr("My voices")}.get(category, category)


def gone_name() -> str:
    """What an own voice is called that is not here any more."""
    return _tr("A voice that is gone")


def method_name(method: str) -> str:
    """How an own voice was made."""
    return _tr("Cloned") if method == "clone" else _tr("Matched")


def use_name(use: str) -> str:
    """What a service says that a voice is for, which may be anything."""
    return use.replace("_", " ").capitalize()


def about_voice(voice: "Voice") -> str:
    """Gender, accent (else language) and age, as far as they are known."""
    origin = voice.accent or language_name(voice.language)
    return " · ".join(word for word in (gender_name(voice.gender), origin, age_name(voice.age)) if word)


def number(value: int) -> str:
    """With the separators of the user's language."""
    return QLocale().toString(value)


def length(seconds: float) -> str:
    """`0:07`, `12:05`, `1:00:00`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def megabytes(size: int) -> str:
    digits = 1 if size >= 1_000_000_000 else 0
    return QLocale().formattedDataSize(size, digits, QLocale.DataSizeFormat.DataSizeSIFormat)


def counted(count: int, one: str, many: str) -> str:
    """`one`, or `many` with the number in place of `%n`; both translated."""
    return one if count == 1 else many.replace("%n", number(count))


def filled(text: str, **values: object) -> str:
    """`{name}` replaced; numbers with the separators of the user's language."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", number(value) if isinstance(value, int) else str(value))
    return text
