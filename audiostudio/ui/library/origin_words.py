"""What `file.verify` found, in words. Plain Python but for translation."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from audiostudio.rights import Rights
from audiostudio.ui.library.details import sale_words
from audiostudio.ui.widgets.waveform_paint import clock

JsonObject = dict[str, Any]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Origin", text)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for."""

    title: str
    sentence: str
    tone: str
    """`success`, `warning`, `error` or `plain`."""
    details: tuple[str, ...] = ()


def findings(result: JsonObject) -> list[Finding]:
    """In the order in which they tell most."""
    found = [_watermark(result["watermark"], result["notes"]), _credentials(result["credentials"])]
    found.append(_terms(result["rights"]))
    found.append(_library(result["library"]))
    if result["could_not_check"]:
        found.append(Finding(_tr("Not checked"), _tr("Some of it could not be looked at."), "warning", _lines(result)))
    return found


def _lines(result: JsonObject) -> tuple[str, ...]:
    return tuple(result["could_not_check"])


def _watermark(mark: JsonObject, notes: list[str]) -> Finding:
    title, sure = _tr("Watermark"), _share(mark["confidence"])
    if mark["state"] == "found":
        places = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in _joined(mark["found"]))
        words = _tr("Found, {sure} sure, at {places}.").replace("{sure}", sure).replace("{places}", places)
        return Finding(title, words, "success", tuple(notes))
    words = {
        "unclear": _tr("Perhaps: at most {sure} sure.").replace("{sure}", sure),
        "not_found": _tr("None was found."),
        "no_speech": _tr("There is no speech in which one could be."),
        "not_checked": _tr("It was not looked for."),
    }[mark["state"]]
    return Finding(title, words, "warning" if mark["state"] == "unclear" else "plain", tuple(notes))


def _credentials(found: JsonObject) -> Finding:
    title = _tr("Content Credentials")
    plain = {
        "none": _tr("There are none."),
        "not_checked": _tr("They were not looked for."),
        "unreadable": _tr("They cannot be read."),
    }
    if found["state"] in plain:
        return Finding(title, plain[found["state"]], "plain")
    if found["state"] == "invalid":
        words = _tr("Not valid: the file was changed since they were written. Do not believe what they say.")
        return Finding(title, words, "error", tuple(found["problems"]))
    if found["signer"] == "this":
        words, tone = _tr("Valid: the file is as this studio signed it."), "success"
    else:
        words = _tr("Valid: the file is as “{name}” signed it, whom nobody vouches for here.")
        words, tone = words.replace("{name}", found["name"]), "plain"
    return Finding(title, words, tone, tuple(_claims(found)))


def _claims(found: JsonObject) -> list[str]:
    """What the credentials say."""
    kinds = {
        "trainedAlgorithmicMedia": _tr("made by a trained model"),
        "compositeWithTrainedAlgorithmicMedia": _tr("put together, with parts made by a trained model"),
        "composite": _tr("put together"),
        "algorithmicMedia": _tr("made by a program"),
        "digitalCapture": _tr("recorded"),
    }
    made = "; ".join(kinds.get(one["kind"], one["kind"]) or one["action"] for one in found["actions"])
    lines = [_tr("Title: {title}").replace("{title}", found["title"])] if found["title"] else []
    with_what = " ".join(part for part in (found["generator"], _when(found["when"])) if part)
    lines += [_tr("Made with: {program}").replace("{program}", with_what)] if with_what else []
    lines += [_tr("How: {kinds}").replace("{kinds}", made)] if made else []
    lines += [_voice(source) for source in found["sources"]]
    return lines + ([_tr("Terms: {terms}").replace("{terms}", found["rights"])] if found["rights"] else [])


def _when(stamp: str) -> str:
    """A time as it is written here; anything may stand in a file."""
    time = QDateTime.fromString(stamp, Qt.DateFormat.ISODate)
    return QLocale().toString(time.toLocalTime(), QLocale.FormatType.ShortFormat) if time.isValid() else stamp


def _voice(source: JsonObject) -> str:
    """What a file says of one of its voices; anything may stand in it."""
    methods = {"clone": _tr("cloned"), "match": _tr("matched")}
    how = ", ".join(str(part) for part in (methods.get(str(source.get("method"))), source.get("engine")) if part)
    words = _tr("Voice: {voice} ({how})").replace("{voice}", str(source.get("voice") or "–")).replace("{how}", how)
    consent = source.get("consent")
    if not isinstance(consent, dict):
        return words
    told = _tr("{voice}. Consent of {person}, {date}, for: {scope}").replace("{voice}", words)
    for name in ("person", "date", "scope"):
        told = told.replace(f"{{{name}}}", str(consent.get(name) or "–"))
    return told


def _terms(rights: JsonObject | None) -> Finding:
    title = _tr("Terms in the file")
    if rights is None:
        return Finding(title, _tr("None are written in it."), "plain")
    words, tone = sale_words(Rights.from_json(rights))
    lines = [_tr("Licence: {name}").replace("{name}", rights["licence"])]
    lines += [_tr("Name: {credit}").replace("{credit}", line) for line in rights["credit"].splitlines()]
    return Finding(title, f"{words}.", tone, (*lines, *([rights["url"]] if rights["url"] else [])))


def _library(known: JsonObject | None) -> Finding:
    title = _tr("Your library")
    if known is None:
        return Finding(title, _tr("This file is not in it."), "plain")
    return Finding(title, _tr("It is “{name}”.").replace("{name}", known["name"]), "success")


def _share(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.0%}"


def _joined(spans: list[list[float]]) -> list[list[float]]:
    found: list[list[float]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return found
