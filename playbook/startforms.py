"""What the steps of the first week ask. Each writes through the verbs of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from playbook import risks
from playbook.forms import CycleForm
from playbook.models import RegisteredRisk
from playbook.risks import presets
from production import plan
from production.errors import Invalid
from production.models import Channel, Format, KpiDefinition, Membership, Pillar, Role, User
from production.permissions import Seat
from production.plan import signals

NOT_USED = "none"


class ChannelsForm(forms.Form):
    """Which channels matter most, which one supports, which are not used for now."""

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
        self.rows: Sequence[Channel] = list(rows.order_by("role", "position", "id"))
        for row in self.rows:
            self.fields[row.public_id] = forms.ChoiceField(
                label=f"{row.name} ({row.get_platform_display()})",
                choices=[*Channel.Role.choices, (NOT_USED, _("Not in these ninety days"))],
                initial=row.role,
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        roles = list(found.values())
        first: str = self.rows[0].public_id if self.rows else ""
        if roles.count(Channel.Role.PRIMARY) != 2:
            self.add_error(first or None, _("Choose exactly two primary channels."))
        if roles.count(Channel.Role.SUPPORT) != 1:
            self.add_error(first or None, _("Choose exactly one channel for support."))
        return found

    @transaction.atomic
    def write(self, *, seat: Seat, at: datetime) -> None:
        for row in self.rows:
            role = self.cleaned_data[row.public_id]
            if role == NOT_USED:
                plan.retire(row, seat=seat, at=at)
            else:
                plan.change(row, {"role": role}, seat=seat, at=at)


class SignalsForm(forms.Form):
    """Three signals and the winning KPI of each primary channel."""

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
        self.rows: Sequence[Channel] = list(
            rows.filter(role=Channel.Role.PRIMARY).order_by("position", "id")
        )
        kpis = KpiDefinition.objects.filter(workspace=seat.workspace, retired_at=None)
        for row in self.rows:
            names = signals.names_of(row)
            for number in (1, 2, 3):
                self.fields[f"{row.public_id}_{number}"] = forms.CharField(
                    label=_("%(channel)s, signal %(number)s")
                    % {"channel": row.name, "number": number},
                    max_length=60,
                    initial=names[number - 1] if len(names) >= number else "",
                )
            self.fields[f"{row.public_id}_kpi"] = forms.ModelChoiceField(
                kpis.order_by("position", "id"),
                label=_("%(channel)s, winning KPI") % {"channel": row.name},
                initial=row.winning_kpi_id,
            )

    @transaction.atomic
    def write(self, *, seat: Seat, at: datetime) -> None:
        for row in self.rows:
            data = self.cleaned_data
            names = [data[f"{row.public_id}_{number}"] for number in (1, 2, 3)]
            values = {"signals": names, "winning_kpi": data[f"{row.public_id}_kpi"]}
            try:
                plan.change(row, values, seat=seat, at=at)
            except Invalid as invalid:
                raise _beside(invalid, {"signals": f"{row.public_id}_1"}) from invalid


class RisksForm(forms.Form):
    """Who owns each of the five risks; those that are not in the register yet come with it."""

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = RegisteredRisk.objects.filter(workspace=seat.workspace)
        known = {row.code: row for row in rows}
        members = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
        people = User.objects.filter(memberships__in=members.exclude(role=Role.EXTERNAL))
        for preset in presets.FIVE:
            row = known.get(preset.code)
            if row is not None and row.state == RegisteredRisk.State.RETIRED:
                continue
            self.fields[preset.code] = forms.ModelChoiceField(
                people.order_by("name", "id"),
                label=row.name if row else preset.name,
                help_text=row.symptom if row else preset.symptom,
                initial=(row.owner_id if row else None) or seat.user.pk,
            )

    @transaction.atomic
    def write(self, *, seat: Seat, at: datetime) -> None:
        risks.take_up(seat=seat, at=at)
        rows = RegisteredRisk.objects.filter(workspace=seat.workspace, code__in=self.fields)
        for row in rows.order_by("position", "id"):
            try:
                risks.change(row, {"owner": self.cleaned_data[row.code]}, seat=seat, at=at)
            except Invalid as invalid:
                raise _beside(invalid, {"owner": row.code}) from invalid


class ConversionForm(CycleForm):
    """The cycle to begin, with the channels as the steps before have them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("primary", "support", "reason"):
            del self.fields[name]
        self.fields["core_conversion"].required = True


class RowsForm(forms.Form):
    """Entries of one list, a row each, with empty rows to the number that is meant."""

    noun: ClassVar[str]
    model: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]
    at_hand: ClassVar[int]

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.model.objects.filter(workspace=seat.workspace, retired_at=None)
        self.rows: list[Any] = list(rows.order_by("position", "id"))
        self.rows += [None] * (self.at_hand - len(self.rows))
        for place, row in enumerate(self.rows, start=1):
            for column in self.columns:
                field = self.field_for(column, seat)
                field.label = f"{place}. {field.label}"
                if row is not None:
                    field.initial = getattr(row, field_name(self.model, column))
                self.fields[f"{column}_{place}"] = field

    def field_for(self, column: str, seat: Seat) -> forms.Field:
        """The field of a column, anew for each row."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for place, _row in enumerate(self.rows, start=1):
            if not found.get(f"name_{place}"):
                continue
            for column in self.columns[1:]:
                if not found.get(f"{column}_{place}") and f"{column}_{place}" not in self.errors:
                    self.add_error(f"{column}_{place}", _("Fill this in, or empty the name."))
        return found

    @transaction.atomic
    def write(self, *, seat: Seat, at: datetime) -> None:
        for place, row in enumerate(self.rows, start=1):
            values = {column: self.cleaned_data[f"{column}_{place}"] for column in self.columns}
            try:
                if row is None and values["name"]:
                    plan.add(self.noun, values, seat=seat, at=at)
                elif row is not None and values["name"]:
                    plan.change(row, values, seat=seat, at=at)
                elif row is not None:
                    plan.retire(row, seat=seat, at=at)
            except Invalid as invalid:
                places = {column: f"{column}_{place}" for column in self.columns}
                raise _beside(invalid, places) from invalid


class PillarsForm(RowsForm):
    noun, model, columns, at_hand = "pillar", Pillar, ("name", "kpi"), 5

    def field_for(self, column: str, seat: Seat) -> forms.Field:
        if column == "name":
            return forms.CharField(label=_("Name"), max_length=60, required=False)
        kpis = KpiDefinition.objects.filter(workspace=seat.workspace, retired_at=None)
        return forms.ModelChoiceField(
            kpis.order_by("position", "id"), label=_("KPI"), required=False, empty_label="–"
        )


class FormatsForm(RowsForm):
    noun, model, columns, at_hand = "format", Format, ("name", "title_formula", "cta"), 8

    def field_for(self, column: str, seat: Seat) -> forms.Field:
        labels = {
            "name": _("Name"),
            "title_formula": _("Title formula"),
            "cta": _("Call to action"),
        }
        most = 60 if column == "name" else 200
        return forms.CharField(label=labels[column], max_length=most, required=False)


def field_name(model: Any, column: str) -> str:
    """The attribute a form field begins with: of a relation its key."""
    return str(model._meta.get_field(column).attname)


def _beside(invalid: Invalid, places: dict[str, str]) -> Invalid:
    """What a verb found wrong, under the names of this form's fields."""
    return Invalid({places.get(name, name): said for name, said in invalid.errors.items()})
