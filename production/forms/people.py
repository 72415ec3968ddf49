from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from production import zones
from production.models import Kind, Membership, Role, Workspace
from production.workspaces import GRACE

SCOPES = (
    ("content:read", _("read cards, boards and the plan")),
    ("content:write", _("create, edit and move cards")),
    ("publications:read", _("read publications")),
    ("publications:lease", _("claim what is ready to be published")),
    ("publications:report", _("report what was published")),
    ("events:read", _("follow the log")),
    ("webhooks:manage", _("manage webhooks")),
    ("metrics:write", _("tell numbers: observations of posts and channels")),
    ("imports:run", _("import files")),
    ("workspace:admin", _("change the workspace, its boards and its plan")),
)
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
OF_OWNERS = ("webhooks:manage", "workspace:admin")


class WorkspaceForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Workspace
        fields = (
            "name",
            "language",
            "time_zone",
            "wip_limit_per_person",
            "wip_per_person_blocks",
        )
        help_texts = {
            "language": _("Of letters, and of invited people until they choose their own."),
            "wip_limit_per_person": _("Empty: no limit."),
            "wip_per_person_blocks": _("Otherwise a card above the limit only gets a warning."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.time_zone
        self.fields["time_zone"].choices = [
            (name, name) for name in sorted({*zones.names(), now} - {""})
        ]


class PublishingForm(forms.ModelForm):
    class Meta:
        model = Workspace
        fields = ("min_reviewers", "guests_count", "grace_minutes")
        help_texts = {
            "min_reviewers": _("By other people than whoever edited last."),
            "guests_count": _(
                "People without an account may sign under a link. Unticked: their answer is kept "
                "and shown, and somebody of the team still has to sign."
            ),
            "grace_minutes": _(
                "After its time, a publication that nobody has reported becomes unconfirmed or "
                "overdue. What goes out within these minutes counts as on time."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["min_reviewers"].widget.attrs["min"] = 1
        self.fields["grace_minutes"].widget.attrs |= {"min": GRACE.start, "max": GRACE.stop - 1}


class AddressForm(forms.Form):
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens. The former address goes on working."),
    )


class DeleteForm(forms.Form):
    typed_name = forms.CharField(
        label=_("Name of the workspace"),
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CREATOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    stage_kinds = forms.MultipleChoiceField(
        label=_("Works in"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        help_text=_("For external contributors. None ticked: script, shoot and edit."),
    )


class DigestForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ("digest", "digest_hour", "quiet_from", "quiet_until")
        widgets = {"digest": forms.RadioSelect}
        help_texts = {
            "digest": _("Only when there is something to say; never about what you did yourself."),
            "quiet_from": _("No e-mail between these hours. The same hour twice: no quiet time."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("digest_hour", "quiet_from", "quiet_until"):
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=HOURS,
                coerce=int,
                help_text=self.fields[name].help_text,
            )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program uses it: “n8n”, “scheduler”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        choices=[
            (30, _("30 days")),
            (90, _("90 days")),
            (365, _("a year")),
            ("", _("until it is revoked")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        initial=90,
    )

    channels = forms.MultipleChoiceField(
        label=_("Only for channels"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Which ones it may claim publications on. None: all of them."),
    )

    def __init__(
        self,
        *args: Any,
        is_owner: bool,
        channels: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = list(channels)
        if not self.fields["channels"].choices:
            del self.fields["channels"]
        if not is_owner:
            self.fields["scopes"].choices = [
                choice for choice in SCOPES if choice[0] not in OF_OWNERS
            ]
