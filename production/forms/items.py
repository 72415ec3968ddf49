"""What people fill in about a card: its fields in groups, its lists, its small parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db.models import Model, Q
from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production.items import fields as item_fields
from production.models import (
    Asset,
    ContentItem,
    Format,
    Hook,
    Membership,
    Role,
    User,
)
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
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MINUTE = "%Y-%m-%dT%H:%M"


class Figure(forms.DecimalField):
    """A number as people write it: 48.5 and 48,5, 1 000 and 1000."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = "".join(value.split()).replace("\u2212", "-")
            if value.count(",") == 1 and "." not in value:
                value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return format(value.normalize(), "f").replace(".", get_format("DECIMAL_SEPARATOR"))
        return value


class Length(forms.IntegerField):
    """A length in seconds, written 78 or 1:18."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.count(":") == 1:
            minutes, seconds = (part.strip() for part in value.split(":"))
            if minutes.isdecimal() and seconds.isdecimal() and len(minutes) < 6:
                value = str(int(minutes) * 60 + int(seconds[:4]))
        return super().to_python(value)


class Moment(forms.DateTimeField):
    """A moment to the minute, in the reader's zone."""

    widget = forms.DateTimeInput(format=_MINUTE, attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[_MINUTE, "%Y-%m-%dT%H:%M:%S"], **kwargs)
        self.validators += [MinValueValidator(_EARLIEST), MaxValueValidator(_LATEST)]

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except (OverflowError, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class Address(forms.URLField):
    """A web address; without a scheme it is meant as https."""

    widget = forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
        self.validators = [*self.validators, URLValidator(schemes=["http", "https"])]


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
    field = model_field.formfield(label=label)
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


class NewForm(forms.Form):
    """A new card: everything but the title may wait."""

    title = forms.CharField(label=_("Title"), max_length=200)
    NAMES = (
        "format", "channel", "content_type", "pillar", "goal", "primary_kpi", "target_value",
        "assignees", "labels", "due_at", "hypothesis", "promise", "cta", "description",
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None, *, workspace_id: int, template: Format | None
    ) -> None:
        initial: dict[str, Any] = {}
        if template is not None:
            initial = {"format": template.public_id, "cta": template.cta}
        super().__init__(data, initial=initial)
        for name in self.NAMES:
            self.fields[name] = field_for(name, workspace_id, template.pk if template else None)
            self.fields[name].required = False
        self.fields["content_type"].initial = ContentItem.ContentType.VIDEO
        if template is not None and template.title_formula:
            self.fields["title"].help_text = template.title_formula

    def values(self) -> dict[str, Any]:
        """What was filled in; what was left empty stays for the format to say."""
        found = {name: self.cleaned_data.get(name) for name in self.NAMES if name != "format"}
        kept = {name: value for name, value in found.items() if _is_filled(value)}
        return {n: list(v) if n in item_fields.MANY else v for n, v in kept.items()}


def _is_filled(value: Any) -> bool:
    return value not in (None, "") and not (hasattr(value, "exists") and not value.exists())


class HookForm(forms.Form):
    text = forms.CharField(label=_("Opening"), max_length=300)
    hook_type = forms.ChoiceField(label=_("Type"), choices=Hook.HookType.choices)
    note = forms.CharField(label=_("What the try showed"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AssetForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(label=_("What it is"), choices=Asset.Role.choices)
    alt_text = forms.CharField(
        label=_("Alternative text"),
        max_length=500,
        required=False,
        help_text=_("What it shows, for those who cannot see it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PublicationForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    caption = forms.CharField(
        label=_("Caption"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    link_url = forms.CharField(
        label=_("Link"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class AddressForm(forms.Form):
    permalink = forms.CharField(
        label=_("Where it is"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )


class PostedForm(AddressForm):
    """I posted it: where, and when if not now."""

    published_at = Moment(label=_("Since when"), required=False, help_text=_("Empty: this moment."))

    field_order = ("permalink", "published_at")


class ReviewRequestForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="public_id",
        required=False,
        label=_("Reviewer"),
        empty_label=_("Whoever reviews"),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    due_at = Moment(label=_("Due"), required=False)

    def __init__(self, *args: Any, reviewers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [person.pk for person in reviewers]
        field = self.fields["reviewer"]
        field.queryset = User.objects.filter(pk__in=ids).order_by("name", "id")  # type: ignore[attr-defined]


class LineForm(forms.Form):
    """One source: what it says, and where."""

    text = forms.CharField(label=_("What it is"), max_length=600, required=False)
    link = forms.CharField(
        label=_("Address"),
        max_length=390,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class PieceForm(forms.Form):
    """One derivative to be cut."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    channel = forms.ModelChoiceField(
        ContentItem._meta.get_field("channel").related_model.objects.none(),
        to_field_name="public_id",
        required=False,
        label=_("Channel"),
    )
    length = Length(label=_("Length"), min_value=0, max_value=1_000_000, required=False)
    hook = forms.CharField(label=_("Opening"), max_length=300, required=False)

    def __init__(self, *args: Any, channels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]


def plain_rows(model: type[Model], workspace_id: int) -> Any:
    """The words of the plan that are in use, in their order."""
    return model.objects.filter(workspace=workspace_id, retired_at=None).order_by(  # type: ignore[attr-defined]
        "position", "name", "id"
    )


def first_value(data: QueryDict, name: str, limit: int) -> str:
    """A plain parameter, cut to what can be meant."""
    return data.get(name, "")[:limit]
