"""Keys and servers, set and forgotten at once: nothing here asks the network."""

from dataclasses import dataclass

from audiostudio.engines.remote.services import Server, usable, warning
from audiostudio.jobs import JsonObject
from audiostudio.operations.studio import Studio


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is known of a remote engine without asking it."""

    engine: str
    title: str
    needs_key: bool
    """Nothing can be asked before a key is entered."""
    key_in: str
    """Where its key lies: `keyring`, `file` or, without one, nothing."""
    voices: int
    fetched: str | None
    """When its voices were fetched, ISO 8601."""
    account: JsonObject | None
    """As `cloud.account` has it, when it was asked last."""
    warning: str = ""
    """What the user must know before anything is sent, such as an address that is not encrypted."""

    @property
    def usable(self) -> bool:
        return not self.needs_key and self.voices > 0


def states(studio: Studio) -> list[AccountState]:
    """Every remote engine, the user's servers among them."""
    return [state(studio, one.name) for one in studio.engines.manifests() if one.capabilities.remote]


def state(studio: Studio, engine: str) -> AccountState:
    """Raises `NotFound`."""
    manifest = studio.engines.manifest(engine)
    where = studio.accounts.keys.where(engine)
    catalogue = studio.accounts.catalogue(engine)
    address = next((one.address for one in studio.accounts.services.servers() if one.name == engine), "")
    return AccountState(
        engine=engine,
        title=manifest.title,
        needs_key=manifest.needs_key and not where,
        key_in=where,
        voices=sum(voice.engine == engine for voice in studio.engines.voices()),
        fetched=catalogue.get("fetched"),
        account=catalogue.get("account"),
        warning=warning(address) if address else "",
    )


def set_key(studio: Studio, engine: str, key: str) -> str:
    """Keep an API key; where it lies now: `keyring` or `file`. What an earlier key's account had is forgotten.

    Raises `NotFound`, `RequestError` for what cannot be a key, `StorageError`.
    """
    studio.engines.manifest(engine)
    before = studio.accounts.keys.get(engine)
    where = studio.accounts.keys.set(engine, key)
    if before != key.strip():
        studio.accounts.forget_catalogue(engine)
    return where


def try_key(studio: Studio, engine: str, key: str) -> str | None:
    """Keep an API key to see whether it is accepted; another one that it replaces, to be put back with `put_back` where
    it is not. What that one's account had stays known until then. Raises as `set_key` does."""
    studio.engines.manifest(engine)
    before = studio.accounts.keys.get(engine)
    studio.accounts.keys.set(engine, key)
    return before if before != key.strip() else None


def put_back(studio: Studio, engine: str, key: str) -> None:
    """The key of before: that which was tried is not accepted. Raises `StorageError`."""
    studio.accounts.keys.set(engine, key)


def remove_key(studio: Studio, engine: str) -> bool:
    """Forget an API key and what its account had; whether there was one. Raises `NotFound`, `StorageError`."""
    manifest = studio.engines.manifest(engine)
    if manifest.needs_key:
        studio.accounts.forget_catalogue(engine)
    return studio.accounts.keys.delete(engine)


def servers(studio: Studio) -> tuple[Server, ...]:
    """The speech servers that the user added, in that order."""
    return studio.accounts.services.servers()


def add_server(studio: Studio, server: Server, key: str = "") -> Server:
    """Remember a server, and its key if it wants one; with the name that it got.

    `address_warning` says what to tell the user before. Raises `RequestError`, `StorageError`.
    """
    added = studio.accounts.services.add(server)
    if key.strip():
        studio.accounts.keys.set(added.name, key)
    return added


def edit_server(studio: Studio, server: Server, key: str | None = None) -> Server:
    """Change what is known of a server; `key`: None leaves it as it is, empty forgets it. Voices that it listed at
    another address are forgotten. Raises `NotFound`, `RequestError`, `StorageError`."""
    before = studio.accounts.services.server(server.name)
    edited = studio.accounts.services.edit(server)
    if before.address != edited.address:
        studio.accounts.forget_catalogue(server.name)
    if key is not None and key.strip():
        studio.accounts.keys.set(server.name, key)
    elif key is not None:
        studio.accounts.keys.delete(server.name)
    return edited


def remove_server(studio: Studio, name: str) -> None:
    """Forget a server, its voices and its key. Raises `NotFound`, `StorageError`."""
    studio.accounts.services.remove(name)
    studio.accounts.keys.delete(name)
    studio.accounts.forget_catalogue(name)


def address_warning(address: str) -> str:
    """What to tell before anything is sent there; empty: nothing. Raises `RequestError` for what is no address."""
    return warning(usable(address))
