"""Servers of the user: how they are remembered, what goes wrong with them, and what is warned of."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.base import SpeechEngine, SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.openai_speech import provider
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote import trouble
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.engines.remote.services import Server, Services, usable, warning
from audiostudio.engines.voices import parse_mix, voice_id, voice_name
from audiostudio.errors import (
    AccountError,
    EngineFailed,
    KeyNeeded,
    NetworkError,
    NotFound,
    RequestError,
    StudioError,
    UnknownVoice,
)
from audiostudio.profile import Profile
from tests.engines.contract import sentences
from tests.engines.faulty_server import Answer, as_json
from tests.engines.openai_server import VOICES, OpenAIServer
from tests.engines.remote import outcome

KEY = "sk-shed-0123456789"


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.02)


@pytest.fixture
def accounts(profile: Profile) -> Accounts:
    return Accounts(profile)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(key=KEY) as running:
        yield running


@pytest.fixture
def registry(accounts: Accounts) -> Iterator[EngineRegistry]:
    made = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
    yield made
    made.close()


@pytest.fixture
def engine(accounts: Accounts, server: OpenAIServer, registry: EngineRegistry) -> SpeechEngine:
    added = accounts.services.add(Server("", "Shed", f"{server.address}/v1/", voices=("alloy", "nobody")))
    accounts.keys.set(added.name, KEY)
    return registry.load(added.name)


def say(engine: SpeechEngine, voice: str = "alloy") -> int:
    chunks = engine.speak(sentences("Hello there."), SpeechSettings(voice_id("server-shed", voice)))
    return sum(len(chunk.audio) for chunk in chunks)


def test_servers_come_and_go_while_the_program_runs(accounts: Accounts, registry: EngineRegistry) -> None:
    assert "server-shed" not in [one.name for one in registry.manifests()]
    shed = accounts.services.add(Server("", "Shed", "http://127.0.0.1:1/v1", voices=("a", "b", "a", " ")))
    again = accounts.services.add(Server("", " Shed ", "http://127.0.0.1:2/v1", voices=("a",)))
    assert (shed.name, again.name, again.title) == ("server-shed", "server-shed-2", "Shed")
    assert [one.id for one in registry.voices() if one.engine == shed.name] == ["server-shed/a", "server-shed/b"]
    assert registry.resolve("server-shed-2/a")[0].title == "Shed"
    manifest = registry.manifest("server-shed")
    assert manifest.rights.commercial is None
    assert not manifest.capabilities.word_times
    accounts.services.edit(replace(shed, title="Barn", voices=("c",)))
    assert registry.manifest("server-shed").title == "Barn"
    assert registry.voice("server-shed/c").name == "c"
    accounts.services.remove("server-shed")
    with pytest.raises(NotFound):
        registry.manifest("server-shed")
    assert [one.name for one in Services(accounts.services.file.parent).servers()] == ["server-shed-2"]
    with pytest.raises(NotFound):
        accounts.services.remove("server-shed")


def test_what_a_server_lists_is_what_it_has(accounts: Accounts, registry: EngineRegistry, engine: SpeechEngine) -> None:
    beside = provider(accounts, registry.manifest("server-shed"))
    outcome(beside.refresh())
    beside.close()
    names = [one.name for one in registry.voices() if one.engine == "server-shed"]
    assert names == [*VOICES, "nobody"]
    for name in VOICES:
        assert say(registry.load("server-shed"), name) > 10_000


def test_a_server_without_a_list_keeps_what_was_typed(accounts: Accounts, registry: EngineRegistry) -> None:
    with OpenAIServer(lists_voices=False) as server:
        accounts.services.add(Server("", "Shed", f"{server.address}/v1", voices=("alloy",)))
        accounts.services.add(Server("", "Barn", f"{server.address}/v1"))
        for name, wrong in (("server-shed", False), ("server-barn", True)):
            beside = provider(accounts, registry.manifest(name))
            if wrong:
                with pytest.raises(RequestError):
                    outcome(beside.refresh())
            else:
                outcome(beside.refresh())
            beside.close()
        assert registry.voice("server-shed/alloy").engine == "server-shed"


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (as_json({"error": {"message": "Incorrect API key provided."}}, 401), KeyNeeded, "Incorrect API key"),
        (as_json({"error": {"message": "No money."}}, 402), AccountError, "No money"),
        (as_json({"detail": "Not Found"}, 404), RequestError, "no /audio/speech"),
        (as_json({"error": {"message": "Voice x not found"}}, 400), UnknownVoice, "does not have this voice"),
        (as_json({"detail": [{"loc": ["body", "input"], "msg": "too long"}]}, 422), RequestError, "too long"),
        (as_json({"error": {"message": "Slow down."}}, 429, retry_after="0"), EngineFailed, "Slow down"),
        (as_json({"message": f"Out of memory {KEY}"}, 500, retry_after="0"), EngineFailed, "error 500"),
        (Answer(200, b"<html>", "text/html"), NetworkError, "a web page"),
        (Answer(200, b"RIFF but no WAVE and so on and on"), NetworkError, "no sound"),
        (Answer(200, b""), NetworkError, "no sound"),
        (Answer(200, (b"RIFF", b"\xff"), cut_after=1), NetworkError, "cut in the middle"),
        (Answer(307, b"", headers={"location": "http://elsewhere.example/"}), RequestError, "error 307"),
    ],
)
def test_what_goes_wrong_is_a_sentence(
    engine: SpeechEngine, server: OpenAIServer, answer: Answer, kind: type[StudioError], said: str
) -> None:
    server.fault(answer, times=10)
    with pytest.raises(StudioError) as caught:
        say(engine)
    assert type(caught.value) is kind
    assert said in caught.value.sentence
    assert "Shed" in caught.value.sentence
    assert KEY not in str(caught.value)
    server.behave()
    assert say(engine) > 10_000


def test_a_cut_line_is_asked_again(engine: SpeechEngine, server: OpenAIServer) -> None:
    whole = say(engine)
    server.fault(Answer(200, (b"RIFF", b"x"), cut_after=1), at="speech")
    server.fault(as_json({"error": "Busy"}, 503, retry_after="0"), at="speech")
    assert say(engine) == whole


def test_nobody_there(accounts: Accounts, registry: EngineRegistry) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}/v1"
        accounts.services.add(Server("", "Shed", address, voices=("alloy",)))
        with pytest.raises(NetworkError) as caught:
            say(registry.load("server-shed"))
    assert "cannot be reached" in caught.value.sentence


@pytest.mark.parametrize(
    "address",
    ["", "shed", "ftp://shed/v1", "file:///etc/passwd", "http://", "http://[", "http://shed:0x/", "http://shed:99999/",
     "http://a b/", "https://user:secret@shed/v1", "http://shed/v1?key=secret", "http://shed/#x", "javascript:alert(1)",
     "http://shed\n/v1"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_taken(accounts: Accounts, address: str) -> None:
    with pytest.raises(RequestError) as caught:
        accounts.services.add(Server("", "Shed", address))
    assert "secret@" not in str(caught.value)
    assert accounts.services.servers() == ()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8880/v1", "http://localhost/v1", "http://[::1]:1/v1", "https://a.b/v1"]
)
def test_here_or_encrypted_is_not_warned_of(address: str) -> None:
    assert warning(usable(address)) == ""


@pytest.mark.parametrize(
    "address", ["http://192.168.1.2/v1", "http://localhost.example.com/", "http://127.example.com"]
)
def test_what_can_be_read_on_the_way_is_warned_of(address: str) -> None:
    assert "not encrypted" in warning(usable(address))


FTP = '{"addresses": [], "servers": [{"name": "x", "title": "X", "address": "ftp://x"}]}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"servers": 3}', '{"servers": [{"name": "x"}, 3, null]}', FTP])
def test_a_damaged_file_has_no_servers(accounts: Accounts, registry: EngineRegistry, text: str) -> None:
    accounts.services.file.parent.mkdir(parents=True)
    accounts.services.file.write_text(text)
    assert accounts.services.servers() == ()
    assert accounts.services.address("elevenlabs", "https://there") == "https://there"
    assert registry.manifests()


@pytest.mark.parametrize(
    "catalogue",
    [
        b"",
        b"{",
        b"[]",
        b'{"voices": [{"id": "x"}]}',
        b'{"voices": 3}',
        b'{"options": [{}]}',
        b'{"rights": {}}',
        b'{"voices": [], "languages": 4}',
    ],
)
def test_a_damaged_cache_of_voices_is_as_none(accounts: Accounts, registry: EngineRegistry, catalogue: bytes) -> None:
    accounts.keep_catalogue("elevenlabs", {"voices": []})
    file = next(accounts._cache.glob("*.json"))
    file.unlink()
    file.write_bytes(catalogue)
    assert registry.manifest("elevenlabs").capabilities.options
    assert not [one for one in registry.voices() if one.engine == "elevenlabs"]


@given(st.text(min_size=1, max_size=40))
def test_any_name_of_a_voice_is_one_voice_in_a_mix(name: str) -> None:
    identity = voice_id("server-shed", name)
    assert parse_mix(identity) == [(identity, 1.0)]
    assert parse_mix(f"{identity}:0.5+other:0.5")[0][0] == identity
    assert voice_name(identity) == name
