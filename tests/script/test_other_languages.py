"""Numbers, money, dates and signs outside English."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import UnknownLanguage
from audiostudio.script.language import LANGUAGES, language
from audiostudio.script.normalise.cjk import cardinal as characters
from audiostudio.script.normalise.hindi import cardinal as hindi
from audiostudio.script.normalise.roman import roman
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence


def spoken(text: str, tag: str) -> str:
    return " ".join(part.spoken for part in read(text, tag) if isinstance(part, Sentence))


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("es", "Cuesta 3,50 €.", "Cuesta tres coma cincuenta euros."),
        ("es", "1.234.567 personas", "un millón doscientos treinta y cuatro mil quinientos sesenta y siete personas."),
        ("es", "el 50% y 20 °C", "el cincuenta por ciento y veinte grados."),
        ("es", "el 3/4/2024 a las 7:30", "el tres de abril de dos mil veinticuatro a las siete y treinta."),
        ("es", "Felipe VI y el siglo XXI", "Felipe sexto y el siglo veintiuno."),
        ("es", "la 2ª vez", "la segunda vez."),
        ("es", "20 m² y x² y ½", "veinte metros cuadrados y x dos y medio."),
        ("fr", "20 m²", "vingt mètres carrés."),
        ("es", "EE.UU. y etc.", "Estados Unidos y etcétera."),
        ("fr", "1 234 567 habitants", "un million deux cent trente-quatre mille cinq cent soixante-sept habitants."),
        ("fr", "3,5 km à 7h30", "trois virgule cinq kilomètres à sept heures trente."),
        ("fr", "le 1er mai, Louis XIV", "le premier mai, Louis quatorze."),
        ("fr", "le XXe siècle", "le vingtième siècle."),
        ("fr", "M. Dupont et Mme Durand", "monsieur Dupont et madame Durand."),
        ("it", "1.000.000 di euro", "un milione di euro."),
        ("it", "il 50% di 3,5 kg", "il cinquanta per cento di tre virgola cinque chili."),
        ("it", "il XXI secolo", "il ventunesimo secolo."),
        ("pt-br", "R$ 3,50", "três vírgula cinquenta reais."),
        ("pt-br", "10-20 km", "dez a vinte quilômetros."),
        ("hi", "₹1,00,000", "एक लाख रुपये."),
        ("hi", "१९९९ में 50%", "उन्नीस सौ निन्यानवे में पचास प्रतिशत."),
        ("ja", "¥1,200です", "千二百円 です。"),
        ("ja", "50%と3.14", "五十パーセント と 三点一四。"),
        ("ja", "2024-03-03", "二千二十四年三月三日。"),
        ("ja", "10:30", "十時三十分。"),
        ("zh", "2024年", "二零二四年。"),
        ("zh", "50%的人", "百分之五十 的 人。"),
        ("zh", "2个", "两个。"),
        ("zh", "￥3.50", "三点五零元。"),
        ("zh", "10:30", "十点三十分。"),
        ("zh", "20°C", "二十摄氏度。"),
    ],
)
def test_it_is_said_in_that_language(tag: str, text: str, expected: str) -> None:
    assert spoken(text, tag) == expected


@pytest.mark.parametrize("tag", ["es", "fr", "it", "pt-br", "hi"])
@pytest.mark.parametrize("number", ["9" * 15, "1" + "0" * 27, "7" * 40, "1" + "0" * 27 + "º"])
def test_numbers_nobody_has_a_name_for_are_read_digit_by_digit(tag: str, number: str) -> None:
    said = spoken(number, tag)
    assert said
    assert not any(letter.isdecimal() for letter in said)


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES])
@given(number=st.integers(0, 10**15))
@settings(max_examples=60)
def test_no_digit_survives_in_any_language(tag: str, number: int) -> None:
    for text in (str(number), f"{number}%", f"-{number}", f"x{number}y", f"{number}.5", f"{number}/{number}"):
        assert not any(one.isdecimal() for one in spoken(text, tag))


@pytest.mark.parametrize(
    ("tag", "numbers"),
    [
        ("zh", "0 零 10 十 11 十一 101 一百零一 110 一百一十 1001 一千零一 10000 一万 10010 一万零一十 100000 十万"),
        ("zh", "100000000 一亿 100000001 一亿零一 20240303 二千零二十四万零三百零三"),
        ("ja", "10000 一万 20000 二万 1100 千百 300000000 三億 101 百一"),
    ],
)
def test_numbers_in_characters(tag: str, numbers: str) -> None:
    parts = numbers.split()
    assert [characters(number, tag) for number in parts[::2]] == parts[1::2]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "शून्य"), (42, "बयालीस"), (100, "एक सौ"), (1999, "उन्नीस सौ निन्यानवे"), (100_000, "एक लाख"), (10**7, "एक करोड़")],
)
def test_numbers_in_hindi(number: int, expected: str) -> None:
    assert hindi(number) == expected


@given(st.integers(1, 3999))
def test_roman_numerals_come_back(number: int) -> None:
    values = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"],
        strict=True,
    )
    text, left = "", number
    for value, letters in values:
        text += letters * (left // value)
        left %= value
    assert roman(text) == number


@pytest.mark.parametrize("text", ["", "IIII", "VV", "IC", "hello", "i"])
def test_what_is_no_roman_numeral(text: str) -> None:
    assert roman(text) is None


@pytest.mark.parametrize(
    ("name", "tag"),
    [("en", "en-us"), ("EN_us", "en-us"), ("en-UK", "en-gb"), ("pt", "pt-br"), ("cmn", "zh"), ("zh-CN", "zh"),
     ("French", "fr"), ("日本語", "ja"), ("hi-IN", "hi"), (" es-MX ", "es")],
)  # fmt: skip
def test_languages_answer_to_their_names(name: str, tag: str) -> None:
    assert language(name).tag == tag


def test_no_two_languages_share_a_name() -> None:
    names = [name.lower() for one in LANGUAGES for name in (one.tag, one.name, one.own_name, *one.aliases)]
    assert len(names) == len(set(names))


def test_an_unknown_language_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownLanguage) as error:
        language("tlh")
    assert all(one.tag in error.value.hint for one in LANGUAGES)
