"""Between the rows of the database and the frozen data that callers see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session, defer

from audiostudio.errors import NotFound
from audiostudio.jobs.job import JsonObject
from audiostudio.library import words
from audiostudio.library.model import Asset, AssetKind, AssetSource, Folder, MediaInfo, NewAsset, recipe_key
from audiostudio.library.schema import AssetRow, FolderRow, MadeOfRow, TagRow
from audiostudio.rights import Rights, inherited

MUSIC_FACTS = ("genre", "mood", "key")
SLOWEST, FASTEST = 20, 400
"""Beats a minute that music can be found by."""
AT_ONCE = 500
"""Rows named in one statement; SQLite takes a few ten thousand at most."""


def new_columns(session: Session, new: NewAsset, created: datetime) -> JsonObject:
    """What is known of a new asset before its file lies in its place, as JSON. Raises `NotFound`."""
    if new.folder is not None:
        folder_row(session, new.folder)
    sources = [rights_of(asset_row(session, source)) for source in new.made_of]
    rights = inherited(([new.rights] if new.rights else []) + sources)
    return {
        "kind": new.kind.value,
        "source": new.source.value,
        "name": new.name,
        "folder_id": new.folder,
        "take_only": new.take_only,
        "created": created.isoformat(),
        "project": new.project,
        "line": new.line,
        "recipe": new.recipe,
        "licence": rights.licence,
        "commercial": rights.commercial,
        "credit": rights.credit,
        "rights_url": rights.url,
        "detail": new.detail,
        "text": new.text[: words.LONGEST_TEXT],
        "duration": new.media.duration,
        "sample_rate": new.media.sample_rate,
        "channels": new.media.channels,
        "width": new.media.width,
        "height": new.media.height,
        "tags": list(new.tags),
        "made_of": list(new.made_of),
    }


def insert(session: Session, asset_id: str, columns: JsonObject) -> None:
    """List a new asset whose file has arrived. What was removed since it set out is left out."""
    values = dict(columns)
    tags, made_of = values.pop("tags"), values.pop("made_of")
    values["created"] = datetime.fromisoformat(values["created"])
    if values["folder_id"] is not None and session.get(FolderRow, values["folder_id"]) is None:
        values["folder_id"] = None
    row = AssetRow(
        id=asset_id,
        **values,
        name_key=words.natural_key(values["name"]),
        recipe_key=None if values["recipe"] is None else recipe_key(values["recipe"]),
        favourite=False,
        missing=False,
        binned=None,
        updated=datetime.now(UTC),
        words=index_words(values["name"], tags, values["text"], values["project"], values["recipe"], values["detail"]),
    )
    session.add(row)
    session.flush()
    write_tags(session, row, tags)
    known = set(session.scalars(select(AssetRow.id).where(AssetRow.id.in_(made_of))))
    session.add_all(
        MadeOfRow(asset_id=asset_id, source_id=source) for source in dict.fromkeys(made_of) if source in known
    )
    session.flush()


def index_words(
    name: str, tags: Iterable[str], text: str, project: str | None, recipe: JsonObject | None, detail: JsonObject
) -> str:
    """What the full-text index holds of an asset, but for the facts that the database adds itself."""
    tags = list(tags)
    found = [words.first_word(name), words.searchable(" ".join([name, *tags, text]))]
    found += [words.facet("tag", words.plain(tag)) for tag in tags]
    if project is not None:
        found.append(words.facet("project", project))
    found += [words.facet("voice", voice) for voice, _ in (recipe or {}).get("revisions", ())]
    found += music_facets(detail)
    return " ".join(found)


def music_facets(detail: JsonObject) -> list[str]:
    """What a piece of music is found by beside its words: genre, mood and key, and its tempo in whole beats a minute;
    as its maker told them, else as they were heard in it."""
    heard = detail.get("analysis")
    known = {**(heard if isinstance(heard, dict) else {}), **detail}
    found = [words.facet(name, words.plain(value)) for name in MUSIC_FACTS if isinstance(value := known.get(name), str)]
    bpm = known.get("bpm")
    if isinstance(bpm, (int, float)) and SLOWEST <= bpm <= FASTEST:
        found.append(f"{words.FACET}bpm_{round(bpm)}")
    return found


def renamed(session: Session, row: AssetRow) -> None:
    """Bring what follows from the name up to date."""
    row.name_key = words.natural_key(row.name)
    row.updated = datetime.now(UTC)
    reindex(session, row)


def reindex(session: Session, row: AssetRow) -> None:
    tags = tags_of(session, [row.number])[row.number]
    row.words = index_words(row.name, tags, row.text, row.project, row.recipe, row.detail)


def replace_tags(session: Session, row: AssetRow, tags: Iterable[str]) -> None:
    session.execute(delete(TagRow).where(TagRow.number == row.number))
    write_tags(session, row, tags)
    reindex(session, row)


def write_tags(session: Session, row: AssetRow, tags: Iterable[str]) -> None:
    """Of tags that differ in case or accents only, the first stays."""
    kept: dict[str, str] = {}
    for tag in tags:
        label = " ".join(tag.split())
        if label:
            kept.setdefault(words.plain(label), label)
    session.add_all(TagRow(number=row.number, key=key, tag=tag) for key, tag in kept.items())
    session.flush()


def tags_of(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(TagRow.number, TagRow.tag).where(TagRow.number.in_(numbers)).order_by(TagRow.key)
    for number, tag in session.execute(rows):
        found[number].append(tag)
    return found


def asset_row(session: Session, asset_id: str) -> AssetRow:
    """Raises `NotFound`."""
    row = session.scalar(select(AssetRow).where(AssetRow.id == asset_id))
    if row is None:
        raise NotFound("The library has no such item.", "It may have been removed from the bin for good.")
    return row


def folder_row(session: Session, folder: int) -> FolderRow:
    """Raises `NotFound`."""
    row = session.get(FolderRow, folder)
    if row is None:
        raise NotFound("The library has no such folder.", "It may have been removed.")
    return row


def to_folder(row: FolderRow) -> Folder:
    return Folder(row.id, row.parent_id, row.name)


def rights_of(row: AssetRow) -> Rights:
    return Rights(row.licence, row.commercial, row.credit, row.rights_url)


def load(session: Session, media: Path, numbers: Sequence[int]) -> tuple[Asset, ...]:
    """The assets of these numbers, in this order."""
    parts = (numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE))
    return tuple(asset for part in parts for asset in _load(session, media, part))


def _load(session: Session, media: Path, numbers: Sequence[int]) -> Iterator[Asset]:
    rows = {row.number: row for row in session.scalars(light(AssetRow.number.in_(numbers)))}
    tags = tags_of(session, numbers)
    made_of: dict[str, list[str]] = defaultdict(list)
    edges = select(MadeOfRow.asset_id, MadeOfRow.source_id).where(MadeOfRow.asset_id.in_([r.id for r in rows.values()]))
    for asset_id, source in session.execute(edges):
        made_of[asset_id].append(source)
    for number in numbers:
        if number in rows:
            yield to_asset(rows[number], media, tags[number], made_of[rows[number].id])


def light(condition: ColumnElement[bool]) -> Select[AssetRow]:
    """Rows without their long texts, which are fetched only where they are used."""
    return select(AssetRow).where(condition).options(defer(AssetRow.text), defer(AssetRow.words))


def to_asset(row: AssetRow, media: Path, tags: Iterable[str], made_of: Iterable[str]) -> Asset:
    facts: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            *("id", "name", "format", "size", "favourite", "created", "updated", "recipe", "project", "line"),
            *("content_hash", "missing", "take_only", "detail"),
        )
    }
    return Asset(
        **facts,
        kind=AssetKind(row.kind),
        source=AssetSource(row.source),
        path=media / row.file,
        media=MediaInfo(row.duration, row.sample_rate, row.channels, row.width, row.height),
        tags=tuple(tags),
        folder=row.folder_id,
        rights=rights_of(row),
        made_of=tuple(made_of),
        binned=row.binned is not None,
    )
