from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production.models import Stage, Workspace

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)
_ACROSS = {"class": "across"}


class DaysField(forms.CharField):
    """Days as people list them: one a line, or with commas between; a list of what was typed."""

    def to_python(self, value: Any) -> list[str]:
        text = "\n".join(value) if isinstance(value, list) else str(value or "")
        return [part for part in re.split(r"[\s,;]+", text) if part]

    def prepare_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, list) else value


class FlowForm(forms.ModelForm):
    working_weekdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs=_ACROSS),
        error_messages={"required": _("Choose at least one weekday.")},
    )
    holidays = DaysField(
        label=_("Days off"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Single days, one a line: 2026-12-24. They count only in working days."),
    )

    class Meta:
        model = Workspace
        fields = (
            "clock_start",
            "target_hours",
            "baseline_hours",
            "sle_share",
            "sle_hours",
            "duration_mode",
        )
        widgets = {"clock_start": forms.RadioSelect, "duration_mode": forms.RadioSelect}
        help_texts = {
            "clock_start": _("The countdown on a card always runs from commitment."),
            "target_hours": _("The countdown on every card runs against it."),
            "baseline_hours": _("How long it took before you began to measure."),
            "sle_share": _("85 is usual: one card in seven may take longer."),
            "sle_hours": _("Empty: what the last 30 days show."),
            "duration_mode": _(
                "Calendar and working days are named beside every figure. Targets, promises and "
                "forecasts are reckoned in elapsed time."
            ),
        }

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["working_weekdays"].initial = self.instance.working_weekdays
        self.fields["holidays"].initial = self.instance.holidays
        for name in ("target_hours", "baseline_hours", "sle_hours"):
            self.fields[name].widget.attrs["min"] = 1
        self.fields["sle_share"].widget.attrs |= {"min": 50, "max": 99}
        by_board: dict[str, list[Stage]] = defaultdict(list)
        for stage in stages:
            by_board[stage.board.public_id].append(stage)
        for board, own in by_board.items():
            label = own[0].board.name if len(by_board) > 1 else gettext("Stages that wait")
            self.fields[f"waiting-{board}"] = forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=[(stage.public_id, stage.name) for stage in own],
                initial=[stage.public_id for stage in own if stage.waiting],
                widget=forms.CheckboxSelectMultiple(attrs=_ACROSS),
            )

    @property
    def clock(self) -> list[forms.BoundField]:
        return [self[name] for name in ("clock_start", "target_hours", "baseline_hours")]

    @property
    def promise(self) -> list[forms.BoundField]:
        return [self[name] for name in ("sle_share", "sle_hours")]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in ("duration_mode", "working_weekdays", "holidays")]

    @property
    def stages(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("waiting-")]

    @property
    def changes(self) -> dict[str, Any]:
        """What to change of the workspace."""
        named = self.cleaned_data.items()
        return {name: value for name, value in named if not name.startswith("waiting-")}

    @property
    def waiting(self) -> set[str]:
        """The public ids of the stages that are to wait."""
        return {
            each
            for name, value in self.cleaned_data.items()
            if name.startswith("waiting-")
            for each in value
        }
