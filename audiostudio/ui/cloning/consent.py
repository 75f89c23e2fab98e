"""Step 3: whose voice it is, and that they agree. Without it no voice is made."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.jobs import JsonObject
from audiostudio.rights import Rights
from audiostudio.ui.cloning.draft import OWN, PERMISSION, DraftConsent
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.cloning.permission import PermissionPanel
from audiostudio.ui.cloning.phrase import PhrasePanel
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Form, SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.ui.cloning.sounds import Sounds

LEAST_STATEMENT = 20
"""Characters of a typed permission."""


class ConsentStep(QWidget):
    def __init__(self, making: Making, sounds: "Sounds", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.making = making
        self.whose = SegmentedControl(
            ((OWN, self.tr("My own voice")), (PERMISSION, self.tr("Somebody’s, who permits it in writing"))),
            self,
            self.tr("Whose voice it is"),
        )
        self.person = QLineEdit(self)
        self.person.setMaxLength(120)
        self.person.setAccessibleName(self.tr("Name of the person"))
        self.date = QLineEdit(self)
        self.date.setMaxLength(10)
        self.date.setMaximumWidth(160)
        self.date.setPlaceholderText(date.today().isoformat())
        self.date.setAccessibleName(self.tr("Day on which it was given"))
        self.scope = QLineEdit(self)
        self.scope.setMaxLength(400)
        self.scope.setAccessibleName(self.tr("What the voice may be used for"))
        self.missing = QLabel(self)
        self.missing.setProperty("role", "small")
        self.missing.setWordWrap(True)
        self.given = QLabel(self)
        self.given.setWordWrap(True)
        self._asked = QWidget(self)
        """What a voice that was made before is not asked again."""
        self.phrase = PhrasePanel(making, sounds, self)
        self.permission = PermissionPanel(making, self)
        self._lay_out()
        self.whose.changed.connect(self._choose)
        self.person.textEdited.connect(self._write)
        self.scope.textEdited.connect(self._write)
        self.date.textEdited.connect(self._write)
        self.person.editingFinished.connect(self._named)
        making.changed.connect(self.show_draft)
        self.show_draft()

    def enter(self) -> None:
        """The step is shown: of one's own voice there has to be a phrase."""
        if self._consent.whose == OWN and not self.making.draft.again:
            self.phrase.ensure()

    def ready(self) -> bool:
        return not self._missing()

    def wrong(self) -> bool:
        """Whether the phrase was not accepted."""
        answer = self.making.draft.consent.answer
        if self.making.draft.again:
            return False
        return self.making.draft.consent.whose == OWN and answer is not None and not answer["accepted"]

    def summary(self) -> str:
        consent = self.making.draft.consent
        if not consent.person:
            return ""
        said = self.tr("own voice") if consent.whose == OWN else self.tr("written permission")
        return f"{consent.person} · {said}"

    def record(self) -> JsonObject | None:
        """What `voice.create` wants to know; None: what was given before counts."""
        consent = self.making.draft.consent
        if self.making.draft.again:
            return None
        known: JsonObject = {
            "whose": consent.whose,
            "person": " ".join(consent.person.split()),
            "date": self._date(),
            "scope": " ".join(consent.scope.split()),
        }
        if consent.whose == OWN:
            assert consent.phrase is not None
            return known | {"phrase": consent.phrase["id"], "recording": consent.recording}
        given = {"document": consent.document, "statement": consent.statement.strip()}
        return known | {"commercial": consent.commercial} | {name: one for name, one in given.items() if one}

    def rights(self) -> Rights:
        """The terms that the consent sets."""
        consent = self._consent
        if consent.whose == OWN:
            return Rights("yours", True)
        return Rights("by permission", consent.commercial)

    def _date(self) -> str:
        consent = self._consent
        if consent.whose == OWN and consent.phrase is not None:
            return str(consent.phrase["issued"])[:10]
        return consent.date.strip()

    def show_draft(self) -> None:
        consent = self.making.draft.consent
        self.whose.blockSignals(True)
        self.whose.choose(consent.whose)
        self.whose.blockSignals(False)
        for field, text in ((self.person, consent.person), (self.scope, consent.scope), (self.date, consent.date)):
            if field.text() != text:
                field.setText(text)
        own = consent.whose == OWN
        self.person.setPlaceholderText(
            self.tr("Your name") if own else self.tr("The name of the one whose voice it is")
        )
        self.scope.setPlaceholderText(
            self.tr("For example: my own videos and podcasts")
            if own
            else self.tr("What they agreed to: for example films of one channel, until 2027")
        )
        self._form.setRowVisible(self.date, not own)  # of one's own voice it is that of the phrase
        again = bool(self.making.draft.again)
        self.given.setVisible(again)
        self.given.setText(
            filled(
                self.tr(
                    "{name} agreed when the voice was made, and that still counts. The new samples must be of the "
                    "same person: they are compared before anything is learnt."
                ),
                name=consent.person,
            )
        )
        self._asked.setVisible(not again)
        self.phrase.setVisible(own)
        self.permission.setVisible(not own)
        found = self._missing()
        self.missing.setText(" ".join(found))
        self.missing.setVisible(bool(found))

    # Inner

    def _missing(self) -> list[str]:
        """What still has to be filled in, as sentences."""
        consent = self.making.draft.consent
        found: list[str] = []
        if self.making.draft.again:
            return found
        if not consent.person.strip():
            found.append(self.tr("Write whose voice it is."))
        if not consent.scope.strip():
            found.append(self.tr("Write what it may be used for."))
        if consent.whose == OWN:
            found += self.phrase.missing()
            return found
        if not _past(self._date()):
            found.append(
                filled(self.tr("Write the day on which it was given, as {day}."), day=date.today().isoformat())
            )
        if not consent.document and len(consent.statement.strip()) < LEAST_STATEMENT:
            found.append(self.tr("Add the written permission: a file, or its words."))
        return found

    def _choose(self, whose: str) -> None:
        self._consent.whose = whose
        self.making.touch()
        self.enter()

    def _named(self) -> None:
        """The name stands in the phrase."""
        if self.isVisible():
            self.enter()

    def _write(self, *_value: object) -> None:
        consent = self._consent
        consent.person, consent.scope = self.person.text(), self.scope.text()
        consent.date = self.date.text()
        self.making.touch()

    @property
    def _consent(self) -> DraftConsent:
        return self.making.draft.consent

    def _lay_out(self) -> None:
        form = self._form = Form("secondary")
        form.row(self.person.accessibleName(), self.person)
        form.row(self.scope.accessibleName(), self.scope)
        form.row(self.date.accessibleName(), self.date)
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(2 * GRID)
        asked.addWidget(self.whose, 0, Qt.AlignmentFlag.AlignLeft)
        asked.addLayout(form)
        asked.addWidget(Separator(parent=self))
        asked.addWidget(self.phrase)
        asked.addWidget(self.permission)
        asked.addWidget(self.missing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.given)
        column.addWidget(self._asked)
        column.addStretch(1)


def _past(text: str) -> bool:
    """Whether it is a day, and not one to come."""
    try:
        return date.fromisoformat(text) <= date.today()
    except ValueError:
        return False
