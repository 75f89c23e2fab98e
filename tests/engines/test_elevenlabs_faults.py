"""What goes wrong on the way to ElevenLabs, over real sockets: a sentence, no half take, no key in any text."""

import json
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import SpeechEngine, SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote import trouble, web
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.errors import (
    AccountError,
    CreditsSpent,
    EngineFailed,
    KeyNeeded,
    NetworkError,
    RequestError,
    StudioError,
    UnknownVoice,
)
from audiostudio.profile import Profile
from tests.engines.contract import Take, check_stream, sentences
from tests.engines.elevenlabs_server import (
    BUSY,
    GEORGE,
    HTML,
    KEY,
    LIMITED,
    NO_JSON,
    ElevenLabsServer,
    invalid,
    refusal,
)
from tests.engines.faulty_server import Answer, Asked
from tests.engines.remote import refreshed

TEXT = "The first sentence is here. The second one follows it. And the third one ends it all."
SPEECH = "/text-to-speech/"


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.02)


@pytest.fixture
def accounts(profile: Profile) -> Accounts:
    return Accounts(profile)


@pytest.fixture
def server(accounts: Accounts) -> Iterator[ElevenLabsServer]:
    with ElevenLabsServer(keep_alive=False) as running:
        refreshed(accounts, running)
        running.asked.clear()
        yield running


@pytest.fixture
def engine(accounts: Accounts, server: ElevenLabsServer) -> Iterator[SpeechEngine]:
    registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
    yield registry.load("elevenlabs")
    registry.close()


def say(engine: SpeechEngine, text: str = TEXT, voice: str = f"elevenlabs/{GEORGE}", **options: str) -> Take:
    settings = SpeechSettings(voice, options=tuple(sorted(options.items())))
    take = Take([chunk for chunk in engine.speak(sentences(text), settings) if len(chunk.audio)])
    check_stream(take)
    return take


@pytest.fixture
def plain(engine: SpeechEngine, server: ElevenLabsServer) -> Take:
    take = say(engine)
    server.asked.clear()
    return take


def same(one: Take, two: Take) -> None:
    assert [word.text for word in one.words] == [word.text for word in two.words]
    assert len(one.audio) == pytest.approx(len(two.audio), rel=0.15)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (refusal(401, "invalid_api_key", "Invalid API key"), KeyNeeded, "does not accept the API key"),
        (refusal(401, "quota_exceeded", "You have 0 credits remaining."), CreditsSpent, "0 credits remaining"),
        (refusal(401, "missing_permissions", "The API key is missing text_to_speech."), AccountError, "missing text"),
        (refusal(402, "payment_required", "Your last payment failed."), AccountError, "last payment failed"),
        (refusal(402, "paid_plan_required", "Free users cannot use this."), AccountError, "Free users"),
        (refusal(403, "only_for_creator+", "Only for Creator."), AccountError, "Only for Creator"),
        (refusal(404, "voice_not_found", "A voice was not found."), UnknownVoice, "this voice any more"),
        (invalid("voice_settings.style", "Input should be less than 1"), RequestError, "(voice_settings.style)"),
        (refusal(400, "model_not_found", "A model with ID x does not exist."), RequestError, "does not exist"),
        (refusal(418, "teapot", "Short and stout."), EngineFailed, "Short and stout"),
        (HTML, NetworkError, "a web page came back"),
        (Answer(403, b"<html>Blocked by your company</html>", "text/html"), NetworkError, "a web page came back"),
        (Answer(302, b"", headers={"location": "http://login.example/"}), NetworkError, "no JSON came back"),
        (NO_JSON, NetworkError, "without the times"),
        (Answer(400, b"{oh dear"), NetworkError, "no JSON came back"),
        (Answer(200, b""), NetworkError, "without the times"),
    ],
)
def test_refusals_are_sentences_and_asked_once(
    engine: SpeechEngine, server: ElevenLabsServer, answer: Answer, kind: type[StudioError], said: str
) -> None:
    server.fault(answer, at=SPEECH)
    with pytest.raises(StudioError) as caught:
        say(engine)
    assert type(caught.value) is kind
    assert said in caught.value.sentence
    assert caught.value.hint
    assert len(server.asked_for(SPEECH)) == 1


@pytest.mark.parametrize(("answer", "said"), [(LIMITED, "too much to do"), (BUSY, "error 503")])
def test_what_passes_is_tried_again_and_then_told(
    engine: SpeechEngine, server: ElevenLabsServer, answer: Answer, said: str
) -> None:
    server.fault(answer, times=2, at=SPEECH)
    assert say(engine, "Just one sentence.").words
    assert len(server.asked_for(SPEECH)) == 3
    server.fault(answer, times=20, at=SPEECH)
    with pytest.raises(EngineFailed) as caught:
        say(engine, "Just one sentence.")
    assert said in caught.value.sentence
    assert len(server.asked_for(SPEECH)) == 3 + 4


