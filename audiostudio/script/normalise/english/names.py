"""English for addresses, files, handles, phone numbers, versions and codes."""

import re

from audiostudio.script.normalise.english.numbers import cardinal, digits, pairs
from audiostudio.script.normalise.english.rule import Context, rule
from audiostudio.script.normalise.english.tables import ENDINGS, FILES, SAID

_SIGN_NAMES = {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", ":": "colon", "\\": "backslash",
               "~": "tilde", "+": "plus", "#": "hash", "=": "equals", "&": "and", "?": "question mark",
               "%": "percent"}  # fmt: skip
_PART = re.compile(r"[A-Z]?[a-zà-öø-ÿ]+|[A-Z]+(?![a-z])|\d+|[^\w\s]|_|[^\W\d_]+")
_LONGEST_ADDRESS = 60


def spell(text: str) -> str:
    """`pdf` → “PDF”, `co` → “C.O.”: letters one by one, in the form that no reader takes for a word."""
    letters = text.upper()
    return ".".join(letters) + "." if len(letters) > 1 and re.search("[AEIOUY]", letters) else letters


def words(text: str) -> str:
    """Each run of letters, each number and each sign of `text`: `mix_v2.wav` → “mix underscore v two dot wav”."""
    return " ".join(
        _SIGN_NAMES.get(part, "") if not part.isalnum() else _run(part) for part in _PART.findall(text)
    ).strip()


def _run(part: str) -> str:
    if part.isdecimal():
        return pairs(part)
    return part


def _ending(text: str) -> str:
    if not text.isalpha():
        return _code(text.upper())
    return text if text.lower() in SAID else spell(text)


def _host(text: str) -> str:
    names = text.split(".")
    return " dot ".join(
        "WWW" if one == "www" else _ending(one) if at == len(names) - 1 or (len(one) == 2 and at) else words(one)
        for at, one in enumerate(names)
    )


def _say_address(match: re.Match[str], context: Context) -> str | None:
    host, path = match["host"], (match["path"] or "").split("?")[0].split("#")[0].rstrip("/")
    said = _host(host.removeprefix("www.")) if not host[-1].isdigit() else words(host)
    if path and len(path) <= _LONGEST_ADDRESS:
        said += " " + re.sub(r"\s+", " ", _path(path))
    return said


def _path(path: str) -> str:
    head, slash, last = path.rpartition("/")
    return f"{words(head)} slash {_file(last)}".strip() if slash else _file(path)


