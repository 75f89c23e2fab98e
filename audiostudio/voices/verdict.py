"""Whether a recording is good enough to make a voice of: one table of limits, each with its reason.

`tests/voices/test_sample_measures.py` holds the measures against speech with known noise, rooms, filters, clipping,
music and second speakers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_SPEECH = 3.0
"""Seconds: engines listen to two windows of 1.6 s at least to know a voice."""
BEST_LEAST, BEST_MOST = 6.0, 30.0
"""Seconds: XTTS and Chatterbox learn from as much and gain nothing from more."""
ENOUGH = 30.0
"""Seconds of all samples together."""
SAME_SPEAKER = 0.75
"""Cosine of the embeddings of two recordings, or of two groups of windows of one: one speaker has 0.83 and more."""
OTHER_SPEAKER = 0.68
"""Below it somebody else speaks, so that the recording is refused: 61 of 78 pairs of voices; 72 are below the other
limit, and of single voices in noise, rooms or clipped none is."""


class Level(StrEnum):
    GOOD = "good"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Measures:
    """What was found in one recording. None: could not be told."""

    seconds: float
    """Of the whole recording."""
    looked: float
    """Seconds that were listened to."""
    speech: float
    """Seconds, in those."""
    level: float
    """dBFS while somebody speaks."""
    snr: float
    """dB."""
    noise_floor: float
    """dBFS of the pauses."""
    clipped: float
    """Share of the samples that are flat tops."""
    bandwidth: float
    """Hz up to which speech is heard."""
    music: float
    """Share of the pauses, 0…1."""
    speakers: int
    others: tuple[tuple[float, float], ...] = ()
    """Where another speaks than most of the time, seconds."""
    alike: float = 1.0
    """The cosine of the embeddings of the two."""
    reverberation: float | None = None
    """Seconds in which the voice dies away by 60 dB."""
    dnsmos: float | None = None
    """1…5."""
    pitch: float | None = None
    """Hz, the median."""
    language: str = ""
    """As it was recognised, ISO 639-1; empty: not listened for, or not sure."""
    wanted: str = ""
    """The language that was asked for."""
    damaged: str = ""
    """What is wrong with the file, of which only a part could be read."""

    @property
    def speech_share(self) -> float:
        return min(1.0, self.speech / self.looked) if self.looked else 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    measure: str
    value: float | str | None
    unit: str
    """`s`, `dB`, `dBFS`, `Hz`, `share` or empty."""
    level: Level
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    word: str
    """`good`, `usable`, `poor` or `refused`."""
    score: int
    """0…100."""
    findings: tuple[Finding, ...]
    """The worst first."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """Where a measure begins to matter and where it makes a recording useless; between them it costs points."""

    measure: str
    unit: str
    warn: float
    refuse: float | None
    """None: it is never refused for this alone."""
    points: float
    """Lost where it is as bad as `refuse`, or as `worst`."""
    fine: str
    bad: str
    """`{value}` is the measure in words."""
    useless: str
    hint: str
    worst: float = 0.0


LIMITS = (
    # Below 3 s engines cannot tell a voice from a word; 6 s is what they ask for.
    _Limit(
        "speech", "s", BEST_LEAST, LEAST_SPEECH, 35,
        "{value} of speech.",
        "Only {value} of speech.",
        "Only {value} of speech: too little to know a voice by.",
        "Record 6 to 30 seconds, two or three sentences.",
    ),
    # Long silences waste what the engine listens to; they can be cut, so it is never refused for them.
    _Limit(
        "speech_share", "share", 0.5, None, 10,
        "Speech fills {value} of it.",
        "Speech fills only {value} of it.",
        "",
        "Take “Trim to speech”.",
    ),
    # Speech at −50 dBFS has 8 bits of a 16-bit file; below −60 its noise is made loud with it.
    _Limit(
        "level", "dBFS", -40.0, -58.0, 25,
        "Loud enough ({value}).",
        "Very quiet ({value}).",
        "Far too quiet ({value}): mostly the noise of the microphone would be learnt.",
        "Take “Normalise”, or record nearer to the microphone.",
    ),
    # 25 dB: noise is heard but not learnt. 8 dB: whatever is learnt hisses (DNSMOS of such clips is below 2).
    _Limit(
        "snr", "dB", 25.0, 8.0, 55,
        "The voice stands {value} above the noise.",
        "The voice stands only {value} above the noise.",
        "The noise is nearly as loud as the voice ({value} between them).",
        "Record in a quiet room, or take “Denoise”.",
    ),
    # What is heard in pauses between sentences; the ratio above decides, this tells where it comes from.
    _Limit(
        "noise_floor", "dBFS", -42.0, None, 10,
        "Quiet pauses ({value}).",
        "Noise is heard in the pauses ({value}).",
        "",
        "Switch off fans, close the window, or take “Denoise”.",
        worst=-25.0,
    ),
    # 6 dB of clipping flattens 0.01 to 0.03 % and is hardly heard; 12 dB 1 %; 20 dB 12 %, no voice any more.
    _Limit(
        "clipped", "share", 0.0005, 0.05, 45,
        "Nothing is clipped.",
        "Loud places are clipped ({value} of the sound): they crackle.",
        "Much of it is clipped ({value} of the sound): the voice is distorted.",
        "Record again with less gain, further from the microphone.",
    ),
    # Near a microphone in a furnished room 0.2 to 0.3; a bare room with RT60 0.6 s gives 0.4 to 0.5, a hall 0.7.
    _Limit(
        "reverberation", "s", 0.36, 0.85, 50,
        "Hardly any echo ({value}).",
        "The room is heard: the voice takes {value} to die away.",
        "It sounds like a hall: the voice takes {value} to die away.",
        "Record nearer to the microphone, between curtains, beds or clothes.",
    ),
    # A telephone ends at 3.4 to 4 kHz. Engines work at 22 to 24 kHz: what ends below 7 kHz sounds dull ever after.
    _Limit(
        "bandwidth", "Hz", 7000.0, None, 45,
        "Clear up to {value}.",
        "Nothing is heard above {value}: dull, like a telephone.",
        "",
        "Use the original recording, not one from a call or a messenger.",
        worst=3500.0,
    ),
    # Speech gives 0.00 to 0.02, in an echoing room up to 0.07; a piano 20 dB below it 0.3, 12 dB below 0.5 and more.
    _Limit(
        "music", "share", 0.12, 0.7, 50,
        "No music.",
        "Music or tones are heard beside the voice, in {value} of the pauses.",
        "Music plays along ({value} of the pauses): the engine would learn it too.",
        "Choose a place without music, or record without it.",
    ),
    # Kokoro 3.2 to 3.5, whispering 1.8, a bare room 1.1: it is one network's opinion, and refuses nothing alone.
    _Limit(
        "dnsmos", "", 2.7, None, 45,
        "Sounds clean: {value} of 5.",
        "Does not sound clean: {value} of 5.",
        "",
        "Take “Denoise” or “Choose the best”, or record again.",
        worst=1.2,
    ),
)  # fmt: skip


def judge(found: Measures, names: Mapping[str, str] | None = None) -> Verdict:
    """The verdict of one recording. A refused one says why with its first finding. `names`: what languages are called,
    by their ISO 639-1 codes."""
    nobody = _nobody(found)
    if nobody is not None:
        return Verdict("refused", 0, (nobody,))
    findings = [*_limited(found), *_others(found), *_language(found, names or {})]
    score = 100.0 - sum(_lost(limit, value) for limit, value in _values(found))
    score -= 25 if found.speakers > 1 else 0
    findings.sort(key=lambda one: (Level.REFUSE, Level.WARN, Level.GOOD).index(one.level))
    refused = any(one.level is Level.REFUSE for one in findings)
    points = max(0, min(25 if refused else 100, round(score)))
    warned = any(one.level is Level.WARN for one in findings)
    word = "refused" if refused else "poor" if points < POOR else "usable" if warned else "good"
    return Verdict(word, points, tuple(findings))


POOR = 60


def broken(sentence: str, hint: str) -> Verdict:
    """Of a file that is no sound."""
    return Verdict("refused", 0, (Finding("file", None, "", Level.REFUSE, sentence, hint),))


def _nobody(found: Measures) -> Finding | None:
    """Why there is nothing to learn in it at all."""
    if found.speech >= 0.3:
        return None
    if found.noise_floor < -60 and found.level < -60:
        sentence, hint = "There is nothing to hear in it.", "Check the microphone and its level, then record again."
        return Finding("level", round(found.noise_floor, 1), "dBFS", Level.REFUSE, sentence, hint)
    if found.music > 0.2:
        hint = "Choose a recording of somebody who speaks."
        return Finding("music", round(found.music, 2), "share", Level.REFUSE, "This is music; nobody speaks.", hint)
    hint = "Choose a recording of somebody who speaks."
    return Finding("speech", round(found.speech, 1), "s", Level.REFUSE, "Nobody speaks in it.", hint)


def _values(found: Measures) -> Iterator[tuple[_Limit, float]]:
    for limit in LIMITS:
        value: float | None = getattr(found, limit.measure)
        if value is not None:
            yield limit, value


def _badness(limit: _Limit, value: float) -> float:
    """0 at `warn` and better, 1 at `refuse` (or `worst`)."""
    worst = limit.worst if limit.refuse is None else limit.refuse
    return max(0.0, (value - limit.warn) / (worst - limit.warn))


def _lost(limit: _Limit, value: float) -> float:
    badness = min(1.0, _badness(limit, value))
    return limit.points * badness**0.7 if badness else 0.0  # the first step away from good is heard most


def _limited(found: Measures) -> Iterator[Finding]:
    for limit, value in _values(found):
        badness = _badness(limit, value)
        useless = limit.refuse is not None and badness >= 1
        level = Level.REFUSE if useless else Level.WARN if badness > 0 else Level.GOOD
        sentence = {Level.REFUSE: limit.useless, Level.WARN: limit.bad, Level.GOOD: limit.fine}[level]
        shown = sentence.format(value=in_words(value, limit.unit))
        digits = 4 if limit.unit == "share" else 0 if limit.unit == "Hz" else 2
        yield Finding(
            limit.measure, round(value, digits), limit.unit, level, shown, "" if level == "good" else limit.hint
        )


def in_words(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.2%}" if value < 0.01 else f"{value:.0%}"
    if unit == "Hz":
        return f"{value / 1000:.1f} kHz"
    if unit in ("dB", "dBFS"):
        return f"{value:.0f} {unit}".replace("-", "−")
    return f"{value:.1f} {unit}".strip() if value >= 1 else f"{value:.2f} {unit}".strip()


def _others(found: Measures) -> Iterator[Finding]:
    if found.speakers > 1:
        where = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in found.others[:3])
        more = " and later" if len(found.others) > 3 else ""
        sure = found.alike < OTHER_SPEAKER
        yield Finding(
            "speakers",
            float(found.speakers),
            "",
            Level.REFUSE if sure else Level.WARN,
            f"More than one person {'speaks' if sure else 'may speak'}: another at {where}{more}.",
            "Take “Choose the best”, or cut out the other.",
        )
    else:
        yield Finding("speakers", 1.0, "", Level.GOOD, "One person speaks.")
    if found.damaged:
        yield Finding("file", None, "", Level.WARN, found.damaged, "What could be read was judged.")
    elif found.looked < found.seconds - 1:
        yield Finding(
            "seconds", round(found.seconds, 1), "s", Level.WARN,
            f"It lasts {clock(found.seconds)}; the first {clock(found.looked)} were listened to.",
            "That is enough. Cut out another part if that one is better.",
        )  # fmt: skip


def _language(found: Measures, names: Mapping[str, str]) -> Iterator[Finding]:
    if not found.language:
        return
    heard = names.get(found.language, f"“{found.language}”")
    wanted = _base(found.wanted)
    if wanted and found.language != wanted:
        yield Finding(
            "language",
            found.language,
            "",
            Level.WARN,
            f"It sounds like {heard}, not {names.get(wanted, f'“{wanted}”')}.",
            "Choose the language that is spoken, or another recording.",
        )
    else:
        yield Finding("language", found.language, "", Level.GOOD, f"{heard} is spoken.")


def clock(seconds: float) -> str:
    """`75` → `1:15`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _base(tag: str) -> str:
    return tag.lower().replace("_", "-").split("-")[0]


