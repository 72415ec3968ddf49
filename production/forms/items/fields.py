"""The fields of a card in groups, as forms that know what they showed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production.forms.items.kinds import Address, Figure, Length, Moment
from production.items import fields as item_fields
from production.models import ContentItem, Membership, Role, User
from production.permissions import Seat

DETAILS = (
    "primary_kpi", "target_value", "hypothesis", "channel", "content_type", "pillar", "format",
    "goal", "secondary_kpi", "partner", "assignees", "labels", "due_at", "url", "cost",
    "description",
)  # fmt: skip
GROUPS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "details": DETAILS,
    "message": (
        "promise", "cta", "length_min_seconds", "length_max_seconds", "length_actual_seconds",
        "pacing",
    ),
    "outcome": ("result_value", "decision", "decision_reason", "learning"),
}  # fmt: skip
# What somebody from outside changes on a card that is theirs: words and lengths, not the plan.
FROM_OUTSIDE = frozenset(
    {"description", "hypothesis", "url", "promise", "cta", "pacing", "length_actual_seconds"}
)


class FieldsForm(forms.Form):
    """Some fields of an item, with what they said when the form was drawn.

    Only what the person changed is sent on (`changes`), against what they saw (`seen`), so that
    two people may change different fields and only the same field is a conflict.
    """

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, item: ContentItem, seat: Seat, group: str
    ) -> None:
        self.item, self.names = item, names_of(group, seat)
        self.seen = self._posted_base(data) if data is not None else self._present()
        super().__init__(data, initial={"base": json.dumps(self._storable(self.seen))})
        for name in self.names:
            field = field_for(name, item.workspace_id, getattr(item, f"{name}_id", None))
            field.initial = _initial(self.seen.get(name))
            self.fields[name] = field

    @property
    def rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    def changes(self) -> dict[str, Any]:
        """What the person changed, as the verb takes it."""
        changed = {name for name in self.changed_data if name in self.names}
        found = {}
        for name in sorted(changed):
            value = self.cleaned_data[name]
            found[name] = list(value) if name in item_fields.MANY else value
        return found

    def clash(self, values: Mapping[str, Any], by: str) -> None:
        """Show what others wrote meanwhile beside what this person wrote; sending again decides."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.seen = {**self.seen, **values}
        self.data["base"] = json.dumps(self._storable(self.seen))  # type: ignore[index]
        for name, value in values.items():
            sentence = gettext("%(name)s wrote meanwhile: “%(value)s”. Save again to keep yours.")
            shown = display(self.item, name, value) or gettext("nothing")
            self.add_error(
                name, forms.ValidationError(sentence % {"name": by, "value": shown}, code="stale")
            )

    def _present(self) -> dict[str, Any]:
        return {
            name: item_fields.plain(item_fields.present(self.item, name)) for name in self.names
        }

    def _posted_base(self, data: Mapping[str, Any]) -> dict[str, Any]:
        try:
            posted = json.loads(data.get("base", ""))
        except (ValueError, RecursionError):
            return self._present()
        if not isinstance(posted, dict):
            return self._present()
        now = self._present()
        return {name: _parsed(name, posted.get(name, now[name])) for name in self.names}

    @staticmethod
    def _storable(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
        }


def names_of(group: str, seat: Seat) -> tuple[str, ...]:
    """The fields of the group that this person may change."""
    names = GROUPS[group]
    if seat.is_external:
        return tuple(name for name in names if name in FROM_OUTSIDE)
    return names


def field_for(name: str, workspace_id: int, chosen: int | None = None) -> forms.Field:
    """The form field of an item field; rows of this workspace, retired ones only if chosen."""
    model_field = ContentItem._meta.get_field(name)
    label = {"labels": _("Labels"), "assignees": _("Assigned to")}.get(name)
    label = label or model_field.verbose_name
    if name in item_fields.LINKS:
        rows = model_field.related_model.objects.filter(workspace=workspace_id)
        rows = rows.filter(Q(retired_at=None) | Q(pk=chosen)).order_by("position", "name", "id")
        return forms.ModelChoiceField(rows, to_field_name="public_id", required=False, label=label)
    if name in item_fields.MANY:
        return _many(name, workspace_id, label)
    if name in ("target_value", "result_value", "cost"):
        return Figure(
            max_digits=model_field.max_digits,
            decimal_places=model_field.decimal_places,
            required=False,
            label=label,
        )
    if name.startswith("length_"):
        return Length(
            min_value=0,
            max_value=1_000_000,
            required=False,
            label=label,
            help_text=_("Seconds, or 1:18."),
        )
    if name == "due_at":
        return Moment(required=False, label=label)
    if name == "url":
        return Address(max_length=model_field.max_length, required=False, label=label)
    field: forms.Field = model_field.formfield(label=label)
    if name in ("hypothesis", "promise", "decision_reason", "learning", "description"):
        field.widget = forms.Textarea(attrs={"rows": 5 if name == "description" else 2})
        field.widget.attrs["maxlength"] = model_field.max_length
    return field


def _many(name: str, workspace_id: int, label: Any) -> forms.ModelMultipleChoiceField:
    rows = ContentItem._meta.get_field(name).related_model.objects
    if name == "labels":
        rows = rows.filter(workspace=workspace_id, retired_at=None).order_by("name", "id")
    else:
        rows = members(workspace_id)
    return forms.ModelMultipleChoiceField(
        rows,
        to_field_name="public_id",
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
    )


def members(workspace_id: int) -> Any:
    """Everybody who may be assigned a card."""
    seats = Membership.objects.filter(workspace=workspace_id, removed_at=None)
    working = seats.exclude(role=Role.VIEWER).values("user")
    return User.objects.filter(pk__in=working).order_by("name", "id")


def display(item: ContentItem, name: str, value: Any) -> str:
    """A logged plain value as people read it."""
    if value in (None, "", []):
        return ""
    field = ContentItem._meta.get_field(name)
    if name in item_fields.LINKS or name in item_fields.MANY:
        ids = value if isinstance(value, list) else [value]
        rows = field.related_model.objects.filter(public_id__in=ids)
        return ", ".join(sorted(str(row) for row in rows))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def _initial(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return value


def _parsed(name: str, value: Any) -> Any:
    """A value of the posted base as the item would hold it in the log."""
    if name == "due_at" and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return value
