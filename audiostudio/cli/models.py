"""`audiostudio models`: what was fetched, what can be, and whether it is whole."""

import argparse

from audiostudio.cli.console import Console, table
from audiostudio.engines.models import ModelStore
from audiostudio.errors import LicenceNotAccepted, ModelError
from audiostudio.files import readable_size


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, text in (
        ("list", "every model, its size, licence and state"),
        ("pull", "fetch models (default: what speaks out of the box)"),
        ("verify", "compare files with their SHA-256"),
        ("remove", "delete a model's files"),
    ):
        one = verbs.add_parser(verb, parents=[common], help=text)
        if verb != "list":
            one.add_argument("names", nargs="*" if verb != "remove" else "+", metavar="NAME")
        if verb == "pull":
            one.add_argument("--yes", action="store_true", help="agree to the licences without being asked")
        one.set_defaults(run=VERBS[verb])


def list_models(console: Console, arguments: argparse.Namespace) -> int:
    store = console.studio.models
    models = [(store.manifest(name), store.state(name)) for name in store.names()]
    data = [
        {
            "name": model.name,
            "title": model.title,
            "purpose": model.purpose,
            "size": model.size,
            "rights": model.rights.to_json(),
            "state": state,
        }
        for model, state in models
    ]
    rows = [
        (model.name, state, readable_size(model.size), model.rights.licence, model.title) for model, state in models
    ]
    console.out(data, table(("MODEL", "STATE", "SIZE", "LICENCE", "WHAT IT IS"), rows))
    return 0


def pull(console: Console, arguments: argparse.Namespace) -> int:
    store = console.studio.models
    names = [name for name in arguments.names or store.default if not _whole(store, name)]
    for name in names:
        manifest = store.manifest(name)
        console.say(f"{manifest.title}: {readable_size(manifest.download)}, licence {manifest.rights.licence}")
    unaccepted = [name for name in names if not store.accepted(name)]
    if unaccepted and not arguments.yes and not console.ask("Fetch these and agree to their licences?"):
        raise LicenceNotAccepted("Nothing was fetched: the licences were not agreed to.", "Add --yes to agree.")
    for name in names:
        console.run("models.pull", {"name": name, "accept": True}, f"Fetching {name}")
    console.out({"fetched": names}, f"Fetched {', '.join(names)}." if names else "Everything is already here.")
    return 0


def _whole(store: ModelStore, name: str) -> bool:
    try:
        store.verify(name)
    except ModelError:
        return False
    return True


def verify(console: Console, arguments: argparse.Namespace) -> int:
    store = console.studio.models
    names = arguments.names or [name for name in store.names() if store.size(name)]
    for name in names:
        console.run("models.verify", {"name": name}, f"Verifying {name}")
    console.out({"verified": names}, f"Whole: {', '.join(names)}." if names else "No model has been fetched.")
    return 0


def remove(console: Console, arguments: argparse.Namespace) -> int:
    for name in arguments.names:
        console.studio.models.remove(name)
    console.out({"removed": arguments.names}, f"Removed {', '.join(arguments.names)}.")
    return 0


VERBS = {"list": list_models, "pull": pull, "verify": verify, "remove": remove}
