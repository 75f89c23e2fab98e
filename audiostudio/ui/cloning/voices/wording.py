"""What is said of own voices in several places."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from audiostudio.rights import Rights
from audiostudio.ui.speech.words import counted, filled, gender_name, language_name

if TYPE_CHECKING:
    from audiostudio.operations.voices.usage import Usage
    from audiostudio.voices.voice import Consent, KeptVoice, OwnVoice


def tr(text: str) -> str:
    return QCoreApplication.translate("MyVoices", text)


def order_name(order: str) -> str:
    return {
        "newest": tr("Newest first"),
        "name": tr("By name"),
        "used": tr("Last used first"),
        "score": tr("Best first"),
    }[order]


def method_name(voice: "OwnVoice") -> str:
    return tr("Cloned") if voice.method == "clone" else tr("Matched")


def method_sentence(voice: "OwnVoice") -> str:
    if voice.method == "clone":
        return tr("Learnt from the recordings. What it says carries an inaudible watermark.")
    return tr("The nearest voice that the engine has. It is like the recordings, and no clone of the person.")


def sale(rights: Rights) -> tuple[str, str]:
    """Whether what a voice says may be sold, and the tone of the badge."""
    if rights.commercial is None:
        return tr("Not known whether it may be sold"), "warning"
    return (tr("May be sold"), "success") if rights.commercial else (tr("May not be sold"), "error")


def score_words(score: object) -> str:
    return filled(tr("quality {score}"), score=round(score)) if isinstance(score, int | float) else ""


def about(kept: "KeptVoice", engine: str, use: "Usage") -> str:
    """One line under the name."""
    spoken = language_name(kept.voice.language)
    return " · ".join(
        part for part in (engine, spoken, score_words(kept.voice.found.get("score")), last_use(use)) if part
    )


def about_sound(kept: "KeptVoice") -> str:
    """Pitch, rate and tags in one line."""
    found = kept.voice.found
    return " · ".join(part for part in (pitch_words(found), rate_words(found), ", ".join(kept.card.tags)) if part)


def last_use(use: "Usage") -> str:
    """How often, and when last."""
    if use.last is None:
        return uses(use)
    return filled(tr("{uses}, last on {day}"), uses=uses(use), day=moment(use.last))


def uses(use: "Usage") -> str:
    return counted(use.count, tr("used once"), tr("used %n times")) if use.count else tr("not used yet")


def pitch_words(found: dict[str, object]) -> str:
    low, high, middle = (found.get(name) for name in ("pitch_low", "pitch_high", "pitch"))
    if not isinstance(middle, int | float):
        return ""
    if isinstance(low, int | float) and isinstance(high, int | float):
        return filled(tr("{low}–{high} Hz, mostly {middle}"), low=round(low), high=round(high), middle=round(middle))
    return filled(tr("{middle} Hz"), middle=round(middle))


def rate_words(found: dict[str, object]) -> str:
    rate = found.get("rate")
    if not isinstance(rate, int | float):
        return ""
    return filled(tr("{rate} words a second"), rate=QLocale().toString(float(rate), "f", 1))


def percent(share: float) -> str:
    return f"{QLocale().toString(round(100 * share))} %"


def gender_words(gender: object) -> str:
    return gender_name(gender) if isinstance(gender, str) and gender else ""


def day(moment: str) -> str:
    """A day of an ISO 8601 moment or date, as people here write it; what is none, as it is."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if len(moment) <= len("2026-11-21"):
        date = QDate(found.year, found.month, found.day)
    else:
        date = QDateTime.fromSecsSinceEpoch(round(found.timestamp())).date()
    return QLocale().toString(date, QLocale.FormatType.ShortFormat)


def moment(when: datetime) -> str:
    """Its day, as people here write it."""
    return day(when.isoformat())


def whose(consent: "Consent") -> str:
    words = tr("{person}, who made it") if consent.whose == "own" else tr("{person}, who agreed in writing")
    return words.replace("{person}", consent.person)
