"""Whether what was read from outside has the shape of the record that it became."""

import math
import re
import unicodedata
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of writing: a name with it shows as another."""
_DEEPEST = 20
_LARGEST = 1e30
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def is_text(text: str, lines: bool = True) -> bool:
    """Whether a text can be written, shown and stored everywhere; `lines`: of more than one line."""
    plain = text.replace("\n", "").replace("\t", "") if lines else text
    return not any(one in _TURNS or unicodedata.category(one) in ("Cc", "Cs") for one in plain)


def plain(text: str, lines: bool = True) -> str:
    """The text without what `is_text` does not have; half characters become question marks."""
    whole = text.encode(errors="replace").decode()
    return "".join(one for one in whole if is_text(one, lines))


def is_language(tag: str) -> bool:
    """Whether `tag` could be a language's: `en-us`."""
    return _LANGUAGE.fullmatch(tag) is not None


def require_shape(value: object, hint: Any) -> None:
    """Raises `ValueError` where `value` is not what `hint` says: dataclasses by the hints of their fields, tuples,
    texts without control characters, finite numbers, JSON objects."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or origin is dict:
        _require_json(value, 0, object if hint is Any else dict)
    elif origin is tuple:
        _require_tuple(value, arguments)
    elif arguments:
        _require_one_of(value, arguments)
    elif isinstance(hint, type) and is_dataclass(hint):
        for name, kind in _hints(hint).items():
            require_shape(getattr(value, name), kind)
    elif hint is float:
        _require(isinstance(value, int | float) and not isinstance(value, bool) and _is_number(value))
    else:
        _require(type(value) is hint)
        _require_json(value, 0, object)


def _require(right: bool) -> None:
    if not right:
        raise ValueError("another shape than it should have")


def _require_tuple(value: object, kinds: tuple[Any, ...]) -> None:
    if not isinstance(value, tuple):
        raise ValueError("no tuple")
    kinds = (kinds[0],) * len(value) if kinds[1:] == (...,) else kinds
    for kind, one in zip(kinds, value, strict=True):
        require_shape(one, kind)


def _require_one_of(value: object, kinds: tuple[Any, ...]) -> None:
    for kind in kinds:
        if kind is type(None) and value is None:
            return
        if kind is not type(None) and value is not None:
            require_shape(value, kind)
            return
    raise ValueError("nothing")


def _require_json(value: object, depth: int, kind: type) -> None:
    _require(depth < _DEEPEST and isinstance(value, kind))
    if isinstance(value, str):
        _require(is_text(value))
    elif isinstance(value, dict):
        _require(all(isinstance(name, str) and is_text(name) for name in value))
        for one in value.values():
            _require_json(one, depth + 1, object)
    elif isinstance(value, list | tuple):
        for one in value:
            _require_json(one, depth + 1, object)
    else:
        _require(value is None or (isinstance(value, bool | int | float) and _is_number(value)))


def _is_number(value: float) -> bool:
    return abs(value) < _LARGEST and math.isfinite(value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
