"""What the server of `tests.warm` imports once, and all that it forks has."""

import gc
import pkgutil
from importlib import import_module

import elevenlabs.client  # noqa: F401
import mako.exceptions  # noqa: F401

import audiostudio.engines
import audiostudio.operations
import audiostudio.sound
import audiostudio.worker
import tests.sound.remote_input
import tests.sound.remote_output  # noqa: F401

for package in (audiostudio.engines, audiostudio.operations, audiostudio.sound):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
gc.collect()
gc.freeze()
