"""What the tab says in several places."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from audiostudio.jobs import JsonObject
from audiostudio.ui.speech.words import filled
from audiostudio.voices.verdict import in_words

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.rights import Rights

TONES = {"good": "success", "usable": "warning", "poor": "warning", "refused": "error"}
"""Of a verdict."""
LEVELS = {"good": "success", "warn": "warning", "refuse": "error"}
"""Of a finding."""
_WORST = ("refuse", "warn", "good")


def tr(text: str) -> str:
    return QCoreApplication.translate("Cloning", text)


def verdict_name(verdict: str) -> str:
    return {
        "good": tr("Good"),
        "usable": tr("Usable"),
        "poor": tr("Poor"),
        "refused": tr("Cannot be used"),
    }.get(verdict, verdict)


def offer_name(offer: str) -> str:
    return {
        "trim": tr("Trim to speech"),
        "denoise": tr("Denoise"),
        "normalise": tr("Normalise"),
        "best": tr("Choose the best"),
    }.get(offer, offer)


def offer_hint(offer: str) -> str:
    return {
        "trim": tr("Cuts silence before and after what is said"),
        "denoise": tr("Takes hiss, hum and other noise off the speech"),
        "normalise": tr("Makes it as loud as samples should be"),
        "best": tr("Keeps the best stretch of at most 30 seconds, cut at pauses"),
    }.get(offer, "")


def taken_name(offer: str) -> str:
    return {
        "trim": tr("trimmed"),
        "denoise": tr("denoised"),
        "normalise": tr("normalised"),
        "best": tr("best part"),
    }.get(offer, offer)


def measure_name(measure: str) -> str:
    """Measures that came later are shown by their own names."""
    return {
        "seconds": tr("Length"),
        "speech": tr("Speech"),
        "speech_share": tr("Share of speech"),
        "snr": tr("Speech above noise"),
        "noise_floor": tr("Noise in the pauses"),
        "clipped": tr("Too loud in places"),
        "reverberation": tr("Echo of the room"),
        "bandwidth": tr("Highest frequency"),
        "music": tr("Music"),
        "speakers": tr("Speakers"),
        "dnsmos": tr("How it sounds, 1 to 5"),
        "pitch": tr("Pitch"),
        "language": tr("Language"),
        "file": tr("File"),
        "level": tr("Level"),
    }.get(measure, measure.replace("_", " ").capitalize())


def value_words(value: object, unit: str) -> str:
    """`12 dB`; shares as per cent."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return in_words(float(value), unit) if unit else QLocale().toString(value)


def worst(sample: JsonObject) -> JsonObject | None:
    """The finding that matters most; None: all is well."""
    found = sorted(sample.get("findings", ()), key=lambda one: _WORST.index(one["level"]))
    return found[0] if found and found[0]["level"] != "good" else None


def sell_words(rights: "Rights", remote: bool = False) -> tuple[str, str]:
    """Whether what the voice says may be sold, and the tone of that. `remote`: it is a service's, who sells plans."""
    if remote and rights.commercial is None:
        return tr("Selling depends on your plan"), "warning"
    return {
        True: (tr("May be sold"), "success"),
        False: (tr("May not be sold"), "error"),
        None: (tr("Selling: not known"), "warning"),
    }[rights.commercial]


def kind_name(engine: "EngineManifest") -> str:
    return tr("Matched voice") if engine.capabilities.cloning == "match" else tr("Cloned voice")


def kind_words(engine: "EngineManifest") -> str:
    """What is made, in sentences."""
    if engine.capabilities.cloning == "match":
        return filled(
            tr(
                "The nearest voice that {engine} has, or a mix that comes nearer. It resembles the speaker, but it is "
                "not a clone."
            ),
            engine=engine.title,
        )
    if engine.capabilities.remote:
        return filled(
            tr(
                "Learnt by {engine} from the recordings. They leave this computer: they are sent to the service when "
                "you press Make."
            ),
            engine=engine.title,
        )
    return filled(
        tr(
            "Learnt by {engine} from the recordings, on this computer. What it says carries a watermark that nobody "
            "hears."
        ),
        engine=engine.title,
    )


def decibels(value: float) -> str:
    return in_words(value, "dBFS")
