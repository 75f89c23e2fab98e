"""Makes what `./run` and `./test` need: the environment, the packages, system libraries, the models.

Runs on a bare Python 3.11 or 3.12, before any package is there:

    bootstrap.py app PROFILE [ARGUMENTS OF ./run]    everything, after one question
    bootstrap.py models PROFILE [ARGUMENTS OF ./run] what speaks out of the box, for another profile
    bootstrap.py system                              system libraries only
    bootstrap.py test MODELS                         everything for the checks, without a question
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import system_libraries

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = ROOT / "packaging" / "locks"
KINDS = {"app": [LOCKS / "app.txt"], "test": [LOCKS / "app.txt", LOCKS / "dev.txt"]}
MANIFESTS = ROOT / "resources" / "models"
ENVIRONMENTS = ROOT / "resources" / "engines" / "environments"
TEST_MODELS = (
    "cmudict",
    "dnsmos",
    "kokoro",
    "kokoro-voices",
    "musescore-general",
    "perth",
    "speaker-encoder",
    "whisper-base",
)
DECLINED = 2


class Failed(Exception):
    """Set-up cannot go on; the sentence says why and what to do."""


def main(words: list[str]) -> int:
    """Do one of the above. Everything said goes to standard error: standard output belongs to the program."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return set_up(*words)
    except Failed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on where it was.", file=sys.stderr)
        return 130


def set_up(kind: str, *words: str) -> int:
    if kind == "system":
        system_libraries.provide(VENV, ())
    elif kind == "test":
        set_up_tests(Path(words[0]))
    else:
        profile = Path(words[0])
        if not agreed(kind, profile, "--yes" in words, sys.stdin.isatty() and sys.stderr.isatty()):
            return DECLINED if kind == "app" else 0
        with one_at_a_time():
            if kind == "app":
                install("app")
                system_libraries.provide(VENV, ())
            pull_models(profile, default_models(), profile / "models")
    return 0


def set_up_tests(models: Path) -> None:
    with one_at_a_time():
        install("test")
        write_stamp("app")
        system_libraries.provide(VENV, system_libraries.TEST_PROGRAMS)
        pull_models(models.parent, TEST_MODELS, models)
        install_environments(models.parent)


# What is to be fetched, and whether that is agreed to


def agreed(kind: str, profile: Path, yes: bool, can_answer: bool) -> bool:
    """Name what will be fetched and ask, unless it was agreed to before."""
    packages = kind == "app" and not any((VENV / name).exists() for name in ("set-up-app", "installing"))
    models = [name for name in default_models() if name not in licences_accepted(profile)]
    if not packages and not any(downloads(name) for name in models):
        print("Bringing Audio Studio up to date.")
        return True
    if kind == "models" and not (yes or can_answer):
        return False
    print("Audio Studio sets itself up. It fetches, once:\n")
    if packages:
        count, download, disk = lock_facts(LOCKS / "app.txt")
        print(f"  {count} Python packages  {download:4} MB, {disk} MB on the disk, in {VENV}")
        print("                             free licences, among them LGPL-3.0 (Qt) and GPL-3.0 (espeak-ng);")
        print("                             packaging/locks/app.txt names each")
    for name in models:
        model = manifest(name)
        size = f"{downloads(name) / 1e6:4.0f} MB" if downloads(name) else "included"
        print(f"  {model['title']:18} {size}, {model['rights']['licence']}. {model['purpose']}")
    print(f"\nModels lie in {profile / 'models'}. After this, Audio Studio works without a network.")
    if yes:
        return True
    if not can_answer:
        print("\nNobody can answer here. To agree, say --yes first:  ./run --yes …")
        return False
    if input("\nFetch this and agree to these licences? [Y/n] ").strip().lower() in ("", "y", "yes"):
        return True
    if kind == "models":
        write_model_stamp(profile / "models")
        print("Nothing was fetched. `./run models pull` does it at any time.")
    return False


