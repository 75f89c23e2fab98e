"""What the pages of services say in several places."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from audiostudio.ui.speech.words import counted, number

if TYPE_CHECKING:
    from audiostudio.operations.cloud.costs import Cost


def tr(text: str) -> str:
    return QCoreApplication.translate("Cloud", text)


def short_of(cost: "Cost") -> bool:
    """Whether the account has too little, and no more can be had."""
    return cost.suffices is False and not cost.extends


def cost_sentence(cost: "Cost") -> str:
    """What is sent, what it takes and what is left after."""
    what = counted(cost.characters, tr("1 character"), tr("%n characters"))
    if cost.credits is None:
        return filled(tr("{what} go to {who}, which does not say what it costs."), what=what, who=cost.title)
    if cost.characters:
        sent = filled(tr("{what} go to {who} for {credits} credits"), what=what, who=cost.title, credits=cost.credits)
    else:
        sent = filled(tr("{who} takes {credits} credits"), who=cost.title, credits=cost.credits)
    return f"{sent}{_left(cost)}"


def _left(cost: "Cost") -> str:
    if cost.remaining is None:
        return tr("; what is left is not known yet.")
    left = cost.remaining - (cost.credits or 0)
    if left >= 0:
        return filled(tr("; {left} are left after."), left=left)
    if cost.extends:
        return filled(tr("; that is {over} more than your plan has, and is billed."), over=-left)
    return filled(tr("; only {left} are left. Shorten it, choose a local voice, or buy more."), left=cost.remaining)


def filled(text: str, **values: object) -> str:
    """`{name}` replaced; numbers with the separators of the user's language."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", number(value) if isinstance(value, int) else str(value))
    return text


def when(moment: str | None) -> str:
    """An ISO 8601 moment as people here write it; empty: never."""
    if not moment:
        return ""
    local = datetime.fromisoformat(moment).astimezone()
    at = QDateTime.fromSecsSinceEpoch(round(local.timestamp()))
    return QLocale().toString(at, QLocale.FormatType.ShortFormat)


def day(moment: str) -> str:
    """As `when`, without the time."""
    at = QDateTime.fromSecsSinceEpoch(round(datetime.fromisoformat(moment).timestamp()))
    return QLocale().toString(at.date(), QLocale.FormatType.ShortFormat)
