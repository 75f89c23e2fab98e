"""Consent: nobody's voice is made without it. The phrase that is spoken, and what has to be true of it."""

import re
import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.perth import MODEL as WATERMARK
from audiostudio.engines.speakers import SpeakerEncoder, similarity
from audiostudio.engines.watermark import Watermarker
from audiostudio.errors import RequestError
from audiostudio.files import absolute, storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library.moves import content_hash
from audiostudio.operations.listening import recognise
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.sounds import heard, speaker
from audiostudio.rights import Rights
from audiostudio.script.comparison import Comparison, compare
from audiostudio.script.reading import read
from audiostudio.sound.files import Sound, probe, write_sound
from audiostudio.voices.phrases import Phrase, Phrases, require_unanswered, script_of
from audiostudio.voices.shape import is_text
from audiostudio.voices.voice import Consent

LEAST_AGREEMENT = 0.7
"""Of the phrase's words: Whisper base mishears a name or an ending of a phrase that was read as it stands, and hardly
any word of another sentence is right."""
MOST_UNHEARD = 2
"""Of the five random words: endings and homophones are misheard. Of an older phrase none would be right."""
LEAST_SIMILARITY = 0.75
"""Of the speaker to that of the samples: the same person has about 0.9, strangers 0.5 to 0.7, see
docs/decisions/own-voices-are-folders.md."""
_LONGEST = 90.0
"""Seconds of a recording of a phrase."""
_MOST_BYTES = 20 << 20
"""Of a document."""
_LONGEST_NAME = 200
_LONGEST_TEXT = 20_000
"""Characters of a permission, and of all else but names."""
_LEAST_STATEMENT = 20
"""Characters of a permission that was typed."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_FORM = "docs/guide/voice-consent.md shows what to write."
_RATE = 48_000
_LOOKED_AT = 4 * _RATE
"""Samples in which the watermark is looked for."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was found in the recording of a phrase."""

    heard: str
    agreement: float
    """The share of the phrase's words that were recognised, 0…1."""
    similarity: float
    """Of the speaker to that of the samples; 0 where the words were wrong already."""
    sentence: str
    hint: str = ""
    accepted: bool = False

    def to_json(self) -> JsonObject:
        names = ("heard", "agreement", "similarity", "accepted", "sentence", "hint")
        return {name: getattr(self, name) for name in names}


def phrases(studio: Studio) -> Phrases:
    """Those that were issued in this profile."""
    return Phrases(studio.profile.root / "phrases.json")


def issue(studio: Studio, language: str, person: str = "") -> JsonObject:
    """A phrase to be spoken: `{id, text, language, issued, expires}`. `person`: who will say it."""
    phrase = phrases(studio).issue(language, person)
    return {name: getattr(phrase, name) for name in ("id", "text", "language", "issued", "expires")}


