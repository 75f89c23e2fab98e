"""Facts about assets in words."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from audiostudio.library.model import Asset, AssetKind, AssetSource

ICONS = {
    AssetKind.VOICEOVER: "mic-vocal",
    AssetKind.MUSIC: "music",
    AssetKind.SONG: "music-4",
    AssetKind.SOUND_EFFECT: "audio-waveform",
    AssetKind.RECORDING: "mic",
    AssetKind.IMAGE: "image",
    AssetKind.AVATAR: "user-round",
    AssetKind.WARDROBE_ITEM: "shirt",
    AssetKind.TALK_CLIP: "video",
    AssetKind.FILM: "film",
    AssetKind.CAPTIONS: "captions",
    AssetKind.DOCUMENT: "file-text",
}


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("Library", text, None, count)


def kind_name(kind: AssetKind) -> str:
    return {
        AssetKind.VOICEOVER: tr("Voiceover"),
        AssetKind.MUSIC: tr("Music"),
        AssetKind.SONG: tr("Song"),
        AssetKind.SOUND_EFFECT: tr("Sound effect"),
        AssetKind.RECORDING: tr("Sound"),
        AssetKind.IMAGE: tr("Picture"),
        AssetKind.AVATAR: tr("Avatar"),
        AssetKind.WARDROBE_ITEM: tr("Wardrobe item"),
        AssetKind.TALK_CLIP: tr("Talk clip"),
        AssetKind.FILM: tr("Film"),
        AssetKind.CAPTIONS: tr("Captions"),
        AssetKind.DOCUMENT: tr("Document"),
    }[kind]


def source_name(source: AssetSource) -> str:
    return {
        AssetSource.TTS: tr("Spoken here"),
        AssetSource.AI_VOICE: tr("Made by an AI voice"),
        AssetSource.AI_MUSIC: tr("Made by an AI composer"),
        AssetSource.CLONED: tr("Spoken by a cloned voice"),
        AssetSource.UPLOADED: tr("Imported"),
        AssetSource.RECORDED: tr("Recorded"),
        AssetSource.COMPOSED: tr("Composed here"),
        AssetSource.RENDERED: tr("Rendered here"),
    }[source]


def duration(seconds: float | None) -> str:
    """`0:07`, `12:05`, `1:00:00`; empty without one."""
    if seconds is None:
        return ""
    whole = round(seconds) if seconds >= 1 else 1 if seconds > 0 else 0
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def exact_duration(seconds: float) -> str:
    """`7.25 s`, `12 min 5.1 s`."""
    minutes, rest = divmod(round(seconds, 2), 60)
    words = f"{QLocale().toString(rest, 'f', 2)} s"
    return f"{int(minutes)} min {words}" if minutes else words


def size(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def pixels(asset: Asset) -> str:
    return f"{asset.width} × {asset.height}" if asset.width and asset.height else ""


def when(moment: datetime) -> str:
    """The time of today, `Yesterday`, or the date."""
    local = moment.astimezone()
    day, today = QDate(local.year, local.month, local.day), QDate.currentDate()
    if day == today:
        return f"{local:%H:%M}"
    if day == today.addDays(-1):
        return tr("Yesterday")
    return QLocale().toString(day, "d MMM yyyy" if day.year() != today.year() else "d MMM")


def moment(value: datetime) -> str:
    local = value.astimezone()
    return f"{QLocale().toString(QDate(local.year, local.month, local.day), 'd MMMM yyyy')}, {local:%H:%M}"


def channels(count: int) -> str:
    return {1: tr("mono"), 2: tr("stereo")}.get(count, tr("{count} channels").replace("{count}", str(count)))


def summary(asset: Asset) -> str:
    """The line under a name: length or size, format, and when; of music its tempo and key."""
    facts = (duration(asset.duration) or pixels(asset), *_short_facts(asset))
    return "  ·  ".join(fact for fact in facts if fact)


def card_facts(asset: Asset) -> str:
    """The line under the name of a card, whose length stands in the picture."""
    return "  ·  ".join(fact for fact in _short_facts(asset) if fact)


def _short_facts(asset: Asset) -> tuple[str, ...]:
    music = music_words(asset)
    if music["tempo"] or music["key"]:
        tonic, _, mode = music["key"].partition(" ")
        return music["tempo"], tonic + {"major": "", "minor": "m"}.get(mode, f" {mode}")
    return asset.format.upper(), when(asset.created)


def music_words(asset: Asset) -> dict[str, str]:
    """Genre, mood, tempo and key of a piece, as its maker told them, else as they were heard; empty: not known."""
    heard = asset.detail.get("analysis")
    known = {**(heard if isinstance(heard, dict) else {}), **asset.detail}
    found = {name: str(known.get(name) or "") for name in ("genre", "mood", "key")}
    bpm = known.get("bpm")
    if isinstance(bpm, (int, float)) and 0 < bpm < 10_000:
        return found | {"tempo": tr("{bpm} BPM").replace("{bpm}", QLocale().toString(round(bpm)))}
    return found | {"tempo": ""}
