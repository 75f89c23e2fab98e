"""`audiostudio library …`: safe to use beside an open window."""

import argparse
import math
from datetime import datetime
from pathlib import Path
from typing import Any

from audiostudio.cli.console import Console, clock, fit, table
from audiostudio.errors import NotFound, RequestError, StudioError
from audiostudio.files import absolute, readable_size
from audiostudio.jobs import JsonObject
from audiostudio.library import Asset, AssetKind, Query, Sort
from audiostudio.music.theory import Key


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = verbs.add_parser(name, parents=[common], help=text)
        one.set_defaults(run=run)
        return one

    for name, binned in (("list", False), ("bin", True)):
        one = verb(name, list_assets, "what is in the bin" if binned else "search and list assets")
        one.add_argument("text", nargs="?", default="", help="words that names, tags or texts begin with")
        one.add_argument("--kind", action="append", choices=[kind.value for kind in AssetKind], default=[])
        one.add_argument("--tag", action="append", default=[])
        one.add_argument("--favourite", action="store_true", default=None)
        for name in ("genre", "mood", "key"):
            one.add_argument(f"--{name}", action="append", default=[], help=f"music of that {name}")
        one.add_argument("--bpm", metavar="N[-M]", help="music of that tempo")
        one.add_argument("--may-be-sold", action="store_true", default=None, help="only what may be sold")
        one.add_argument("--takes", action="store_true", help="also the takes of single lines")
        one.add_argument("--sort", choices=[sort.value for sort in Sort], default=Sort.CREATED.value)
        one.add_argument("--limit", type=int, default=50)
        one.set_defaults(binned=binned)
    verb("show", show, "everything known of one asset").add_argument("asset")
    verb("import", import_files, "bring sounds, pictures and films in").add_argument("files", nargs="+", type=Path)
    rename = verb("rename", change, "give an asset another name")
    rename.add_argument("asset")
    rename.add_argument("name")
    tag = verb("tag", change, "set an asset's tags")
    tag.add_argument("asset")
    tag.add_argument("tags", nargs="*")
    one = verb("relink", relink, "say where a lost file is")
    one.add_argument("asset")
    one.add_argument("file", type=Path)
    one.add_argument("--anyway", action="store_true", help="also to a file with other content")
    verb("delete", move, "put assets into the bin").add_argument("assets", nargs="+")
    verb("restore", move, "take assets out of the bin").add_argument("assets", nargs="+")
    verb("empty-bin", empty_bin, "delete for good what is in the bin").add_argument("--yes", action="store_true")
    verb("check", check, "look for lost and returned files and for damage")
    verb("backup", backup, "the whole library in one archive").add_argument("archive", type=Path)
    verb("bring-back", bring_back, "make an archive's library this one; the present one stays beside").add_argument(
        "archive", type=Path
    )


def list_assets(console: Console, arguments: argparse.Namespace) -> int:
    query = Query(
        arguments.text,
        kinds=tuple(AssetKind(kind) for kind in arguments.kind),
        tags=tuple(arguments.tag),
        favourite=arguments.favourite,
        genres=tuple(arguments.genre),
        moods=tuple(arguments.mood),
        keys=tuple(Key.parse(key).name for key in arguments.key),
        bpm=read_tempo(arguments.bpm) if arguments.bpm is not None else None,
        commercial=arguments.may_be_sold,
        binned=arguments.binned,
        include_takes=arguments.takes,
        sort=Sort(arguments.sort),
    )
    page = console.studio.library.search(query, limit=max(1, arguments.limit))
    rows = [
        (
            asset.id[:8],
            fit(asset.name, 48),
            asset.kind.value,
            clock(asset.duration) if asset.duration else "",
            readable_size(asset.size),
            "missing" if asset.missing else "★" if asset.favourite else "",
        )
        for asset in page.assets
    ]
    text = table(("ID", "NAME", "KIND", "LENGTH", "SIZE", ""), rows) if rows else "Nothing found."
    if page.total > len(rows):
        text += f"\n… {page.total - len(rows)} more: raise --limit."
    console.out({"total": page.total, "assets": [to_json(asset) for asset in page.assets]}, text)
    return 0


def read_tempo(text: str) -> tuple[float, float]:
    """Least and greatest beats a minute. Raises `RequestError`."""
    least, _, most = text.partition("-")
    try:
        found = float(least), float(most or least)
    except ValueError:
        found = math.nan, math.nan
    if not all(map(math.isfinite, found)):
        raise RequestError(f"“{text[:40]}” is no tempo.", "Write beats a minute, such as 120 or 90-110.")
    return found


