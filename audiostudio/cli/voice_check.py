"""`audiostudio voice check`: whether recordings are good enough to make a voice of."""

import argparse

from audiostudio.cli.console import Console, clock, table
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject
from audiostudio.script.language import language
from audiostudio.voices.verdict import in_words

REFUSED = 3
_MARKS = {"refuse": "✗", "warn": "!", "good": "·"}


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a recording, or a film with sound")
    parser.add_argument("--language", "--lang", default="", help="what is spoken in them; default: whatever is heard")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 when all can be used, 3 when one is refused."""
    tag = language(arguments.language).tag if arguments.language else ""
    files = [str(absolute(file)) for file in arguments.files]
    count = f"{len(files)} recordings" if len(files) > 1 else absolute(arguments.files[0]).name
    request = {"files": files, "keep": True, "language": tag}
    result = console.run("voice.check", request, f"Listening to {count}")
    console.out(result, told(result))
    return REFUSED if any(one["verdict"] == "refused" for one in result["samples"]) else 0


def told(result: JsonObject) -> str:
    """In words: a table, what is to be said of each, and all together."""
    rows = [
        (
            one["name"],
            one["verdict"],
            str(one["score"]),
            clock(one["seconds"]),
            _measure(one, "speech", "s"),
            _measure(one, "snr", "dB"),
            _measure(one, "reverberation", "s"),
            _measure(one, "bandwidth", "Hz"),
            _measure(one, "dnsmos", ""),
            one["language"],
        )
        for one in result["samples"]
    ]
    head = ("FILE", "VERDICT", "SCORE", "LENGTH", "SPEECH", "OVER NOISE", "ECHO", "UP TO", "DNSMOS", "LANGUAGE")
    lines = [table(head, rows)]
    for one in result["samples"]:
        lines += _reasons(one)
    together = result["together"]
    lines += ["", f"Together: {together['verdict']}. {together['sentence']} {together['hint']}".rstrip()]
    return "\n".join(lines)


def _reasons(sample: JsonObject) -> list[str]:
    found = [one for one in sample["findings"] if one["level"] != "good"]
    if not found and not sample["offers"]:
        return []
    lines = ["", f"{sample['name']}:"]
    for one in found:
        lines.append(f"  {_MARKS[one['level']]} {one['sentence']}")
        if one["hint"]:
            lines.append(f"    → {one['hint']}")
    if sample["best"] and "best" in sample["offers"]:
        start, end = sample["best"]
        lines.append(f"  · The best part: {clock(start)}–{clock(end)}.")
    return lines


def _measure(sample: JsonObject, name: str, unit: str) -> str:
    value = sample[name]
    return "–" if value is None else in_words(value, unit)
