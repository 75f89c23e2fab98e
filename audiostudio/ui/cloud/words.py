"""What the pages of services say in several places."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale


def tr(text: str) -> str:
    return QCoreApplication.translate("Cloud", text)


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
