"""`audiostudio verify`: where a sound is from, as far as it can be told."""

import argparse

from audiostudio.cli.console import Console, clock
from audiostudio.errors import MissingMedia
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject

_ANSWERS = {True: "yes", False: "no", None: "not known"}
_STATES = {
    "unclear": "not clear",
    "not_found": "not found",
    "no_speech": "there is no speech in which it could be",
    "not_checked": "not checked",
}
_KINDS = {
    "trainedAlgorithmicMedia": "made by a trained model",
    "compositeWithTrainedAlgorithmicMedia": "put together, with parts made by a trained model",
    "composite": "put together",
    "algorithmicMedia": "made by a program",
    "digitalCapture": "recorded",
}


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a sound, or a film with sound")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 when it was looked at, whatever was found."""
    path = absolute(arguments.file)
    if not path.exists():
        raise MissingMedia(f"There is no file {path}.", "Check its name and folder.")
    result = console.run("file.verify", {"path": str(path)}, f"Looking at {path.name}")
    console.out(result, told(result))
    return 0


def told(result: JsonObject) -> str:
    """The result of `file.verify` for people."""
    length = "" if result["seconds"] is None else f"  {clock(result['seconds'])}"
    lines = [f"{result['file']}{length}", f"Watermark: {_mark(result['watermark'])}"]
    lines += _credentials(result["credentials"])
    rights = result["rights"]
    if rights is not None:
        lines.append(f"Terms in the file: {rights['licence']}, may be sold: {_ANSWERS[rights['commercial']]}")
        lines += [f"  Credit: {line}" for line in rights["credit"].splitlines()]
    known = result["library"]
    if known is not None:
        lines.append(f"Library: it is “{known['name']}”")
    lines += [f"Could not check: {sentence}" for sentence in result["could_not_check"]]
    return "\n".join(lines + result["notes"])


def _mark(watermark: JsonObject) -> str:
    if watermark["state"] != "found":
        sure = "" if watermark["confidence"] is None else f" (at most {watermark['confidence']:.0%} sure)"
        return _STATES[watermark["state"]] + sure
    places = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in _joined(watermark["found"]))
    return f"found, {watermark['confidence']:.0%} sure, at {places}"


def _joined(spans: list[list[float]]) -> list[list[float]]:
    found: list[list[float]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1][1] = end
        else:
            found.append([start, end])
    return found


def _credentials(found: JsonObject) -> list[str]:
    if found["state"] in ("none", "not_checked", "unreadable"):
        said = {"none": "none", "not_checked": "not checked", "unreadable": "they cannot be read"}
        return [f"Content Credentials: {said[found['state']]}"]
    if found["state"] == "invalid":
        problems = ", ".join(found["problems"]) or "no reason given"
        lines = [f"Content Credentials: NOT VALID, do not believe them ({problems})"]
    else:
        who = "this studio" if found["signer"] == "this" else f"“{found['name']}”, whom nobody vouches for here"
        lines = [f"Content Credentials: valid, the file is as it was signed by {who}"]
    lines += [f"  Title: {found['title']}"] * bool(found["title"])
    made = "; ".join(_KINDS.get(one["kind"], one["kind"]) or one["action"] for one in found["actions"])
    lines.append(f"  Made with {found['generator'] or 'an unknown program'} {found['when']}: {made}".rstrip(": "))
    lines += [f"  Voice: {_voice(source)}" for source in found["sources"]]
    return lines + [f"  Terms: {found['rights']}"] * bool(found["rights"])


def _voice(source: JsonObject) -> str:
    """What a file says of one of its voices; anything may stand in it."""
    text = f"{source.get('voice') or 'none'} ({source.get('method')}, {source.get('engine')})"
    consent = source.get("consent")
    if isinstance(consent, dict):
        text += f", consent of {consent.get('person')}, {consent.get('date')}, for: {consent.get('scope')}"
    return text