@dataclass(frozen=True, slots=True)
class Together:
    """What all usable samples are worth as one."""

    seconds: float
    """Of speech."""
    speakers_agree: bool | None
    """None: there is nothing to compare."""
    verdict: str
    sentence: str
    hint: str


def together(usable: Sequence[tuple[str, float, str]], refused: int, stranger: str | None) -> Together:
    """`usable`: name, seconds of speech and verdict of each that was not refused. `stranger`: the name of one in which
    somebody else speaks than in the others."""
    seconds = sum(one[1] for one in usable)
    if not usable:
        sentence = "None of the samples can be used." if refused else "There is no sample."
        return Together(0.0, None, "refused", sentence, "Record two or three sentences in a quiet room.")
    agree = stranger is None if len(usable) > 1 else None
    if stranger is not None:
        sentence = f"In {stranger} somebody else speaks than in the others."
        return Together(seconds, False, "refused", sentence, "Remove it: a voice is learnt from one person.")
    count = f"{len(usable)} sample{'s' if len(usable) > 1 else ''}"
    told = f"{seconds:.0f} seconds of speech in {count}"
    told += ", one speaker." if agree else "."
    if any(one[2] == "poor" for one in usable):
        return Together(
            seconds, agree, "poor", told, "Replace the poor ones: they are learnt as well as the good ones."
        )
    if seconds < BEST_LEAST:
        return Together(seconds, agree, "poor", told, "Add more: at least 6 seconds, better 30.")
    if seconds < ENOUGH or any(one[2] == "usable" for one in usable):
        more = "Add more for a better likeness: 3 to 5 samples, 30 seconds or more." if seconds < ENOUGH else ""
        return Together(seconds, agree, "usable", told, more)
    return Together(seconds, agree, "good", told, "")
