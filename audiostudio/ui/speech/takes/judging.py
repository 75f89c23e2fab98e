"""What was found in a take, for people. Plain Python, but for translation."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.operations.verdict import Level, Verdict, verdict
from audiostudio.script.markdown import blocks
from audiostudio.timeline.project import Line, Take, TakeSource
from audiostudio.ui.theme import tokens

if TYPE_CHECKING:
    from audiostudio.script.comparison import Comparison, Difference

TONES = {Level.GOOD: "success", Level.LISTEN: "warning", Level.BAD: "error"}
ICONS = {Level.GOOD: "circle-check", Level.LISTEN: "triangle-alert", Level.BAD: "circle-alert"}
_REMEMBERED = 16_384
_TOLERANCE = 0.005
"""Seconds."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Takes", text)


@dataclass(frozen=True, slots=True)
class Chip:
    """One figure of a take."""

    text: str
    tone: str
    """As of `Badge`."""
    meaning: str


def judged(take: Take) -> Verdict | None:
    """None: nobody has listened to it yet."""
    if take.check is None:
        return None
    drawn = (one.voicing.gap or 0.0 for one in take.performance)
    return verdict(take.check, max(longest_pause(take.text), *drawn, 0.0))


@lru_cache(_REMEMBERED)
def longest_pause(text: str) -> float:
    """Seconds of the longest pause that a text asks for."""
    return max((mark.seconds for block in blocks(text) for _, _, mark in block.pauses), default=0.0)


def overlong(line: Line, take: Take) -> float:
    """Seconds that a take lasts longer than the line's slot; 0 where it fits, or there is none."""
    if line.fit is None or take.seconds <= line.fit + _TOLERANCE:
        return 0.0
    return take.seconds - line.fit


def overlong_words(line: Line, take: Take) -> str:
    """How much too long, and how many times as fast it would have to be spoken; empty where it fits."""
    over = overlong(line, take)
    if not over or line.fit is None:
        return ""
    words = _tr("{seconds} s longer than its slot: it would have to be spoken {factor} times as fast as now.")
    factor = f"{take.seconds / line.fit:.2f}"
    return words.replace("{seconds}", f"{over:.2f}").replace("{factor}", factor)


def level_words(level: Level) -> str:
    return {
        Level.GOOD: _tr("Good"),
        Level.LISTEN: _tr("Worth a listen"),
        Level.BAD: _tr("Bad"),
    }[level]


def source_words(take: Take) -> str:
    return {TakeSource.RECORDED: _tr("Recorded"), TakeSource.IMPORTED: _tr("From a file")}.get(
        TakeSource(take.source), ""
    )


def chips(take: Take) -> list[Chip]:
    """Verdict, words, sound and quality of a take that was checked."""
    found, check = judged(take), take.check
    if found is None or check is None:
        return []
    made = [Chip(level_words(found.level), TONES[found.level], "\n".join(found.reasons) or _tr("Nothing was found."))]
    wrong = len(check.missing) + len(check.added)
    if check.word_errors > 0:
        share = _tr("{number} % of the words differ").replace("{number}", f"{100 * check.word_errors:.0f}")
        made.append(Chip(share, "warning" if wrong else "plain", _tr("Words that are missing, added or others")))
    else:
        made.append(Chip(_tr("Every word is heard"), "plain", _tr("Heard: “{text}”").replace("{text}", check.heard)))
    if check.clipped:
        words = _tr("{number} samples clipped").replace("{number}", str(check.clipped))
        made.append(Chip(words, "warning", _tr("Samples at full scale, in runs of three or more")))
    if check.loudness is not None:
        made.append(Chip(f"{check.loudness:.0f} LUFS".replace("-", "−"), "plain", _tr("Loudness")))
    if check.quality is not None:
        words = _tr("Quality {number} of 5").replace("{number}", f"{check.quality:.1f}")
        made.append(Chip(words, "plain", _tr("DNSMOS: what listeners would say of the sound")))
    return made


def compared(take: Take, language: str) -> "Comparison | None":
    """The words of the take's text beside what was heard; takes a moment. None: it was not checked."""
    from audiostudio.script.comparison import compare
    from audiostudio.script.dictionary import NO_ENTRIES, Dictionary
    from audiostudio.script.reading import read

    if take.check is None:
        return None
    dictionary = Dictionary(take.pronunciations) if take.pronunciations else NO_ENTRIES
    return compare(read(take.text, language, dictionary), take.check.heard, language)


def marked(text: str, differences: "Iterable[Difference]") -> str:
    """The text as rich text: what is missing crossed out, what was heard instead or beside it behind it."""
    from audiostudio.script.comparison import Fault

    missing, heard = tokens().error, tokens().warning
    parts: list[str] = []
    at = 0
    for one in sorted(differences, key=lambda one: one.start):
        if one.start < at:
            continue
        parts.append(escape(text[at : one.start]))
        if one.fault is not Fault.ADDED:
            said = escape(text[one.start : one.end])
            parts.append(f'<span style="color:{missing};text-decoration:line-through">{said}</span>')
        if one.heard:
            parts.append(f' <span style="color:{heard}">[{escape(one.heard)}]</span>')
        at = max(at, one.end)
    parts.append(escape(text[at:]))
    return "".join(parts)
