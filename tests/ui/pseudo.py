"""A language nobody speaks: every letter is accented and every string 40 % longer, as German or Georgian may be.

What is shown without an accent did not go through `tr`; what no longer fits would be cut off for somebody.
"""

from collections.abc import Iterator

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QToolButton,
    QWidget,
)

_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀćďéƒǵĥíĵķĺḿńóṕǫŕśťúṽẃẍýźÁɃĆĎÉƑǴĤÍĴĶĹḾŃÓṔǪŔŚŤÚṼẂẌÝŹ"
)


def accented(text: str) -> str:
    """`Cancel` → `Ćáńćéĺ·íí`; what stands in braces or after % stays."""
    parts: list[str] = []
    for piece in _pieces(text):
        parts.append(piece if piece[:1] in "{%" else piece.translate(_ACCENTS))
    return "".join(parts) + "·" + "í" * round(0.4 * len(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for index, letter in enumerate(text):
        if letter == "{":
            yield text[start:index]
            start = index
        elif letter == "}":
            yield text[start : index + 1]
            start = index + 1
        elif letter == "%" and index + 1 < len(text):
            yield text[start:index]
            yield text[index : index + 2]
            start = index + 2
    yield text[start:]


class Pseudo(QTranslator):
    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return accented(source)  # Qt itself puts the number for %n

    def isEmpty(self) -> bool:
        return False


def untranslated(root: QWidget, data: frozenset[str] = frozenset()) -> list[str]:
    """Every text a user could meet in `root` that has a plain letter and is not among `data` (names, numbers)."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        for text in _texts(widget):
            plain = any("a" <= letter.lower() <= "z" for letter in text)
            if plain and "·" not in text and text not in data:
                found.append(f"{type(widget).__name__}: {text!r}")
    return found


def cut_off(root: QWidget) -> list[str]:
    """Every visible label and button in `root` whose text does not fit."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        text = widget.text()
        if not text or (isinstance(widget, QToolButton) and not widget.icon().isNull()):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            fits = widget.height() >= widget.heightForWidth(widget.width())
        else:
            fits = (
                widget.width() >= widget.minimumSizeHint().width() and widget.height() >= widget.fontMetrics().height()
            )
        if not fits:
            found.append(f"{type(widget).__name__} {widget.size().toTuple()}: {text!r}")
    return found


def _texts(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(index) for index in range(widget.count()))
