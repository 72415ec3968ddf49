"""The fields of an item that people may change, and how the log writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from production.errors import Invalid
from production.models import ContentItem, Membership, Role, User
from production.prepared import Prepared, Slot

TEXTS = (
    "title", "content_type", "description", "url", "hypothesis", "promise", "pacing", "cta",
    "decision", "decision_reason", "learning",
)  # fmt: skip
VALUES = (
    "due_at", "cost", "length_min_seconds", "length_max_seconds", "length_actual_seconds",
    "target_value", "result_value", "b_roll", "sources", "image_sources", "ai_used_for", "custom",
)  # fmt: skip
LINKS = (
    "channel", "pillar", "format", "goal", "partner", "primary_kpi", "secondary_kpi", "parent",
)  # fmt: skip
MANY = ("labels", "assignees")
EDITABLE = frozenset({*TEXTS, *VALUES, *LINKS, *MANY})
OUTCOME = frozenset({"result_value", "decision", "decision_reason", "learning"})
CONTENT = frozenset(
    {
        "title",
        "cta",
        "promise",
        "url",
        "channel",
        "sources",
        "image_sources",
        "ai_used_for",
    }
)


def plain(value: Any) -> Any:
    """A field's value as the log keeps it: public ids, numbers, moments as text, lists sorted."""
    if isinstance(value, Model):
        return value.public_id  # type: ignore[attr-defined]
    if isinstance(value, list | tuple | set) and any(isinstance(each, Model) for each in value):
        return sorted(each.public_id for each in value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def present(item: ContentItem, field: str) -> Any:
    """The field's present value; for labels and assignees a list of rows."""
    if field in MANY:
        return list(getattr(item, field).order_by("id"))
    return getattr(item, field)


def check(item: ContentItem, changes: Mapping[str, Any]) -> None:
    """Raise Invalid when a change names an unknown field or something of another workspace."""
    errors: dict[str, list[tuple[str, str]]] = {}
    for field, value in changes.items():
        if field not in EDITABLE:
            errors[field] = [("unknown_field", f"{field} is not a field of an item.")]
        elif foreign := _foreign(item, field, value):
            errors[field] = [("does_not_exist", f"{foreign} does not exist in this workspace.")]
    parent = changes.get("parent")
    if parent is not None and (parent.pk == item.pk or parent.parent_id is not None):
        errors["parent"] = [("not_a_main_piece", "A main piece is not a derivative itself.")]
    elif parent is not None and item.pk and item.derivatives.exists():
        errors["parent"] = [("has_derivatives", "This is a main piece with derivatives.")]
    if errors:
        raise Invalid(errors)


def _foreign(item: ContentItem, field: str, value: Any) -> str | None:
    if field == "assignees":
        return _not_members(item, value)
    rows = value if field == "labels" else [value]
    for row in rows:
        if isinstance(row, Model) and row.workspace_id != item.workspace_id:  # type: ignore[attr-defined]
            return row.public_id  # type: ignore[attr-defined]
    return None


_MEMBERS = Prepared(
    lambda: (
        Membership.objects.filter(workspace=Slot("workspace"), removed_at=None)
        .exclude(role=Role.VIEWER)
        .values_list("user")
    )
)


def _not_members(item: ContentItem, people: Sequence[User]) -> str | None:
    if not people:
        return None
    members = {person for (person,) in _MEMBERS.rows(workspace=item.workspace_id)}
    return next((person.public_id for person in people if person.pk not in members), None)


def validate(item: ContentItem, fields: Iterable[str]) -> None:
    """Run the model's own checks on the fields; Invalid names each one that fails."""
    checked = set(fields) - set(MANY)
    others = [field.name for field in item._meta.fields if field.name not in checked]
    try:
        item.clean_fields(exclude=others)
        if item.length_min_seconds and item.length_max_seconds:
            _check_length_range(item)
    except ValidationError as error:
        raise Invalid(
            {
                field: [
                    (problem.code or "invalid", str(problem.messages[0])) for problem in problems
                ]
                for field, problems in error.error_dict.items()
            }
        ) from error


def _check_length_range(item: ContentItem) -> None:
    if item.length_max_seconds < item.length_min_seconds:  # type: ignore[operator]
        message = "The longest length is below the shortest."
        raise ValidationError({"length_max_seconds": ValidationError(message, code="range")})


def require_text(field: str, text: str) -> None:
    """Raise Invalid when the text is empty."""
    if not text:
        raise Invalid({field: [("blank", "Write a few words.")]})