def test_patience_grows_and_ends() -> None:
    error = EngineFailed("Busy.")
    for tries in (1, 2, 3):
        pauses = [trouble.patience(trouble.Trouble(error, again=True), tries) for _ in range(50)]
        assert all(one is not None and 0.5 <= one / (0.02 * 2 ** (tries - 1)) <= 1.5 for one in pauses)
        assert len(set(pauses)) > 10
        named = trouble.patience(trouble.Trouble(error, again=True, after=7.0), tries)
        assert named is not None
        assert 7.0 <= named <= 7.7
    assert trouble.patience(trouble.Trouble(error, again=True), trouble.TRIES) is None
    assert trouble.patience(trouble.Trouble(error), 1) is None


@pytest.mark.parametrize(("header", "seconds"), [("3", 3.0), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None),
                                                 ("86400", None), ("nan", None)])  # fmt: skip
def test_when_a_server_wants_to_be_asked_again(header: str, seconds: float | None) -> None:
    assert trouble.retry_after({"retry-after": header}) == seconds


def cut(after: int) -> Callable[[Asked, Callable[[], Answer]], Answer]:
    def fault(_: Asked, true: Callable[[], Answer]) -> Answer:
        answer = true()
        answer.cut_after = after
        return answer

    return fault


@pytest.mark.parametrize("after", [0, 1, 3, 8])
def test_a_cut_line_is_taken_up_at_the_sentence_that_is_missing(
    engine: SpeechEngine, server: ElevenLabsServer, plain: Take, after: int
) -> None:
    """The first request is the first sentence, the second the rest."""
    server.fault(cut(after), at=SPEECH)
    same(say(engine), plain)
    server.fault(lambda _, true: true(), at=SPEECH)
    server.fault(cut(after), at=SPEECH)
    same(say(engine), plain)
    again = server.asked[-1]
    if after == 8:
        assert again.body["text"] == "And the third one ends it all."
        assert again.body["previous_text"].endswith("The second one follows it.")


def test_a_line_that_is_cut_again_and_again_keeps_nothing_half(
    engine: SpeechEngine, server: ElevenLabsServer, plain: Take
) -> None:
    server.fault(cut(2), times=20, at=SPEECH)
    heard = []
    with pytest.raises(NetworkError) as caught:
        heard += engine.speak(sentences(TEXT), SpeechSettings(f"elevenlabs/{GEORGE}"))
    assert "cut in the middle" in caught.value.sentence
    assert not any(len(chunk.audio) for chunk in heard)
    assert len(server.asked_for(SPEECH)) == 4


def damaged(line: bytes, at: int) -> Callable[[Asked, Callable[[], Answer]], Answer]:
    """The client of ElevenLabs passes over lines that it cannot read, without a word."""

    def fault(_: Asked, true: Callable[[], Answer]) -> Answer:
        answer = true()
        lines = list(answer.body)
        lines[at:] = [line]
        return Answer(200, iter(lines))

    return fault


@pytest.mark.parametrize("line", [b'{"audio_base64": "AAA\n', b"null\n", b'{"audio_base64": "", "alignment": null}\n'])
def test_an_answer_that_ends_early_without_a_sign_is_noticed(
    engine: SpeechEngine, server: ElevenLabsServer, plain: Take, line: bytes
) -> None:
    server.fault(damaged(line, 2), at=SPEECH)
    take = say(engine)
    same(take, plain)
    assert len(server.asked_for(SPEECH)) > 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"audio_base64": "%%%"}\n',
        b'{"audio_base64": 7}\n',
        b'{"audio_base64": "", "alignment": {"characters": ["a"], "character_start_times_seconds": []}}\n',
        b'{"audio_base64": "", "alignment": {"characters": ["a"], "character_start_times_seconds": [-1],'
        b' "character_end_times_seconds": [0]}}\n',
    ],
)
def test_an_answer_that_is_none_is_a_sentence(engine: SpeechEngine, server: ElevenLabsServer, line: bytes) -> None:
    server.fault(damaged(line, 0), at=SPEECH)
    with pytest.raises(NetworkError):
        say(engine)