def check_consent(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{phrase, recording, samples}` → `{heard, agreement, similarity, accepted, sentence, hint}`.

    Raises `RequestError` for a phrase that is too old, `ModelMissing`, `UnreadableMedia`.
    """
    phrase = phrases(studio).get(request["phrase"])
    samples = [absolute(one) for one in request["samples"]]
    found = yield from listen(studio, phrase, absolute(request["recording"]), samples)
    return found.to_json()


def listen(
    studio: Studio, phrase: Phrase, recording: Path, samples: Sequence[Path]
) -> Generator[Progress, None, Spoken]:
    """Whether the recording says the phrase, in the voice of the samples. Raises `RequestError` where the phrase was
    used with another recording; as `check_consent` does."""
    digest = content_hash(recording)
    require_unanswered(phrase, digest)
    if (probe(recording).duration or 0.0) > _LONGEST:
        return Spoken(
            "", 0.0, 0.0, "The recording is far longer than the phrase.", "Record the phrase and nothing else."
        )
    if digest in map(content_hash, samples):
        return Spoken("", 0.0, 0.0, "The recording is one of the samples.", "Record the phrase itself.")
    prompt = script_of(phrase.language)
    words = yield from part_of(recognise(studio, recording, phrase.language, False, prompt), 0.0, 0.7)
    wrong = _wrong_words(phrase, words.text)
    if wrong is not None:
        return wrong
    yield Progress(0.7, "Comparing the voices")
    encoder = SpeakerEncoder(studio.models)
    alike = similarity(speaker(encoder, [recording]), speaker(encoder, samples))
    found = _judged(words.text, _agreement(_compared(phrase, words.text)), alike)
    if found.accepted:
        yield Progress(0.85, "Looking for a watermark")
        if _is_cloned(studio, recording):
            return replace(
                found,
                accepted=False,
                sentence="The phrase was spoken by a cloned voice: its watermark is in the recording.",
                hint="The person has to read it.",
            )
    return found


def record(
    studio: Studio, asked: JsonObject, samples: Sequence[Path], place: Path
) -> Generator[Progress, None, tuple[Consent, Rights, str]]:
    """The consent of a request, its files copied into `place`; the terms it sets; and the SHA-256 of the recording.

    Raises `RequestError` for whatever is missing or was refused.
    """
    require_form(asked)
    person, scope = asked["person"].strip(), asked.get("scope", "").strip()
    if asked["whose"] == "own":
        phrase = phrases(studio).get(asked["phrase"])
        recording = absolute(asked["recording"])
        found = yield from listen(studio, phrase, recording, samples)
        if not found.accepted:
            raise RequestError(f"The consent cannot be taken. {found.sentence}", found.hint)
        write_sound(place / "consent.flac", Sound(heard(recording, _RATE)[np.newaxis], _RATE), "flac")
        consent = Consent(
            *("own", person, _day(asked.get("date") or phrase.issued), scope or "All that I make"),
            statement=phrase.text,
            recording="consent.flac",
            heard=found.heard,
            agreement=round(found.agreement, 3),
            similarity=round(found.similarity, 3),
        )
        return consent, Rights("yours", True), content_hash(recording)
    document = _document(asked.get("document", ""), place)
    consent = Consent(
        "permission", person, _day(asked["date"]), scope, asked.get("statement", "").strip(), document=document
    )
    rights = Rights(f"by permission of {person}", asked.get("commercial"))
    return consent, rights, ""


def require_form(asked: JsonObject) -> None:
    """Raises `RequestError` for a consent that lacks something."""
    text = ("whose", "person", "date", "scope", "phrase", "recording", "document", "statement")
    if not isinstance(asked, dict) or not all(isinstance(asked.get(name, ""), str) for name in text):
        raise RequestError("The consent is not written as it should be.", _FORM)
    for name in text:
        _require_text(name, asked.get(name, ""))
    if asked.get("whose") not in ("own", "permission"):
        raise RequestError("The consent does not say whose voice it is: “own” or “permission”.", _FORM)
    needed = ("person", "phrase", "recording") if asked["whose"] == "own" else ("person", "date", "scope")
    for name in needed:
        if not asked.get(name, "").strip():
            raise RequestError(f"The consent lacks “{name}”.", _FORM)
    if asked.get("date"):
        _require_date(asked["date"])
    if not isinstance(asked.get("commercial"), bool | None):
        raise RequestError("“commercial” of the consent is true, false or null.", _FORM)
    typed = len(asked.get("statement", "").strip()) >= _LEAST_STATEMENT
    if asked["whose"] == "permission" and not asked.get("document") and not typed:
        raise RequestError(
            "A permission needs a document, or the words in which it was given.",
            "Add the file as “document”, or its words as “statement”.",
        )


def same_speaker(studio: Studio, samples: Sequence[Path], known: NDArray[np.float32]) -> None:
    """Raises `RequestError` where the samples are not of the speaker with the embedding `known`, shape (256,)."""
    alike = similarity(speaker(SpeakerEncoder(studio.models), samples), known)
    if alike < LEAST_SIMILARITY:
        raise RequestError(
            f"The new samples are of another speaker (similarity {alike:.2f}; {LEAST_SIMILARITY:.2f} is needed).",
            "Use recordings of the same person, or make another voice with a consent of its own.",
        )


def _require_text(name: str, text: str) -> None:
    most = _LONGEST_NAME if name == "person" else _LONGEST_TEXT
    if len(text) > most:
        raise RequestError(f"“{name}” of the consent is too long.", f"Write it in {most:,} letters at most.")
    if not is_text(text, lines=name in ("scope", "statement")):
        raise RequestError(f"“{name}” of the consent holds signs that cannot be shown.", "Type it again.")


def _require_date(text: str) -> None:
    try:
        found = datetime.fromisoformat(text).date()
    except ValueError:
        raise RequestError(f"“{text[:30]}” is no date.", "Write it as 2026-11-21.") from None
    if found.year < 1900:
        raise RequestError(f"Nobody was recorded on the day of the consent, {found}.", "Write when it was given.")
    if found > date.today():
        raise RequestError(f"The consent is of a day to come, {text[:10]}.", "Write the day on which it was given.")


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).date().isoformat()


def _document(named: str, place: Path) -> str:
    if not named:
        return ""
    path = absolute(named)
    suffix = path.suffix.lower()
    with storage_errors(path):
        size = path.stat().st_size
        if not path.is_file() or not 0 < size <= _MOST_BYTES:
            raise RequestError(f"{path.name} cannot be the written permission.", "Use a file of up to 20 MB.")
        name = f"permission{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        shutil.copyfile(path, place / name)
    return name


def _is_cloned(studio: Studio, recording: Path) -> bool:
    """Whether the middle of a recording bears the mark of what cloned voices speak. False where it cannot be looked
    for: then nothing that was cloned here is marked either, and nothing is cloned."""
    if not studio.models.present(WATERMARK):
        return False
    audio = heard(recording, _RATE)
    start = max(0, len(audio) - _LOOKED_AT) // 2
    return bool(Watermarker(studio.models).detect([audio[start : start + _LOOKED_AT]], _RATE).found)


def _compared(phrase: Phrase, heard: str) -> Comparison:
    return compare(read(phrase.text, phrase.language), heard, phrase.language)


def _agreement(comparison: Comparison) -> float:
    return max(0.0, 1.0 - comparison.word_errors)


def _wrong_words(phrase: Phrase, heard: str) -> Spoken | None:
    """None where the words are those of the phrase."""
    if not heard.strip():
        return Spoken(
            "", 0.0, 0.0, "Nothing is said in the recording.", "Check the microphone, and read the phrase aloud."
        )
    comparison = _compared(phrase, heard)
    agreement = _agreement(comparison)
    begin = phrase.text.rindex(phrase.random)
    unheard = [one.said for one in comparison.differences if one.said and one.end > begin]
    missed = sum(len(read_words(one, phrase.language)) for one in unheard)
    if agreement < LEAST_AGREEMENT:
        sentence = f"The recording does not say the phrase. “{heard[:200]}” was heard."
    elif missed > MOST_UNHEARD:
        sentence = f"These words of the phrase were not heard: {', '.join(unheard)}. “{heard[:200]}” was heard."
    else:
        return None
    return Spoken(heard, agreement, 0.0, sentence, "Read the phrase that was issued to you, clearly and in one go.")


def read_words(text: str, language: str) -> list[str]:
    """The words of a text as they are counted."""
    return [word.text for part in read(text, language) for word in getattr(part, "words", ())]


def _judged(heard: str, agreement: float, alike: float) -> Spoken:
    if alike < LEAST_SIMILARITY:
        return Spoken(
            *(heard, agreement, alike),
            f"The phrase was spoken by another voice than the samples (similarity {alike:.2f}; "
            f"{LEAST_SIMILARITY:.2f} is needed).",
            "The person of the samples has to read it, with a similar microphone. For somebody else's voice use a "
            "written permission.",
        )
    sentence = f"The phrase was heard, in the voice of the samples (similarity {alike:.2f})."
    return Spoken(heard, agreement, alike, sentence, accepted=True)
