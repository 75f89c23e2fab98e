"""An engine environment that is quick to make: the application's own Python, behind the real protocol."""

import json
import sys
from pathlib import Path

from audiostudio.engines.environments.store import STAMP, Environments

NAME = "toys"


def toy_environment(folder: Path, interpreter: str = f'exec "{sys.executable}" "$@"') -> Environments:
    """`folder/engines/toys`, as if it had been installed. `interpreter`: a shell script in its Python's place."""
    described = folder / "described" / NAME
    described.mkdir(parents=True)
    lock = "toy==1.0\n"
    platforms = {
        name: {"download": 1000, "disk": 2000, "ran": True}
        for name in ("linux-x86_64", "linux-aarch64", "macos-aarch64", "windows-x86_64")
    }
    for name in platforms:
        (described / f"{name}.txt").write_text(lock)
    manifest = {
        "title": "Toys",
        "purpose": "For tests.",
        "licences": "MIT",
        "python": ["3.11", "3.12"],
        "leading": [],
        "imports": ["numpy", "json"],
        "platforms": platforms,
    }
    (described / "manifest.json").write_text(json.dumps(manifest))
    environments = Environments(folder / "engines", folder / "described")
    python = folder / "engines" / NAME / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{interpreter}\n")
    python.chmod(0o755)
    stamp = {"lock": environments.manifest(NAME).lock.digest, "size": 1234}
    (folder / "engines" / NAME / STAMP).write_text(json.dumps(stamp))
    return environments
