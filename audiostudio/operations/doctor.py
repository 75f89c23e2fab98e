"""What is here, what is truly used, what is at fault and how to mend it."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audiostudio import __version__
from audiostudio.errors import StudioError
from audiostudio.files import readable_size
from audiostudio.operations.studio import Studio
from audiostudio.script.phonemes import available

PACKAGES = ("PySide6-Essentials", "numpy", "av", "onnxruntime", "openvino", "SQLAlchemy", "hibari-tts", "sounddevice")
FREE_DISK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    state: Literal["ok", "note", "fault"]
    """`note`: works without it, something is not to be had."""
    sentence: str
    remedy: str = ""


def examine(studio: Studio) -> list[Finding]:
    """Everything that can be at fault, in the order a user would mend it."""
    looks: tuple[Callable[[Studio], Iterator[Finding]], ...] = (
        _profile,
        _models,
        _device,
        _environments,
        _languages,
        _library,
        _output,
        _screen,
    )
    findings: list[Finding] = []
    for look in looks:
        try:
            findings += look(studio)
        except StudioError as error:
            findings.append(Finding(look.__name__.strip("_").capitalize(), "fault", error.sentence, error.hint))
    return findings


def versions(studio: Studio) -> dict[str, str]:
    """The versions of everything that decides how the program behaves."""
    found = {"Audio Studio": __version__, "Python": platform.python_version(), "System": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    found["FFmpeg"] = _ffmpeg()
    torch = studio.environments.stamp("torch").get("packages", {})
    found["torch"] = torch.get("torch", "not installed")
    present = [name for name in studio.models.names() if studio.models.present(name)]
    found["Device"] = f"CPU, {os.cpu_count()} threads, {processor()}"
    found["Models"] = ", ".join(present) or "none"
    return found


def _ffmpeg() -> str:
    import av

    return ", ".join(
        f"{name} {'.'.join(map(str, v))}" for name, v in av.library_versions.items() if name != "libavdevice"
    )


def processor() -> str:
    """The processor's name as the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()


def _profile(studio: Studio) -> Iterator[Finding]:
    root = studio.profile.root
    place = root
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        yield Finding("Profile", "fault", f"{root} cannot be written to.", "Change its permissions or use --profile.")
        return
    free = shutil.disk_usage(place).free
    sentence = f"{root}, {readable_size(free)} free."
    if free < FREE_DISK:
        yield Finding("Profile", "fault", sentence, "Free some disk space: less than 2 GB is left.")
    else:
        yield Finding("Profile", "ok", sentence)


def _models(studio: Studio) -> Iterator[Finding]:
    store = studio.models
    for name in store.names():
        title = f"Model {name}"
        if store.state(name) == "missing":
            state: Literal["note", "fault"] = "fault" if name in store.default else "note"
            yield Finding(title, state, "Not fetched.", f"audiostudio models pull {name}")
            continue
        try:
            store.verify(name)
        except StudioError as error:
            yield Finding(title, "fault", error.sentence, error.hint)
        else:
            yield Finding(title, "ok", f"Present and verified, {readable_size(store.manifest(name).size)}.")


def _device(studio: Studio) -> Iterator[Finding]:
    for name in ("kokoro", "hibari"):
        if all(studio.models.present(model) for model in studio.engines.manifest(name).models):
            engine = studio.engines.load(name)
            yield Finding(f"Engine {name}", "ok", f"Runs on {engine.device}.")


def _environments(studio: Studio) -> Iterator[Finding]:
    """As they were found when they were made; `audiostudio engines doctor` tries them."""
    environments = studio.environments
    for name in environments.names():
        subject, state = f"Engines in {name}", environments.state(name)
        stamp, install = environments.stamp(name), f"audiostudio engines install {name}"
        hosted = ", ".join(one.title for one in studio.engines.manifests() if one.environment == name)
        if state == "missing":
            yield Finding(subject, "note", f"Not installed; only {hosted} need it.", install)
        elif state == "ready":
            size = readable_size(environments.size(name))
            yield Finding(subject, "ok", f"Installed, {size}; computes on {stamp.get('device') or 'the processor'}.")
        elif state == "outdated":
            yield Finding(subject, "note", f"It works, but this version wants other packages for {hosted}.", install)
        else:
            yield Finding(subject, "fault", f"Its installation is {state}.", install)


def _languages(studio: Studio) -> Iterator[Finding]:
    missing = {tag: reason for tag, reason in available().items() if reason}
    works = [tag for tag, reason in available().items() if not reason]
    yield Finding("Languages", "ok", f"Can be spoken: {', '.join(works)}.")
    for tag, reason in missing.items():
        yield Finding(f"Language {tag}", "note", str(reason))


def _library(studio: Studio) -> Iterator[Finding]:
    if not (studio.profile.library / "library.db").exists():
        yield Finding("Library", "ok", "Not made yet: it begins with the first asset.")
        return
    studio.library.verify()
    total = sum(studio.library.counts().values())
    yield Finding("Library", "ok", f"{total} assets in {studio.profile.library}.")


def _output(studio: Studio) -> Iterator[Finding]:
    from audiostudio.sound.player import Player

    with Player() as player:
        found = player.devices()
        problem = player.problem
    if found:
        yield Finding("Sound output", "ok", ", ".join(found))
    else:
        yield Finding("Sound output", "note", problem or "No sound output was found.")


def _screen(studio: Studio) -> Iterator[Finding]:
    has = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has:
        yield Finding("Screen", "ok", "There is one: the window can open.")
    else:
        yield Finding("Screen", "note", "None: only the command line works here.")
