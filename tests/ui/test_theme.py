"""The look: tokens, style sheet, fonts and icons."""

import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from audiostudio.profile import Profile
from audiostudio.resource import resource
from audiostudio.settings import Settings
from audiostudio.ui import icons
from audiostudio.ui.theme import TYPE_SCALE, Theme, Tokens, font, load_tokens, style_sheet, tokens
from audiostudio.ui.widgets import Button

UI = Path(icons.__file__).parent
THEMES = ("dark", "light")


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_every_token_is_a_colour(name: str) -> None:
    for token, value in asdict(load_tokens(name)).items():
        assert token == "name" or QColor(value).isValid(), token


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["backdrop", "surface", "raised", "overlay", "sunken"])
def test_words_can_be_read_on_every_ground(name: str, ground: str) -> None:
    shown = load_tokens(name)
    least = {"text": 7.0, "text_secondary": 4.5, "text_muted": 4.2, "accent_text": 4.2, "error": 4.2}
    for token, wanted in least.items():
        assert contrast(shown.colour(token), shown.colour(ground)) >= wanted, token


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("on_error", "error_solid"),
        ("on_tooltip", "tooltip"),
        ("text", "error_soft"),
        ("text", "success_soft"),
        ("text", "warning_soft"),
        ("accent_text", "accent_soft"),
        ("text", "accent_soft"),
    ],
)
def test_words_can_be_read_on_what_is_coloured(name: str, ink: str, ground: str) -> None:
    shown = load_tokens(name)
    assert contrast(shown.colour(ink), shown.colour(ground)) >= 4.2


@pytest.mark.parametrize("name", THEMES)
def test_the_focus_ring_is_seen_on_every_ground(name: str) -> None:
    shown = load_tokens(name)
    for ground in ("surface", "raised", "overlay", "sunken"):
        assert contrast(shown.colour("focus"), shown.colour(ground)) >= 3.0


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_uses_every_colour_from_tokens_and_no_other(name: str) -> None:
    source = resource("theme/studio.qss").read_text(encoding="utf-8")
    made = style_sheet(load_tokens(name))
    assert "$" not in made.split("*/", 1)[1]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", source)


@pytest.mark.parametrize("name", THEMES)
def test_pictures_in_the_style_sheet_are_icons_in_the_theme_s_colours(name: str) -> None:
    made, shown = style_sheet(load_tokens(name)), load_tokens(name)
    pictures = {Path(path) for path in re.findall(r"url\(([^)]+)\)", made)}
    assert pictures
    for picture in pictures:
        drawing = picture.read_text()
        ink = re.findall(r'stroke="(#[0-9a-f]+)"', drawing)
        assert ink
        assert set(ink) <= {shown.on_accent, shown.text_secondary, shown.text}
        outline = resource(f"icons/{picture.stem.removesuffix('-text').removesuffix('-on')}.svg").read_text()
        assert re.findall(r' d="[^"]+"', outline) == re.findall(r' d="[^"]+"', drawing)


def test_both_themes_have_the_same_tokens() -> None:
    names = {field.name for field in fields(Tokens)} - {"name"}
    assert len(names) > 40
    for token in names:
        assert isinstance(getattr(load_tokens("dark"), token), str)
        assert isinstance(getattr(load_tokens("light"), token), str)


def test_the_shipped_font_is_used_in_all_its_weights(theme: Theme) -> None:
    assert {"Regular", "Medium", "SemiBold"} <= {style.replace(" ", "") for style in QFontDatabase.styles("Inter")}
    assert QFontInfo(QApplication.font()).family() == "Inter"
    assert {size: font(size).pixelSize() for size in TYPE_SCALE} == TYPE_SCALE


def test_choosing_a_theme_dresses_the_application_and_is_remembered(qapp: QApplication, profile: Profile) -> None:
    profile.root.mkdir()
    theme = Theme(qapp, Settings(profile.settings))
    theme.choose("light")
    light = qapp.palette().color(QPalette.ColorRole.Window)
    theme.choose("dark")
    assert (tokens().name, theme.shown, theme.choice) == ("dark", "dark", "dark")
    assert luminance(qapp.palette().color(QPalette.ColorRole.Window)) < luminance(light)
    theme.close()
    again = Theme(qapp, Settings(profile.settings))
    assert again.shown == "dark"
    again.close()


def test_a_remembered_theme_that_is_none_is_the_system_s(qapp: QApplication, profile: Profile) -> None:
    profile.root.mkdir()
    settings = Settings(profile.settings)
    settings["ui.theme"] = "pink"
    theme = Theme(qapp, settings)
    assert theme.choice == "system"
    theme.close()


def test_the_theme_follows_the_system_until_the_user_chooses(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme(qapp)
    scheme = Qt.ColorScheme.Light
    monkeypatch.setattr("audiostudio.ui.theme._system_scheme", lambda: scheme)
    theme.choose("system")
    assert theme.shown == "light"
    scheme = Qt.ColorScheme.Dark
    qapp.styleHints().colorSchemeChanged.emit(scheme)
    assert theme.shown == "dark"
    theme.choose("light")
    qapp.styleHints().colorSchemeChanged.emit(scheme)
    assert theme.shown == "light"
    theme.close()


def test_icons_named_anywhere_are_there() -> None:
    names: set[str] = set()
    for file in UI.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        names |= set(re.findall(r'\bicons?\.(?:icon|pixmap|coloured)\(\s*"([a-z0-9-]+)', source))
        names |= set(re.findall(r'\bIconButton\(\s*"([a-z0-9-]+)', source))
        names |= set(re.findall(r'\bset_icon\(\s*"([a-z0-9-]+)', source))
        names |= set(re.findall(r'\bEmptyState\(\s*"([a-z0-9-]+)', source))
    assert len(names) >= 8
    assert [name for name in sorted(names) if not resource("icons").joinpath(f"{name}.svg").exists()] == []


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    for file in resource("icons").glob("*.svg"):
        assert QSvgRenderer(str(file)).isValid(), file


def test_an_icon_has_the_token_s_colour_and_every_pixel_of_a_dense_screen(theme: Theme) -> None:
    for ratio in (1.0, 1.5, 2.0):
        picture = icons.pixmap("square:solid", "accent", 16, ratio)
        assert (picture.width(), picture.devicePixelRatio()) == (round(16 * ratio), ratio)
        image = picture.toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
                if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
        assert tokens().accent in seen


def test_a_solid_icon_is_filled(theme: Theme) -> None:
    outline, solid = (icons.pixmap(name, "text", 16).toImage() for name in ("square", "square:solid"))
    assert outline.pixelColor(8, 8).alpha() == 0
    assert solid.pixelColor(8, 8).alpha() == 255


def test_buttons_are_tinted_again_when_the_theme_changes(theme: Theme, qtbot: object) -> None:
    button = Button("Play", icon="square:solid")
    button.show()

    def ink() -> str:
        return button.icon().pixmap(20, 16).toImage().pixelColor(8, 8).name()

    theme.choose("dark")
    assert ink() == load_tokens("dark").text
    theme.choose("light")
    assert ink() == load_tokens("light").text
    button.close()
    button.deleteLater()
