"""Begins an engine's process: `ENVIRONMENT/bin/python -I boot.py`.

Of the application only the package `audiostudio` comes along, found by its folder; its other packages stay out.
"""

import importlib.util
import os
import sys
from pathlib import Path

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TRAINER_TELEMETRY": "0",
    "DO_NOT_TRACK": "1",
}
"""What keeps the packages there from asking or telling a server anything: weights come from the model store."""


def provide(name: str, place: Path) -> None:
    """Make the package (a folder) or module (a file) at `place` importable as `name`, and nothing that lies beside."""
    if name in sys.modules:
        return
    inside = [str(place)] if place.is_dir() else None
    file = place / "__init__.py" if place.is_dir() else place
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=inside)
    if spec is None or spec.loader is None:
        raise ImportError(f"{place} is no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    os.environ.update(QUIET)
    provide("audiostudio", Path(__file__).resolve().parents[2])
    from audiostudio.engines.environments.host import main

    main()