def show(console: Console, arguments: argparse.Namespace) -> int:
    asset = find(console, arguments.asset)
    data = to_json(asset)
    console.out(data, table(("ID", asset.id), [(key, str(value)) for key, value in data.items() if key != "id"]))
    return 0


def import_files(console: Console, arguments: argparse.Namespace) -> int:
    """0 where every file could be used, else the greatest of the refusals' codes: storage before media."""
    paths = [str(absolute(path)) for path in arguments.files]
    result = console.run("library.import", {"paths": paths}, "Importing")
    for refused in result["refused"]:
        console.say(f"{refused['sentence']} {refused['hint']}")
    text = f"Imported {len(result['assets'])}, already there {len(result['known'])}, refused {len(result['refused'])}."
    console.out(result, text)
    return max((StudioError.from_json(refused).exit_code for refused in result["refused"]), default=0)


def change(console: Console, arguments: argparse.Namespace) -> int:
    library = console.studio.library
    asset = find(console, arguments.asset)
    if arguments.verb == "rename":
        asset = library.rename(asset.id, arguments.name)
    else:
        asset = library.set_tags(asset.id, arguments.tags)
    console.out(to_json(asset), f"{asset.name}  {asset.path}")
    return 0


def relink(console: Console, arguments: argparse.Namespace) -> int:
    asset = find(console, arguments.asset)
    path = absolute(arguments.file)
    request = {"asset": asset.id, "path": str(path), "other_content": arguments.anyway}
    console.run("library.relink", request, f"Reading {path.name}")
    asset = console.studio.library.get(asset.id)
    console.out(to_json(asset), f"{asset.name}  {asset.path}")
    return 0


def move(console: Console, arguments: argparse.Namespace) -> int:
    ids = [find(console, name).id for name in arguments.assets]
    if arguments.verb == "delete":
        console.studio.library.bin(ids)
    else:
        console.studio.library.restore(ids)
    where = "Put into the bin" if arguments.verb == "delete" else "Taken out of the bin"
    console.out({"assets": ids}, f"{where}: {len(ids)}.")
    return 0


def empty_bin(console: Console, arguments: argparse.Namespace) -> int:
    if not arguments.yes and not console.ask("Delete everything in the bin for good?"):
        raise RequestError("The bin was not emptied.", "Add --yes to agree.")
    count = console.studio.library.empty_bin()
    console.out({"deleted": count}, f"Deleted for good: {count}.")
    return 0


def check(console: Console, arguments: argparse.Namespace) -> int:
    if console.studio.library.mend():
        console.say("The index for searching was damaged, and was made again.")
    report = console.studio.library.check_files()
    data: JsonObject = {
        "missing": list(report.missing),
        "returned": list(report.returned),
        "moved": list(report.moved),
        "strangers": [str(path) for path in report.strangers],
    }
    text = ", ".join(f"{name} {len(found)}" for name, found in data.items())
    console.out(data, f"{text[0].upper()}{text[1:]}.")
    return 3 if report.missing else 0


def backup(console: Console, arguments: argparse.Namespace) -> int:
    archive = absolute(arguments.archive)
    result = console.run("library.backup", {"archive": str(archive)}, "Backing up", writes=[archive])
    console.out(result, f"The library is in {archive}.")
    return 0


def bring_back(console: Console, arguments: argparse.Namespace) -> int:
    archive = absolute(arguments.archive)
    result = console.run("library.restore", {"archive": str(archive)}, "Bringing the library back")
    console.out(result, f"The library is back in {result['folder']}.")
    return 0


def find(console: Console, name: str) -> Asset:
    """The asset of that id, or of an id that begins with it, or of exactly that name. Raises `NotFound`."""
    library = console.studio.library
    found = library.find_by_name(name)
    if len(found) != 1:
        known = "more than one asset is" if found else "no asset is"
        raise NotFound(f"In the library {known} called {name}.", "List assets with their ids: audiostudio library list")
    return found[0]


def to_json(asset: Asset) -> JsonObject:
    """An asset for a script."""

    def when(time: datetime) -> str:
        return time.isoformat(timespec="seconds")

    return {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind.value,
        "source": asset.source.value,
        "path": str(asset.path),
        "size": asset.size,
        "duration": asset.duration,
        "sample_rate": asset.sample_rate,
        "channels": asset.channels,
        "width": asset.width,
        "height": asset.height,
        "tags": list(asset.tags),
        "favourite": asset.favourite,
        "missing": asset.missing,
        "created": when(asset.created),
        "updated": when(asset.updated),
        "rights": asset.rights.to_json(),
        "detail": asset.detail,
        "recipe": asset.recipe,
        "made_of": list(asset.made_of),
    }
