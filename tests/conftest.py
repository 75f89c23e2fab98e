"""What every test has: real models, a profile of its own, ears, and a look at what it left behind."""

import logging
import os
import random
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from audiostudio.engines.environments.store import Environments
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.profile import Profile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("AUDIOSTUDIO_TEST_SEED", str(random.SystemRandom().randrange(10_000)))  # workers inherit it
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # no test touches the user's keys

settings.register_profile("studio", deadline=None)  # how long a thing takes is no matter of tests
settings.load_profile("studio")

ROOT = Path(__file__).resolve().parent.parent
LEFTOVER_SECONDS = 5.0


def pytest_report_header() -> str:
    return f"AUDIOSTUDIO_TEST_SEED={os.environ['AUDIOSTUDIO_TEST_SEED']}: what is made up in these tests"


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder with the real models, laid out as `Profile.models`. `./test` fetches them."""
    folder = Path(os.environ.get("AUDIOSTUDIO_TEST_MODELS") or ROOT / ".test-data" / "models").resolve()
    needed = (
        "kokoro/model.onnx",
        "kokoro-voices/af_heart.bin",
        "whisper-base/model.bin",
        "dnsmos/sig_bak_ovr.onnx",
        "speaker-encoder/pretrained.pt",
    )
    for file in needed:
        if not (folder / file).exists():
            pytest.fail(f"{folder / file} is not there: run ./test once, it fetches the test models.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def environments() -> Environments:
    """The engine environments of the tests, `torch` among them. `./test` installs them."""
    models = Path(os.environ.get("AUDIOSTUDIO_TEST_MODELS") or ROOT / ".test-data" / "models")
    found = Environments(models.parent / "engines")
    if not found.usable("torch"):
        pytest.fail(f"{found.folder / 'torch'} is not there: run ./test once, it installs it.", pytrace=False)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes of two threads each disturb each other
    return found


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """An empty profile."""
    return Profile(tmp_path / "profile")


@pytest.fixture
def speaking_profile(profile: Profile, models_dir: Path) -> Profile:
    """An empty profile that has the models."""
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    return profile


@pytest.fixture(scope="session")
def registry(models_dir: Path) -> Iterator[EngineRegistry]:
    """The engines that ship, with the real models, each loaded once for all tests of a process."""
    engines = EngineRegistry(ModelStore(models_dir))
    yield engines
    engines.close()


Whisper = Callable[..., list[str]]


@pytest.fixture(scope="session")
def whisper(models_dir: Path) -> Whisper:
    """`whisper(sound, language="en")`: the words that Whisper base hears in a file, or in mono float32 at 16 kHz."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from faster_whisper import WhisperModel
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # its monitor is a thread that never ends
        model = WhisperModel(str(models_dir / "whisper-base"), device="cpu", compute_type="int8", cpu_threads=2)

    def transcribe(sound: object, language: str = "en") -> list[str]:
        source = str(sound) if isinstance(sound, Path) else sound
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            segments, _ = model.transcribe(source, language=language, beam_size=5)
            return " ".join(segment.text for segment in segments).split()

    return transcribe


def word_errors(reference: str, hypothesis: str | list[str]) -> float:
    """Words wrong, missing or too many, as a share of the words of `reference`; case, punctuation and the way
    numbers are written do not count."""
    heard = _words(hypothesis if isinstance(hypothesis, str) else " ".join(hypothesis))
    wanted = _words(reference)
    row = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    return row[-1] / max(1, len(wanted))


def _words(text: str) -> list[str]:
    from num2words import num2words

    text = text.lower().replace("’", "'").replace("%", " percent")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+(\.\d+)?", lambda match: f" {num2words(match[0])} ", text)
    return re.sub(r"[^\w']+", " ", text.replace(" and ", " ")).replace("_", " ").split()


@pytest.fixture
def logged_errors() -> Iterator[list[logging.LogRecord]]:
    """What was logged as an error. A test that means it clears the list; whatever is left fails the test."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = records.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield records
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True)
def nothing_left_behind(logged_errors: list[logging.LogRecord]) -> Iterator[None]:
    """Fails a test that leaves a thread or a child process, or that logged an error it did not expect."""
    threads = _threads()
    children = _children()
    yield
    deadline = time.monotonic() + LEFTOVER_SECONDS
    for thread in _threads() - threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [f"thread {thread.name}" for thread in _threads() - threads]
    while (born := _children() - children) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    left += [f"process {pid}: {_command(pid)}" for pid in born]
    assert not left, f"left behind: {', '.join(left)}"
    assert not logged_errors, f"logged: {[record.getMessage() for record in logged_errors]}"


def _threads() -> set[threading.Thread]:
    """Python's own: what stands for a thread of somebody else, such as Qt, is no thread that could be joined."""
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


def _children() -> set[int]:
    """Living child processes, without the helper that multiprocessing keeps for shared memory."""
    pids = {int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in _read(task).split()}
    return {pid for pid in pids if _state(pid) not in ("", "Z", "X") and "resource_tracker" not in _command(pid)}


def _state(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(") ")[2][:1]


def _command(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ").strip()


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
