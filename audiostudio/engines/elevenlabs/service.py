"""One account at ElevenLabs, through its makers' client: what is asked, heard, refused and tried again."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from audiostudio.engines.elevenlabs.refusals import explained
from audiostudio.engines.remote.trouble import HalfStream, StrangeAnswer, Trouble, tried
from audiostudio.engines.remote.web import Line, heard

if TYPE_CHECKING:
    from elevenlabs.client import ElevenLabs

T = TypeVar("T")

ONCE: dict[str, Any] = {"max_retries": 0}
"""The client would sleep between its tries, and could not be cancelled."""


class Service:
    """A connection to ElevenLabs. Nothing is sent before something is asked. Used by one thread at a time.

    Generators yield None several times a second while they wait; closing one hangs up. All raise `KeyNeeded`,
    `CreditsSpent`, `AccountError`, `RequestError`, `UnknownVoice`, `NotFound`, `NetworkError`, `EngineFailed`.
    """

    def __init__(self, address: str, key: str) -> None:
        from elevenlabs.client import ElevenLabs

        self._address = address
        self._key = key
        self.line = Line()
        self.client: ElevenLabs = ElevenLabs(api_key=key, base_url=address, httpx_client=self.line.client)

    def has(self, key: str) -> bool:
        """Whether `key` is the one that it uses."""
        return key == self._key

    def close(self) -> None:
        self.line.close()

    def ask(self, question: Callable[["ElevenLabs"], T], paid: bool = False) -> Generator[None, None, T]:
        """The answer to one question, asked again where that may help. `paid`: it makes something, which may be done
        although the answer was cut; it is asked again only when it was refused."""
        answers: list[T] = []

        def attempt() -> Generator[None, None, T]:
            answers.clear()
            for found in heard(lambda: iter([(self._answer(question),)]), self.line.hang_up):
                if found is None:
                    yield None
                else:
                    answers.append(found[0])
            if not answers:
                raise StrangeAnswer("nothing")
            return answers[0]

        return (yield from tried(attempt, self.kinds(), self._refused if paid else self.trouble))

    def download(
        self, question: Callable[["ElevenLabs"], Iterator[bytes]], most: int, paid: bool = False
    ) -> Generator[None, None, bytes]:
        """A whole sound, or nothing of it. `most`: bytes that are taken. `paid`: as of `ask`."""

        def whole(client: "ElevenLabs") -> bytes:
            data = bytearray()
            for piece in question(client):
                data += piece
                if len(data) > most:
                    raise StrangeAnswer("far more sound than was asked for")
            if not data or chr(data[0]) in "<{":
                raise StrangeAnswer("no sound")
            return bytes(data)

        return (yield from self.ask(whole, paid))

    def listen(self, question: Callable[["ElevenLabs"], Iterator[T]]) -> Generator[T | None, None, None]:
        """What comes, as it comes, asked once. Raises what `kinds` names: see `trouble`."""
        yield from heard(lambda: question(self.client), self.line.hang_up)

    def _answer(self, question: Callable[["ElevenLabs"], T]) -> T:
        try:
            return question(self.client)
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            # the client takes an answer to be what its interface says
            raise StrangeAnswer("something that is not in its interface") from error

    def kinds(self) -> tuple[type[Exception], ...]:
        """What can be raised on the way, to be turned into `trouble`."""
        import httpx
        from elevenlabs.core.api_error import ApiError
        from elevenlabs.core.parse_error import ParsingError

        return (httpx.HTTPError, httpx.InvalidURL, ApiError, ParsingError, StrangeAnswer, HalfStream)

    def trouble(self, error: Exception) -> Trouble:
        """What went wrong, in the user's words; the key never stands in it."""
        return explained(error, self._address, self._key)

    def _refused(self, error: Exception) -> Trouble:
        from elevenlabs.core.api_error import ApiError

        trouble = self.trouble(error)
        return trouble if isinstance(error, ApiError) else replace(trouble, again=False)
