"""`audiostudio voice`: voices of your own, from recordings to a file that others can import."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiostudio.cli import voice_check, voice_prepare
from audiostudio.cli.console import Console, clock, fit, table
from audiostudio.errors import MissingMedia, RequestError, UnreadableMedia
from audiostudio.files import absolute, storage_errors
from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations.voices import consent, keeping
from audiostudio.operations.voices.create import maker
from audiostudio.operations.voices.usage import usage
from audiostudio.rights import Rights
from audiostudio.voices.folder import DamagedVoice
from audiostudio.voices.phrases import languages
from audiostudio.voices.voice import SLOTS, Card, KeptVoice

SOLD = {
    True: "What it speaks may be sold",
    False: "What it speaks may not be sold",
    None: "It is not known whether what it speaks may be sold",
}
_LARGEST_FORM = 1 << 20
"""Bytes of a consent file."""
KINDS = {"match": "matched", "clone": "cloned"}


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, run: Any, text: str, *names: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = verbs.add_parser(name, parents=[common], help=text)
        one.set_defaults(run=run)
        for argument in names:
            one.add_argument(argument, metavar=argument.upper())
        return one

    voice_check.add(verbs.add_parser("check", parents=[common], help="whether recordings are good enough"), common)
    voice_prepare.add(
        verbs.add_parser("prepare", parents=[common], help="a recording made better, in a new file"), common
    )
    phrase = verb("consent-phrase", consent_phrase, "a phrase to be spoken by the one whose voice it is")
    phrase.add_argument("--lang", default="en", help=f"one of {', '.join(languages())}; default en")
    phrase.add_argument("--person", default="", metavar="NAME", help="who will say it")
    _making(verb("create", create, "make a voice of recordings", "name"), verb)
    for name, run, text in (("list", list_voices, "your voices"), ("bin", list_bin, "those in the bin")):
        verb(name, run, text)
    verb("show", show, "all that is known of a voice", "voice")
    share = verb("share", share_voice, "a voice with its consent and terms in one file", "voice")
    share.add_argument("-o", "--output", required=True, type=Path, metavar="F.asvoice")
    share.add_argument("--samples", action="store_true", help="with the recordings it was made of")
    verb("import", import_voice, "the voice of a .asvoice file").add_argument("file", type=Path, metavar="F.asvoice")
    verb("rename", change, "give a voice another name", "voice", "name")
    verb("describe", change, "write what it is like", "voice", "description")
    verb("tag", change, "set its tags", "voice").add_argument("tags", nargs="*", metavar="TAG")
    slot = verb("slot", change, "A, B or C for quick casting; - for none", "voice")
    slot.add_argument("slot", choices=[*SLOTS, "-"])
    verb("picture", picture, "its picture; - for none", "voice", "file")
    verb("delete", delete, "put voices into the bin").add_argument("voices", nargs="+", metavar="VOICE")
    verb("restore", restore, "take voices out of the bin").add_argument("voices", nargs="+", metavar="VOICE")
    verb("empty-bin", empty_bin, "delete for good what is in the bin").add_argument("--yes", action="store_true")
    convert = verb("convert", convert_file, "say a recording again in another voice", "file")
    convert.add_argument("--voice", required=True)
    convert.add_argument("--name", default="", help="its name in the library")


def _making(parser: argparse.ArgumentParser, verb: Any) -> None:
    again = verb("retrain", retrain, "learn a voice again, with more recordings", "voice")
    for one in (parser, again):
        one.add_argument("--samples", nargs="+", required=True, metavar="FILE", help="recordings, or films")
        one.add_argument("--consent", type=Path, required=one is parser, metavar="FILE.json")
        one.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE", help="of the engine, e.g. seed=7"
        )
        one.add_argument("--forget-samples", action="store_true", help="keep only what was learnt from them")
    parser.add_argument("--engine", default="match", help="match (default), or an engine that clones, such as xtts")
    parser.add_argument("--lang", default="", help="language of the recordings; default: as it is heard")
    parser.add_argument("--description", default="")
    parser.add_argument("--tag", action="append", default=[])


def consent_phrase(console: Console, arguments: argparse.Namespace) -> int:
    found = consent.issue(console.studio, arguments.lang, arguments.person)
    until = found["expires"][:16].replace("T", " ")
    text = (
        f"{found['text']}\n\nRecord it, and name the recording and the phrase {found['id']} in the consent file. It is "
        f"good until {until} (UTC), for one recording."
    )
    console.out(found, text)
    return 0


def create(console: Console, arguments: argparse.Namespace) -> int:
    manifest = maker(console.studio.engines, arguments.engine)
    consent_given = _consent(arguments.consent)
    console.say(f"{manifest.title} makes {_kind(manifest.capabilities.cloning)}. {_terms(manifest.rights)}.")
    if manifest.capabilities.remote:
        console.say(f"The recordings are sent to {manifest.title}.")
    request = {
        "name": arguments.name,
        "engine": manifest.name,
        "language": arguments.lang,
        "samples": _samples(arguments.samples),
        "consent": consent_given,
        "options": _options(arguments.option),
        "card": {"description": arguments.description, "tags": arguments.tag},
        "keep_samples": not arguments.forget_samples,
    }
    result = console.run("voice.create", request, f"Making {fit(arguments.name, 30)}", _told(console))
    console.out(result, _made(result))
    return 0


def retrain(console: Console, arguments: argparse.Namespace) -> int:
    kept = keeping.find(console.studio, arguments.voice)
    request: JsonObject = {
        "voice": kept.voice.id,
        "samples": _samples(arguments.samples),
        "options": _options(arguments.option),
        "keep_samples": not arguments.forget_samples,
    }
    if arguments.consent:
        request["consent"] = _consent(arguments.consent)
    result = console.run("voice.retrain", request, f"Learning {fit(kept.card.name, 30)}", _told(console))
    console.out(result, _made(result))
    return 0


def list_voices(console: Console, arguments: argparse.Namespace) -> int:
    voices, damaged = console.studio.voices.voices(), console.studio.voices.damaged()
    rows = []
    for one in voices:
        used = usage(console.studio, one.voice.id)
        last = used.last.date().isoformat() if used.last else "–"
        kind = KINDS[one.voice.method]
        cells = (one.voice.id, fit(one.card.name, 30), one.card.slot, kind, one.voice.engine, one.voice.language)
        rows.append((*cells, str(used.count), last))
    for damage in damaged:
        console.say(f"{damage.sentence} {damage.hint}")
    head = ("VOICE", "NAME", "SLOT", "KIND", "ENGINE", "LANGUAGE", "USED", "LAST")
    empty = "There is no voice of your own. `audiostudio voice create` makes one."
    data = [*(to_json(console, one) for one in voices), *map(_damage, damaged)]
    console.out(data, table(head, rows) if rows else empty)
    return 0


def list_bin(console: Console, arguments: argparse.Namespace) -> int:
    voices = console.studio.voices.binned()
    rows = [(one.voice.id, fit(one.card.name, 30), one.voice.engine) for one in voices]
    text = table(("VOICE", "NAME", "ENGINE"), rows) if rows else "The bin holds no voice."
    console.out([to_json(console, one) for one in voices], text)
    return 0


def show(console: Console, arguments: argparse.Namespace) -> int:
    kept = keeping.find(console.studio, arguments.voice)
    console.studio.voices.verify(kept.voice.id)
    console.out(to_json(console, kept), table(("ID", kept.voice.id), _told_of(console, kept)))
    return 0


def _told_of(console: Console, kept: KeptVoice) -> list[tuple[str, str]]:
    """What people want to know of a voice, without what is empty."""
    voice, card = kept.voice, kept.card
    used, consent = usage(console.studio, voice.id), voice.consent
    whose = "own voice" if consent.whose == "own" else "written permission"
    rows = [
        ("NAME", f"{card.name}  slot {card.slot}" if card.slot else card.name),
        ("DESCRIPTION", card.description),
        ("TAGS", ", ".join(card.tags)),
        ("KIND", f"{_kind(voice.method)} of {voice.engine}, {voice.language}, revision {voice.revision}"),
        ("TERMS", f"{_terms(voice.rights)}."),
        ("CONSENT", f"{consent.person}, {consent.date}, {whose}, for: {consent.scope}"),
        ("HEARD", consent.heard),
        ("SAMPLES", ", ".join(f"{one.name} ({clock(one.seconds)}, {one.score:.0f} of 100)" for one in voice.samples)),
        (
            "PITCH",
            _figures("{:.0f} Hz, {:.0f} to {:.0f}", *(voice.found.get(f"pitch{end}") for end in ("", "_low", "_high"))),
        ),
        ("LIKENESS", _figures("{:.2f}", voice.made_by.get("similarity"))),
        ("USED", f"{used.count} ×, last {used.last.date().isoformat()}" if used.last else "not yet"),
        ("MADE", f"{voice.created[:10]}, signed by {kept.signer}"),
    ]
    return [(name, text) for name, text in rows if text]


def _figures(form: str, *values: object) -> str:
    """Empty where a figure is missing; anything may stand in a voice that was imported."""
    return form.format(*values) if all(isinstance(one, int | float) for one in values) else ""


def share_voice(console: Console, arguments: argparse.Namespace) -> int:
    kept = keeping.find(console.studio, arguments.voice)
    path = absolute(arguments.output)
    request = {"voice": kept.voice.id, "path": str(path), "samples": arguments.samples}
    result = console.run("voice.share", request, f"Writing {path.name}", writes=[path])
    with_samples = "with its recordings" if result["samples"] else "without its recordings"
    console.out(result, f"{result['path']}  {kept.card.name}, {with_samples}. {_terms(kept.voice.rights)}.")
    return 0


def import_voice(console: Console, arguments: argparse.Namespace) -> int:
    path = absolute(arguments.file)
    result = console.run("voice.import", {"path": str(path)}, f"Reading {path.name}")
    rights = Rights.from_json(result["rights"])
    state = "was here already" if result["known"] else "is here now"
    lines = [
        f"{result['name']} ({result['voice']}) {state}: {_kind(result['method'])} of {result['person']}, for: "
        f"{result['scope']}.",
        f"{_terms(rights)}. Signed by {result['signer']}.",
    ]
    console.out(result, "\n".join(lines))
    return 0


def change(console: Console, arguments: argparse.Namespace) -> int:
    from audiostudio.operations.voices.create import require_name

    studio = console.studio
    kept = keeping.find(studio, arguments.voice)
    card = kept.card
    if arguments.verb == "rename":
        card = replace(card, name=require_name(studio, arguments.name, but=kept.voice.id))
    elif arguments.verb == "describe":
        card = replace(card, description=arguments.description.strip())
    elif arguments.verb == "tag":
        card = replace(card, tags=tuple(dict.fromkeys(arguments.tags)))
    else:
        card = replace(card, slot="" if arguments.slot == "-" else arguments.slot)
    kept = studio.voices.write_card(kept.voice.id, card)
    console.out(to_json(console, kept), _line(kept.card))
    return 0


def picture(console: Console, arguments: argparse.Namespace) -> int:
    kept = keeping.find(console.studio, arguments.voice)
    path = None if arguments.file == "-" else absolute(arguments.file)
    kept = console.studio.voices.set_picture(kept.voice.id, path)
    console.out(to_json(console, kept), f"{kept.card.name}  {console.studio.voices.picture(kept.voice.id) or '–'}")
    return 0


def delete(console: Console, arguments: argparse.Namespace) -> int:
    damaged = {one.id for one in console.studio.voices.damaged()}
    ids = [one if one in damaged else keeping.find(console.studio, one).voice.id for one in arguments.voices]
    for one in ids:
        console.studio.voices.throw_away(one)
    console.out({"voices": ids}, f"Put into the bin: {len(ids)}. What they have spoken stays in the library.")
    return 0


def restore(console: Console, arguments: argparse.Namespace) -> int:
    ids = [keeping.find(console.studio, one, binned=True).voice.id for one in arguments.voices]
    for one in ids:
        console.studio.voices.bring_back(one)
    console.out({"voices": ids}, f"Taken out of the bin: {len(ids)}.")
    return 0


def empty_bin(console: Console, arguments: argparse.Namespace) -> int:
    if not arguments.yes and not console.ask("Delete the voices in the bin for good?"):
        raise RequestError("The bin was not emptied.", "Add --yes to agree.")
    count = console.studio.voices.empty_bin()
    console.out({"deleted": count}, f"Deleted for good: {count}.")
    return 0


def convert_file(console: Console, arguments: argparse.Namespace) -> int:
    path = absolute(arguments.file)
    kept = keeping.find(console.studio, arguments.voice)
    request = {"file": str(path), "voice": kept.voice.id, "name": arguments.name}
    result = console.run("voice.convert", request, f"Saying {path.name} again")
    asset = console.studio.library.get(result["asset"])
    console.out(result | {"path": str(asset.path)}, f"{asset.path}  {clock(result['seconds'])}")
    return 0


def to_json(console: Console, kept: KeptVoice) -> JsonObject:
    """A voice for scripts."""
    used = usage(console.studio, kept.voice.id)
    voice = kept.voice.to_json()
    card = kept.card.to_json()
    return (
        card
        | voice
        | {
            "kind": KINDS.get(kept.voice.method, kept.voice.method),
            "signer": kept.signer,
            "binned": kept.binned,
            "used": used.count,
            "last_used": used.last.isoformat() if used.last else None,
        }
    )


def _damage(one: DamagedVoice) -> JsonObject:
    return {"id": one.id, "name": one.name, "damaged": one.sentence, "hint": one.hint}


def _samples(files: list[str]) -> list[JsonObject]:
    paths = [absolute(one) for one in files]
    for path in paths:
        if not path.is_file():
            raise MissingMedia(f"There is no file {path}.", "Check its name and folder.")
    return [{"path": str(path), "name": path.name} for path in paths]


def _consent(path: Path) -> JsonObject:
    """A consent file; the files it names lie beside it, unless it says otherwise."""
    path = absolute(path)
    with storage_errors(path):
        if path.exists() and (not path.is_file() or path.stat().st_size > _LARGEST_FORM):
            raise UnreadableMedia(f"{path.name} is no consent file.", "docs/guide/voice-consent.md shows one.")
        data = path.read_bytes()
    try:
        found: JsonObject = json.loads(data)
        consent.require_form(found)
    except (ValueError, RecursionError) as error:
        raise UnreadableMedia(f"{path.name} is no consent file.", "docs/guide/voice-consent.md shows one.") from error
    for name in ("recording", "document"):
        if found.get(name):
            found[name] = str(absolute(path.parent / found[name]))
    return found


def _options(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, sign, _ in pairs:
        if not sign or not name:
            raise RequestError(f"“{name}” is no option.", "Write --option NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def _told(console: Console) -> Any:
    def told(partial: Partial) -> None:
        if partial.kind == "sample":
            sample = partial.data
            console.say(f"{sample['name']}: {sample['verdict']}, {sample['score']:.0f} of 100")

    return told


def _made(result: JsonObject) -> str:
    lines = [f"{result['name']}  {result['voice']}  {_kind(result['method'])}, revision {result['revision']}"]
    if "similarity" in result:
        near = [f"similarity {result['similarity']:.2f}"]
        if "nearest" in result:
            near.append(f"the nearest stock voice, {result['nearest_voice']}, {result['nearest']:.2f}")
        if result.get("own") is not None:
            near.append(f"the speaker's own recordings {result['own']:.2f}")
        lines.append(", ".join(near))
    lines += [f"It sounds like “{one['name']}” ({one['voice']})." for one in result["alike"]]
    lines.append(f"{_terms(Rights.from_json(result['rights']))}.")
    lines.append(f'Speak with it: audiostudio speak "…" --voice "{result["name"]}" -o out.wav')
    return "\n".join(lines)


def _kind(method: str) -> str:
    return "a matched voice" if method == "match" else "a cloned voice"


def _terms(rights: Rights) -> str:
    return f"{SOLD[rights.commercial]} ({rights.licence})"


def _line(card: Card) -> str:
    slot = f"  slot {card.slot}" if card.slot else ""
    return f"{card.name}{slot}  {', '.join(card.tags)}  {card.description}".rstrip()
