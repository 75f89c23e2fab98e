"""Phrases that somebody speaks to agree: each has a random part, is good for a day and for one recording."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audiostudio.errors import RequestError
from audiostudio.files import alone, replace_file, storage_errors
from audiostudio.resource import resource

VALID = timedelta(hours=24)
_WORDS = 5
"""Of about forty: nobody has them ready as a recording."""
_MOST = 500
_DEFAULT = "en"
_ANOTHER = "Ask for another: `audiostudio voice consent-phrase`."


@dataclass(frozen=True, slots=True)
class Phrase:
    id: str
    text: str
    """What is to be spoken."""
    random: str
    """The part of the text that nobody could know before: `river, lemon, tiger, paper, summer`."""
    language: str
    """`en`: one of those that there are phrases in."""
    issued: str
    """ISO 8601, as `expires`."""
    expires: str
    answered: str = ""
    """The SHA-256 of the recording that a voice was made with; no other one is taken for this phrase."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Phrases:
    """The phrases that were issued and can still be answered. Any number of processes may use them."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def issue(self, language: str, person: str = "", now: datetime | None = None) -> Phrase:
        """A new phrase. `language`: a tag; English where there are no phrases in it. `person`: who will say it.

        Raises `StorageError`.
        """
        now = now or datetime.now(UTC)
        tag, form = _form(language)
        words = form["join"].join(secrets.SystemRandom().sample(form["words"], _WORDS))
        local = now.astimezone()
        date = form["date"].format(day=local.day, month=form["months"][local.month - 1])
        name = " ".join(person.split())[:80]
        text = form["text" if name else "unnamed"].replace("{date}", date).replace("{words}", words)
        stamps = [one.isoformat(timespec="seconds") for one in (now, now + VALID)]
        phrase = Phrase(secrets.token_hex(6), text.replace("{name}", name), words, tag, *stamps)
        with alone(self._file):
            self._write([*self._valid(now), phrase])
        return phrase

    def get(self, identity: str, now: datetime | None = None) -> Phrase:
        """Raises `RequestError` for one that was not issued here, or that is too old."""
        known = {one.id: one for one in self._valid(now or datetime.now(UTC))}
        if identity not in known:
            raise RequestError(f"The phrase “{identity[:40]}” was not issued here in the last 24 hours.", _ANOTHER)
        return known[identity]

    @contextmanager
    def answered(self, identity: str, recording: str) -> Iterator[None]:
        """For the block, nobody else can use the phrase; after it only with this recording (its SHA-256).

        Raises `RequestError` where it was used with another one.
        """
        with alone(self._file):
            phrase = self.get(identity)
            require_unanswered(phrase, recording)
            yield
            others = [one for one in self._valid(datetime.now(UTC)) if one.id != identity]
            self._write([*others, replace(phrase, answered=recording)])

    def _valid(self, now: datetime) -> list[Phrase]:
        with storage_errors(self._file):
            try:
                data = json.loads(self._file.read_bytes())
                found = [Phrase(**one) for one in data]
                return [one for one in found if datetime.fromisoformat(one.expires) > now]
            except FileNotFoundError:
                return []
            except (ValueError, TypeError, RecursionError):  # they are worth a day at most
                return []

    def _write(self, phrases: list[Phrase]) -> None:
        data = json.dumps([one.to_json() for one in phrases[-_MOST:]], ensure_ascii=False, indent=1)
        replace_file(self._file, data.encode(errors="replace"))


def require_unanswered(phrase: Phrase, recording: str) -> None:
    """Raises `RequestError` where the phrase was used with another recording."""
    if phrase.answered not in ("", recording):
        raise RequestError("This phrase was already used with another recording.", _ANOTHER)


def languages() -> tuple[str, ...]:
    """Those that there are phrases in: `en`, `fr` …"""
    return tuple(sorted(path.stem for path in resource("consent").glob("*.json")))


def script_of(language: str) -> str:
    """Words in the script of a language of phrases, for a recogniser that would write it in another one."""
    return str(_form(language)[1].get("prompt", ""))


def _form(language: str) -> tuple[str, dict[str, Any]]:
    tag = language.lower().replace("_", "-").split("-")[0]
    tag = tag if tag in languages() else _DEFAULT
    form: dict[str, Any] = json.loads((resource("consent") / f"{tag}.json").read_text(encoding="utf-8"))
    return tag, form
