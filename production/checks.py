"""The model's own checks as a verb says them: Invalid, by field, with a sentence each."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from production.errors import Invalid


def check(row: Model, *, only: Collection[str] | None = None) -> None:
    """Raise Invalid when a field, or one of `only`, does not hold or a name is taken."""
    names = [field.name for field in row._meta.fields]
    exclude = {name for name in names if only is not None and name not in only} - {"workspace"}
    if "board" in names:
        exclude -= {"board"}
    try:
        row.full_clean(exclude=exclude, validate_unique=True)
    except ValidationError as error:
        raise Invalid(_by_field(error)) from error


def taken(field: str) -> Invalid:
    return Invalid(
        {
            field: [
                (
                    "taken",
                    _(
                        "Another one has this name, or a retired one had it. "
                        "Choose a different one."
                    ),
                )
            ]
        }
    )


def _by_field(error: ValidationError) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, problems in error.error_dict.items():
        for problem in problems:
            unique = (problem.params or {}).get("unique_check") if problem.params else None
            if name == NON_FIELD_ERRORS and unique:
                found |= taken(unique[-1]).errors
            else:
                code = problem.code or "invalid"
                found.setdefault(name, []).append((code, str(problem.messages[0])))
    return found
