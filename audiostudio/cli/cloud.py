"""`audiostudio cloud`: what the services that speak for you have and make beside speech."""

import argparse

from audiostudio.cli.console import Console, clock, fit, table
from audiostudio.cli.speak import number, source
from audiostudio.engines.elevenlabs.catalogue import ENGINE
from audiostudio.engines.remote.services import FORMATS, Server
from audiostudio.operations.cloud import accounts, costs
from audiostudio.operations.music import writers
from audiostudio.operations.speech import Delivery


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    made = {
        verb: verbs.add_parser(verb, parents=[common], help=text)
        for verb, text in (
            ("account", "the plan and the credits that are left"),
            ("cost", "what speaking a text would cost; asks nobody"),
            ("effect", "make a sound effect"),
            ("design", "new voices after a description"),
            ("keep-voice", "keep one of the voices that were designed"),
            ("history", "what was made there, the newest first"),
            ("history-fetch", "bring things of the history into the library"),
            ("history-delete", "delete things of the history there, for good"),
            ("servers", "your own servers, for speech and for lyrics"),
            ("add-server", "add a server that speaks OpenAI's /v1/audio/speech, or /chat/completions"),
            ("remove-server", "forget a server"),
        )
    }
    for verb, one in made.items():
        one.set_defaults(run=VERBS[verb])
    made["cost"].add_argument("text", metavar="TEXT|FILE|-")
    made["cost"].add_argument("--voice", required=True)
    _effect_arguments(made["effect"])
    made["design"].add_argument("description", help="20 to 1000 characters")
    made["design"].add_argument("--text", default="", help="what they say, 100 to 1000 characters")
    made["design"].add_argument("--seed", type=int)
    for name in ("id", "name", "description"):
        made["keep-voice"].add_argument(name)
    made["history"].add_argument("--after", help="go on behind this one")
    made["history"].add_argument("--size", type=int, default=20)
    made["history"].add_argument("--search", default="")
    made["history-fetch"].add_argument("ids", nargs="+", metavar="ID")
    made["history-delete"].add_argument("ids", nargs="+", metavar="ID")
    made["history-delete"].add_argument("--yes", action="store_true", help="do not ask")
    _server_arguments(made["add-server"])
    made["remove-server"].add_argument("name")


def _effect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help="what is to be heard")
    parser.add_argument("--seconds", type=number, help="0.5 to 30; default: as long as it needs")
    parser.add_argument("--influence", type=number, default=0.3, help="how closely it keeps to the text, 0 to 1")
    parser.add_argument("--loop", action="store_true", help="one that can be repeated without a seam")
    parser.add_argument("--name", default="", help="its name in the library")
    parser.add_argument("--engine", default="elevenlabs", help="elevenlabs (default), or audiogen on this machine")
    parser.add_argument("--seed", type=int, help="audiogen: the same seed makes the same sound")


def _server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("title", help="what you call it")
    parser.add_argument("address", help="up to /v1: http://127.0.0.1:8880/v1")
    parser.add_argument(
        "--lyrics", action="store_true", help="it writes text (llama.cpp, Ollama, …), and is for lyrics"
    )
    parser.add_argument("--model", help="as the server calls it; for speech it is tts-1 where nothing is said")
    parser.add_argument("--voices", default="", metavar="A,B", help="names, where the server does not list them")
    parser.add_argument("--format", choices=FORMATS, default="wav")
    parser.add_argument("--lang", default="en-us", help="of its voices")


def account(console: Console, arguments: argparse.Namespace) -> int:
    found = console.run("cloud.account", {}, "Asking for the account")
    resets = f", until {found['resets'][:10]}" if found["resets"] else ""
    sold = {True: "may be sold", False: "may not be sold", None: "not known whether it may be sold"}
    lines = [
        f"Plan {found['plan']}: {found['remaining']} of {found['limit']} credits left{resets}.",
        f"What is made with it {sold[found['rights']['commercial']]}.",
    ]
    console.out(found, "\n".join(lines))
    return 0


def cost(console: Console, arguments: argparse.Namespace) -> int:
    text, _ = source(console, arguments.text)
    found = costs.cost(console.studio, [Delivery(text, arguments.voice)])
    console.out([one.to_json() for one in found], "\n".join(map(_cost_line, found)) or "Nothing: it is spoken here.")
    return 0


def effect(console: Console, arguments: argparse.Namespace) -> int:
    names = ("text", "seconds", "influence", "loop", "name", "engine", "seed")
    result = console.run("cloud.sound_effect", {name: getattr(arguments, name) for name in names}, "Making the sound")
    path = console.studio.library.get(result["asset"]).path
    console.out(result | {"path": str(path)}, f"{path}  {clock(result['seconds'])}")
    return 0


