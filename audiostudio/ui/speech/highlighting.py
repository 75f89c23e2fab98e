"""How the script's markup looks in the editor."""

from PySide6.QtGui import QColor, QTextCharFormat

from audiostudio.ui.speech.marks import NOTE, PROBLEM
from audiostudio.ui.theme import Tokens


def mark_format(kind: str, colours: Tokens) -> QTextCharFormat:
    """Of a `Mark`. What is not understood has a wavy line, what the engine leaves out a grey one; the word that is said
    differently a dotted one."""
    form = QTextCharFormat()
    if kind in (PROBLEM, NOTE):
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(QColor(colours.warning if kind == PROBLEM else colours.text_muted))
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
    if kind not in (PROBLEM, NOTE, "pause"):
        form.setBackground(QColor(0, 0, 0, 0))  # without one, Qt skips a colour that touches another
    return form


def said_format(colours: Tokens) -> QTextCharFormat:
    """Of the word that is heard."""
    form = QTextCharFormat()
    form.setBackground(QColor(colours.accent))
    form.setForeground(QColor(colours.on_accent))
    return form
