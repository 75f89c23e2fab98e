"""Servers of the user that write lyrics. Nothing is asked here."""

from audiostudio.engines.remote.services import Server
from audiostudio.operations.studio import Studio


def servers(studio: Studio) -> tuple[Server, ...]:
    """The servers that write lyrics, as the user added them; the offline one is always there beside them."""
    return studio.accounts.writers.servers()


def add(studio: Studio, title: str, address: str, model: str, key: str = "") -> Server:
    """Remember a server that speaks `/v1/chat/completions`, and its key if it wants one; with the name that it got.

    `cloud.accounts.address_warning` says what to tell the user before. Raises `RequestError`, `StorageError`.
    """
    added = studio.accounts.writers.add(Server("", title, address, model))
    if key.strip():
        studio.accounts.keys.set(added.name, key)
    return added


def set_key(studio: Studio, name: str, key: str) -> str:
    """Keep the key of a server; where it is kept. Raises `NotFound`, `RequestError`, `StorageError`."""
    studio.accounts.writers.server(name)
    where: str = studio.accounts.keys.set(name, key)
    return where


def remove_key(studio: Studio, name: str) -> bool:
    """Forget the key of a server; whether there was one. Raises `NotFound`, `StorageError`."""
    studio.accounts.writers.server(name)
    was: bool = studio.accounts.keys.delete(name)
    return was


def remove(studio: Studio, name: str) -> None:
    """Forget a server and its key. Raises `NotFound`, `StorageError`."""
    studio.accounts.writers.remove(name)
    studio.accounts.keys.delete(name)
