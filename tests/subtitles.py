"""Reads caption files back, SubRip and WebVTT, as a player would: not with what the studio imports them with."""

import re

from audiostudio.script.captions import Cue

_TIMES = re.compile(
    r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})[ \t]*-->[ \t]*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
_TAG = re.compile(r"</?(?:[ibus]|font|c|v|ruby|rt|lang)(?:[ .][^<>]{0,100})?>|\{\\[^{}]{0,100}\}")


def parse_captions(text: str) -> list[Cue]:
    """The cues of a SubRip or WebVTT file, in its order; styling, notes and empty cues are left out."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    escaped = lines[0].startswith("WEBVTT")
    found: list[Cue] = []
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at].strip())
        at += 1
        if times is None:
            continue
        shown: list[str] = []
        while at < len(lines) and lines[at].strip():
            shown.append(_text(lines[at], escaped))
            at += 1
        start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        assert start <= end, f"the caption at line {at} ends before it starts"
        if any(shown):
            found.append(Cue(start, end, tuple(line for line in shown if line)))
    assert found or escaped or not text.strip(), "this is no caption file"
    return found


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _text(line: str, escaped: bool) -> str:
    line = _TAG.sub("", line)
    if escaped:
        line = line.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return line.strip()
