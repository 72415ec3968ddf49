"""What people fill in of a KPI's line and of a threshold rule. The verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experiments.kpis.keeping import people
from experiments.models import ThresholdRule, TrackedKpi
from production.models import User
from production.permissions import Seat

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _Kept(forms.ModelForm):
    """A row that a verb writes: the form leaves its instance alone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version if self.instance.pk else None)
        members = User.objects.filter(pk__in=people(seat.workspace).values("user"))
        self.fields["owner"].queryset = members.order_by("name", "pk")
        self.fields["owner"].empty_label = _("nobody")

    def _post_clean(self) -> None:
        """The verb checks the row, and writes it."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class LineForm(_Kept):
    """Who looks after a KPI, until when it should be where, and how often one looks."""

    class Meta:
        model = TrackedKpi
        fields = ("owner", "target", "cadence_days", "next_review_on", "lean")
        widgets = {"next_review_on": _DAY}
        help_texts = {"lean": _("One of the two that remain in a lean cycle.")}


class RuleForm(_Kept):
    """When a KPI does this for so long, its owner has to do that."""

    class Meta:
        model = ThresholdRule
        fields = (
            "name", "kpi", "channel", "scope", "condition", "line", "clear_line", "other_kpi",
            "for_days", "min_posts", "format", "min_base", "owner", "due_days", "step",
            "step_text",
        )  # fmt: skip
        widgets = {"scope": forms.RadioSelect}
        help_texts = {
            "channel": _("Empty: all primary channels together."),
            "scope": _("One publication is judged once, at its age."),
            "line": _("In the KPI's own unit."),
            "clear_line": _(
                "Empty: at its baseline, so that a KPI that trembles opens one action."
            ),
            "other_kpi": _("That should rise with it."),
            "for_days": _("Of a publication: its age, 1, 3, 7 or 28 days."),
            "min_posts": _("In 28 days; with fewer the rule says nothing."),
            "format": _("Of publications only; empty: every format."),
            "min_base": _("Impressions, views …; with fewer the number says nothing."),
            "owner": _("Empty: the owner of the KPI."),
        }

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, seat=seat, **kwargs)
        self.fields["scope"].choices = ThresholdRule.Scope.choices
        for name in ("kpi", "other_kpi", "channel", "format"):
            field, now = self.fields[name], getattr(self.instance, f"{name}_id", None)
            rows = field.queryset.filter(workspace=seat.workspace)
            rows = rows.filter(Q(retired_at=None) | Q(pk=now))
            field.queryset = rows.order_by("position", "id")
            if name != "kpi":
                field.empty_label = "–"
