"""What the server of `tests.warm` imports once, and all that it forks has."""

import gc
import pkgutil
from importlib import import_module

import audiostudio.engines
import audiostudio.operations
import audiostudio.sound
from audiostudio.script.phonemes import english

for package in (audiostudio.engines, audiostudio.operations, audiostudio.sound):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
for name in (
    *("alembic.command", "alembic.runtime.migration", "mako.exceptions", "elevenlabs.client", "hibari", "onnx"),
    *("onnxruntime", "audiostudio.worker", "tests.sound.remote_input", "tests.sound.remote_output"),
):
    import_module(name)
english.load(british=False)
gc.collect()
gc.freeze()
