"""Finding assets: one full-text expression says everything that must hold, and SQLite counts and pages it."""

import math
from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audiostudio.library import words
from audiostudio.library.model import Query, Sort
from audiostudio.library.rows import FASTEST, SLOWEST, folder_row
from audiostudio.library.schema import FolderRow

_COUNT = text("SELECT count(*) FROM search WHERE search MATCH :match")
_BY_NUMBER = "SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid {way} LIMIT :limit OFFSET :offset"
_FEW = """
    SELECT number FROM assets WHERE number IN (SELECT rowid FROM search WHERE search MATCH :match)
    ORDER BY +{column} {way}, number {way} LIMIT :limit OFFSET :offset
"""
_MANY = """
    SELECT number FROM assets INDEXED BY {index} WHERE number IN (SELECT rowid FROM search WHERE search MATCH :match)
    ORDER BY {column} {way}, number {way} LIMIT :limit OFFSET :offset
"""
_SORTED = {
    Sort.NAME: ("name_key", "assets_name"),
    Sort.DURATION: ("duration", "assets_duration"),
    Sort.SIZE: ("size", "assets_size"),
}
_SORT_ALL = 3000
"""Up to so many, fetching and sorting them is faster than walking the sorted index until enough are met."""


def find(session: Session, query: Query, offset: int, limit: int) -> tuple[list[int], int]:
    """The numbers of the assets on this page, in order, and how many there are on all pages. Raises `NotFound`."""
    match = _match(session, query)
    if query.sort is Sort.RELEVANCE:
        return _by_relevance(session, query, match, offset, limit)
    total = _count(session, match)
    if query.sort is Sort.CREATED:
        return _newest(session, match, offset, limit, query.descending), total
    column, index = _SORTED[query.sort]
    statement = (_FEW if total <= _SORT_ALL else _MANY).format(column=column, index=index, way=_way(query.descending))
    return _numbers(session, statement, match, offset, limit), total


def _by_relevance(session: Session, query: Query, match: str, offset: int, limit: int) -> tuple[list[int], int]:
    first = words.first_word(query.text)
    total = _count(session, match)
    if not first:
        return _newest(session, match, offset, limit), total
    begin = f'({match}) AND "{first}"*'
    beginning = _count(session, begin)
    found = _newest(session, begin, offset, limit) if offset < beginning else []
    if len(found) < limit:
        rest = f'({match}) NOT "{first}"*'
        found += _newest(session, rest, max(0, offset - beginning), limit - len(found))
    return found, total


def _match(session: Session, query: Query) -> str:
    """Everything that must hold. Made of words from `words` and constants only: nothing of a user's syntax."""
    shelf = ["binned"] if query.binned else ["shelf", "take"] if query.include_takes else ["shelf"]
    parts = [_any(f"{words.FACET}{name}" for name in shelf)]
    parts += [f'"{word}"*' for word in words.query_words(query.text)]
    if query.kinds:
        parts.append(_any(f"{words.FACET}kind_{kind}" for kind in query.kinds))
    if query.sources:
        parts.append(_any(f"{words.FACET}source_{source}" for source in query.sources))
    if query.folder is not None:
        parts.append(_any(f"{words.FACET}folder_{folder}" for folder in _with_subfolders(session, query.folder)))
    if query.project is not None:
        parts.append(_any([words.facet("project", query.project)]))
    if query.voice is not None:
        parts.append(_any([words.facet("voice", query.voice)]))
    parts += [_any([words.facet("tag", words.plain(tag))]) for tag in query.tags]
    for name, values in (("genre", query.genres), ("mood", query.moods), ("key", query.keys)):
        if values:
            parts.append(_any(words.facet(name, words.plain(value)) for value in values))
    if query.bpm is not None:
        least, most = max(SLOWEST, math.ceil(query.bpm[0])), min(FASTEST, math.floor(query.bpm[1]))
        parts.append(_any(f"{words.FACET}bpm_{bpm}" for bpm in range(least, max(least, most) + 1)))
    if query.commercial is not None:
        parts.append(_any([f"{words.FACET}sold_{int(query.commercial)}"]))
    match = " AND ".join(parts)
    for fact, asked in (("favourite", query.favourite), ("missing", query.missing)):
        if asked is not None:
            match = f'({match}) {"AND" if asked else "NOT"} "{words.FACET}{fact}"'
    return match


def _with_subfolders(session: Session, folder: int) -> list[int]:
    folder_row(session, folder)
    tree = select(FolderRow.id).where(FolderRow.id == folder).cte(recursive=True)
    tree = tree.union(select(FolderRow.id).where(FolderRow.parent_id == tree.c.id))
    return list(session.scalars(select(tree.c.id)))


def _any(tokens: Iterable[str]) -> str:
    return "(" + " OR ".join(f'"{token}"' for token in tokens) + ")"


def _count(session: Session, match: str) -> int:
    return int(session.execute(_COUNT, {"match": match}).scalar_one())


def _newest(session: Session, match: str, offset: int, limit: int, descending: bool = True) -> list[int]:
    return _numbers(session, _BY_NUMBER.format(way=_way(descending)), match, offset, limit)


def _numbers(session: Session, statement: str, match: str, offset: int, limit: int) -> list[int]:
    return list(session.scalars(text(statement), {"match": match, "limit": limit, "offset": offset}))


def _way(descending: bool) -> str:
    return "DESC" if descending else "ASC"