def test_a_plan_without_this_sound_gets_mp3(accounts: Accounts, server: ElevenLabsServer, engine: SpeechEngine) -> None:
    server.plan = "mp3 only"
    take = say(engine)
    assert [one.query["output_format"] for one in server.asked_for(SPEECH)] == [
        "pcm_24000",
        "mp3_44100_128",
        "mp3_44100_128",
    ]
    assert [word.text for word in take.words] == TEXT.split()


def test_a_better_plan_gets_a_better_sound(accounts: Accounts, server: ElevenLabsServer) -> None:
    server.plan = "pro"
    refreshed(accounts, server)
    registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
    assert say(registry.load("elevenlabs")).rate == 44_100
    registry.close()


def test_leaving_closes_the_connection_at_once(engine: SpeechEngine, server: ElevenLabsServer) -> None:
    def slow(_: Asked, true: Callable[[], Answer]) -> Answer:
        answer = true()
        answer.hold_after = 1
        return answer

    server.fault(slow, at=SPEECH)
    stream = engine.speak(sentences(TEXT), SpeechSettings(f"elevenlabs/{GEORGE}"))
    while not server.holding.is_set():
        assert len(next(stream).audio) == 0
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(2.0)


@pytest.mark.long
def test_at_most_as_many_requests_as_the_plan_allows(accounts: Accounts, server: ElevenLabsServer) -> None:
    server.plan, server.at_once = "free", 2
    refreshed(accounts, server)
    failures: list[BaseException] = []

    def one() -> None:
        registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
        try:
            say(registry.load("elevenlabs"))
        except StudioError as error:
            failures.append(error)
        finally:
            registry.close()

    threads = [threading.Thread(target=one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert server.most_busy <= 2


def test_without_a_key_nothing_is_sent(accounts: Accounts, server: ElevenLabsServer, engine: SpeechEngine) -> None:
    accounts.keys.delete("elevenlabs")
    with pytest.raises(KeyNeeded) as caught:
        say(engine)
    assert "audiostudio keys set elevenlabs" in caught.value.hint
    assert not server.asked


def test_a_new_key_is_used_at_once(accounts: Accounts, server: ElevenLabsServer, engine: SpeechEngine) -> None:
    accounts.keys.set("elevenlabs", "another")
    with pytest.raises(KeyNeeded):
        say(engine)
    accounts.keys.set("elevenlabs", KEY)
    assert say(engine).words


def test_the_key_stands_nowhere(
    accounts: Accounts, server: ElevenLabsServer, engine: SpeechEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = [say(engine) and ""]
    for answer in (refusal(401, "invalid_api_key", f"Bad key {KEY}"), refusal(400, "x", KEY), HTML, NO_JSON, BUSY):
        server.fault(answer, times=5, at=SPEECH)
        try:
            say(engine)
        except StudioError as error:
            told += [str(error), json.dumps(error.to_json()), *traceback.format_exception(error)]
        server.behave()
    assert KEY not in "".join(told) + caplog.text + repr(engine) + repr(vars(engine))
    assert all(KEY not in json.dumps(one.body) and KEY not in str(one.query) for one in server.asked)


class TestNoServer:
    """Offline is a normal state."""

    @pytest.fixture
    def asking(self, accounts: Accounts) -> Callable[[str], StudioError]:
        def ask(address: str) -> StudioError:
            accounts.services.set_address("elevenlabs", address)
            accounts.keys.set("elevenlabs", KEY)
            accounts.keep_catalogue("elevenlabs", {"voices": [
                {"id": "elevenlabs/x", "name": "X", "language": "en-us", "gender": "male"}]})  # fmt: skip
            registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
            with pytest.raises(StudioError) as caught:
                say(registry.load("elevenlabs"), voice="elevenlabs/x")
            registry.close()
            return caught.value

        return ask

    def test_nobody_listens(self, asking: Callable[[str], StudioError]) -> None:
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            error = asking(f"http://127.0.0.1:{reserved.getsockname()[1]}")
        assert isinstance(error, NetworkError)
        assert "cannot be reached" in error.sentence

    def test_the_name_is_not_known(self, asking: Callable[[str], StudioError]) -> None:
        error = asking("https://api.elevenlabs.invalid")
        assert isinstance(error, NetworkError)
        assert "cannot be found" in error.sentence

    def test_no_tls_where_it_should_be(self, asking: Callable[[str], StudioError], server: ElevenLabsServer) -> None:
        error = asking(server.address.replace("http:", "https:"))
        assert isinstance(error, NetworkError)
        assert "no secure connection" in error.sentence

    def test_a_certificate_of_nobody(self, asking: Callable[[str], StudioError], tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(Path(__file__).parents[1] / "data" / "nobody.pem")
            done = threading.Event()

            def serve() -> None:
                while not done.is_set():
                    client, _ = listening.accept()
                    try:
                        context.wrap_socket(client, server_side=True).close()
                    except OSError:
                        client.close()

            thread = threading.Thread(target=serve)
            thread.start()
            error = asking(f"https://localhost:{listening.getsockname()[1]}")
            done.set()
            socket.create_connection(listening.getsockname()).close()
            thread.join()
        assert isinstance(error, NetworkError)
        assert "certificate" in error.sentence

    def test_a_connection_that_ends_at_once(self, asking: Callable[[str], StudioError]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            count = []

            def serve() -> None:
                for _ in range(4):
                    client, _ = listening.accept()
                    count.append(client.recv(1 << 16))
                    client.close()

            thread = threading.Thread(target=serve)
            thread.start()
            error = asking(f"http://127.0.0.1:{listening.getsockname()[1]}")
            thread.join()
        assert isinstance(error, NetworkError)
        assert len(count) == 4


def test_silence_is_told(accounts: Accounts, server: ElevenLabsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "SILENT", 0.2)
    registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)

    def slow(_: Asked, true: Callable[[], Answer]) -> Answer:
        answer = true()
        answer.hold_after = 1
        return answer

    server.fault(slow, times=4, at=SPEECH)
    with pytest.raises(NetworkError) as caught:
        say(registry.load("elevenlabs"))
    server.release.set()
    registry.close()
    assert "fell silent" in caught.value.sentence


def test_what_is_sent_is_what_was_asked_for(engine: SpeechEngine, server: ElevenLabsServer) -> None:
    settings = SpeechSettings(
        f"elevenlabs/{GEORGE}",
        speed=1.1,
        seed=42,
        options=(("similarity", "0.9"), ("speaker_boost", "false"), ("stability", "0.3"), ("style", "0.2")),
    )
    list(engine.speak(sentences(TEXT), settings))
    first, second = server.asked_for(SPEECH)
    assert first.headers["xi-api-key"] == KEY
    assert first.path == f"/v1/text-to-speech/{GEORGE}/stream/with-timestamps"
    assert first.body["text"] == "The first sentence is here."
    assert first.body["next_text"] == "The second one follows it."
    assert first.body["model_id"] == "eleven_multilingual_v2"
    assert first.body["seed"] == 42
    assert first.body["voice_settings"] == {
        "stability": 0.3, "similarity_boost": 0.9, "style": 0.2, "use_speaker_boost": False, "speed": 1.1
    }  # fmt: skip
    assert second.body["text"] == "The second one follows it. And the third one ends it all."
    assert second.body["previous_text"] == "The first sentence is here."


def test_v3_gets_its_audio_tag_and_nothing_that_it_refuses(engine: SpeechEngine, server: ElevenLabsServer) -> None:
    take = say(engine, model="eleven_v3", emotion="excited", delivery="1.0", stability="0.3", style="0.9")
    first, second = server.asked_for(SPEECH)
    assert first.body["text"] == "[excited] The first sentence is here."
    assert second.body["text"].startswith("[excited] The second")
    assert "previous_text" not in second.body
    assert first.body["voice_settings"] == {"stability": 1.0, "similarity_boost": 0.75, "speed": 1.0}
    assert first.body["language_code"] == "en"
    assert [word.text for word in take.words] == TEXT.split()
    assert all(word.end > word.start for word in take.words)


def _without_tags(asked: Asked, true: Callable[[], Answer]) -> Answer:
    """The times of an answer that leaves out the tag and writes a number in words."""
    lines = []
    for line in true().body:
        data = json.loads(line)
        found = data["alignment"]
        if found:
            kept = [n for n, one in enumerate(found["characters"]) if one not in "[]"]
            for name in found:
                found[name] = [found[name][n] for n in kept]
        lines.append(json.dumps(data).encode() + b"\n")
    return Answer(200, iter(lines))


def test_times_of_a_text_that_was_changed_on_the_way_still_find_their_words(
    engine: SpeechEngine, server: ElevenLabsServer
) -> None:
    straight = say(engine, model="eleven_v3", emotion="sad")
    server.fault(_without_tags, times=2, at=SPEECH)
    take = say(engine, model="eleven_v3", emotion="sad")
    assert [(w.text, w.start, w.end) for w in take.words] == [(w.text, w.start, w.end) for w in straight.words]


def test_words_sound_where_their_times_say(engine: SpeechEngine) -> None:
    take = say(engine)
    for word in take.words:
        assert np.abs(take.audio[word.start : word.end]).max() > 0.02, word
