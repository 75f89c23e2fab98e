"""What ElevenLabs is asked for beside speech: the account, voices, new voices, sound effects, the history."""

import base64
import binascii
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audiostudio.engines.base import EngineManifest
from audiostudio.engines.elevenlabs.catalogue import (
    ADDRESS,
    ENGINE,
    TITLE,
    Account,
    account_of,
    is_clone,
    languages_of,
    model_of,
    named,
    options_of,
    speaks,
    voice_of,
)
from audiostudio.engines.elevenlabs.service import ONCE, Service
from audiostudio.engines.remote.accounts import Accounts, Catalogue
from audiostudio.engines.remote.slots import held, slot
from audiostudio.engines.remote.trouble import StrangeAnswer
from audiostudio.errors import RequestError
from audiostudio.resource import resource

EFFECT_SECONDS = (0.5, 30.0)
DESCRIPTION = (20, 1000)
"""Characters of a new voice's description."""
SAMPLE_TEXT = (100, 1000)
"""Characters of the text that a new voice is tried with."""
_PAGE = 100
_MOST_PAGES = 200
_MOST_BYTES = 200 << 20
_SOUND = "mp3_44100_128"


@dataclass(frozen=True, slots=True)
class DesignedVoice:
    """A voice that could be kept."""

    id: str
    seconds: float
    sound: bytes
    """MP3."""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that was made at ElevenLabs, with any program."""

    id: str
    text: str
    voice: str
    """ElevenLabs' own id; empty for sound effects and the like."""
    voice_name: str
    model: str
    created: str
    """ISO 8601."""
    credits: int
    source: str
    """`TTS`, `SoundGeneration` …"""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class ElevenLabsProvider:
    """One account. Its methods are generators that yield None while they wait, several times a second; closing one
    hangs up. They raise as `Service` does, and `KeyNeeded` at once where there is no key."""

    def __init__(self, accounts: Accounts, manifest: EngineManifest) -> None:
        self._accounts = accounts
        self.manifest = manifest
        self._service = Service(accounts.services.address(ENGINE, ADDRESS), accounts.key(ENGINE, TITLE))

    def close(self) -> None:
        self._service.close()

    def account(self) -> Generator[None, None, Account]:
        """The plan and what is left of it, remembered for `cost`."""
        account = yield from self._asked_account()
        catalogue = self._accounts.catalogue(ENGINE)
        self._keep(catalogue | {"account": account.to_json(), "rights": account.rights.to_json()})
        return account

    def refresh(self) -> Generator[None, None, Catalogue]:
        """All voices and models and the account, remembered for the registry."""
        account = yield from self._asked_account()
        models = yield from self._models()
        voices, clones = yield from self._voices()
        shipped = json.loads(resource(f"engines/{ENGINE}.json").read_text(encoding="utf-8"))["capabilities"]
        catalogue = {
            "voices": voices,
            "clones": clones,
            "models": [model.to_json() for model in models],
            "options": options_of(shipped["options"], models),
            "languages": languages_of(models, shipped["languages"]),
            "account": account.to_json(),
            "rights": account.rights.to_json(),
        }
        self._keep(catalogue)
        return catalogue

    def design(
        self, description: str, text: str, seed: int | None, loudness: float, guidance: float
    ) -> Generator[None, None, tuple[str, list[DesignedVoice]]]:
        """The text that was spoken, and voices that fit the description. `text`: empty: ElevenLabs writes one.

        `loudness`: −1…1, `guidance`: 0…100. Raises `RequestError`.
        """
        require_length("The description", description, DESCRIPTION)
        if text:
            require_length("The text to try a new voice with", text, SAMPLE_TEXT)
        request: dict[str, Any] = {"text": text} if text else {"auto_generate_text": True}
        if seed is not None:
            request["seed"] = seed
        found = yield from self._one_of_few(
            lambda client: client.text_to_voice.design(
                voice_description=description,
                output_format=_SOUND,
                loudness=loudness,
                guidance_scale=guidance,
                request_options=ONCE,
                **request,
            )
        )
        with self._reading():
            return str(found.text), [_designed(one) for one in found.previews]

    def keep_voice(
        self, generated: str, name: str, description: str, unwanted: tuple[str, ...] = ()
    ) -> Generator[None, None, dict[str, Any]]:
        """Make a designed voice one of the account's; the voice as the catalogue has it. Raises `RequestError`."""
        if not name.strip():
            raise RequestError("A voice needs a name.", "Type one.")
        require_length("The description", description, DESCRIPTION)
        found = yield from self._service.ask(
            lambda client: client.text_to_voice.create(
                voice_name=name.strip(),
                voice_description=description,
                generated_voice_id=generated,
                played_not_selected_voice_ids=list(unwanted),
                request_options=ONCE,
            ),
            paid=True,
        )
        with self._reading():
            voice = voice_of(found) | {"category": "mine"}
        catalogue = self._accounts.catalogue(ENGINE)
        others = [one for one in catalogue.get("voices", ()) if one["id"] != voice["id"]]
        self._keep(catalogue | {"voices": [*others, voice]})
        return voice

    def sound_effect(
        self, text: str, seconds: float | None, influence: float, loop: bool
    ) -> Generator[None, None, bytes]:
        """An MP3. `seconds`: None: as long as it needs; `influence`: 0…1. Raises `RequestError`."""
        if not text.strip():
            raise RequestError("A sound effect needs a description.", "Say what is to be heard.")
        if seconds is not None and not EFFECT_SECONDS[0] <= seconds <= EFFECT_SECONDS[1]:
            raise RequestError(f"A sound effect cannot last {seconds:g} s.", "Choose 0.5 to 30 s, or none.")
        if not 0 <= influence <= 1:
            raise RequestError(f"The influence cannot be {influence:g}.", "Choose 0 to 1.")
        length: dict[str, Any] = {} if seconds is None else {"duration_seconds": seconds}
        place = yield from self._slot()
        with held(place):
            return (
                yield from self._service.download(
                    lambda client: client.text_to_sound_effects.convert(
                        text=text,
                        output_format=_SOUND,
                        loop=loop,
                        prompt_influence=influence,
                        request_options=ONCE,
                        **length,
                    ),
                    _MOST_BYTES,
                    paid=True,
                )
            )

    def history(
        self, after: str | None, size: int, search: str
    ) -> Generator[None, None, tuple[list[HistoryItem], str | None]]:
        """The newest first, at most `size` (1000), and from where to go on; None: those were all."""
        request: dict[str, Any] = {"start_after_history_item_id": after} if after else {}
        if search:
            request |= {"search": search, "source": "TTS"}
        found = yield from self._service.ask(
            lambda client: client.history.list(page_size=size, request_options=ONCE, **request)
        )
        with self._reading():
            items = [_history_item(one) for one in found.history]
            return items, str(found.last_history_item_id) if found.has_more and items else None

    def history_item(self, item: str) -> Generator[None, None, HistoryItem]:
        found = yield from self._service.ask(lambda client: client.history.get(item, request_options=ONCE))
        with self._reading():
            return _history_item(found)

    def history_sound(self, item: str) -> Generator[None, None, bytes]:
        """The sound, in the format in which it was made."""
        return (
            yield from self._service.download(
                lambda client: client.history.get_audio(item, request_options=ONCE), _MOST_BYTES
            )
        )

    def history_delete(self, item: str) -> Generator[None, None, None]:
        """Delete it at ElevenLabs, for good."""
        yield from self._service.ask(lambda client: client.history.delete(item, request_options=ONCE))

    def _asked_account(self) -> Generator[None, None, Account]:
        found = yield from self._service.ask(lambda client: client.user.subscription.get(request_options=ONCE))
        with self._reading():
            return account_of(found)

    def _models(self) -> Generator[None, None, list[Any]]:
        found = yield from self._service.ask(lambda client: client.models.list(request_options=ONCE))
        with self._reading():
            models = [model_of(one) for one in found if speaks(one)]
            if not models:
                raise ValueError("no model speaks")
            return models

    def _voices(self) -> Generator[None, None, tuple[list[dict[str, Any]], list[str]]]:
        """All of them, and the ids of those that were cloned."""
        voices: dict[str, dict[str, Any]] = {}
        clones: list[str] = []
        page: str | None = None
        for _ in range(_MOST_PAGES):
            found = yield from self._voice_page(page)
            with self._reading():
                voices |= {voice["id"]: voice for voice in map(voice_of, found.voices)}
                clones += [voice_of(one)["id"] for one in found.voices if is_clone(one)]
                page = str(found.next_page_token) if found.has_more and found.next_page_token else None
            if page is None:
                break
        return list(voices.values()), clones

    def _voice_page(self, page: str | None) -> Generator[None, None, Any]:
        further = {"next_page_token": page} if page else {}
        return (
            yield from self._service.ask(
                lambda client: client.voices.search(page_size=_PAGE, request_options=ONCE, **further)
            )
        )

    def _one_of_few(self, question: Any) -> Generator[None, None, Any]:
        place = yield from self._slot()
        with held(place):
            return (yield from self._service.ask(question, paid=True))

    def _slot(self) -> Generator[None, None, Any]:
        known = self._accounts.catalogue(ENGINE).get("account")
        at_once = Account.from_json(known).at_once if known else 2
        return slot(self._accounts.requests(ENGINE), at_once)

    def _keep(self, catalogue: Catalogue) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._accounts.keep_catalogue(ENGINE, catalogue | {"fetched": now})

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Around reading an answer, whose shape the client does not check. Raises `NetworkError`."""
        try:
            yield
        except (AttributeError, TypeError, ValueError, OverflowError) as error:
            strange = StrangeAnswer("something that is not in its interface")
            raise self._service.trouble(strange).error from error


def require_length(what: str, text: str, span: tuple[int, int]) -> None:
    """Raises `RequestError` for a text that is too short or too long."""
    length = len(text.strip())
    if not span[0] <= length <= span[1]:
        raise RequestError(f"{what} has {length} characters.", f"Write {span[0]} to {span[1]}.")


def _designed(found: Any) -> DesignedVoice:
    try:
        data = base64.b64decode(found.audio_base_64, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    return DesignedVoice(named(found.generated_voice_id), float(found.duration_secs), data)


def _history_item(found: Any) -> HistoryItem:
    return HistoryItem(
        id=named(found.history_item_id),
        text=str(found.text or ""),
        voice=str(found.voice_id or ""),
        voice_name=str(found.voice_name or ""),
        model=str(found.model_id or ""),
        created=datetime.fromtimestamp(int(found.date_unix), UTC).isoformat(),
        credits=max(0, int(found.character_count_change_to) - int(found.character_count_change_from)),
        source=str(found.source or ""),
    )
