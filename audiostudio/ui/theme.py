"""The look: named tokens, light and dark, and the style sheet and palette made from them.

QSS (`resources/theme/studio.qss`) styles every widget class. What paints itself asks `tokens()` while it paints:
Qt repaints everything when the theme changes (`QEvent.StyleChange`).
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.resource import resource
from audiostudio.settings import Settings

CHOICES = ("system", "light", "dark")

GRID = 8
"""Logical pixels. Every distance is a multiple of it or of its half."""
HALF = GRID // 2
RADIUS_SMALL, RADIUS, RADIUS_LARGE = 4, 6, 10
CONTROL_HEIGHT = 32
TYPE_SCALE = {"caption": 11, "small": 12, "body": 13, "large": 15, "heading": 17, "title": 22, "display": 30}
"""Sizes in logical pixels."""
FONT = "Inter"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as `#rrggbb` or `#aarrggbb`. Elevation rises from `backdrop` to `overlay`."""

    name: str
    backdrop: str
    surface: str
    raised: str
    overlay: str
    sunken: str
    hover: str
    pressed: str
    selected: str
    border: str
    border_strong: str
    text: str
    text_secondary: str
    text_muted: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_text: str
    accent_soft: str
    on_accent: str
    focus: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    error_solid: str
    error_solid_hover: str
    on_error: str
    on_tooltip: str
    scrim: str
    shadow: str
    tooltip: str
    wave: str
    wave_rms: str
    wave_played: str
    wave_played_rms: str
    playhead: str
    wave_selection: str
    kind_voiceover: str
    kind_music: str
    kind_song: str
    kind_sound_effect: str
    kind_recording: str
    kind_image: str
    kind_film: str
    kind_avatar: str
    kind_document: str

    def colour(self, token: str) -> QColor:
        """A token as a colour; raises AttributeError for a name that is none."""
        return QColor(getattr(self, token))

    def kind(self, kind: str) -> QColor:
        """The colour of a kind of asset; a kind without one of its own looks like a document."""
        return QColor(getattr(self, f"kind_{kind}", self.kind_document))


@cache
def load_tokens(name: str) -> Tokens:
    return Tokens(name, **json.loads(resource(f"theme/{name}.json").read_text(encoding="utf-8")))


class _Shown:
    """Which tokens the application shows; as application-wide as its palette and style sheet."""

    tokens: Tokens | None = None


def tokens() -> Tokens:
    """The tokens the application shows now."""
    return _Shown.tokens or load_tokens("dark")


def style_sheet(tokens: Tokens) -> str:
    template = Template(resource("theme/studio.qss").read_text(encoding="utf-8"))
    images = resource(f"theme/{tokens.name}").as_posix()
    sizes = {f"size_{name}": f"{size}px" for name, size in TYPE_SCALE.items()}
    return template.substitute(asdict(tokens), images=images, font=FONT, **sizes)


def palette(tokens: Tokens) -> QPalette:
    """For what QSS does not reach: placeholder text, links, item views' selections, native dialogs."""
    made = QPalette()
    roles = QPalette.ColorRole
    colours = {
        roles.Window: "surface", roles.Base: "sunken", roles.AlternateBase: "raised", roles.Button: "raised",
        roles.ToolTipBase: "tooltip", roles.Text: "text", roles.WindowText: "text", roles.ButtonText: "text",
        roles.BrightText: "error", roles.ToolTipText: "on_tooltip", roles.PlaceholderText: "text_muted",
        roles.Highlight: "accent", roles.HighlightedText: "on_accent", roles.Link: "accent_text",
        roles.LinkVisited: "accent_text", roles.Accent: "accent", roles.Light: "overlay", roles.Midlight: "border",
        roles.Mid: "border_strong", roles.Dark: "border_strong", roles.Shadow: "shadow",
    }  # fmt: skip
    for role, token in colours.items():
        made.setColor(role, tokens.colour(token))
    for role in (roles.Text, roles.WindowText, roles.ButtonText, roles.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, tokens.colour("text_disabled"))
    return made


def font(size: str = "body", weight: QFont.Weight = QFont.Weight.Normal, tabular: bool = False) -> QFont:
    """The studio's font in a size of the type scale; `tabular` for digits that must not dance."""
    made = QFont(FONT)
    made.setPixelSize(TYPE_SCALE[size])
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and let the widget look like it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Theme(QObject):
    """Dresses the application: follows the system, or what the user chose (setting `ui.theme`)."""

    changed = Signal()

    def __init__(self, application: QApplication, settings: Settings | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._settings = settings
        _load_fonts()
        application.setStyle("Fusion")
        application.setFont(font())
        remembered = settings.get("ui.theme", "system") if settings else "system"
        self._choice = remembered if remembered in CHOICES else "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def choice(self) -> str:
        """`system`, `light` or `dark`."""
        return self._choice

    @property
    def shown(self) -> str:
        """`light` or `dark`."""
        return tokens().name

    def choose(self, choice: str) -> None:
        """Raises `StorageError` when the choice cannot be remembered; it is shown all the same."""
        self._choice = choice
        self._apply()
        if self._settings:
            self._settings["ui.theme"] = choice

    def close(self) -> None:
        """Follow the system no longer."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._system_changed)

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        wanted = load_tokens(self._wanted())
        if wanted is _Shown.tokens and self._application.styleSheet():
            return
        _Shown.tokens = wanted
        windows = [window for window in self._application.topLevelWidgets() if window.updatesEnabled()]
        for window in windows:
            window.setUpdatesEnabled(False)  # nobody sees the looks in between
        self._application.setStyleSheet("")  # to replace one sheet by another takes three times as long
        self._application.setPalette(palette(wanted))
        self._application.setStyleSheet(style_sheet(wanted))
        for window in windows:
            window.setUpdatesEnabled(True)
        self.changed.emit()

    def _wanted(self) -> str:
        if self._choice != "system":
            return self._choice
        return "light" if _system_scheme() == Qt.ColorScheme.Light else "dark"


def _system_scheme() -> Qt.ColorScheme:
    return QGuiApplication.styleHints().colorScheme()


@cache
def _load_fonts() -> None:
    for file in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
