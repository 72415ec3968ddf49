"""What people fill in to plan: a slot, its time, what fills it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from production.forms.flow import WEEKDAYS
from production.models import (
    CalendarFeed,
    Channel,
    ContentItem,
    Format,
    KpiDefinition,
    Pillar,
    Slot,
)
from production.permissions import Seat
from production.publications.schedule import wall_time
from production.slots import FIELDS, MOST_DAYS
from production.walltime import WallTime

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TimeForm(forms.Form):
    """*Move to…*: a day and a time on the clock of the workspace."""

    date = forms.DateField(label=_("Day"), widget=_DAY)
    time = forms.TimeField(label=_("Time"), widget=_CLOCK)
    waive = forms.CharField(
        label=_("Why outside the windows"),
        required=False,
        max_length=300,
        help_text=_("Only for a time outside the publishing windows."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = seat.workspace.time_zone
        if not seat.may("window.waive"):
            del self.fields["waive"]

    def when(self) -> WallTime:
        """The time as verbs take it. Raises Invalid."""
        return at_clock(self.cleaned_data, self.zone)

    @property
    def waived(self) -> str:
        return self.cleaned_data.get("waive", "")


class AboutForm(forms.ModelForm):
    """What a slot is for."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Slot
        fields = FIELDS

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        _offer(self, seat, self.instance)

    def _post_clean(self) -> None:
        """The verb checks and writes; the form leaves its instance alone."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class FillForm(forms.Form):
    """Which card takes the slot."""

    item = forms.ChoiceField(label=_("Card"))

    def __init__(self, *args: Any, items: Iterable[ContentItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", "–"), *by_stage(items)]


class IdeasForm(forms.Form):
    """Which card takes each of the empty slots; a card goes out once."""

    def __init__(
        self,
        *args: Any,
        slots: Sequence[Slot],
        items: Sequence[ContentItem],
        chosen: Mapping[str, str],
        when: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.slots, self.items = slots, items
        for slot, moment in zip(slots, when, strict=True):
            fitting = [item for item in items if item.channel_id in (None, slot.channel_id)]
            wanted = [slot.format, slot.pillar, slot.get_content_type_display() or slot.note]
            self.fields[slot.public_id] = forms.ChoiceField(
                label=f"{moment} · {slot.channel.name}",
                help_text=", ".join(str(each) for each in wanted if each),
                required=False,
                choices=[("", "–"), *by_stage(fitting)],
                initial=chosen.get(slot.public_id, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for name, item in list(cleaned.items()):
            if item and item in seen:
                self.add_error(name, _("This card stands in another slot already."))
            seen.add(item)
        return cleaned

    @property
    def pairs(self) -> list[tuple[Slot, ContentItem]]:
        """The slots for which a card was chosen."""
        by_id = {item.public_id: item for item in self.items}
        chosen = self.cleaned_data
        return [
            (slot, by_id[chosen[slot.public_id]])
            for slot in self.slots
            if chosen.get(slot.public_id)
        ]


class AddForm(forms.Form):
    """A new slot, or the same one on several days; a card may take it at once."""

    channel = forms.ModelChoiceField(
        label=_("Channel"), queryset=Channel.objects.none(), to_field_name="public_id",
        empty_label=None,
    )  # fmt: skip
    date = forms.DateField(label=_("Day"), widget=_DAY)
    time = forms.TimeField(label=_("Time"), widget=_CLOCK)
    item = forms.ChoiceField(
        label=_("Card"), required=False, help_text=_("Empty: a slot to be filled later.")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Also on"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        help_text=_("The same slot on each of these days, from the day above on."),
    )
    days = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=MOST_DAYS, initial=14, required=False
    )
    content_type = forms.ChoiceField(
        label=_("Type"), choices=[("", "–"), *ContentItem.ContentType.choices], required=False
    )
    pillar = forms.ModelChoiceField(
        label=_("Pillar"), queryset=Pillar.objects.none(), required=False
    )
    format = forms.ModelChoiceField(
        label=_("Format"), queryset=Format.objects.none(), required=False
    )
    kpi = forms.ModelChoiceField(
        label=_("KPI"), queryset=KpiDefinition.objects.none(), required=False
    )
    is_experiment = forms.BooleanField(label=_("For an experiment"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    waive = forms.CharField(
        label=_("Why outside the windows"), max_length=300, required=False,
        help_text=_("Only for a time outside the publishing windows."),
    )  # fmt: skip

    FIRST = ("channel", "date", "time", "item")
    REPEAT = ("weekdays", "days")

    def __init__(self, *args: Any, seat: Seat, items: Iterable[ContentItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = seat.workspace.time_zone
        channels = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
        self.fields["channel"].queryset = channels.order_by("role", "position", "id")
        self.fields["item"].choices = [("", "–"), *by_stage(items, with_channel=True)]
        _offer(self, seat)
        if not seat.may("window.waive"):
            del self.fields["waive"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("item") and cleaned.get("weekdays"):
            self.add_error("weekdays", _("A card goes out once: leave the days away."))
        return cleaned

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def repeated(self) -> list[forms.BoundField]:
        return [self[name] for name in self.REPEAT]

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS]

    @property
    def waiving(self) -> list[forms.BoundField]:
        return [self["waive"]] if "waive" in self.fields else []

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def waived(self) -> str:
        return self.cleaned_data.get("waive", "")

    def when(self) -> WallTime:
        """The time as verbs take it. Raises Invalid."""
        return at_clock(self.cleaned_data, self.zone)


def at_clock(cleaned: dict[str, Any], zone: str) -> WallTime:
    """The wall time of the form's day and time. Raises Invalid."""
    day: date = cleaned["date"]
    clock = cleaned["time"]
    return wall_time(f"{day.isoformat()}T{clock:%H:%M}", zone, field="date")


