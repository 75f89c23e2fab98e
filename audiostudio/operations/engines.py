"""Engines that need more than the application has: what they need, installing it, trying it, removing it."""

from collections.abc import Generator
from dataclasses import asdict

from audiostudio.engines.base import EngineManifest
from audiostudio.errors import LicenceNotAccepted, RequestError, StudioError
from audiostudio.files import readable_size
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.studio import Studio

Events = Generator[Progress | Partial, None, JsonObject]


def environment_of(studio: Studio, name: str) -> tuple[str, EngineManifest | None]:
    """The environment that is meant by its own name or by that of an engine in it, and that engine.

    Raises `RequestError` for an engine that needs none, and for what is neither.
    """
    environments = studio.environments.names()
    if name in environments:
        return name, None
    hosted = [manifest for manifest in studio.engines.manifests() if manifest.environment]
    for manifest in hosted:
        if manifest.name == name:
            return manifest.environment, manifest
    if any(manifest.name == name for manifest in studio.engines.manifests()):
        raise RequestError(f"The engine “{name}” needs no environment: it is part of Audio Studio.", "Use it.")
    known = ", ".join([*(manifest.name for manifest in hosted), *environments])
    raise RequestError(f"There is no engine or environment “{name[:60]}”.", f"There are: {known}.")


def overview(studio: Studio) -> list[JsonObject]:
    """Every environment, what it takes, its state, and the engines in it with their models, as JSON."""
    return [_described(studio, name) for name in studio.environments.names()]


def models_to_fetch(studio: Studio, name: str) -> list[str]:
    """The models that are not here, of an engine by its name; of an environment none: its engines have their own."""
    _, engine = environment_of(studio, name)
    return [model for model in (engine.models if engine else ()) if not studio.models.present(model)]


def install(studio: Studio, request: JsonObject) -> Events:
    """`{name, accept, models?}` → `{environment, fetched}`: the environment of an engine, then the engine's models.

    `accept`: the user saw what is installed and agreed, also to the models' licences. `models` false: they stay away.
    Raises `LicenceNotAccepted`, and what `Environments.install` and `ModelStore.pull` raise.
    """
    name, _ = environment_of(studio, request["name"])
    models = models_to_fetch(studio, request["name"]) if request.get("models", True) else []
    refused = [model for model in models if not (request["accept"] or studio.models.accepted(model))]
    if refused or not (request["accept"] or studio.environments.state(name) == "ready"):
        raise LicenceNotAccepted(
            f"{studio.environments.manifest(name).title}: nothing was installed, for nobody agreed to it.",
            f"Run `audiostudio engines install {request['name']}`, which shows what comes; `--yes` agrees at once.",
        )
    yield from studio.environments.install(name)
    for model in models:
        try:
            yield from studio.models.pull(model, accept=request["accept"])
        except StudioError as error:
            there, title = studio.environments.manifest(name).title, studio.models.manifest(model).title
            sentence = f"{there}: installed. Only the model {title} is still missing: {error.sentence}"
            raise type(error)(sentence, error.hint) from error
    return {"environment": name, "fetched": models}


def remove(studio: Studio, request: JsonObject) -> Events:
    """`{name}` → `{environment, freed}`, bytes. The engines' models stay: `audiostudio models remove`."""
    name, _ = environment_of(studio, request["name"])
    size = studio.environments.size(name)
    yield Progress(None, f"Removing {studio.environments.manifest(name).title} ({readable_size(size)}).")
    studio.environments.remove(name)
    return {"environment": name, "freed": size}


def doctor(studio: Studio, request: JsonObject) -> Events:
    """`{name}` → `{environment, state, python, device, packages, failures, drifted}`: what is found by trying it.

    `failures`: modules that do not import, and why; `drifted`: packages that are not of the version that the lock
    asks for, `{name: [wanted, found]}`. Raises `EngineUnavailable`, `WorkerDied`.
    """
    name, _ = environment_of(studio, request["name"])
    found = yield from studio.environments.examine(name)
    wanted = studio.environments.manifest(name).lock.requirements
    return {
        "environment": name,
        "state": studio.environments.state(name),
        **asdict(found),
        "drifted": _drifted(wanted, found.packages),
    }


def _described(studio: Studio, name: str) -> JsonObject:
    manifest = studio.environments.manifest(name)
    lock = manifest.locks.get(studio.environments.platform)
    hosted = [engine for engine in studio.engines.manifests() if engine.environment == name]
    return {
        "name": name,
        "title": manifest.title,
        "purpose": manifest.purpose,
        "licences": manifest.licences,
        "state": studio.environments.state(name),
        "size": studio.environments.size(name),
        "available": lock is not None,
        "download": lock.download if lock else 0,
        "disk": lock.disk if lock else 0,
        "note": lock.note if lock else "",
        "ran": lock.ran if lock else False,
        "engines": [_engine(studio, engine) for engine in hosted],
    }


def _engine(studio: Studio, engine: EngineManifest) -> JsonObject:
    store = studio.models
    known = set(store.names())
    return {
        "name": engine.name,
        "title": engine.title,
        "rights": engine.rights.to_json(),
        "models": [
            {
                "name": name,
                "title": store.manifest(name).title,
                "state": store.state(name),
                "download": store.manifest(name).download,
                "rights": store.manifest(name).rights.to_json(),
            }
            for name in engine.models
            if name in known
        ],
    }


def _drifted(wanted: tuple[str, ...], found: dict[str, str]) -> dict[str, list[str]]:
    """Of a version with a local part, such as `2.13.0+cpu`, the public part counts."""
    from audiostudio.engines.environments.manifest import project_name

    have = {project_name(name): version for name, version in found.items()}
    drifted = {}
    for requirement in wanted:
        name, _, version = requirement.partition("==")
        there = have.get(project_name(name), "")
        if there.partition("+")[0] != version.strip():
            drifted[name.strip()] = [version.strip(), there or "missing"]
    return drifted
