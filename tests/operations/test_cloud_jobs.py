"""ElevenLabs as the window uses it: real jobs in worker processes, and the command line."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audiostudio.errors import KeyNeeded
from audiostudio.jobs import Job, JobState, Progress
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from tests.engines.elevenlabs_server import GEORGE, KEY, ElevenLabsServer
from tests.engines.faulty_server import Answer, Asked
from tests.engines.openai_server import OpenAIServer
from tests.engines.remote import refreshed

VOICE = f"elevenlabs/{GEORGE}"


@pytest.fixture
def runner(studio: Studio) -> Iterator[Runner]:
    with Runner(OPERATIONS, lambda: studio, worker_command(studio.profile), MemoryStore()) as runner:
        yield runner


def held(_: Asked, true: Callable[[], Answer]) -> Answer:
    answer = true()
    answer.body = iter([answer.body]) if isinstance(answer.body, bytes) else answer.body
    answer.hold_after = 0
    return answer


@pytest.mark.long
@pytest.mark.parametrize(
    ("operation", "request_", "path"),
    [
        ("cloud.voices", {}, "/v1/models"),
        ("cloud.sound_effect", {"text": "rain"}, "sound-generation"),
        ("speech.preview", {"text": "A line to be cancelled.", "voice": VOICE}, "text-to-speech"),
        (
            "speech.generate",
            {"project": "p", "name": "F", "lines": [{"line": "1", "text": "A.", "voice": VOICE}]},
            "speech",
        ),
    ],
)
def test_cancel_ends_a_job_that_waits_for_the_server(
    studio: Studio, server: ElevenLabsServer, runner: Runner, operation: str, request_: dict[str, object], path: str
) -> None:
    """By its own yields: had the worker to be terminated, it would not take the next job at once."""
    refreshed(studio.accounts, server)
    server.fault(held, at=path)
    handle = runner.submit(Job(operation, request_, "To be cancelled"))
    assert server.holding.wait(60)
    handle.cancel()
    assert server.hung_up.wait(5)
    outcome = handle.wait(10)
    assert outcome is not None
    assert outcome.state is JobState.CANCELLED
    assert len(studio.library.search().assets) == 0


@pytest.mark.long
def test_a_job_reads_the_key_itself_and_says_what_is_missing(
    studio: Studio, server: ElevenLabsServer, runner: Runner
) -> None:
    studio.accounts.keys.delete("elevenlabs")
    outcome = runner.submit(Job("cloud.account", {}, "Account")).wait(60)
    assert outcome is not None
    assert isinstance(outcome.error, KeyNeeded)
    studio.accounts.keys.set("elevenlabs", KEY)
    handle = runner.submit(Job("cloud.check_key", {}, "Check"))
    events = list(handle.events())
    assert any(isinstance(event, Progress) for event in events)
    outcome = handle.wait(10)
    assert outcome is not None
    assert outcome.state is JobState.DONE
    assert studio.engines.voice(VOICE).name == "George", "the window knows what the worker fetched"


def command(profile: Profile, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audiostudio", "--profile", str(profile.root), *words],
        input=text, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.mark.long
def test_from_key_to_file_on_the_command_line(studio: Studio, server: ElevenLabsServer, tmp_path: Path) -> None:
    profile = studio.profile
    studio.accounts.keys.delete("elevenlabs")
    refused = command(profile, "cloud", "account")
    assert (refused.returncode, "keys set elevenlabs" in refused.stderr) == (7, True)
    done = command(profile, "keys", "set", "elevenlabs", text=f"{KEY}\n")
    assert (done.returncode, KEY in done.stdout + done.stderr) == (0, False)
    assert "accepts the key. It has 212 voices" in command(profile, "keys", "check", "elevenlabs").stdout
    assert "George" in command(profile, "voices", "george").stdout
    assert "12 characters, 12 credits; 98800 are left" in command(
        profile, "cloud", "cost", "Hello there.", "--voice", VOICE
    ).stdout  # fmt: skip
    spoken = command(profile, "speak", "Hello there.", "--voice", VOICE, "-o", str(tmp_path / "a.wav"))
    assert spoken.returncode == 0, spoken.stderr
    assert (tmp_path / "a.wav").stat().st_size > 50_000
    made = command(profile, "cloud", "effect", "A door", "--seconds", "1", "--json")
    assert made.returncode == 0, made.stderr
    assert '"asset"' in made.stdout
    assert "Hello there." in command(profile, "cloud", "history").stdout
    assert command(profile, "keys", "remove", "elevenlabs").returncode == 0
    assert command(profile, "cloud", "history").returncode == 7


@pytest.mark.long
def test_a_server_of_ones_own_on_the_command_line(profile: Profile, tmp_path: Path) -> None:
    with OpenAIServer(key="sk-shed") as server:
        added = command(profile, "cloud", "add-server", "The Shed", f"{server.address}/v1", "--format", "mp3")
        assert (added.returncode, "server-the-shed was added" in added.stdout) == (0, True)
        assert "does not accept the key, or wants one" in command(profile, "voices", "--refresh").stderr
        command(profile, "keys", "set", "server-the-shed", text="sk-shed\n")
        listed = command(profile, "voices", "--refresh", "--json", "deep")
        voice = json.loads(listed.stdout)[0]["id"]
        spoken = command(profile, "speak", "Hello there.", "--voice", voice, "-o", str(tmp_path / "a.wav"), "--json")
        assert spoken.returncode == 0, spoken.stderr
        assert json.loads(spoken.stdout)["seconds"] > 0.4
    warned = command(profile, "cloud", "add-server", "Far", "http://192.0.2.1/v1")
    assert "not encrypted" in warned.stderr
    assert command(profile, "cloud", "remove-server", "server-far").returncode == 0
    assert command(profile, "cloud", "add-server", "Wrong", "file:///etc").returncode == 2
    assert "The Shed" in command(profile, "cloud", "servers").stdout
