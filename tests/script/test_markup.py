"""Markup in brackets and SSML: what is asked for reaches the words; what is not understood is told, never spoken."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.performance import PLAIN, Voicing
from audiostudio.script.editing import completions, marks
from audiostudio.script.language import LANGUAGES
from audiostudio.script.markup import Element, ElementKind
from audiostudio.script.phonemes import phonemize
from audiostudio.script.phonemes.ipa import from_ipa, from_x_sampa, to_ipa, unknown
from audiostudio.script.reading import problems, read, require_speakable
from audiostudio.script.spoken import Pause, Sentence, Word


def sentences(text: str, language: str = "en") -> list[Sentence]:
    return [part for part in read(text, language) if isinstance(part, Sentence)]


def words(text: str, language: str = "en") -> list[Word]:
    found = [word for part in sentences(text, language) for word in part.words]
    for word in found:
        assert text[word.start : word.end] == word.text
    return found


def spoken(text: str, language: str = "en") -> str:
    return " ".join(part.spoken for part in sentences(text, language))


def voicings(text: str) -> dict[str, Voicing]:
    return {re.sub(r"\W", "", word.spoken): word.voicing for word in words(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [speed 1.2]fast[/speed] b", Voicing(speed=1.2)),
        ("a [rate 120%]fast[/rate] b", Voicing(speed=1.2)),
        ("a [speed +20%]fast[/speed] b", Voicing(speed=1.2)),
        ("a [speed: 0,5]fast[/speed] b", Voicing(speed=0.5)),
        ("a [speed x-fast]fast[/speed] b", Voicing(speed=1.5)),
        ("a [pitch +2]fast[/pitch] b", Voicing(pitch=2.0)),
        ("a [pitch −1.5 st]fast[/pitch] b", Voicing(pitch=-1.5)),
        ("a [pitch high]fast[/pitch] b", Voicing(pitch=3.0)),
        ("a [volume +3dB]fast[/volume] b", Voicing(energy=3.0)),
        ("a [energy -6]fast[/energy] b", Voicing(energy=-6.0)),
        ("a [volume 50%]fast[/volume] b", Voicing(energy=-6.0206)),
        ("a [emphasis]fast[/emphasis] b", Voicing(0.92, 0.75, 1.5)),
        ("a [emphasis strong]fast[/emphasis] b", Voicing(0.85, 1.5, 3.0)),
        ("a [emphasis reduced]fast[/emphasis] b", Voicing(1.1, -0.75, -3.0)),
        ('a <prosody rate="120%" pitch="+2st" volume="+6dB">fast</prosody> b', Voicing(1.2, 2.0, 6.0)),
        ("a <prosody rate='slow'>fast</prosody> b", Voicing(speed=0.75)),
        ('a <prosody rate="1.5" volume="50">fast</prosody> b', Voicing(1.5, 0.0, -6.0206)),
        ('a <prosody volume="silent">fast</prosody> b', Voicing(energy=-60.0)),
        ('a <prosody pitch="+10%">fast</prosody> b', Voicing(pitch=1.650041)),
        ('a <emphasis level="strong">fast</emphasis> b', Voicing(0.85, 1.5, 3.0)),
        ("a <EMPHASIS>fast</EMPHASIS> b", Voicing(0.92, 0.75, 1.5)),
    ],
)
def test_a_span_changes_its_words_and_no_others(text: str, expected: Voicing) -> None:
    assert problems(text) == []
    found = voicings(text)
    assert (found["a"], found["b"]) == (PLAIN, PLAIN)
    got = found["fast"]
    assert (got.speed, got.pitch) == (pytest.approx(expected.speed), pytest.approx(expected.pitch))
    assert got.energy == pytest.approx(expected.energy, abs=1e-3)


def test_spans_within_spans_add_up_and_may_overlap() -> None:
    found = voicings("[speed 1.2]one [pitch +2]two [speed 1.5]three[/speed][/speed] four[/pitch] five")
    assert found["one"] == Voicing(speed=1.2)
    assert found["two"] == Voicing(1.2, 2.0)
    assert found["three"] == Voicing(1.8, 2.0)
    assert found["four"] == Voicing(pitch=2.0)
    assert found["five"].plain


def test_an_open_span_ends_with_its_line() -> None:
    text = "Say [speed 1.2]this fast.\nThis is slow again.\n\nAnd [pitch 2]high"
    found = voicings(text)
    assert found["fast"].speed == 1.2
    assert found["This"].plain
    assert found["high"].pitch == 2
    wrapped = "This first line is long enough that it [speed 1.2]surely was\nwrapped by an editor[/speed] and goes on."
    assert voicings(wrapped)["editor"].speed == 1.2
    assert voicings(wrapped)["on"].plain


def test_punctuation_and_markdown_do_not_stop_markup() -> None:
    text = "“[speed 2]**Wait**[/speed]!” said [emphasis]$3.50[/emphasis]."
    assert spoken(text) == "“Wait!” said three dollars and fifty cents."
    assert [word.voicing.speed for word in words(text)] == [2.0, 1.0, 0.92]
    assert words("un[emphasis]believ[/emphasis]able")[0].spoken == "unbelievable."


def test_voices_part_the_sentence() -> None:
    text = "He said “[voice am_adam]hello there[/voice],” and [voice af_heart:0.6+am_adam:0.4]left[/voice]."
    found = [(part.voice, part.spoken) for part in sentences(text)]
    assert found == [
        (None, "He said"),
        ("am_adam", "“hello there,”"),
        (None, "and"),
        ("af_heart:0.6+am_adam:0.4", "left."),
    ]
    assert [
        (part.voice, part.spoken)
        for part in sentences("[voice a]One[/voice][voice b]two[/voice], [voice c](3)[/voice]")
    ] == [
        ("a", "One"),
        ("b", "two,"),
        ("c", "(three)."),
    ]
    assert [part.voice for part in sentences('<voice name="bf_emma">Yes.</voice> No.')] == ["bf_emma", None]
    assert sentences("[voice a]One [voice b]two[/voice] three[/voice]")[2].voice == "a"


def test_languages_part_the_sentence() -> None:
    found = [(part.language, part.spoken) for part in sentences("She said [language fr]12 euros[/language] twice.")]
    assert found == [("en-us", "She said"), ("fr", "douze euros"), ("en-us", "twice.")]
    text = "[language tlh]Qapla[/language]"
    assert [text[one.start : one.end] for one in problems(text)] == ["Qapla"]
    assert sentences(text)[0].language == "en-us"


@pytest.mark.parametrize(
    ("text", "expected", "said_as"),
    [
        ("a [say GIF|as jif]!", "a jif!", "jif!"),
        ("a [say GIF|jif] b", "a jif b.", "jif"),
        ("a [say $5 bn|as five big ones].", "a five big ones.", "five big ones."),
        ('a [say x|as "digits"] b', "a digits b.", "digits"),
        ("in [say 1984|as digits]", "in one nine eight four.", "one nine eight four"),
        ("in [say 1984|as number]", "in one thousand nine hundred eighty-four.", None),
        ("in [say 1984|as year]", "in nineteen eighty-four.", None),
        ("in [say NASA|as letters] now", "in N.A.S.A. now.", None),
        ("the [say 21|as ordinal] day", "the twenty-first day.", None),
        ("on [say 3/4/2024|as date].", "on March fourth, twenty twenty-four.", None),
        ("on [say 3/4/2024|as date dmy].", "on April third, twenty twenty-four.", None),
        ("at [say 1430|as time]", "at fourteen thirty.", None),
        ("call [say 555-0199|as telephone]", "call five five five, zero one nine nine.", None),
        ('<sub alias="World Wide Web">WWW</sub>.', "World Wide Web.", "World Wide Web."),
        ('<sub alias="A &amp; B">AB</sub>', "A and B.", "A & B"),
        ('<say-as interpret-as="characters">USB</say-as> port', "U.S.B. port.", None),
        ('<say-as interpret-as="date" format="dmy">3/4/2024</say-as>', "April third, twenty twenty-four.", None),
        ('<say-as interpret-as="cardinal">1984</say-as>', "one thousand nine hundred eighty-four.", None),
    ],
)
def test_words_are_said_as_asked(text: str, expected: str, said_as: str | None) -> None:
    assert problems(text) == []
    assert spoken(text) == expected
    if said_as is not None:
        assert said_as in [word.said_as for word in words(text)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "[say 21|as ordinal]", "vigésimo primero."),
        ("fr", "[say 1984|as digits]", "un neuf huit quatre."),
        ("it", "[say 14:30|as time]", "quattordici e trenta."),
        ("hi", "[say 2|as ordinal]", "दूसरा."),
        ("ja", "[say 3|as ordinal]", "第三。"),
        ("zh", "[say 123|as digits]", "一二三。"),
        ("en-gb", "[say 3/4/2024|as date]", "the third of April twenty twenty-four."),
    ],
)
def test_forms_are_those_of_the_language(language: str, text: str, expected: str) -> None:
    assert spoken(text, language) == expected


def test_what_is_said_differently_does_not_change_the_words_around_it() -> None:
    assert spoken("Dr. [say Nguyen|as nwin] paid 3 March 2024.").startswith("Doctor nwin paid the third of March")
    assert spoken("On [3](/θɹˈi/) March 2024") == "On three March twenty twenty-four."


def test_what_nobody_can_read_can_be_said() -> None:
    text = "[say ♥|as love] [say สวัสดี|as sawatdee]"
    require_speakable(text)
    assert problems(text) == []
    assert spoken(text) == "love sawatdee."


def test_phonemes_reach_the_engine_and_keep_the_punctuation() -> None:
    (sentence,) = sentences("“[Nginx](/ˈɛnʤɪn ˈɛks/),” he said.")
    first = phonemize(sentence).words[0]
    assert first.phonemes == "“ˈɛnʤɪn ˈɛks,”"
    assert first.ipa == "ˈɛndʒɪn ˈɛks"
    assert first.spoken == "“Nginx,”"
    assert phonemize(phonemize(sentence)) == phonemize(sentence)
    ssml = '<phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomato</phoneme>'
    assert phonemize(sentences(ssml)[0]).words[0].phonemes == "təmˈAtO."
    sampa = "<phoneme alphabet='x-sampa' ph='t@\"meItoU'>tomato</phoneme>"
    assert phonemize(sentences(sampa)[0]).words[0].phonemes == "təmˈAtO."
    assert words("[New York](/nˈu jˈɔɹk/) is")[0].text == "New York"


@pytest.mark.parametrize(
    ("tag", "ipa", "expected"),
    [
        ("en-us", "/ˈtʃɜːtʃ/", "ʧˈɜɹʧ"),
        ("en-gb", "kæt", "kat"),
        ("en-us", "ɡoʊ", "ɡO"),
        ("en-gb", "ɡoʊ", "ɡQ"),
        ("en-us", "ˈrɛd", "ɹˈɛd"),
        ("en-us", "d͡ʒʌd͡ʒ", "ʤʌʤ"),
        ("en-us", "ˈbʌtn̩", "bˈʌtᵊn"),
        ("en-us", "həlˈO ʤˈəst", "həlˈO ʤˈəst"),
        ("es", "ˈkasa", "kˈasa"),
    ],
)
def test_ipa_comes_in_kokoros_alphabet(tag: str, ipa: str, expected: str) -> None:
    assert from_ipa(ipa, tag) == expected
    assert from_ipa(expected, tag) == expected


def test_ipa_and_x_sampa_go_back_and_forth() -> None:
    assert from_x_sampa('"tSi:z') == "ˈtʃiːz"
    assert to_ipa("ʤˈYn, ˈO!") == "dʒˈɔɪn ˈoʊ"
    assert unknown("tʘp") == "ʘ"
    assert unknown("ˈkʰæ̃t.ˌɪŋ") == ""


@pytest.mark.parametrize(
    "markup",
    [
        "[speed]", "[speed fast!]", "[speed 9]", "[speed 0]", "[pitch 99]", "[pitch +20Hz]", "[volume 99]",
        "[voice two words]", "[emphasis huge]", "[language ?]", "[say hello]", "[say |as x]", "[/say]", "[/emphasis x]",
        "[cough]", "<foo>", "<amazon:effect name='x'>", "<break time='x'/>", "<break strength='huge'/>",
        "<prosody rate='x'>", "<prosody rate=slow>", "<phoneme>", "<phoneme alphabet='arpabet' ph='x'>",
        "<say-as interpret-as='song'>", "<voice>", "<lang>", "</prosody>", "&lol;", "&#xD800;", "&#99999999;",
        "<!ENTITY lol 'lol'>", "<!DOCTYPE lolz>", "<emphasis level='huge'>", "<sub alias='&lol;'>", "<sub alias=''>",
        "<prosody pitch='+2st'/>", "<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>",
    ],
)  # fmt: skip
def test_broken_markup_is_told_with_its_place_and_not_spoken(markup: str) -> None:
    text = f"Hello {markup} world."
    (found,) = problems(text)
    assert text[found.start : found.end] == markup
    assert found.message.endswith(".")
    assert spoken(text) == "Hello world."


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("Wait [pause 0.5s and go.", "[pause 0.5s", "Wait and go."),
        ("It is [speed 1.2 fast[/speed] now.", "[speed 1.2", "It is fast now."),
        ("A [pause for effect.", "[pause", "A for effect."),
        ("[voice am_adam Hello.[/voice]", "[voice am_adam", "Hello."),
        ("Hi [say 1984|as digits.", "[say", "Hi nineteen eighty-four as digits."),
        ("So [/pitch it is.", "[/pitch", "So it is."),
        ("Wait <break time='1s' there.", "<break time='1s'", "Wait there."),
        ("It is <emphasis very</emphasis> good.", "<emphasis", "It is very good."),
        ("[speed 99]Fast[/speed] one.", "[speed 99]", "Fast one."),
        ("<prosody rate='quick'>Fast</prosody> one.", "<prosody rate='quick'>", "Fast one."),
    ],
)
def test_a_broken_tag_is_told_once(text: str, told: str, expected: str) -> None:
    assert [text[one.start : one.end] for one in problems(text)] == [told]
    assert spoken(text) == expected


@pytest.mark.parametrize(
    "text", ["He [paused and went.", "Look [says she.", "a <b and b> c", "x <subject", "a [rate.b c"]
)
def test_brackets_that_are_no_tags_are_read(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("[say hello|as date]", "hello", "hello."),
        ("[say hello|as !]", "hello", "hello."),
        ("[word](/ʘ/)", "word", "word."),
        ("[say 31/31/2024|as date] x", "31/31/2024", None),
        ("<prosody rate='slow' duration='2s'>go</prosody>", "<prosody rate='slow' duration='2s'>", "go."),
    ],
)
def test_what_cannot_be_said_so_is_read_as_written(text: str, told: str, expected: str | None) -> None:
    assert [text[one.start : one.end] for one in problems(text)] == [told]
    if expected is not None:
        assert spoken(text) == expected


def test_voices_that_are_not_there_are_told() -> None:
    text = "[voice am_adam]a[/voice] [voice nobody]b[/voice] [voice am_adam:0.5+who:0.5]c[/voice]"
    assert problems(text) == []
    assert ["nobody" in one.message or "who" in one.message for one in problems(text, {"am_adam"})] == [True, True]


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n <!ENTITY lol "lol">\n'
    + "".join(f' <!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">\n' for n in range(1, 30))
    + "]>\n<speak>Hello &lol29; world.</speak>"
)


def test_an_ssml_bomb_is_told_and_never_expanded() -> None:
    assert spoken(BOMB) == "Hello world."
    told = [BOMB[one.start : one.end] for one in problems(BOMB)]
    assert told[0].startswith("<!DOCTYPE")
    assert told[0].endswith("]>")
    assert told[1:] == ["&lol29;"]
    for line in BOMB.split("\n"):
        assert "lol" not in spoken(line)


def test_a_whole_ssml_document_is_read() -> None:
    text = (
        '<?xml version="1.0"?>\n<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">\n'
        "<p><s>Tom &amp; Jerry said &#8220;hi&#x201d;.</s><s>Then</s></p>\n"
        '<break strength="strong"/>\n<prosody rate="x-slow">they left</prosody>\n</speak>'
    )
    assert problems(text) == []
    parts = list(read(text, "en"))
    assert [part.seconds if isinstance(part, Pause) else part.spoken for part in parts] == [
        "Tom and Jerry said “hi”.", "Then.", 0.75, "they left.",
    ]  # fmt: skip
    assert isinstance(parts[-1], Sentence)
    assert parts[-1].words[0].voicing.speed == 0.5


def test_links_html_and_brackets_stay_what_they_are() -> None:
    text = "A [speed of light](https://x.org/a) link, [a note](u) and H<sub>2</sub>O, <b>x</b> [Bob] [1][2], 1 < 2 > 0."
    assert problems(text) == []
    assert "A speed of light link, a note and H two O" in spoken(text)
    assert all(word.voicing.plain for word in words(text))
    assert spoken("Is a <b and c> d?") == "Is a is less than b and c is greater than d?"
    assert spoken(r"\[pause 1s\]") == "[pause one second]."
    assert spoken("`[pause 1s]`") == "[pause one second]."


TAGS = st.sampled_from(
    [
        "[speed 1.2]", "[/speed]", "[pitch +2]", "[/pitch]", "[volume -3]", "[/volume]", "[emphasis]", "[/emphasis]",
        '<prosody rate="slow">', "</prosody>", "<emphasis>", "</emphasis>", "<speak>", "</speak>",
    ]
)  # fmt: skip
WORDS = st.sampled_from(["Hello", "world.", "**bold**", "$3.50", "Dr.", "Smith,", "3", "March", "2024", "“Yes!”", "ok"])


@given(st.lists(st.tuples(TAGS | st.just(""), WORDS, TAGS | st.just(""))))
@settings(max_examples=150)
def test_tags_in_any_order_change_no_word(parts: list[tuple[str, str, str]]) -> None:
    marked = " ".join("".join(part) for part in parts)
    plain = " ".join(word for _, word, _ in parts)
    assert [word.spoken for word in words(marked)] == [word.spoken for word in words(plain)]
    for word in words(marked):
        assert 0.25 <= word.voicing.speed <= 4


PIECES = st.sampled_from(
    [
        "[", "]", "(", ")", "/", "<", ">", "|", "as ", "say ", "voice ", "am_adam", "speed ", "1.2", "\n", " ", "a",
        "Hi.", "&", ";", "#", "amp", "break ", "time=", '"', "'", "1s", "phoneme ", "ph=", "ə", "sub ", "alias=", "!",
        "DOCTYPE",         "language ", "fr", "12", "今日", "digits", "date", "\\", "*", "`", "\0",
    ]
)  # fmt: skip


@pytest.mark.long
@given(st.lists(PIECES, max_size=60), st.sampled_from([one.tag for one in LANGUAGES]))
@settings(max_examples=150)
def test_any_heap_of_markup_is_read_in_place(pieces: list[str], language: str) -> None:
    text = "".join(pieces)
    at = 0
    for word in words(text, language):
        assert at <= word.start < word.end
        at = word.start
        assert word.spoken.strip() == word.spoken != ""
        assert not any(one.isdecimal() for one in word.spoken)
    for one in problems(text):
        assert 0 <= one.start < one.end <= len(text)
    for element in marks(text):
        assert 0 <= element.start <= element.end <= len(text)
    completions(text, len(text))
    completions(text, len(text) // 2)


HOSTILE = {
    "opened": "[speed 1.1]a " * 5000,
    "closed": "a[/speed] " * 5000,
    "nested": "[pitch +1]" * 5000 + "a " * 5000 + "[/pitch]" * 5000,
    "voices": "[voice x]a[/voice] " * 3000,
    "voices in turn": "".join(f"[voice {n}]" for n in range(3000)) + "a " * 3000,
    "voices nested": "[voice x]" * 3000 + "a " * 3000,
    "sayings": "[say a|as b] " * 5000,
    "phonemes": "[a](/ə/) " * 5000,
    "elements": "<prosody rate='slow'>a " * 5000,
    "quotes in a tag": "<a " + "'\"" * 20_000,
    "tags begun": "<prosody rate='" * 10_000,
    "spaces in a tag": "<prosody" + " " * 100_000 + ">a",
    "names in a tag": "<prosody" + " rate" * 20_000 + ">a",
    "spaces in brackets": "[say" + " " * 190 + "]" + "[say a|" + " " * 150 + "as b] " * 500,
    "declarations": "<!DOCTYPE a [" * 10_000,
    "entities": "&lol;" * 20_000,
    "one long alias": f"<sub alias='{'x ' * 20_000}'>y</sub>",
    "one long saying": f"<sub alias='x'>{'y ' * 10_000}</sub>",
}


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read(name: str) -> None:
    text = HOSTILE[name]
    assert all(0 <= word.start < word.end <= len(text) for word in words(text))
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems(text))
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks(text))


def test_marks_are_what_an_editor_colours() -> None:
    text = "A [speed 1.2]b[/speed] [pause 1s] [c](/kˈæt/) [say d|as e] [oops] <break time='1s'/> &amp; ```"
    found = [(one.kind.value, text[one.start : one.end]) for one in marks(text)]
    assert found == [
        ("tag", "[speed 1.2]"), ("argument", "1.2"), ("tag", "[/speed]"), ("pause", "[pause 1s]"), ("argument", "1s"),
        ("tag", "[c](/kˈæt/)"), ("saying", "c"), ("argument", "kˈæt"), ("tag", "[say d|as e]"), ("saying", "d"),
        ("argument", "as e"), ("unknown", "[oops]"), ("pause", "<break time='1s'/>"), ("argument", "1s"),
        ("entity", "&amp;"),
    ]  # fmt: skip
    assert marks("") == []
    assert Element(ElementKind.UNKNOWN, 5, 6) in marks("[say x|as date]")


def test_completions_follow_what_was_begun() -> None:
    def labels(text: str) -> list[str]:
        return [one.label for one in completions(text, len(text), [("am_adam", "Adam"), ("af_heart", "Heart")])]

    assert "[pause 0.5s]" in labels("Hello [")
    assert labels("Hello [sp") == ["[speed 1.2]…[/speed]"]
    assert labels("[speed 1.2]a [pitch 2]b [/")[:2] == ["[/pitch]", "[/speed]"]
    assert labels("[voice am") == ["Adam (am_adam)"]
    assert labels("[voice af_heart:0.5+A") == ["Adam (am_adam)", "Heart (af_heart)"]
    assert "digits" in labels("[say 12|as d")
    assert "slow" in labels("[speed s")
    assert labels("<bre") == ['<break time="500ms"/>']
    assert labels("<prosody r") == ["rate"]
    assert "x-slow" in labels('<prosody rate="x')
    assert labels('<voice name="') == ["Adam (am_adam)", "Heart (af_heart)"]
    assert labels("Hello ") == []
    assert labels("a < b") == []


@pytest.mark.parametrize("begun", ["[", "<", "[v", "<say"])
def test_what_a_completion_inserts_is_understood(begun: str) -> None:
    text = f"Hello {begun}"
    for one in completions(text, len(text)):
        inserted = text[: one.start] + one.insert
        assert 0 < one.caret <= len(one.insert)
        if "voice" in one.label or "lang" in one.label or one.insert.startswith(("[say", "<sub", "<phoneme")):
            continue
        assert problems(inserted) == [], one
