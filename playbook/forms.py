"""What is asked of people about the cycle, the strategy and who is responsible."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from playbook import strategies
from playbook.models import Responsibility, Strategy
from production.models import (
    Channel,
    Cycle,
    CyclePhase,
    KpiDefinition,
    Membership,
    Role,
    User,
    Workspace,
)

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CycleForm(forms.Form):
    """A cycle to begin: its first day, its one conversion, its channels."""

    name = forms.CharField(label=_("Name"), max_length=100)
    starts_on = forms.DateField(label=_("First day"), widget=_DAY)
    template = forms.ChoiceField(label=_("For"), choices=Cycle.Template)
    core_conversion = forms.ModelChoiceField(
        label=_("Core conversion"),
        queryset=KpiDefinition.objects.none(),
        required=False,
        help_text=_("The one thing that everything leads to: a lead, a registration, a sale."),
    )
    primary = forms.ModelMultipleChoiceField(
        label=_("Primary channels, at most two"),
        queryset=Channel.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        error_messages={"required": _("Choose at least one primary channel.")},
    )
    support = forms.ModelMultipleChoiceField(
        label=_("Channel for support, at most one"),
        queryset=Channel.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why more channels"),
        max_length=300,
        required=False,
        help_text=_("Only when there are more than two and one."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kpis = KpiDefinition.objects.filter(workspace=workspace, retired_at=None)
        self.fields["core_conversion"].queryset = kpis.order_by("position", "id")  # type: ignore[attr-defined]
        channels = Channel.objects.filter(workspace=workspace, retired_at=None)
        for name in ("primary", "support"):
            self.fields[name].queryset = channels.order_by("role", "position", "id")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        both = set(found.get("primary") or ()) & set(found.get("support") or ())
        if both:
            self.add_error("support", _("A channel is either primary or for support."))
        return found

    @property
    def values(self) -> dict[str, Any]:
        names = ("name", "starts_on", "template", "core_conversion")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def channels(self) -> dict[Channel, str]:
        roles = {each: str(Channel.Role.PRIMARY) for each in self.cleaned_data["primary"]}
        return roles | {each: str(Channel.Role.SUPPORT) for each in self.cleaned_data["support"]}


class DecisionForm(forms.Form):
    """What happens at the end of a phase, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=CyclePhase.Decision, widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label=_("Longer by, days"),
        min_value=1,
        max_value=30,
        initial=7,
        help_text=_("When extended. The phases after it give up these days."),
    )
    note = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def team_of(workspace: Workspace) -> Any:
    """The people of the team, outsiders left out."""
    members = Membership.objects.filter(workspace=workspace, removed_at=None)
    members = members.exclude(role=Role.EXTERNAL)
    return User.objects.filter(memberships__in=members).order_by("name", "id")


class RiskForm(forms.Form):
    """A risk: what one sees, what is done then, who watches."""

    name = forms.CharField(label=_("Risk"), max_length=120)
    symptom = forms.CharField(
        label=_("Symptom"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    threshold = forms.CharField(label=_("What sets it off"), max_length=300, required=False)
    mitigation = forms.CharField(
        label=_("What we do then"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    next_review_on = forms.DateField(label=_("Next review"), widget=_DAY, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = team_of(workspace)  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class StrategyForm(forms.ModelForm):
    """The five parts of the page; none is asked for before a cycle begins."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Strategy
        fields = strategies.FIELDS
        help_texts: ClassVar = {
            "goals": _("What should be true after ninety days, in numbers."),
            "audience": _("Who it is for, and what they want."),
            "channels": _("Which two channels, which one for support, and why."),
            "rhythm": _("How much of what goes out when, and who does what on which day."),
            "kpis": _("What the numbers say today, before anything changes."),
        }
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 4}) for name in strategies.FIELDS}

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in strategies.FIELDS}


class ResponsibilityForm(forms.Form):
    """A person and a deputy for each area."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = team_of(workspace)
        for area in Responsibility.Area:
            self.fields[f"{area.value}_person"] = forms.ModelChoiceField(
                people, label=area.label, required=False, empty_label="–"
            )
            self.fields[f"{area.value}_deputy"] = forms.ModelChoiceField(
                people, label=_("Deputy"), required=False, empty_label="–"
            )
        for row in Responsibility.objects.filter(workspace=workspace):
            self.initial[f"{row.area}_person"] = row.person_id
            self.initial[f"{row.area}_deputy"] = row.deputy_id

    @property
    def pairs(self) -> dict[str, strategies.Pair]:
        data = self.cleaned_data
        areas = Responsibility.Area.values
        return {area: (data[f"{area}_person"], data[f"{area}_deputy"]) for area in areas}
