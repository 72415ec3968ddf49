"""Publishing windows and the rules of the week's mix."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from production.forms.flow import WEEKDAYS
from production.mixrules import FIELDS, PHASES
from production.models import MixRule, Window

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WindowForm(forms.Form):
    """Hours of some weekdays; while the windows are locked also the reason."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        error_messages={"required": _("Choose at least one weekday.")},
    )
    begins = forms.TimeField(label=_("From"), widget=_CLOCK)
    ends = forms.TimeField(label=_("Until"), widget=_CLOCK)
    reason = forms.CharField(label=_("Why now"), max_length=300)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, locked: bool, window: Window | None = None, **kwargs: Any
    ) -> None:
        if window is not None:
            names = ("weekdays", "begins", "ends", "version")
            kwargs["initial"] = {name: getattr(window, name) for name in names}
        super().__init__(*args, **kwargs)
        if not locked:
            del self.fields["reason"]

    @property
    def hours(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("weekdays", "begins", "ends")}

    @property
    def why(self) -> str:
        return self.cleaned_data.get("reason", "")


class WhyForm(forms.Form):
    """A reason, and nothing else."""

    reason = forms.CharField(label=_("Why now"), max_length=300)


class MixRuleForm(forms.ModelForm):
    """How much of something a week holds."""

    phase = forms.TypedChoiceField(
        label=_("In phase"),
        choices=[("", _("every phase")), *((each, str(each)) for each in PHASES)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Of the 90-day cycle. Without a cycle every rule holds."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = MixRule
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version if self.instance.pk else None)

    def _post_clean(self) -> None:
        """The verb checks and writes; the form leaves its instance alone."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