def _file(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{words(stem)} dot {_ending(ending)}".strip() if dot and ending.isalnum() else words(name)


def _say_mail(match: re.Match[str], context: Context) -> str | None:
    return f"{words(match['user'])} at {_host(match['host'])}"


def _say_file(match: re.Match[str], context: Context) -> str | None:
    return _file(match[0])


def _say_path(match: re.Match[str], context: Context) -> str | None:
    return re.sub(r"\s+", " ", _path(match[0].replace("\\", "/") if match[0][1:2] != ":" else match[0]))


def _say_handle(match: re.Match[str], context: Context) -> str | None:
    mark = "at" if match[0][0] == "@" else "hashtag"
    return f"{mark} {words(match['name'])}"


def _say_phone(match: re.Match[str], context: Context) -> str | None:
    text = match[0]
    count = sum(one.isdigit() for one in text)
    if not 7 <= count <= 15:
        return None
    zero = "oh" if context.british else "zero"
    groups = re.findall(r"\d+", text)
    said = ", ".join(_group(group, zero) for group in groups)
    return ("plus " if text.startswith("+") else "") + said


def _group(text: str, zero: str) -> str:
    return "eight hundred" if text == "800" else digits(text, zero)


def _say_isbn(match: re.Match[str], context: Context) -> str | None:
    text = re.sub(r"[\s-]", "", match["digits"])
    if len(text) not in (10, 13):
        return None
    last = " X" if text[-1] in "xX" else ""
    said = ", ".join(digits(group) for group in re.split(r"[\s-]", match["digits"]) if group and group not in "xX")
    return ("ISBN " if match["word"] else "") + said + last


def _say_card(match: re.Match[str], context: Context) -> str | None:
    return ", ".join(digits(group) for group in re.split(r"[ -]", match[0]))


def _say_version(match: re.Match[str], context: Context) -> str | None:
    numbers = match["numbers"].split(".")
    if not match["v"] and len(numbers) == 4:
        return " dot ".join(cardinal(int(one), context.british) if len(one) < 31 else digits(one) for one in numbers)
    said = " point ".join(
        cardinal(int(one)) if len(one) < 4 or (one[0] != "0" and len(one) < 5) else digits(one) for one in numbers
    )
    if match["tail"]:
        said += " " + words(match["tail"]).replace("dash ", "")
    word = "" if context.before().lower() in ("version", "release") or not match["v"] else "version "
    return word + said


def _say_code(match: re.Match[str], context: Context) -> str | None:
    return _code(match[0])


def _code(text: str) -> str:
    """Letters and numbers by turns: `MP3` → “MP three”."""
    parts = re.findall(r"[A-Za-z]+|\d+", text)
    said = [pairs(part) if part.isdigit() else part.upper() if len(part) == 1 else part for part in parts]
    if text.lower() in ("b2b", "b2c", "p2p", "f2p", "c2c", "d2c"):
        said[1] = "to"
    return " ".join(said)


def _say_relative(match: re.Match[str], context: Context) -> str | None:
    text = match[0]
    if "/" not in text:
        return None
    is_path = text.count("/") > 1 or text.endswith("/") or re.search(r"[_.*]", text)
    return re.sub(r"\s+", " ", _path(text.rstrip("/"))) if is_path else None


_ENDING = "|".join(ENDINGS)
_FILE = "|".join(FILES)
_I = re.IGNORECASE
RULES = (
    rule(
        r"(?:https?|ftp)://(?:[^\s/@]{1,100}@)?(?P<host>[^\s/:?#]{1,253})(?::\d+)?(?P<path>[/?#]\S*?)?",
        _say_address,
        _I,
    ),
    rule(r"(?P<host>www\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?P<path>[/?#]\S*?)?", _say_address, _I),
    rule(r"(?:mailto:)?(?P<user>[\w.+-]{1,64})@(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})", _say_mail),
    rule(rf"(?P<host>[a-z0-9][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_ENDING}))(?P<path>/\S*?)?", _say_address),
    rule(
        r"(?:~|\.{1,2})?/[\w.~+-]{1,100}(?:/[\w.~+-]{1,100}){1,20}/?|~/[\w.+-]{1,100}|[A-Za-z]:\\[\w.~+\\-]{1,200}",
        _say_path,
    ),
    rule(r"[^\W\d][\w.-]{0,80}(?:/[\w.*~-]{1,80}){0,20}/?(?<=[\w/*])", _say_relative),
    rule(rf"[\w][\w+-]{{0,80}}(?:\.[\w+-]{{1,80}}){{0,4}}\.(?:{_FILE})", _say_file, _I),
    rule(r"[@#](?P<name>[^\W\d]\w{0,60}|\d+[^\W\d]\w{0,60})", _say_handle),
    rule(r"(?P<word>ISBN(?:-1[03])?:? )?(?P<digits>97[89][- ]?\d{1,5}[- ]?\d{1,7}[- ]?\d{1,7}[- ]?\d)", _say_isbn),
    rule(r"(?P<word>ISBN(?:-10)?:? )(?P<digits>\d{1,5}[- ]?\d{1,7}[- ]?\d{1,7}[- ]?[\dxX])", _say_isbn),
    rule(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}", _say_card),
    rule(r"\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){1,6}", _say_phone),
    rule(r"(?:1[ .-])?\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}|\d{3} \d{3} \d{4}", _say_phone),
    rule(r"\(?0\d{2,4}\)?[ -]\d{3,4}(?:[ -]\d{3,4}){0,2}|\d{3}-\d{4}|0\d{9,10}", _say_phone),
    rule(
        r"(?P<v>[vV]\.?)(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,4})(?P<tail>-?(?:alpha|beta|rc|dev|[a-c])\.?\d*)?",
        _say_version,
    ),
    rule(r"(?P<v>)(?P<numbers>\d{1,9}(?:\.\d{1,9}){2,4})(?P<tail>-?(?:alpha|beta|rc|dev|[a-c])\.?\d*)?", _say_version),
    rule(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{2,12}(?:-[A-Z0-9]{1,6}){0,3}|[A-Z]{1,8}-\d{1,6}[A-Z]?", _say_code),
)
