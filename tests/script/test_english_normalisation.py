"""How English is said: a table of cases, and what must hold for any number."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence


def spoken(text: str, language: str = "en-us") -> str:
    return " ".join(part.spoken for part in read(text, language) if isinstance(part, Sentence))


BOTH = """
0 | zero.
7 cats | seven cats.
12 eggs | twelve eggs.
100 | one hundred.
1,000 | one thousand.
1000000 | one million.
-5 | minus five.
−40 | minus forty.
+7 | plus seven.
3.14159 | three point one four one five nine.
0.5 | zero point five.
.5 | zero point five.
10.0 | ten point zero.
007 | zero zero seven.
1st | first.
2nd | second.
3rd | third.
11th | eleventh.
21st | twenty-first.
the 100th day | the one hundredth day.
½ | one half.
¾ cup | three quarters cup.
2½ hours | two and a half hours.
1 1/2 cups | one and a half cups.
3/4 of it | three quarters of it.
1/3 | one third.
2/3 | two thirds.
5/16 | five sixteenths.
open 24/7 | open twenty-four seven.
a 50/50 chance | a fifty-fifty chance.
He scored 10/10. | He scored ten out of ten.
4.5/5 stars | four point five out of five stars.
10–20 people | ten to twenty people.
10-20 people | ten to twenty people.
pages 5—7 | pages five to seven.
in 1999 | in nineteen ninety-nine.
in 2024 | in twenty twenty-four.
in 1905 | in nineteen oh five.
in 1900 | in nineteen hundred.
in 2000 | in two thousand.
In 1984, war began. | In nineteen eighty-four, war began.
the 1900s | the nineteen hundreds.
the 1980s | the nineteen eighties.
the '90s | the nineties.
the 2010s | the twenty tens.
1066 AD | ten sixty-six A.D.
44 BC | forty-four BC.
1914–1918 | nineteen fourteen to nineteen eighteen.
2023–24 | twenty twenty-three to twenty-four.
3 March 2024 | the third of March twenty twenty-four.
the 3rd of March | the third of March.
4 July | the fourth of July.
25 Dec. 2023 | the twenty-fifth of December twenty twenty-three.
March 2024 | March twenty twenty-four.
Sept. 2021 | September twenty twenty-one.
Mon. 6 May | Monday the sixth of May.
It is 7:30 pm. | It is seven thirty p.m.
at 7pm | at seven p.m.
at 7 p.m. sharp | at seven p.m. sharp.
at 19:05 | at nineteen oh five.
at 9:00 | at nine o'clock.
at 10:00 am EST | at ten a.m. E.S.T.
at 00:00 | at midnight.
9am–5pm | nine a.m. to five p.m.
from 7:30–9:00 pm | from seven thirty to nine p.m.
18:00 GMT+2 | eighteen hundred GMT plus two.
$3.50 | three dollars and fifty cents.
$1 | one dollar.
$0.99 | ninety-nine cents.
$0.01 | one cent.
$1.01 | one dollar and one cent.
£5 | five pounds.
£0.50 | fifty pence.
€5m | five million euros.
$1.2 billion | one point two billion dollars.
€10.5 million | ten point five million euros.
50¢ | fifty cents.
¥500 | five hundred yen.
-$5 | minus five dollars.
$10-20 | ten to twenty dollars.
$5/month | five dollars per month.
20 USD | twenty U S dollars.
EUR 50 | fifty euros.
$100K | one hundred thousand dollars.
a $5 bill | a five dollar bill.
a 16GB SSD | a sixteen gigabyte SSD.
the 10-mile run | the ten-mile run.
50% | fifty percent.
5-10% | five to ten percent.
0.5% | zero point five percent.
100 % sure | one hundred percent sure.
5‰ | five per mille.
5 kg | five kilograms.
10kg | ten kilograms.
1 kg | one kilogram.
3.5GHz | three point five gigahertz.
60 mph | sixty miles per hour.
1 mph | one mile per hour.
20°C | twenty degrees Celsius.
-5 °C | minus five degrees Celsius.
451°F | four hundred fifty-one degrees Fahrenheit. | four hundred and fifty-one degrees Fahrenheit.
90° | ninety degrees.
16GB of RAM | sixteen gigabytes of RAM.
6 ft tall | six feet tall.
6ft 2in | six foot two.
5'10" | five foot ten.
12 lbs | twelve pounds.
5 MB/s | five megabytes per second.
2 h | two hours.
30 min | thirty minutes.
5 in the morning | five in the morning.
4x4 | four by four.
1920×1080 | nineteen twenty by ten eighty.
640x480 px | six forty by four eighty pixels.
100k | one hundred thousand.
Dr. Smith | Doctor Smith.
Mr. and Mrs. Jones | Mister and Missus Jones.
Mr. Jones | Mister Jones.
Mrs Brown | Missus Brown.
Prof. Lee | Professor Lee.
St. Mary's | Saint Mary's.
10 Main St. | ten Main Street.
He lives on Elm St. now. | He lives on Elm Street now.
5th Ave. | fifth Avenue.
Mt. Everest | Mount Everest.
Smith, Jr. | Smith, junior.
cats, dogs, etc. | cats, dogs, et cetera.
e.g. this | for example this.
i.e. that | that is that.
red vs. blue | red versus blue.
approx. 5 | approximately five.
No. 5 | number five.
Nos. 3 and 4 | numbers three and four.
No. I said no. | No. I said no.
Vol. 2 | volume two.
Fig. 3 | figure three.
pp. 10–12 | pages ten to twelve.
Acme Inc. | Acme incorporated.
a.k.a. Bob | also known as Bob.
w/ milk | with milk.
w/o sugar | without sugar.
NASA and the FBI | NASA and the FBI.
the BBC | the BBC.
two PCs | two PCs.
J. K. Rowling | J. K. Rowling.
the U.S. Army | the U.S. Army.
an MP3 | an MP three.
4K video | four K video.
H2O | H two O.
H₂O | H two O.
B2B | B to B.
COVID-19 | COVID nineteen.
an F-16 | an F sixteen.
an A380 | an A three eighty.
RTX 4090 | RTX forty ninety.
Boeing 747 | Boeing seven forty-seven.
Room 101 | Room one oh one.
5G | five G.
https://example.com | example dot com.
www.example.org/path | example dot org slash path.
example.com | example dot com.
me@example.com | me at example dot com.
https://example.co.uk | example dot C.O. dot U.K.
src/app/main_file.py | src slash app slash main underscore file dot P.Y.
load/save | load or save.
docs/decisions/ | docs slash decisions.
1080p video | ten eighty P video.
a 720p screen | a seven twenty P screen.
2026-11 | November twenty twenty-six.
2010-11 | twenty ten to eleven.
Python 3.11 | Python three point eleven.
one ### two | one two.
module.name | module dot name.
/usr/local/bin | slash usr slash local slash bin.
report_v2.pdf | report underscore v two dot PDF.
song.mp3 | song dot MP three.
v2.0.1 | version two point zero point one.
version 3.11.7 | version three point eleven point seven.
v2 | version two.
10.0.0.1 | ten dot zero dot zero dot one.
555-123-4567 | five five five, one two three, four five six seven.
+44 20 7946 1958 | plus four four, two | plus four four, two
ISBN 978-3-16-148410-0 | ISBN nine seven eight, three, one six, one four eight four one zero, zero.
4111 1111 1111 1111 | four one one one, one one one one, one one one one, one one one one.
Henry VIII | Henry the eighth.
Elizabeth I was queen. | Elizabeth the first was queen.
Louis XIV's court | Louis the fourteenth's court.
Chapter IV | Chapter four.
World War II | World War two.
Part I | Part one.
Rocky III | Rocky three.
I think, therefore I am. | I think, therefore I am.
an IV drip | an IV drip.
Super Bowl LVIII | Super Bowl fifty-eight.
#hashtag | hashtag hashtag.
We are #1 | We are number one.
@handle | at handle.
#Throwback2024 | hashtag
C++ | C plus plus.
C# | C sharp.
AT&T | A.T. and T.
R&B | R and B.
salt & pepper | salt and pepper.
and/or | and or.
he/she | he or she.
AC/DC | AC DC.
TCP/IP | TCP IP.
x=5 | x equals five.
2+2=4 | two plus two equals four.
5 - 3 = 2 | five minus three equals two.
3 × 4 | three times four.
5 ≤ 6 | five is at most six.
x² | x squared.
10^6 | ten to the power of six.
~50 people | about fifty people.
<5 minutes | less than five minutes.
100+ users | one hundred plus users.
2x faster | two times faster.
a 10-year-old | a ten-year-old.
state-of-the-art | state-of-the-art.
mid-1990s | mid nineteen nineties.
first-class | first-class.
1st-class | first-class.
well… no | well… no.
“Yes,” he said. | “Yes,” he said.
(5 km) | (five kilometers). | (five kilometres).
“5 km” | “five kilometers”. | “five kilometres”.
10, 20, 30 | ten, twenty, thirty.
Is it 5? | Is it five?
great🎉 | great.
😀 hello 😀 | hello.
٣٤ | thirty-four.
１２３ apples | one hundred twenty-three apples. | one hundred and twenty-three apples.
① first | one first.
1,200.56 | one thousand two hundred point five six.
120000007 | one hundred twenty million seven. | one hundred and twenty million and seven.
1500 people | one thousand five hundred people.
2001 | two thousand one. | two thousand and one.
105 | one hundred five. | one hundred and five.
5 km | five kilometers. | five kilometres.
5 m² | five square meters. | five square metres.
100 km/h | one hundred kilometers per hour. | one hundred kilometres per hour.
2 l | two liters. | two litres.
March 3rd | March third. | March the third.
March 3, 2024 | March third, twenty twenty-four. | March the third, twenty twenty-four.
2024-03-03 | March third, twenty twenty-four. | the third of March twenty twenty-four.
03/04/2024 | March fourth, twenty twenty-four. | the third of April twenty twenty-four.
31.12.2024 | December thirty-first, twenty twenty-four. | the thirty-first of December twenty twenty-four.
12/31/2024 | December thirty-first, twenty twenty-four. | the thirty-first of December twenty twenty-four.
£1,200 | one thousand two hundred pounds.
We won 3–1. | We won three to one. | We won three one.
It ended 0–0. | It ended zero to zero. | It ended nil nil.
020 7946 0958 | zero two zero, seven nine four six, zero nine | oh two oh, seven nine four six, oh nine
"""


def _cases() -> list[tuple[str, str, str]]:
    found = []
    for line in BOTH.strip().splitlines():
        text, american, *british = [part.strip() for part in line.split(" | ")]
        found += [(text, american, "en-us"), (text, british[0] if british else american, "en-gb")]
    return found


@pytest.mark.parametrize(("text", "expected", "language"), _cases())
def test_it_is_said_as_people_say_it(text: str, expected: str, language: str) -> None:
    said = spoken(text, language)
    assert said == expected if expected.endswith((".", "?", "!")) else said.startswith(expected)


@given(st.integers(0, 10**15))
def test_any_whole_number_is_said_in_words(number: int) -> None:
    said = spoken(f"We counted {number:,} of them.")
    words = said.removeprefix("We counted ").removesuffix(" of them.")
    assert words.replace(" and ", " ") == str(num2words(number)).replace(",", "").replace(" and ", " ")


@given(st.integers(0, 10**15))
def test_no_digit_survives_without_commas_either(number: int) -> None:
    assert not re.search(r"\d", spoken(f"It is {number} here"))


@given(st.text(alphabet="0123456789 .,:/-–+$€£%°#@&()½²ªºxXkKmMhapIVBC'’\"éß\n", max_size=60))
@settings(max_examples=400)
def test_no_digit_survives_in_any_muddle(text: str) -> None:
    for language in ("en-us", "en-gb"):
        for part in read(text, language):
            if isinstance(part, Sentence):
                assert not any(one.isdigit() for one in part.spoken), part.spoken
                assert all(text[word.start : word.end] == word.text for word in part.words)


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1500, 2099))
def test_a_date_is_the_same_date_in_every_notation(day: int, month: int, year: int) -> None:
    iso = spoken(f"{year}-{month:02}-{day:02}")
    assert spoken(f"{month}/{day}/{year}") == iso
    assert spoken(f"{day}/{month}/{year}", "en-gb") == spoken(f"{year}-{month:02}-{day:02}", "en-gb")
