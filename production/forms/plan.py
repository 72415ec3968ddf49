"""One form for each word of the plan; `values()` is what the verb is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from production import zones
from production.models import (
    Channel,
    Format,
    Goal,
    KpiDefinition,
    Label,
    Partner,
    Pillar,
    Workspace,
)
from production.plan import signals


class EntryForm(forms.ModelForm):
    """An entry of one workspace: offers only what is in use there, and what it has already."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version if self.instance.pk else None)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                now = getattr(self.instance, f"{name}_id", None)
                field.queryset = (
                    field.queryset.filter(workspace=workspace)
                    .filter(Q(retired_at=None) | Q(pk=now))
                    .order_by("position", "id")
                )
        if "name" in self.fields and not self.instance.pk:
            self.fields["name"].widget.attrs["autofocus"] = True

    def _post_clean(self) -> None:
        """The verb checks the entry, and writes it; the form leaves its instance alone."""

    def values(self) -> dict[str, Any]:
        """Field → value as the verb takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ChannelForm(EntryForm):
    signal_1 = forms.CharField(label=_("Signal 1, most important"), max_length=60, required=False)
    signal_2 = forms.CharField(label=_("Signal 2"), max_length=60, required=False)
    signal_3 = forms.CharField(label=_("Signal 3"), max_length=60, required=False)
    reporting_zone = forms.ChoiceField(
        label=_("Reporting zone"), help_text=_("The zone in which the platform counts its days.")
    )
    locked_until = forms.DateField(
        label=_("Locked until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A channel is kept for 90 days before it is judged."),
    )

    class Meta:
        model = Channel
        fields = (
            "name",
            "platform",
            "handle",
            "role",
            "winning_kpi",
            "reporting_zone",
            "locked_until",
        )
        widgets = {"role": forms.RadioSelect}
        help_texts = {
            "winning_kpi": _("The one number by which a piece is better here than another."),
        }

    field_order = (
        "name",
        "platform",
        "handle",
        "role",
        "signal_1",
        "signal_2",
        "signal_3",
        "winning_kpi",
        "reporting_zone",
        "locked_until",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.reporting_zone
        self.fields["reporting_zone"].choices = [
            (name, name) for name in sorted({*zones.names(), now} - {""})
        ]
        self.fields["role"].choices = Channel.Role.choices
        if self.instance.pk:
            for number, name in enumerate(signals.names_of(self.instance), start=1):
                self.initial[f"signal_{number}"] = name

    def values(self) -> dict[str, Any]:
        values = super().values()
        names = [values.pop(f"signal_{number}") for number in (1, 2, 3)]
        return values | {"signals": names}


class PillarForm(EntryForm):
    class Meta:
        model = Pillar
        fields = ("name", "description", "kpi")
        help_texts = {"kpi": _("The one number by which this theme is judged.")}


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [" ".join(line.split()) for line in super().to_python(value).splitlines()]
        return [line for line in lines if line]

    def run_validators(self, value: Any) -> None:
        for line in value:
            if len(line) > 200:
                raise forms.ValidationError(
                    _("Keep each line below 200 letters."), code="line_too_long"
                )


class FormatForm(EntryForm):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in Format.State if state != "retired"],
        initial=Format.State.CANDIDATE,
        widget=forms.RadioSelect,
    )
    b_roll = LinesField(label=_("B-roll list"), required=False, help_text=_("One shot a line."))

    class Meta:
        model = Format
        fields = (
            "name",
            "state",
            "title_formula",
            "hook_pattern",
            "b_roll",
            "cta",
            "length_min_seconds",
            "length_max_seconds",
            "script_template",
            "definition_of_done",
        )
        widgets = {
            "script_template": forms.Textarea(attrs={"rows": 8}),
            "definition_of_done": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "hook_pattern": _("How the first two seconds are done in this format."),
            "definition_of_done": _("What makes a piece of this format good enough to go out."),
        }

    def preview_at(self, url: str) -> None:
        """Let the title formula show its slots while it is written."""
        self.fields["title_formula"].widget.attrs.update(
            {
                "hx-get": url,
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#title-preview",
                "hx-push-url": "false",
            }
        )


class KpiForm(EntryForm):
    class Meta:
        model = KpiDefinition
        fields = (
            "name",
            "short_name",
            "kind",
            "numerator",
            "denominator",
            "per",
            "unit",
            "direction",
            "source",
            "numerator_metrics",
            "denominator_metrics",
            "basis",
            "age_hours",
            "statistic",
            "min_events",
            "min_days",
        )
        widgets = {"direction": forms.RadioSelect}
        help_texts = {
            "numerator": _("What is counted."),
            "denominator": _("Over what. Ratios need one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].choices = KpiDefinition.Direction.choices


class GoalForm(EntryForm):
    class Meta:
        model = Goal
        fields = ("name", "primary_kpi", "secondary_kpi")
        help_texts = {"primary_kpi": _("A card with this goal gets these KPIs by itself.")}


class PartnerForm(EntryForm):
    class Meta:
        model = Partner
        fields = ("name", "handle")


class LabelForm(EntryForm):
    class Meta:
        model = Label
        fields = ("name",)
