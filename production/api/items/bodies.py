"""What may be sent about items."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from production.api.fields import (
    Exact,
    Linked,
    LinkedPerson,
    Strict,
    StrictModel,
    Text,
    Truth,
    Whole,
)
from production.models import (
    Board,
    Channel,
    ContentItem,
    Format,
    Goal,
    KpiDefinition,
    Label,
    Partner,
    Pillar,
    Stage,
    User,
)

VALUES = (
    "title", "content_type", "description", "channel", "pillar", "format", "goal", "partner",
    "parent", "primary_kpi", "secondary_kpi", "labels", "assignees", "due_at", "url", "cost",
    "hypothesis", "promise", "pacing", "cta", "length_min_seconds", "length_max_seconds",
    "length_actual_seconds", "b_roll", "sources", "image_sources", "ai_used_for", "custom",
    "target_value",
)  # fmt: skip
OUTCOME = ("result_value", "decision", "decision_reason", "learning")


def _optional(model: Any, help_text: Any = "") -> Linked:
    rows = model.objects.all()
    return Linked(queryset=rows, allow_null=True, required=False, help_text=help_text)


def _lines(help_text: Any) -> serializers.ListField:
    return serializers.ListField(
        child=Text(max_length=1000), max_length=100, required=False, help_text=help_text
    )


class ItemValues(StrictModel):
    """The fields of an item that people fill in. What is not sent stays as it is."""

    channel = _optional(Channel)
    pillar = _optional(Pillar)
    format = _optional(Format)
    goal = _optional(Goal, _("Presets the KPIs that are not sent."))
    partner = _optional(Partner)
    parent = _optional(ContentItem, _("The main piece this one is cut from."))
    primary_kpi = _optional(KpiDefinition)
    secondary_kpi = _optional(KpiDefinition)
    labels = Linked(queryset=Label.objects.all(), many=True, required=False)
    assignees = LinkedPerson(
        queryset=User.objects.all(), many=True, required=False, help_text=_("People, by id.")
    )
    b_roll = _lines(_("Shots to collect."))
    sources = _lines(_("Where facts come from."))
    image_sources = _lines(_("Where pictures come from."))
    ai_used_for = _lines(_("What AI did: idea, script, voice, picture …"))
    custom = serializers.DictField(
        child=Text(max_length=2000, allow_blank=True),
        required=False,
        help_text=_("Fields of your own, text to text."),
    )

    class Meta:
        model = ContentItem
        fields = VALUES

    def validate_custom(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > 50 or any(len(name) > 100 for name in value):
            raise serializers.ValidationError(
                _("At most 50 fields with names of at most 100 characters."), "max_length"
            )
        return value


class ItemChanges(ItemValues):
    """As when created, and the outcome."""

    class Meta(ItemValues.Meta):
        fields = (*VALUES, *OUTCOME)


class NewItem(ItemValues):
    """A new item: a title is enough."""

    board = Linked(
        queryset=Board.objects.filter(archived_at=None),
        required=False,
        help_text=_("Without one: the first board of the workspace."),
    )
    stage = Linked(
        queryset=Stage.objects.filter(retired_at=None),
        required=False,
        help_text=_("Without one: the first stage. A later one asks for all its gates."),
    )
    use_template = Truth(
        required=False, default=False, help_text=_("Fill in from the template of the format.")
    )

    class Meta(ItemValues.Meta):
        fields = (*VALUES, "board", "stage", "use_template")


class Move(Strict):
    """Where to: a stage, a place in it, or both."""

    stage = Text(required=False, max_length=30, help_text=_("Without one: only the place changes."))
    before = Text(
        required=False, allow_null=True, max_length=30, help_text=_("Directly above this item.")
    )
    after = Text(
        required=False, allow_null=True, max_length=30, help_text=_("Directly below this item.")
    )
    version = Whole(
        required=False, min_value=1, max_value=2**31 - 1,
        help_text=_("The version you have seen, as with If-Match."),
    )  # fmt: skip
    override = Text(
        required=False, max_length=300,
        help_text=_("An owner's reason to set aside what can be overruled. It is logged."),
    )  # fmt: skip


class Block(Strict):
    reason = Text(max_length=300, help_text=_("Why the item cannot go on."))


class Piece(Strict):
    title = Text(max_length=200)
    channel = _optional(Channel)
    length_min_seconds = Whole(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    length_max_seconds = Whole(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    hook = Text(required=False, max_length=300)
    cost = Exact(required=False, allow_null=True, max_digits=10, decimal_places=2)
    assignees = LinkedPerson(queryset=User.objects.all(), many=True, required=False)


class Pieces(Strict):
    pieces = Piece(many=True, min_length=1, max_length=12)


class Outcome(StrictModel):
    """What came of it. A decision belongs to a result and says why."""

    class Meta:
        model = ContentItem
        fields = OUTCOME


class BulkChanges(ItemChanges):
    """The fields to change on every one of the items."""

    class Meta(ItemChanges.Meta):
        extra_kwargs = {"title": {"required": False}}


class Bulk(Strict):
    """The same change to many items, each under its own rules."""

    ids = serializers.ListField(child=Text(max_length=30), min_length=1, max_length=200)
    changes = BulkChanges(required=False)
    stage = Linked(queryset=Stage.objects.all(), required=False)
    archive = Truth(required=False, default=False)
    add_labels = Linked(queryset=Label.objects.all(), many=True, required=False)
    add_assignees = LinkedPerson(queryset=User.objects.all(), many=True, required=False)
