"""Japanese and Mandarin: numbers, money, percentages, dates and times."""

import re
from collections.abc import Iterator, Sequence

from audiostudio.script.language import Language
from audiostudio.script.normalise.clean import ascii_digits, speakable, without_digits

AMOUNT = re.compile(
    r"[-−]?[$€£¥￥]?(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[:：][0-9]{2}|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?:[%％‰℃]|°C|km|kg|cm|mm|m|g|GB|MB)?(?:[万億亿千百]?[年月日号號时時点點分秒元円块圓个個人本回次歳岁枚匹台階层位只件条张天块種种名家度週周])?",
)
"""A number with its sign and the counter behind it: one word."""

_ZH_DIGITS = "零一二三四五六七八九"
_MONEY = {
    "ja": {"$": "ドル", "€": "ユーロ", "£": "ポンド", "¥": "円", "￥": "円"},
    "zh": {"$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元"},
}
_UNITS = {
    "ja": {
        "℃": "度", "°C": "度", "km": "キロメートル", "kg": "キログラム", "cm": "センチメートル",
        "mm": "ミリメートル", "m": "メートル", "g": "グラム", "GB": "ギガバイト", "MB": "メガバイト", "‰": "パーミル",
    },
    "zh": {
        "℃": "摄氏度", "°C": "摄氏度", "km": "公里", "kg": "公斤", "cm": "厘米", "mm": "毫米", "m": "米", "g": "克",
        "GB": "吉字节", "MB": "兆字节",
    },
}  # fmt: skip
_SIGNS = {
    "ja": {
        "+": "プラス", "=": "イコール", "&": "アンド", "@": "アット", "%": "パーセント", "％": "パーセント",
        "×": "かける", "÷": "わる",
    },
    "zh": {
        "+": "加", "=": "等于", "&": "和", "@": "艾特", "%": "百分号", "％": "百分号", "×": "乘", "÷": "除以",
    },
}  # fmt: skip
_PARTS = re.compile(
    r"(?P<sign>[-−])?(?P<money>[$€£¥￥])?(?P<number>[\d,.:：/-]+)"
    r"(?P<unit>[%％‰℃]|°C|km|kg|cm|mm|m|g|GB|MB)?(?P<counter>\D*)",
    re.ASCII,
)
_LONGEST = 16
_TWO = frozenset("个位只本件条张次天块种名家")


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """See `audiostudio.script.normalise`. The tokens are single words; amounts are tokens of their own."""
    for token in tokens:
        yield 1, _say(ascii_digits(token), language.tag)


def _say(token: str, tag: str) -> str:
    if token in _SIGNS[tag]:
        return _SIGNS[tag][token]
    if not any(one in "0123456789" for one in token):
        return without_digits(speakable(token))
    said: list[str] = []
    done = 0
    for match in AMOUNT.finditer(token):
        said.append(speakable(token[done : match.start()]))
        said.append(_amount(match[0], tag))
        done = match.end()
    return without_digits("".join([*said, speakable(token[done:])]))


def _amount(text: str, tag: str) -> str:
    match = _PARTS.fullmatch(text)
    if match is None:
        return ""
    digits, unit, counter = match["number"], match["unit"] or "", match["counter"]
    if date := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", digits):
        year = _years(date[1]) if tag == "zh" else cardinal(date[1], tag)
        month, day = (cardinal(str(int(part)), tag) for part in date.group(2, 3))
        return f"{year}年{month}月{day}日{counter}"
    if clock := re.fullmatch(r"(\d{1,2})[:：](\d{2})", digits):
        hour, minute = cardinal(str(int(clock[1])), tag), int(clock[2])
        return hour + ("時" if tag == "ja" else "点") + (cardinal(str(minute), tag) + "分" if minute else "") + counter
    sign = "" if not match["sign"] else ("マイナス" if tag == "ja" else "负")
    if tag == "zh" and counter == "年" and len(digits) == 4:
        return sign + _years(digits) + counter
    number = digits.replace(",", "").rstrip(".:/-")
    said = "两" if tag == "zh" and number == "2" and counter[:1] in _TWO and counter else _number(number, tag)
    if unit in ("%", "％"):
        return f"{sign}{said}パーセント{counter}" if tag == "ja" else f"{sign}百分之{said}{counter}"
    if unit == "‰" and tag == "zh":
        return f"{sign}千分之{said}{counter}"
    money = _MONEY[tag].get(match["money"] or "", "")
    return sign + said + _UNITS[tag].get(unit, "") + (counter if counter[-1:] == money else counter + money)


def _years(text: str) -> str:
    return "".join(_ZH_DIGITS[int(one)] for one in text)


def _number(text: str, tag: str) -> str:
    whole, point, decimals = text.partition(".")
    said = cardinal(whole or "0", tag)
    return said + "点" + "".join(_digit(one, tag) for one in decimals if one.isdigit()) if point and decimals else said


def _digit(one: str, tag: str) -> str:
    return _ZH_DIGITS[int(one)] if tag == "zh" or one != "0" else "ゼロ"


def cardinal(text: str, tag: str) -> str:
    """A whole number of digits in Chinese characters."""
    if len(text) > _LONGEST or (len(text) > 1 and text[0] == "0"):
        return "".join(_digit(one, tag) for one in text if one.isdigit())
    number = int(text)
    if number == 0:
        return _digit("0", tag)
    groups: list[str] = []
    scales = ("", "万", "億", "兆") if tag == "ja" else ("", "万", "亿", "万亿")
    for scale in scales:
        number, part = divmod(number, 10_000)
        if part:
            groups.append(_below_ten_thousand(part, tag, number > 0) + scale)
    return "".join(reversed(groups)).lstrip("零") if tag == "zh" else "".join(reversed(groups))


def _below_ten_thousand(number: int, tag: str, inner: bool) -> str:
    said, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if not digit:
            gap = bool(said) or inner
            continue
        zero = "零" if gap and tag == "zh" else ""
        silent = digit == 1 and name and (tag == "ja" or (name == "十" and not said and not inner))
        said += zero + ("" if silent else _ZH_DIGITS[digit]) + name
        gap = False
    return said
