"""What people choose about a file of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from experiments.models import ExperimentImport, MetricImport
from production.models import Channel, KpiDefinition


class MetricFileForm(forms.Form):
    """The export to bring in."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_("As you downloaded it: CSV or Excel of YouTube, Meta, TikTok, LinkedIn, GA4."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xls,.xlsx"}),
    )


def is_too_large(form: forms.Form, size: int) -> bool:
    """Whether a file is larger than may be; the form then says how large one may be."""
    if size <= settings.METRIC_FILE_LIMIT:
        return False
    megabytes = settings.METRIC_FILE_LIMIT // (1024 * 1024)
    sentence = _("The file is larger than %(n)s MB.")
    form.add_error("file", forms.ValidationError(sentence, "too_large", {"n": megabytes}))
    return True


def status_of(form: forms.Form) -> int:
    """What the answer to the form is: 413 for a file that is too large, 422 for other mistakes."""
    if form.has_error("file", "too_large"):
        return 413
    return 422 if form.errors else 200


class ExperimentFileForm(forms.Form):
    """The file of experiments to bring in."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_(
            "CSV with the columns experiment, variant, day, exposures and total; or the Upworthy "
            "archive, also packed as .gz."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.gz"}),
    )


class KpiForm(forms.Form):
    """What the totals of the file count, where it does not say so."""

    kpi = forms.ModelChoiceField(
        KpiDefinition.objects.none(),
        label=_("Primary KPI"),
        to_field_name="public_id",
        help_text=_("What the totals of the file count."),
    )

    def __init__(self, *args: Any, run: ExperimentImport, **kwargs: Any) -> None:
        kwargs["initial"] = {"kpi": run.kpi.public_id if run.kpi else ""}
        super().__init__(*args, **kwargs)
        rows = KpiDefinition.objects.filter(workspace=run.workspace).order_by("name")
        self.fields["kpi"].queryset = rows  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """What the file does not say itself; only what is asked is shown."""

    channel = forms.ChoiceField(
        label=_("Channel"), required=False, help_text=_("Whose account the file is from.")
    )
    zone = forms.CharField(
        label=_("Time zone of the file"),
        max_length=64,
        help_text=_("Asked once per source. Its times have none; Meta and YouTube use US Pacific."),
    )
    as_of = forms.DateField(
        label=_("Exported on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When the numbers were so; today if left empty."),
    )
    period_start = forms.DateField(
        label=_("First day of the period"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    period_end = forms.DateField(
        label=_("Last day of the period"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    date_order = forms.ChoiceField(
        label=_("Order in dates"),
        required=False,
        choices=[("", "–"), ("mdy", _("Month first")), ("dmy", _("Day first"))],
    )

    def __init__(
        self, *args: Any, run: MetricImport, channels: Sequence[Channel], **kwargs: Any
    ) -> None:
        self.run = run
        kwargs["initial"] = {
            "zone": run.report.get("zone_default") or run.workspace.time_zone,
            "channel": run.channel.public_id if run.channel else "",
        }
        super().__init__(*args, **kwargs)
        self.channels = {each.public_id: each for each in channels}
        self.fields["channel"].choices = [
            ("", "–"),
            *((each.public_id, f"{each.name} {each.handle}".strip()) for each in channels),
        ]
        asked = {each["code"] for each in run.report.get("questions", ())}
        if "zone" not in run.report.get("asks", ()):
            del self.fields["zone"]
        if not asked & {"year_missing", "year_ambiguous"}:
            del self.fields["period_start"], self.fields["period_end"]
        if not asked & {"dates_mixed", "date_order"}:
            del self.fields["date_order"]
        if run.answers.get("as_of"):
            self.fields["as_of"].initial = run.answers["as_of"]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."), code="unknown")
        return zone

    def said(self) -> dict[str, Any]:
        """The answers as the verb takes them."""
        found: dict[str, Any] = {}
        for name in ("zone", "as_of", "period_start", "period_end"):
            if value := self.cleaned_data.get(name):
                found[name] = str(value)
        found["channel"] = self.channels.get(self.cleaned_data.get("channel", ""))
        if order := self.cleaned_data.get("date_order"):
            columns = [each["column"] for each in self.run.report["questions"]]
            found["date_order"] = dict.fromkeys(columns, order)
        return found