def design(console: Console, arguments: argparse.Namespace) -> int:
    request = {name: getattr(arguments, name) for name in ("description", "text", "seed")}
    result = console.run("cloud.design", request, "Designing voices")
    rows = [(one["id"], clock(one["seconds"]), one["path"]) for one in result["previews"]]
    console.out(result, table(("ID", "LENGTH", "FILE"), rows))
    return 0


def keep_voice(console: Console, arguments: argparse.Namespace) -> int:
    request = {name: getattr(arguments, name) for name in ("id", "name", "description")}
    result = console.run("cloud.keep_voice", request, "Keeping the voice")
    console.out(result, f"{result['voice']}  {arguments.name}")
    return 0


def history(console: Console, arguments: argparse.Namespace) -> int:
    request = {name: getattr(arguments, name) for name in ("after", "size", "search")}
    result = console.run("cloud.history", request, "Asking for the history")
    rows = [
        (one["id"], one["created"][:16].replace("T", " "), str(one["credits"]), one["voice_name"], fit(one["text"], 50))
        for one in result["items"]
    ]
    text = table(("ID", "WHEN", "CREDITS", "VOICE", "TEXT"), rows) if rows else "There is nothing."
    console.out(result, text)
    if result["after"]:
        console.say(f"There is more: --after {result['after']}")
    return 0


def history_fetch(console: Console, arguments: argparse.Namespace) -> int:
    result = console.run("cloud.history_fetch", {"ids": arguments.ids}, "Fetching from the history")
    paths = [str(console.studio.library.get(one).path) for one in (*result["assets"], *result["known"])]
    console.out(result, "\n".join(paths))
    return 0


def history_delete(console: Console, arguments: argparse.Namespace) -> int:
    if not arguments.yes and not console.ask(f"Delete {len(arguments.ids)} at {ENGINE}, for good?"):
        console.out({"deleted": []}, "Nothing was deleted. Add --yes to delete without being asked.")
        return 0
    result = console.run("cloud.history_delete", {"ids": arguments.ids}, "Deleting from the history")
    console.out(result, f"Deleted {len(result['deleted'])}.")
    return 0


def servers(console: Console, arguments: argparse.Namespace) -> int:
    found = (*accounts.servers(console.studio), *writers.servers(console.studio))
    writing = {one.name for one in writers.servers(console.studio)}
    rows = [
        (one.name, one.title, one.address, one.model, "lyrics" if one.name in writing else one.format) for one in found
    ]
    text = table(("NAME", "TITLE", "ADDRESS", "MODEL", "FORMAT"), rows) if rows else "No server was added."
    console.out([one.to_json() for one in found], text)
    return 0


def add_server(console: Console, arguments: argparse.Namespace) -> int:
    warning = accounts.address_warning(arguments.address)
    if warning:
        console.say(warning)
    if arguments.lyrics:
        writer = writers.add(console.studio, arguments.title, arguments.address, arguments.model or "")
        console.out(writer.to_json(), f"{writer.name} was added; it is asked only when you choose it as the writer.")
        return 0
    server = Server(
        name="",
        title=arguments.title,
        address=arguments.address,
        model=arguments.model or "tts-1",
        voices=tuple(arguments.voices.split(",")),
        format=arguments.format,
        language=arguments.lang,
    )
    added = accounts.add_server(console.studio, server)
    console.out(added.to_json(), f"{added.name} was added. `audiostudio voices --refresh` asks it for its voices.")
    return 0


def remove_server(console: Console, arguments: argparse.Namespace) -> int:
    if arguments.name in {one.name for one in writers.servers(console.studio)}:
        writers.remove(console.studio, arguments.name)
    else:
        accounts.remove_server(console.studio, arguments.name)
    console.out({"removed": arguments.name}, f"{arguments.name} is forgotten.")
    return 0


VERBS = {
    "account": account,
    "cost": cost,
    "effect": effect,
    "design": design,
    "keep-voice": keep_voice,
    "history": history,
    "history-fetch": history_fetch,
    "history-delete": history_delete,
    "servers": servers,
    "add-server": add_server,
    "remove-server": remove_server,
}


def _cost_line(one: costs.Cost) -> str:
    taken = "not known" if one.credits is None else f"{one.credits} credits"
    left = "" if one.remaining is None else f"; {one.remaining} are left"
    short = " – not enough" if one.suffices is False else ""
    return f"{one.title}: {one.characters} characters, {taken}{left}{short}"
