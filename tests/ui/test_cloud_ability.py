"""What a service cannot do with the script is marked with its place; its model stands in sight; what may cost is told
as the most that it can be."""

from PySide6.QtGui import QTextCharFormat

from audiostudio.timeline import edits
from audiostudio.timeline.project import Slot
from audiostudio.ui.speech.words import language_name
from tests.ui.services import VOICE, Agency, agency, answering, connected, server, studio_tabs
from tests.ui.speaking import open_desktop, sentence

__all__ = ["agency", "connected", "open_desktop", "server", "studio_tabs"]


def waved(tab: object) -> list[str]:
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [one.cursor.selectedText() for one in tab.editor.extraSelections() if one.format.underlineStyle() == wave]


def test_what_a_service_leaves_out_is_marked_before_anything_is_sent(connected: Agency) -> None:
    tab = connected.tab
    connected.paste("Say [pitch +2]this[/pitch] now.\nAnd [language xx]that[/language].")
    connected.until(lambda: waved(tab) == ["that"])  # the weightless voice has a pitch
    connected.choose(VOICE)
    connected.until(lambda: waved(tab) == ["this", "that"])
    connected.until(lambda: len(tab.attention.problems) == 2)
    assert [(one.line, one.start) for one in tab.attention.problems] == [(0, 14), (1, 17)]
    assert "cannot change the pitch" in tab.attention.problems[0].message
    assert tab.bar.problems.text().startswith("2")
    assert connected.spoken == []
    assert tab.voice.options.controls["model"].isVisible()
    assert not tab.voice.options.controls["stability"].isVisible()


def test_fixing_tells_the_most_that_it_costs(connected: Agency) -> None:
    tab = connected.tab
    tab.connect_page.limit.set_value(0)
    text = sentence(6)
    connected.paste(text)
    connected.choose(VOICE)
    with answering(yes=False) as said:
        assert not tab.checking.fix(tab.session.project.script.lines, tries=3)
    assert f"At most {3 * len(text)} characters" in said[0]
    assert "at most" in said[0]
    assert "at least" in said[0]


def test_a_line_that_has_to_fit_a_time_may_cost_twice(connected: Agency) -> None:
    tab = connected.tab
    text = "This sentence is far too long for half a second of time."
    connected.paste(text)
    connected.choose(VOICE)
    line = tab.session.project.script.lines[0].id
    tab.session.edit("", lambda project: edits.set_slot(project, line, Slot(0.0, 0.5)))
    connected.until(lambda: f"At most {2 * len(text)} characters" in tab.paying.line.words.text())
    connected.generate()
    assert connected.spoken == [text, text], "once by itself, once faster"


def test_languages_of_services_have_names() -> None:
    assert language_name("ka") == "Georgian"
    assert language_name("uk") == "Ukrainian"
