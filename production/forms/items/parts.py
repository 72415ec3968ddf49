"""A new card, and the small parts of one: openings, comments, files, publications, cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from production.forms.items.fields import field_for
from production.forms.items.kinds import Length, Moment
from production.items import fields as item_fields
from production.models import Asset, ContentItem, Format, Hook, User


class NewForm(forms.Form):
    """A new card: everything but the title may wait."""

    title = forms.CharField(label=_("Title"), max_length=200)
    NAMES = (
        "format", "channel", "content_type", "pillar", "goal", "primary_kpi", "target_value",
        "assignees", "labels", "due_at", "hypothesis", "promise", "cta", "description",
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None, *, workspace_id: int, template: Format | None
    ) -> None:
        initial: dict[str, Any] = {}
        if template is not None:
            initial = {"format": template.public_id, "cta": template.cta}
        super().__init__(data, initial=initial)
        for name in self.NAMES:
            self.fields[name] = field_for(name, workspace_id, template.pk if template else None)
            self.fields[name].required = False
        self.fields["content_type"].initial = ContentItem.ContentType.VIDEO
        if template is not None and template.title_formula:
            self.fields["title"].help_text = template.title_formula

    def values(self) -> dict[str, Any]:
        """What was filled in; what was left empty stays for the format to say."""
        found = {name: self.cleaned_data.get(name) for name in self.NAMES if name != "format"}
        kept = {name: value for name, value in found.items() if _is_filled(value)}
        return {n: list(v) if n in item_fields.MANY else v for n, v in kept.items()}


def _is_filled(value: Any) -> bool:
    return value not in (None, "") and not (hasattr(value, "exists") and not value.exists())


class HookForm(forms.Form):
    text = forms.CharField(label=_("Opening"), max_length=300)
    hook_type = forms.ChoiceField(label=_("Type"), choices=Hook.HookType.choices)
    note = forms.CharField(label=_("What the try showed"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AssetForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(label=_("What it is"), choices=Asset.Role.choices)
    alt_text = forms.CharField(
        label=_("Alternative text"),
        max_length=500,
        required=False,
        help_text=_("What it shows, for those who cannot see it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Words(forms.CharField):
    """Words with spaces between them, as a list."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return str(super().clean(value)).split()


class PublicationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    caption = forms.CharField(
        label=_("Caption"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    hashtags = Words(label=_("Hashtags"), max_length=3_000, required=False)
    first_comment = forms.CharField(
        label=_("First comment"),
        max_length=2_200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    link_url = forms.CharField(
        label=_("Link"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("It goes out with the parameters of the campaign."),
    )
    variant = forms.CharField(
        label=_("Variant"), max_length=20, required=False, help_text=_("A, B … of a test.")
    )
    allow_duplicate = forms.BooleanField(
        label=_("The same content again within 24 hours is meant"), required=False
    )


class ResolveForm(forms.Form):
    """What somebody found who has looked on the platform."""

    out = forms.ChoiceField(
        label=_("On the channel"),
        choices=[("yes", _("It is there")), ("no", _("It is not there"))],
        widget=forms.RadioSelect,
    )
    permalink = forms.CharField(
        label=_("Where it is"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )
    evidence = forms.CharField(label=_("What you saw"), max_length=300, required=False)


class AddressForm(forms.Form):
    permalink = forms.CharField(
        label=_("Where it is"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )


class PostedForm(AddressForm):
    """I posted it: where, and when if not now."""

    published_at = Moment(label=_("Since when"), required=False, help_text=_("Empty: this moment."))

    field_order = ("permalink", "published_at")


class ReviewRequestForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="public_id",
        required=False,
        label=_("Reviewer"),
        empty_label=_("Whoever reviews"),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    due_at = Moment(label=_("Due"), required=False)

    def __init__(self, *args: Any, reviewers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [person.pk for person in reviewers]
        field = self.fields["reviewer"]
        field.queryset = User.objects.filter(pk__in=ids).order_by("name", "id")  # type: ignore[attr-defined]


class GuestForm(forms.Form):
    """Somebody without an account who shall look at this card."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The link is mailed there. Empty: you hand it over yourself."),
    )
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        choices=[(2, _("2 days")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days"))],
        coerce=int,
        initial=14,
    )


class LineForm(forms.Form):
    """One source: what it says, and where."""

    text = forms.CharField(label=_("What it is"), max_length=600, required=False)
    link = forms.CharField(
        label=_("Address"),
        max_length=390,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class PieceForm(forms.Form):
    """One derivative to be cut."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    channel = forms.ModelChoiceField(
        ContentItem._meta.get_field("channel").related_model.objects.none(),
        to_field_name="public_id",
        required=False,
        label=_("Channel"),
    )
    length = Length(label=_("Length"), min_value=0, max_value=1_000_000, required=False)
    hook = forms.CharField(label=_("Opening"), max_length=300, required=False)

    def __init__(self, *args: Any, channels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]


def plain_rows(model: type[Model], workspace_id: int) -> Any:
    """The words of the plan that are in use, in their order."""
    return model.objects.filter(workspace=workspace_id, retired_at=None).order_by(  # type: ignore[attr-defined]
        "position", "name", "id"
    )
