"""Fetching and checking models."""

from collections.abc import Generator

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.studio import Studio


def pull(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{name, accept}` → `{name}`: the model's files, fetched and checked."""
    yield from studio.models.pull(request["name"], accept=request["accept"])
    return {"name": request["name"]}


def verify(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{name}` → `{name}`; raises `ModelDamaged` or `ModelMissing`."""
    yield Progress(None, f"Verifying {request['name']}")
    studio.models.verify(request["name"])
    return {"name": request["name"]}
