"""Lyrics on demand: offline, and from a server of the user that may answer anything."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.remote import trouble
from audiostudio.errors import EmptyText, KeyNeeded, ModelMissing, NetworkError, NotFound, RequestError, StudioError
from audiostudio.jobs import Progress
from audiostudio.music.lyrics import MOST_LINES, parse
from audiostudio.operations.music import writers
from audiostudio.operations.music.writing import write
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from tests.engines.faulty_server import Answer
from tests.operations.text_server import TextServer, cut, event

KEY = "sk-poet-0123456789"


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.02)


@pytest.fixture
def studio(speaking_profile: Profile) -> Iterator[Studio]:
    made = Studio(speaking_profile)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[TextServer]:
    with TextServer() as running:
        yield running


def written(studio: Studio, **request: object) -> dict[str, object]:
    body = write(studio, {"prompt": "paper boats", "language": "en-us", "seed": 1, **request})
    while True:
        try:
            assert isinstance(next(body), Progress)
        except StopIteration as end:
            found: dict[str, object] = end.value
            return found


def asked_of(studio: Studio, server: TextServer, key: str = "") -> str:
    return writers.add(studio, "Poet", f"{server.address}/v1", "tiny", key).name


def test_offline_lyrics_need_nobody(studio: Studio) -> None:
    found = written(studio, prompt="a happy song about the harbor", structure=["verse", "chorus", "verse", "chorus"])
    lyrics = parse(str(found["lyrics"]))
    assert [section.kind for section in lyrics.sections] == ["verse", "chorus", "verse", "chorus"]
    assert "harbor" in str(found["lyrics"])
    assert found["title"]
    assert any("English only" in note for note in found["notes"])  # type: ignore[union-attr, attr-defined]


def test_offline_without_the_dictionary_says_what_is_missing(profile: Profile) -> None:
    with pytest.raises(ModelMissing):
        written(Studio(profile))


def test_a_server_is_asked_only_for_what_was_typed_and_its_talk_is_left_out(studio: Studio, server: TextServer) -> None:
    name = asked_of(studio, server)
    assert server.asked == []
    found = written(studio, writer=name, structure=["verse", "chorus"])
    assert found["title"] == "Paper Boats"
    assert found["lyrics"] == (
        "[Verse 1]\nPaper boats along the shore\nWaiting for the rain to pour\n\n"
        "[Chorus]\nCarry me, carry me (carry me)\nOver the water and out to sea\n"
    )
    (asked,) = server.asked
    assert asked.body["model"] == "tiny"
    assert asked.body["seed"] == 1
    wish = asked.body["messages"][-1]["content"]
    assert "paper boats" in wish
    assert "verse, chorus" in wish


def test_a_server_that_does_not_stream_serves_too(studio: Studio) -> None:
    with TextServer("[Verse]\nÜber allen Gipfeln\nIst Ruh", streams=False) as server:
        found = written(studio, writer=asked_of(studio, server), language="en-us")
    assert found["lyrics"] == "[Verse]\nÜber allen Gipfeln\nIst Ruh\n"


def test_a_key_is_sent_and_one_that_is_missing_is_asked_for(studio: Studio) -> None:
    with TextServer(key=KEY) as server:
        name = asked_of(studio, server)
        with pytest.raises(KeyNeeded):
            written(studio, writer=name)
        writers.set_key(studio, name, KEY)
        assert written(studio, writer=name)["title"] == "Paper Boats"
        writers.remove(studio, name)
    with pytest.raises(NotFound):
        written(studio, writer=name)
    assert writers.servers(studio) == ()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(200, b"<html>Sign in</html>", "text/html"), id="web page"),
        pytest.param(Answer(200, b"<html>Sign in</html>", "text/plain"), id="web page in disguise"),
        pytest.param(Answer(200, b""), id="nothing"),
        pytest.param(Answer(200, b'{"choices": []}'), id="no choice"),
        pytest.param(Answer(200, b'{"choices": [{"message": {"content": null}}]}'), id="no text"),
        pytest.param(Answer(200, b'{"choices": 7}'), id="another shape"),
        pytest.param(Answer(200, b"{" * 100_000), id="braces"),
        pytest.param(Answer(200, b"data: {nonsense\n\n", "text/event-stream"), id="broken event"),
        pytest.param(Answer(200, b"data: [DONE]\n\n", "text/event-stream"), id="an end only"),
        pytest.param(Answer(200, cut(b"data: x" * (2 << 20)), "text/event-stream"), id="14 MB in a line"),
        pytest.param(
            Answer(200, event({"delta": {"content": "```\n<think>no</think>\n---\n"}}), "text/event-stream"),
            id="no word",
        ),
    ],
)
def test_an_answer_without_lyrics_is_said_in_a_sentence(studio: Studio, server: TextServer, answer: Answer) -> None:
    server.fault(answer)
    with pytest.raises(NetworkError) as caught:
        written(studio, writer=asked_of(studio, server))
    assert "Poet" in caught.value.sentence


def test_an_endless_answer_is_hung_up_and_shortened(studio: Studio, server: TextServer) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield event({"delta": {"content": "la la la la\nlo lo\n" * 20}})

    server.fault(Answer(200, endless(), "text/event-stream"))
    found = written(studio, writer=asked_of(studio, server))
    assert len(parse(str(found["lyrics"])).lines) == MOST_LINES


def test_a_cut_answer_is_asked_for_again(studio: Studio, server: TextServer) -> None:
    server.fault(Answer(200, cut(event({"delta": {"content": "[Verse]\nHalf a"}}) * 300), cut_after=1))
    assert written(studio, writer=asked_of(studio, server))["title"] == "Paper Boats"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"prompt": "  "}, EmptyText),
        ({"prompt": "x" * 3000}, RequestError),
        ({"structure": ["verse"] * 30}, RequestError),
        ({"writer": "text-nobody"}, NotFound),
    ],
)
def test_what_cannot_be_asked_is_asked_of_nobody(
    studio: Studio, server: TextServer, request_: dict[str, object], error: type[StudioError]
) -> None:
    with pytest.raises(error):
        written(studio, **{"writer": asked_of(studio, server), **request_})
    assert server.asked == []


def test_cancelling_hangs_up(studio: Studio, server: TextServer) -> None:
    held = Answer(200, cut(event({"delta": {"content": "la"}})), hold_after=0)
    server.fault(held)
    body = write(studio, {"prompt": "boats", "writer": asked_of(studio, server)})
    while not server.holding.is_set():
        next(body)
    body.close()
    assert server.hung_up.wait(10)


def command(studio: Studio, *words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "audiostudio", "--profile", str(studio.profile.root), *words],
        input=text, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.mark.long
def test_a_text_server_on_the_command_line(studio: Studio) -> None:
    with TextServer(key=KEY) as server:
        added = command(studio, "cloud", "add-server", "Llama", f"{server.address}/v1", "--lyrics", "--model", "tiny")
        assert (added.returncode, "text-llama was added" in added.stdout) == (0, True), added.stderr
        assert "lyrics" in command(studio, "cloud", "servers").stdout
        kept = command(studio, "keys", "set", "text-llama", text=f"{KEY}\n")
        assert (kept.returncode, KEY in kept.stdout + kept.stderr) == (0, False)
        assert written(studio, writer="text-llama")["title"] == "Paper Boats"
    assert command(studio, "keys", "remove", "text-llama").returncode == 0
    assert studio.accounts.keys.get("text-llama") is None
    assert command(studio, "cloud", "remove-server", "text-llama").returncode == 0
    assert "No server was added" in command(studio, "cloud", "servers").stdout
