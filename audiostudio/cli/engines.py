"""`audiostudio engines …`: the environments in which PyTorch engines run."""

import argparse

from audiostudio.cli.console import Console, table
from audiostudio.errors import LicenceNotAccepted
from audiostudio.files import readable_size
from audiostudio.jobs import JsonObject
from audiostudio.operations import engines


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, text in (
        ("list", "every environment and the engines in it"),
        ("install", "install what an engine needs, and its models, after one question"),
        ("remove", "delete an environment; models and voices stay"),
        ("doctor", "try an environment: does everything import, what does it truly run on"),
    ):
        one = verbs.add_parser(verb, parents=[common], help=text)
        if verb != "list":
            one.add_argument("name", metavar="NAME", help="an engine, such as xtts, or an environment, such as torch")
        if verb == "install":
            one.add_argument("--yes", action="store_true", help="agree to everything without being asked")
            one.add_argument("--without-models", action="store_true", help="fetch no models")
        one.set_defaults(run=VERBS[verb])


def list_engines(console: Console, arguments: argparse.Namespace) -> int:
    found = engines.overview(console.studio)
    rows = []
    for environment in found:
        size = environment["size"] or environment["disk"]
        rows.append((environment["name"], environment["state"], readable_size(size), "", environment["title"]))
        for engine in environment["engines"]:
            states = {model["state"] for model in engine["models"]}
            state = "" if not states else "models present" if states == {"present"} else "models missing"
            size = sum(model["download"] for model in engine["models"])
            sold = {True: "may be sold", False: "may not be sold"}.get(engine["rights"]["commercial"], "not known")
            rows.append((f"  {engine['name']}", state, readable_size(size) if size else "", sold, engine["title"]))
    console.out(found, table(("NAME", "STATE", "SIZE", "WHAT IT SAYS", "WHAT IT IS"), rows))
    return 0


def install(console: Console, arguments: argparse.Namespace) -> int:
    studio, wanted = console.studio, arguments.name
    name, _ = engines.environment_of(studio, wanted)
    models = [] if arguments.without_models else engines.models_to_fetch(studio, wanted)
    if studio.environments.state(name) == "ready" and not models:
        console.out({"environment": name, "fetched": []}, "Everything is already here.")
        return 0
    _say_what_comes(console, name, models)
    for model in [] if arguments.yes else models:
        manifest = studio.models.manifest(model)
        if not manifest.rights.commercial:
            console.say(f"\n{manifest.licence_text.strip()}\n")
    if not arguments.yes and not console.ask("Install this and agree to these licences?"):
        raise LicenceNotAccepted("Nothing was installed: it was not agreed to.", "Add --yes to agree.")
    request = {"name": wanted, "accept": True, "models": not arguments.without_models}
    result = console.run("engines.install", request, f"Installing {wanted}")
    there = studio.environments.folder / name
    fetched = f", with {', '.join(result['fetched'])}" if result["fetched"] else ""
    console.out(result, f"Installed: {there} ({readable_size(studio.environments.size(name))}){fetched}.")
    return 0


def _say_what_comes(console: Console, name: str, models: list[str]) -> None:
    studio = console.studio
    manifest = studio.environments.manifest(name)
    if studio.environments.state(name) != "ready":
        lock = manifest.lock
        console.say(
            f"{manifest.title}: {len(lock.requirements)} packages, {readable_size(lock.download)} to fetch, "
            f"{readable_size(lock.disk)} on the disk, in {studio.environments.folder / name}."
        )
        if lock.note:
            console.say(f"  {lock.note}")
        if not lock.ran:
            console.say("  Nobody has run it on this kind of computer yet.")
        console.say(f"  Licences: {manifest.licences}")
    for model in models:
        one = studio.models.manifest(model)
        sold = "may be sold" if one.rights.commercial else "may NOT be sold"
        console.say(
            f"{one.title}: {readable_size(one.download)}, licence {one.licence}; what it makes {sold}. {one.rights.url}"
        )


def remove(console: Console, arguments: argparse.Namespace) -> int:
    result = console.run("engines.remove", {"name": arguments.name}, f"Removing {arguments.name}")
    console.out(result, f"Removed {result['environment']}: {readable_size(result['freed'])} are free again.")
    return 0


def doctor(console: Console, arguments: argparse.Namespace) -> int:
    """0 where all is well, else 1."""
    found = console.run("engines.doctor", {"name": arguments.name}, f"Trying {arguments.name}")
    console.out(found, "\n".join(_findings(found)))
    return 1 if found["failures"] or found["drifted"] or found["state"] != "ready" else 0


def _findings(found: JsonObject) -> list[str]:
    name = found["environment"]
    lines = [f"{name}: {found['state']}, Python {found['python']}, {len(found['packages'])} packages."]
    if found["device"]:
        lines.append(f"PyTorch {found['packages'].get('torch', '')} runs on {found['device']}.")
    lines += [f"✗ {module} does not import: {why}" for module, why in found["failures"].items()]
    lines += [f"✗ {package}: {there}, the lock says {wanted}" for package, (wanted, there) in found["drifted"].items()]
    if found["state"] == "outdated":
        lines.append(f"    → audiostudio engines install {name}, which brings it up to date")
    elif found["failures"] or found["drifted"]:
        lines.append(f"    → audiostudio engines remove {name}, then audiostudio engines install {name}")
    return lines


VERBS = {"list": list_engines, "install": install, "remove": remove, "doctor": doctor}
