"""The studio's small parts. They know the theme and nothing of the studio."""

from typing import TYPE_CHECKING, Any

from audiostudio.ui.widgets.ask import AskDialog
from audiostudio.ui.widgets.buttons import Button, IconButton, Menu, SegmentedControl, round_corners
from audiostudio.ui.widgets.card import Card
from audiostudio.ui.widgets.chips import Badge, Chip, ChipGroup
from audiostudio.ui.widgets.feedback import EmptyState, ProgressPill, Spinner, Toast
from audiostudio.ui.widgets.fields import ChoiceBox, LabeledSlider, SearchField, Slider
from audiostudio.ui.widgets.layout import FlowLayout, Form, SectionHeader, Separator, Splitter, steady

if TYPE_CHECKING:
    from audiostudio.ui.widgets.waveform import PeakSource, SamplePeaks, WaveformView, WordMark

__all__ = [
    "AskDialog",
    "Badge",
    "Button",
    "Card",
    "Chip",
    "ChipGroup",
    "ChoiceBox",
    "EmptyState",
    "FlowLayout",
    "Form",
    "IconButton",
    "LabeledSlider",
    "Menu",
    "PeakSource",
    "ProgressPill",
    "SamplePeaks",
    "SearchField",
    "SectionHeader",
    "SegmentedControl",
    "Separator",
    "Slider",
    "Spinner",
    "Splitter",
    "Toast",
    "WaveformView",
    "WordMark",
    "round_corners",
    "steady",
]


def __getattr__(name: str) -> Any:
    """The waveform needs numpy, the first picture of the window does not."""
    if name not in __all__:
        raise AttributeError(name)
    from audiostudio.ui.widgets import waveform

    return getattr(waveform, name)