def licences_accepted(profile: Path) -> set[str]:
    """The models whose licences were agreed to in this profile."""
    try:
        return set(json.loads((profile / "models" / "accepted.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return set()


def manifest(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((MANIFESTS / f"{name}.json").read_text(encoding="utf-8"))
    return data


def downloads(name: str) -> int:
    """Bytes that travel for a model; 0 for one that comes with a package."""
    return int(manifest(name)["sources"][0]["download"])


def default_models() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted(MANIFESTS.glob("*.json")) if manifest(path.stem)["default"])


def lock_facts(lock: Path) -> tuple[int, int, int]:
    """How many packages a lock has, MB to fetch, MB on the disk (from its first line)."""
    text = lock.read_text(encoding="utf-8")
    sizes = re.search(r"(\d+) MB to fetch, (\d+) MB on the disk", text)
    packages = len(requirements(lock))
    return packages, *((int(sizes[1]), int(sizes[2])) if sizes else (0, 0))


def requirements(lock: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in lock.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


# The environment


def install(kind: str) -> None:
    """The environment with the packages of a kind's locks and this checkout, whatever state it was left in."""
    if is_stamped(kind):
        return
    locks = KINDS[kind]
    (VENV / f"set-up-{kind}").unlink(missing_ok=True)
    make_environment()
    (VENV / "installing").touch()
    pip = next(line for line in requirements(LOCKS / "app.txt") if line.startswith("pip=="))
    run_pip(["install", pip], total=1)
    files = [word for lock in locks for word in ("--requirement", str(lock))]
    if sys.platform == "linux":
        run_pip(["install", "--no-deps", *files], total=sum(len(requirements(lock)) for lock in locks))
        run_pip(["install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], total=1)
    else:
        constraints = [word for lock in locks for word in ("--constraint", str(lock))]
        run_pip(["install", *constraints, "--editable", str(ROOT)], total=len(requirements(LOCKS / "app.txt")))
    (VENV / "installing").unlink()
    write_stamp(kind)


def make_environment() -> None:
    """A fresh environment, unless there is one that works and that no broken-off installation has touched."""
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0
    if works and not (VENV / "installing").exists():
        return
    print(f"Making {VENV} with Python {sys.version.split()[0]} …")
    system_libraries.provide_ensurepip()
    made = subprocess.run([base_python(), "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise Failed(f"The environment could not be made:\n{made.stdout}{made.stderr}")


def base_python() -> str:
    """The Python outside any environment: an environment made from another breaks with it."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(Path(sys.base_prefix, "python.exe" if os.name == "nt" else f"bin/{name}"))


def run_pip(words: list[str], total: int) -> None:
    """Run pip and say how far it is. Its whole output lies in .venv/set-up.log."""
    flags = ["--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off"]
    command = [str(PYTHON), "-I", "-m", "pip", *words, *flags]
    seen = 0
    with (VENV / "set-up.log").open("a", encoding="utf-8") as log:
        pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                log.write(line)
                if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([^\s=<>(]+)", line):
                    seen += 1
                    show(f"Fetching packages: {min(seen, total)} of {total}, {match[1]}")
                elif line.startswith("Installing collected packages"):
                    show("Putting the packages in place …")
        except BaseException:
            pip.kill()
            raise
        finally:
            status = pip.wait()
    show("")
    if status:
        lines = (VENV / "set-up.log").read_text(encoding="utf-8", errors="replace").splitlines()[-40:]
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-5:]
        raise Failed(
            "The packages could not be installed:\n  "
            + "\n  ".join(errors)
            + f"\n→ Check the network and the free disk space, then run it again. All of it: {VENV / 'set-up.log'}"
        )


_shown = 0.0


def show(text: str) -> None:
    """One line that changes; where there is no terminal, a line every few seconds."""
    global _shown
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text and time.monotonic() - _shown > 5:
        _shown = time.monotonic()
        print(text, file=sys.stderr, flush=True)


# Models


def pull_models(profile: Path, names: tuple[str, ...], models: Path) -> None:
    """Fetch `names` into `profile`, through the program itself: it resumes, checks and remembers the licences."""
    if models != profile / "models":
        raise Failed(f"The models' folder must be named “models”: {models}")
    command = [str(PYTHON), "-m", "audiostudio", "--profile", str(profile), "models", "pull", "--yes", *names]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise Failed("The models could not be fetched. Run it again: what was fetched is kept.")
    write_model_stamp(models)


def install_environments(profile: Path) -> None:
    """Make the engine environments in `profile`, through the program itself: those that are there and current stay."""
    for name in sorted(path.parent.name for path in ENVIRONMENTS.glob("*/manifest.json")):
        command = [str(PYTHON), "-m", "audiostudio", "--profile", str(profile), "engines", "install", "--yes", name]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            raise Failed("The engine environments could not be made. Run it again: what was installed is kept.")
    files = sorted(path for path in ENVIRONMENTS.glob("*/*") if path.is_file())
    (profile / "engines" / "set-up").write_bytes(b"".join(path.read_bytes() for path in files))


def write_model_stamp(models: Path) -> None:
    """Beside the models, so that `packaging/set-up.sh` sees that these manifests were dealt with."""
    models.mkdir(parents=True, exist_ok=True)
    (models / "set-up").write_bytes(b"".join(path.read_bytes() for path in sorted(MANIFESTS.glob("*.json"))))


# Stamps


def stamp(kind: str) -> bytes:
    """What `packaging/set-up.sh` compares."""
    return f"{ROOT}\n".encode() + b"".join(path.read_bytes() for path in (VENV / "pyvenv.cfg", *KINDS[kind]))


def write_stamp(kind: str) -> None:
    (VENV / f"set-up-{kind}").write_bytes(stamp(kind))


def is_stamped(kind: str) -> bool:
    path = VENV / f"set-up-{kind}"
    return PYTHON.exists() and path.exists() and path.read_bytes() == stamp(kind)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one checkout wait for each other."""
    VENV.mkdir(exist_ok=True)
    with (VENV / "set-up.lock").open("w") as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
