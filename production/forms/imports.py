"""What people choose about a file on its way in: where it goes, what becomes of each list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from production.imports import mapping
from production.imports.csvfile import FIELDS
from production.imports.plan import BoardPlan, SourceList
from production.models import Board, ImportRun, Kind, Stage, User

FIELD_NAMES = {
    "title": _("Title"),
    "status": _("Status, becomes the stage"),
    "date": _("Day of publication"),
    "created": _("Created"),
    "channel": _("Channel"),
    "format": _("Format"),
    "labels": _("Labels"),
    "assignee": _("Assignee"),
    "description": _("Description"),
    "url": _("Link"),
    "key": _("Own number or id"),
}


class FileForm(forms.Form):
    """The file to bring in, and the board it goes to."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_(
            "A Trello board (Menu → Print, export and share → Export as JSON), or a table of posts"
            " (CSV)."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.txt"}),
    )
    board = forms.ChoiceField(
        label=_("Onto"),
        required=False,
        help_text=_("On a board that exists, its limits and gates hold for the cards of the file."),
    )

    def __init__(self, *args: Any, boards: Sequence[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].choices = board_choices(boards)


def board_choices(boards: Sequence[Board]) -> list[tuple[str, Any]]:
    return [("", _("A new board")), *((board.public_id, board.name) for board in boards)]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list of the file, how many cards it has, and the fields that say what becomes of it."""

    column: SourceList
    cards: int
    how: BoundField
    kind: BoundField
    name: BoundField
    waiting: BoundField


class MappingForm(forms.Form):
    """Every choice about a file; the names of its fields count lists and members of the file."""

    def __init__(
        self,
        *args: Any,
        run: ImportRun,
        plan: BoardPlan,
        boards: Sequence[Board],
        stages: Sequence[Stage],
        people: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.plan = run, plan
        self.chosen = run.mapping
        self._add_board(boards)
        for number, column in enumerate(plan.lists):
            self._add_list(number, column, stages)
        for number, member in enumerate(plan.members):
            self.fields[f"member-{number}"] = forms.ChoiceField(
                label=member.name,
                required=False,
                choices=[("", _("Keep the name only")), *((p.public_id, p.name) for p in people)],
                initial=self.chosen.get("members", {}).get(member.id, ""),
            )
        if run.kind == ImportRun.Kind.CSV:
            self._add_columns()

    def rows(self) -> Iterator[ListRow]:
        """The lists, left to right, with their fields."""
        for number, column in enumerate(self.plan.lists):
            cards = sum(card.list_id == column.id for card in self.plan.cards)
            fields = (self[f"{name}-{number}"] for name in ("how", "kind", "name", "waiting"))
            yield ListRow(column, cards, *fields)

    def members(self) -> list[BoundField]:
        return [self[f"member-{number}"] for number in range(len(self.plan.members))]

    def columns(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("column-")]

    def said(self) -> dict[str, Any]:
        """The choices as `imports.settle` takes them."""
        data = self.cleaned_data
        said: dict[str, Any] = {
            "board": data["board"],
            "board_name": data["board_name"],
            "lists": {
                column.id: self._target(number) for number, column in enumerate(self.plan.lists)
            },
            "members": {
                member.id: data[f"member-{number}"]
                for number, member in enumerate(self.plan.members)
            },
        }
        if self.run.kind == ImportRun.Kind.CSV:
            said["columns"] = {
                field: int(data[f"column-{field}"]) for field in FIELDS if data[f"column-{field}"]
            }
            said["day_first"] = {"yes": True, "no": False}.get(data["day_first"])
        if said["board"] != self.chosen.get("board", ""):
            # Another board has other stages: what was said about lists means nothing there.
            del said["lists"]
        return said

    def _add_board(self, boards: Sequence[Board]) -> None:
        self.fields["board"] = forms.ChoiceField(
            label=_("Onto"),
            required=False,
            choices=board_choices(boards),
            initial=self.chosen.get("board", ""),
        )
        self.fields["board_name"] = forms.CharField(
            label=_("Name of the new board"),
            required=False,
            max_length=mapping.BOARD_NAME_LENGTH,
            initial=self.chosen.get("board_name", ""),
        )

    def _add_list(self, number: int, column: SourceList, stages: Sequence[Stage]) -> None:
        target = self.chosen["lists"].get(column.id) or {}
        how = target.get("how", mapping.NEW)
        if how == mapping.STAGE:
            how = f"stage:{target['stage']}"
        elif how == mapping.MERGE:
            how = f"merge:{target['into']}"
        others = [other for other in self.plan.lists if other.id != column.id]
        choices: list[tuple[Any, Any]] = [(mapping.NEW, _("A stage of its own"))]
        if stages:
            choices.append(
                (_("The stage"), [(f"stage:{stage.public_id}", stage.name) for stage in stages])
            )
        if others:
            choices.append(
                (_("Together with"), [(f"merge:{other.id}", other.name) for other in others])
            )
        choices.append((mapping.SKIP, _("Leave it out")))
        self.fields[f"how-{number}"] = forms.ChoiceField(
            label=_("Becomes"), choices=choices, initial=how
        )
        self.fields[f"kind-{number}"] = forms.ChoiceField(
            label=_("Kind"), choices=Kind.choices, initial=target.get("kind", Kind.IDEA)
        )
        self.fields[f"name-{number}"] = forms.CharField(
            label=_("Name"),
            required=False,
            max_length=mapping.STAGE_NAME_LENGTH,
            initial=target.get("name", ""),
        )
        self.fields[f"waiting-{number}"] = forms.BooleanField(
            label=_("Waiting"), required=False, initial=target.get("waiting", False)
        )
        for name in ("how", "kind", "name", "waiting"):
            said = f"{self.fields[f'{name}-{number}'].label}: {column.name}"
            self.fields[f"{name}-{number}"].widget.attrs["aria-label"] = said

    def _add_columns(self) -> None:
        choices = [
            ("", _("Not in the file")),
            *((str(n), name) for n, name in enumerate(self.plan.header)),
        ]
        for field in FIELDS:
            place = self.plan.columns.get(field)
            self.fields[f"column-{field}"] = forms.ChoiceField(
                label=FIELD_NAMES[field],
                required=field == "title",
                choices=choices,
                initial="" if place is None else str(place),
            )
        self.fields["day_first"] = forms.ChoiceField(
            label=_("Days such as 3/4"),
            required=False,
            choices=[
                ("", _("As the file shows")),
                ("yes", _("3/4 is the 3rd of April")),
                ("no", _("3/4 is the 4th of March")),
            ],
            initial={True: "yes", False: "no"}.get(self.chosen.get("day_first"), ""),
        )

    def _target(self, number: int) -> dict[str, Any]:
        data = self.cleaned_data
        how, _colon, which = data[f"how-{number}"].partition(":")
        return {
            "how": how,
            "kind": data[f"kind-{number}"],
            "name": data[f"name-{number}"],
            "waiting": data[f"waiting-{number}"],
            "stage": which if how == mapping.STAGE else "",
            "into": which if how == mapping.MERGE else "",
        }
