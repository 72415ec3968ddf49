"""Boards, stages and gates as their owners fill them in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from production.models import Board, Channel, Gate, Stage


class BoardForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)


class _Arranged(forms.ModelForm):
    """A row that a verb writes: the form checks the shape and leaves its instance alone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version if self.instance.pk else None)

    def _post_clean(self) -> None:
        pass

    def values(self) -> dict[str, Any]:
        """Field → value as the verb takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class StageForm(_Arranged):
    class Meta:
        model = Stage
        fields = ("name", "kind", "wip_limit", "limit_mode", "waiting")
        widgets = {"limit_mode": forms.RadioSelect}
        help_texts = {
            "kind": _(
                "What the stage is for. The name is yours; the kind keeps the metrics honest."
            ),
            "wip_limit": _("How many cards may stand here. Empty: no limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit_mode"].choices = Stage.LimitMode.choices


class SplitForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the second stage"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class RetireStageForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Its cards go to"),
        queryset=Stage.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        help_text=_("To the end of that stage. No gate is asked, and no time on a card changes."),
    )

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (  # type: ignore[attr-defined]
            Stage.objects.filter(board=stage.board_id, retired_at=None)
            .exclude(pk=stage.pk)
            .order_by("position", "id")
        )


class GateForm(_Arranged):
    class Meta:
        model = Gate
        fields = ("label", "check_kind", "field", "counted", "at_least", "channel")
        help_texts = {
            "label": _("As it stands on the card: “Sources are named”."),
            "field": _("For the check “A field is filled in”."),
            "counted": _("For the check “At least so many”."),
            "at_least": _("For counts and openings."),
        }

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.channel_id
        channel = self.fields["channel"]
        channel.queryset = (  # type: ignore[attr-defined]
            Channel.objects.filter(workspace=board.workspace_id)
            .filter(Q(retired_at=None) | Q(pk=now))
            .order_by("position", "id")
        )
        channel.empty_label = _("All channels")  # type: ignore[attr-defined]
        self.fields["at_least"].required = False

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"at_least": values["at_least"] or 1}
