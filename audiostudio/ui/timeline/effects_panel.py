"""A chain of effects: add, order, switch off, set, reset, remove."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Place
from audiostudio.sound.effects.presets import presets
from audiostudio.timeline.editing import mixing
from audiostudio.timeline.project import Project, new_id
from audiostudio.timeline.tracks import Effect, Setting, Timeline
from audiostudio.ui import icons
from audiostudio.ui.theme import GRID, HALF, tokens
from audiostudio.ui.timeline.effects_panel_picker import EffectPicker, effect_words
from audiostudio.ui.timeline.effects_panel_slider import SettingSlider
from audiostudio.ui.timeline.motions import parameter_of
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import ChoiceBox, IconButton, SectionHeader


class Grip(QWidget):
    """What an effect is dragged by; with the arrow keys it moves too."""

    moved = Signal(int, bool)
    """The y within the chain, and whether it was let go of."""
    stepped = Signal(int)

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(16, 28)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(label)
        self.setToolTip(label)
        self._held = False

    def paintEvent(self, event: QPaintEvent) -> None:
        token = "accent_text" if self.hasFocus() else "text_muted"
        picture = icons.pixmap("grip-vertical", token, 14, self.devicePixelRatioF())
        QPainter(self).drawPixmap(1, 7, picture)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.moved.emit(self._y(event), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.moved.emit(self._y(event), True)

    def keyPressEvent(self, event: QEvent) -> None:
        key = event.key()  # type: ignore[attr-defined]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def _y(self, event: QMouseEvent) -> int:
        card = self.parentWidget()
        chain = card.parentWidget()
        return chain.mapFromGlobal(event.globalPosition().toPoint()).y()


class EffectCard(QFrame):
    """One effect. It tells what was done to it; its panel makes the edit."""

    changed = Signal(object, str)
    """The effect as it shall be, and a merge key (empty: a step of its own)."""
    removed = Signal(str)
    moved = Signal(object, int, bool)
    stepped = Signal(str, int)
    automated = Signal(str)
    """A setting: show how it moves over time, or hide that."""

    def __init__(self, effect: Effect, timeline: Timeline, owner: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.effect = effect
        self.setProperty("surface", "raised")
        kind = KINDS.get(effect.kind)
        label = effect_words(kind.label) if kind is not None else effect.kind
        self.setAccessibleName(label)
        self.grip = Grip(self.tr("Drag, or use the arrow keys, to change the order"), self)
        self.power = IconButton("power", self.tr("On or off"), self, checkable=True, size=24, icon_size=14)
        self.name = QLabel(label, self)
        self.name.setProperty("role", "strong")
        if kind is not None:
            self.name.setToolTip(effect_words(kind.about))
        self.fold = IconButton("chevron-down", self.tr("Settings"), self, checkable=True, size=24, icon_size=14)
        self.fold.setChecked(True)
        self.reset = IconButton("rotate-ccw", self.tr("Reset"), self, size=24, icon_size=14)
        self.remove = IconButton("trash-2", self.tr("Remove"), self, size=24, icon_size=14)
        self.body = QWidget(self)
        self.sliders: dict[str, SettingSlider] = {}
        self.curves: dict[str, IconButton] = {}
        """Buttons that show how a setting moves over time."""
        self.source: ChoiceBox | None = None
        self._lay_out(kind is not None and kind.sidechain, timeline, owner)
        self._connect()
        self.show_effect(effect)

    def show_effect(self, effect: Effect) -> None:
        self.effect = effect
        values = {setting.name: setting.value for setting in effect.settings}
        for name, slider in self.sliders.items():
            slider.show_value(values.get(name, slider.setting.default))
        self.power.setChecked(effect.enabled)
        self.name.setEnabled(effect.enabled)
        self.body.setEnabled(effect.enabled)
        if self.source is not None:
            self.source.blockSignals(True)
            self.source.setCurrentIndex(max(0, self.source.findData(effect.source)))
            self.source.blockSignals(False)

    def add_curves(self) -> None:
        """Let its settings move over time."""
        kind = KINDS.get(self.effect.kind)
        for name, slider in self.sliders.items() if kind is not None and not kind.of_source else ():
            label = self.tr("Automate: let it move over time")
            button = IconButton("spline", label, slider, checkable=True, size=20, icon_size=12)
            button.clicked.connect(lambda _on, name=name: self.automated.emit(name))
            slider.add(button)
            self.curves[name] = button

    def show_curves(self, shown: Callable[[str], bool], moving: Callable[[str], bool]) -> None:
        """Whether the curve of a setting is shown, and whether it has points."""
        for name, button in self.curves.items():
            moves = moving(name)
            button.setChecked(moves or shown(name))
            self.sliders[name].show_moving(moves)

    def _lay_out(self, sidechain: bool, timeline: Timeline, owner: str | None) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self.grip)
        head.addWidget(self.power)
        head.addSpacing(HALF)
        head.addWidget(self.name, 1)
        for button in (self.reset, self.remove, self.fold):
            head.addWidget(button)
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(GRID, 0, HALF, HALF)
        inner.setSpacing(2)
        kind = KINDS.get(self.effect.kind)
        if kind is None:
            words = QLabel(self.tr("This version does not know this effect; it is kept and skipped."), self.body)
            words.setProperty("role", "small")
            words.setWordWrap(True)
            inner.addWidget(words)
        if sidechain:
            self.source = ChoiceBox(self.tr("Listens to"), self.body, small=True)
            self.source.addItem(self.tr("Listens to nothing"), None)
            for track in timeline.tracks:
                if track.id != owner:
                    self.source.addItem(self.tr("Listens to {track}").replace("{track}", track.name), track.id)
            inner.addWidget(self.source)
        for setting in kind.settings if kind is not None else ():
            slider = SettingSlider(setting, effect_words(setting.label), self.body)
            slider.slid.connect(lambda value, key, name=setting.name: self._set(name, value, key))
            self.sliders[setting.name] = slider
            inner.addWidget(slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.body)

    def _connect(self) -> None:
        self.power.clicked.connect(lambda on: self._tell(replace(self.effect, enabled=on)))
        self.reset.clicked.connect(lambda: self._tell(replace(self.effect, settings=())))
        self.remove.clicked.connect(lambda: self.removed.emit(self.effect.id))
        self.fold.toggled.connect(self.body.setVisible)
        self.grip.moved.connect(lambda y, dropped: self.moved.emit(self, y, dropped))
        self.grip.stepped.connect(lambda by: self.stepped.emit(self.effect.id, by))
        if self.source is not None:
            box = self.source
            box.currentIndexChanged.connect(lambda _index: self._tell(replace(self.effect, source=box.currentData())))

    def _set(self, name: str, value: float, key: str) -> None:
        kept = {setting.name: setting.value for setting in self.effect.settings}
        known = KINDS[self.effect.kind].setting(name)
        kept.pop(name, None)
        if known is None or value != known.default:
            kept[name] = value
        settings = tuple([Setting(one, kept[one]) for one in sorted(kept)])
        self._tell(replace(self.effect, settings=settings), f"effect.{self.effect.id}.{name}.{key}")

    def _tell(self, effect: Effect, key: str = "") -> None:
        self.effect = effect  # the next change may come before this one was shown
        self.changed.emit(effect, key)


class EffectsPanel(QWidget):
    """The chain of one owner: a clip, a track, or the master (None)."""

    def __init__(self, work: TimelineWork, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._place, self._owner = work, place, None
        self.cards: list[EffectCard] = []
        self._effects: Sequence[Effect] = ()
        self._focused: str | None = None
        """The effect whose grip the keyboard moved."""
        head = SectionHeader(self.tr("Effects"), self)
        self.presets = IconButton("wand-sparkles", self.tr("Presets"), self, size=28)
        self.add = IconButton("plus", self.tr("Add an effect"), self, size=28)
        head.add(self.presets)
        head.add(self.add)
        self.empty = QLabel(self.tr("No effects yet."), self)
        self.empty.setProperty("role", "small")
        self._chain = QWidget(self)
        self._column = QVBoxLayout(self._chain)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(HALF)
        self._line = _Line(self._chain)
        self._line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        column.addWidget(head)
        column.addWidget(self.empty)
        column.addWidget(self._chain)
        self.add.clicked.connect(lambda: self._open("effect", self.add))
        self.presets.clicked.connect(lambda: self._open("preset", self.presets))
        work.lanes_changed.connect(self._show_curves)

    def show_chain(self, owner: str | None, effects: Sequence[Effect]) -> None:
        """Cards are made anew only where the chain is another one."""
        self._effects = effects
        wanted = [(effect.id, effect.kind) for effect in effects]
        if owner != self._owner or wanted != [(card.effect.id, card.effect.kind) for card in self.cards]:
            self._owner = owner
            self._make(effects)
        else:
            for card, effect in zip(self.cards, effects, strict=True):
                card.show_effect(effect)
        self.empty.setVisible(not effects)
        self._show_curves()

    def pick(self, what: str, name: str) -> None:
        """Add an effect, or a preset's whole chain at the end."""
        if what == "effect":
            made = [Effect(new_id(), name)]
            label = self.tr("Add an effect")
        else:
            made = [
                Effect(new_id(), one.kind, tuple([Setting(n, one.settings[n]) for n in sorted(one.settings)]))
                for one in presets()[name].effects
            ]
            label = self.tr("Add a preset")
        owner = self._owner

        def change(project: Project, timeline: str) -> Project:
            for effect in made:
                project = mixing.add_effect(project, timeline, owner, effect)
            return project

        self._work.edit(label, change)

    def _open(self, what: str, button: QWidget) -> None:
        picker = EffectPicker(self._place, what, self)
        picker.picked.connect(self.pick)
        picker.open_at(button.mapToGlobal(QPoint(button.width(), button.height() + 2)))

    def _make(self, effects: Sequence[Effect]) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [EffectCard(effect, self._work.document, self._owner, self._chain) for effect in effects]
        for card in self.cards:
            self._column.addWidget(card)
            card.changed.connect(self._change)
            card.removed.connect(self._remove)
            card.moved.connect(self._drag)
            card.stepped.connect(self._step)
            if self._place != Place.CLIP:
                card.add_curves()
                card.automated.connect(partial(self._automate, card.effect))
            if card.effect.id == self._focused:
                card.grip.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focused = None

    def _automate(self, effect: Effect, setting: str) -> None:
        owner, name = self._owner or "", parameter_of(effect, setting)
        self._work.show_lane(owner, name, not self._work.shows_lane(owner, name))
        self._show_curves()

    def _show_curves(self) -> None:
        if self._place == Place.CLIP:
            return
        timeline, owner = self._work.timeline, self._owner
        channels = {track.id: track.channel for track in timeline.tracks}
        channel = timeline.master if owner is None else channels.get(owner, timeline.master)
        for card in self.cards:
            name = partial(parameter_of, card.effect)
            card.show_curves(
                lambda setting, name=name: self._work.shows_lane(owner or "", name(setting)),
                lambda setting, name=name: bool(channel.automated(name(setting))),
            )

    def _change(self, effect: Effect, key: str) -> None:
        owner = self._owner
        if not self._edit(self.tr("Set an effect"), lambda p, t: mixing.set_effect(p, t, owner, effect), key or None):
            self.show_chain(owner, self._effects)

    def _remove(self, effect_id: str) -> None:
        owner = self._owner
        self._edit(self.tr("Remove an effect"), lambda p, t: mixing.remove_effect(p, t, owner, effect_id))

    def _step(self, effect_id: str, by: int) -> None:
        order = [card.effect.id for card in self.cards]
        index = order.index(effect_id) + by
        if 0 <= index < len(order):
            self._focused = effect_id
            self._move(effect_id, index)

    def _drag(self, card: EffectCard, y: int, dropped: bool) -> None:
        others = [one for one in self.cards if one is not card]
        index = sum(1 for one in others if y > one.geometry().center().y())
        if dropped:
            self._line.hide()
            self._move(card.effect.id, index)
            return
        place = others[index].y() - HALF // 2 if index < len(others) else self._chain.height() - 1
        self._line.setGeometry(0, max(0, place - 1), self._chain.width(), 2)
        self._line.raise_()
        self._line.show()

    def _move(self, effect_id: str, index: int) -> None:
        owner = self._owner
        self._edit(self.tr("Order of effects"), lambda p, t: mixing.move_effect(p, t, owner, effect_id, index))

    def _edit(self, label: str, change: Callable[[Project, str], Project], merge: str | None = None) -> bool:
        return self._work.edit(label, change, merge)


class _Line(QWidget):
    """Where a dragged effect would go."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens().colour("accent"))
