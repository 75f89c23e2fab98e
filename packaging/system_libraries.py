"""System libraries that packages from a registry cannot bring: which are missing, and how to get them."""

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TEST_PROGRAMS = ("Xvfb",)

MANAGERS = {
    "apt-get": "apt-get install -y",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
    "zypper": "zypper install -y",
}

# What has the library, for each of the managers above.
PACKAGES = {
    "libportaudio.so.2": ("libportaudio2", "portaudio", "portaudio", "libportaudio2"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "Xvfb": ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
}


def provide(venv: Path, programs: tuple[str, ...]) -> None:
    """Name what is missing in one line with the exact command; as root on Debian and its kin, install it.

    Never fatal: the command line needs none of it. `venv/set-up-system` says that nothing was missing.
    """
    missing = missing_libraries(venv) + [name for name in programs if not shutil.which(name)]
    if missing and os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        apt([PACKAGES[name][0] for name in missing if name in PACKAGES])
        missing = missing_libraries(venv) + [name for name in programs if not shutil.which(name)]
    if missing:
        print(
            f"Missing for the window and for playing sound: {', '.join(missing)}\n  → {command(missing)}",
            file=sys.stderr,
        )
    else:
        (venv / "set-up-system").touch()


def missing_libraries(venv: Path) -> list[str]:
    """Sonames that PortAudio's users and Qt's window need and the system lacks."""
    if sys.platform != "linux":
        return []
    found = [] if loads("libportaudio.so.2") else ["libportaudio.so.2"]
    qt = next(venv.glob("lib/python*/site-packages/PySide6/Qt"), None)
    wanted = [qt / "plugins/platforms/libqxcb.so", qt / "lib/libQt6Widgets.so.6"] if qt else []
    for library in wanted:
        listing = subprocess.run(["ldd", library], capture_output=True, text=True, check=False).stdout
        found += re.findall(r"(\S+) => not found", listing)
    return list(dict.fromkeys(found))


def loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def command(missing: list[str]) -> str:
    """What to type for `missing`."""
    for number, (manager, words) in enumerate(MANAGERS.items()):
        if shutil.which(manager):
            packages = dict.fromkeys(PACKAGES[name][number] for name in missing if name in PACKAGES)
            return f"sudo {words} {' '.join(packages)}"
    return "Install them with your system's package manager."


def apt(packages: list[str]) -> None:
    """Install Debian packages, as root, quietly."""
    packages = list(dict.fromkeys(packages))
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-q", *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"apt-get {words[0]} failed:\n{done.stderr.strip()}", file=sys.stderr)
            return


def provide_ensurepip() -> None:
    """Debian keeps the part of Python that makes environments in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        apt([package])
    else:
        print(f"This Python cannot make an environment.\n  → sudo apt-get install -y {package}", file=sys.stderr)
        sys.exit(1)
