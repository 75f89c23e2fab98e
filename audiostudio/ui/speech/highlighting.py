"""How the script's markup looks in the editor."""

from PySide6.QtGui import QColor, QTextCharFormat

from audiostudio.ui.speech.marks import PROBLEM
from audiostudio.ui.theme import Tokens


def mark_format(kind: str, colours: Tokens) -> QTextCharFormat:
    """Of a `Mark`. What is not understood has a wavy line; the word that is said differently a dotted one."""
    form = QTextCharFormat()
    if kind == PROBLEM:
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(QColor(colours.warning))
    elif kind == "pause":
        form.setForeground(QColor(colours.accent_text))
        form.setBackground(QColor(colours.accent_soft))
    elif kind == "saying":
        form.setForeground(QColor(colours.text))
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        form.setUnderlineColor(QColor(colours.accent_text))
    elif kind == "argument":
        form.setForeground(QColor(colours.kind_music))
    else:
        form.setForeground(QColor(colours.accent_text if kind == "tag" else colours.text_muted))
    return form


def said_format(colours: Tokens) -> QTextCharFormat:
    """Of the word that is heard."""
    form = QTextCharFormat()
    form.setBackground(QColor(colours.accent))
    form.setForeground(QColor(colours.on_accent))
    return form


def dimmed_format(colours: Tokens) -> QTextCharFormat:
    """Of lines that another speaker says, while one is looked for."""
    form = QTextCharFormat()
    form.setForeground(QColor(colours.text_disabled))
    return form
