"""What people fill in of an experiment. The verbs decide."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from experiments.models import Experiment
from experiments.results import Line
from production.models import Channel, ContentItem, KpiDefinition
from production.permissions import Seat

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_COLUMNS = ("variant", "day", "exposures", "total")


class ExperimentForm(forms.Form):
    """A plan: one variable, one KPI, the variants a line each; the first is the control."""

    title = forms.CharField(label=_("Title"), max_length=200)
    hypothesis = forms.CharField(
        label=_("Hypothesis"),
        max_length=500,
        required=False,
        help_text=_("We expect that … because …"),
    )
    variable = forms.ChoiceField(
        label=_("What differs"),
        choices=Experiment.Variable.choices,
        help_text=_("One thing, and nothing else."),
    )
    variants = forms.CharField(
        label=_("Variants"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        help_text=_("One a line, two to ten. The first is the control."),
    )
    kpi = forms.ModelChoiceField(KpiDefinition.objects.none(), label=_("The KPI that decides"))
    guardrails = forms.ModelMultipleChoiceField(
        KpiDefinition.objects.none(),
        label=_("Guardrails"),
        required=False,
        help_text=_("KPIs that must not get worse by more than 10 %."),
    )
    allocation = forms.ChoiceField(
        label=_("Who decides who sees what"), choices=Experiment.Allocation.choices
    )
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("Channel"), required=False, empty_label="–"
    )
    item = forms.ModelChoiceField(
        ContentItem.objects.none(), label=_("Card"), required=False, empty_label="–"
    )
    starts_on = forms.DateField(label=_("From"), widget=_DAY)
    ends_on = forms.DateField(label=_("Planned end"), widget=_DAY)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = {"workspace": seat.workspace, "retired_at": None}
        kpis = KpiDefinition.objects.filter(**live).order_by("position", "id")
        self.fields["kpi"].queryset = self.fields["guardrails"].queryset = kpis
        self.fields["channel"].queryset = Channel.objects.filter(**live).order_by("name")
        items = ContentItem.objects.filter(workspace=seat.workspace, archived_at=None)
        self.fields["item"].queryset = items.select_related("workspace").order_by("-number")[:300]

    @property
    def values(self) -> dict[str, Any]:
        left_out = ("variants", "guardrails")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    @property
    def texts(self) -> list[dict[str, Any]]:
        lines = (line.strip() for line in self.cleaned_data["variants"].splitlines())
        return [{"text": line} for line in lines if line]

    @property
    def rails(self) -> list[tuple[KpiDefinition, float]]:
        return [(kpi, 0.1) for kpi in self.cleaned_data["guardrails"]]


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=ContentItem.Decision.choices)
    reason = forms.CharField(label=_("Why"), max_length=500)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


class ResultsForm(forms.Form):
    """Results as lines of CSV, typed or as a file."""

    text = forms.CharField(
        label=_("Results"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        required=False,
        max_length=500_000,
        help_text=_("CSV: variant, day, exposures, total; maybe sum_squares, viewers, kpi."),
    )
    file = forms.FileField(label=_("or a file"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        text = found.get("text") or ""
        if (sent := found.get("file")) is not None:
            if sent.size > 5_000_000:
                raise forms.ValidationError(_("The file is larger than 5 MB."))
            text = sent.read().decode("utf-8-sig", "replace")
        found["lines"] = list(_lines(text))
        return found


def _lines(text: str) -> Any:
    first = text.strip().splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text.strip()), delimiter=separator)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if missing := [name for name in _COLUMNS if name not in names]:
        sentence = _now("The first line names the columns. Missing: %(names)s.")
        raise forms.ValidationError(sentence % {"names": ", ".join(missing)})
    for number, raw in enumerate(rows, 2):
        row = {
            (k or "").strip().lower(): (v or "").strip() for k, v in raw.items() if k is not None
        }
        try:
            yield _line(row, separator)
        except (ValueError, KeyError):
            sentence = _now("Line %(number)s cannot be read: %(line)s")
            told = separator.join(row.values())[:100]
            raise forms.ValidationError(sentence % {"number": number, "line": told}) from None


def _line(row: dict[str, str], separator: str) -> Line:
    squares, viewers = row.get("sum_squares", ""), row.get("viewers", "")
    return Line(
        row["variant"][:40],
        date.fromisoformat(row["day"]),
        _number(row["exposures"], separator),
        _number(row["total"], separator),
        row.get("kpi", "")[:60],
        _number(squares, separator) if squares else None,
        int(_number(viewers, separator)) if viewers else None,
    )


def _number(text: str, separator: str) -> float:
    """`1200`, `1 200`, `12.5`; with semicolons between columns also `12,5`."""
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    return float(text.replace(",", ".") if separator != "," else text)