def shown_at(moment: datetime) -> dict[str, Any]:
    """What a form begins with for a time on the clock of the workspace."""
    return {"date": moment.date(), "time": moment.time().replace(second=0, microsecond=0)}


def by_stage(items: Iterable[ContentItem], *, with_channel: bool = False) -> list[Any]:
    """The cards as choices, under the names of their stages."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        name = f"{item.key} {item.title}"
        if with_channel and item.channel:
            name = f"{name} · {item.channel.name}"
        groups.setdefault(item.stage.name, []).append((str(item.public_id), name))
    return list(groups.items())


def _offer(form: forms.BaseForm, seat: Seat, instance: Slot | None = None) -> None:
    """Only what is in use in the workspace, and what the slot has already."""
    for name, model in (("pillar", Pillar), ("format", Format), ("kpi", KpiDefinition)):
        now = getattr(instance, f"{name}_id", None)
        rows = model.objects.filter(workspace=seat.workspace)
        found = rows.filter(Q(retired_at=None) | Q(pk=now)).order_by("position", "id")
        form.fields[name].queryset = found  # type: ignore[attr-defined]
        form.fields[name].empty_label = "–"  # type: ignore[attr-defined]


class FeedForm(forms.Form):
    """What a calendar program shall show."""

    of = forms.ChoiceField(label=_("Shows"), choices=CalendarFeed.Of.choices)
    channel = forms.ModelChoiceField(
        label=_("Channel"), queryset=Channel.objects.none(), required=False, empty_label="–",
        help_text=_("Only for the calendar of one channel."),
    )  # fmt: skip
    with_captions = forms.BooleanField(
        label=_("With captions"),
        required=False,
        help_text=_("Whoever knows the address reads them too."),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
        self.fields["channel"].queryset = channels.order_by("role", "position", "id")
        if not seat.may("calendar.see"):
            self.fields["of"].choices = [
                (CalendarFeed.Of.PERSON.value, CalendarFeed.Of.PERSON.label)
            ]
            del self.fields["channel"]
