"""Fields that take exactly their own JSON type; what a caller did not mean is not guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cached_property
from threading import local
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from production.prepared import Prepared, Slot

LARGEST = 2**31 - 1  # of an integer column
PUBLIC_ID = re.compile(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


def parse_moment(text: str) -> datetime:
    """ISO 8601 with an offset, in UTC; ValueError("invalid" or "naive_datetime") otherwise."""
    if not isinstance(text, str) or not text.isascii() or len(text) > 40:
        raise ValueError("invalid")
    # A plus sign that was not escaped in an address arrives as a space.
    text = text.replace(" ", "+") if "T" in text and text.count(" ") == 1 else text
    try:
        moment = datetime.fromisoformat(text)
        if "T" not in text.upper():
            raise ValueError
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("invalid") from None
    raise ValueError("naive_datetime")


class Text(serializers.CharField):
    """A JSON string, kept as it is sent."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Email(serializers.EmailField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(serializers.SlugField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Address(serializers.URLField):
    """http or https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for validator in self.validators:
            if hasattr(validator, "schemes"):
                validator.schemes = ["http", "https"]

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON number without a fraction."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Exact(serializers.DecimalField):
    """A decimal number, best as a string: "42.50"."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float | str):
            self.fail("invalid")
        if isinstance(data, str) and not data.isascii():
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=str(data)[:100])
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day: 2026-03-30."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not data.isascii():
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field):
    """A moment: ISO 8601 with an offset. A time without one is refused, not guessed."""

    default_error_messages = {
        "invalid": _("Use ISO 8601 with an offset, for example 2026-03-30T18:00:00+03:00."),
        "naive_datetime": _("Say the offset: 2026-03-30T18:00:00+03:00, or Z for UTC."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            return parse_moment(data)
        except ValueError as error:
            self.fail(str(error))
            raise

    def to_representation(self, value: datetime) -> datetime:
        return value


@extend_schema_field(
    {"type": "string", "pattern": "^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$", "maxLength": 30}
)
class Linked(serializers.RelatedField):
    """Another noun of the same workspace, by its public id."""

    default_error_messages = {
        "does_not_exist": _("There is no such {noun} in this workspace."),
        "invalid": _("An id is a string."),
    }

    def to_internal_value(self, data: Any) -> models.Model:
        if not isinstance(data, str):
            self.fail("invalid")
        if not PUBLIC_ID.fullmatch(data):
            self._fail_to_find()
        found = self._by_id.models(workspace=self.context["seat"].workspace.pk, id=data)
        if not found:
            self._fail_to_find()
        return found[0]

    def _fail_to_find(self) -> None:
        self.fail("does_not_exist", noun=str(self.queryset.model._meta.verbose_name))

    @cached_property
    def _by_id(self) -> Prepared:
        return Prepared(lambda: self.rows_of(Slot("workspace")).filter(public_id=Slot("id")))

    def rows_of(self, workspace: Any) -> Any:
        """What may be named in this workspace."""
        return self.get_queryset().filter(workspace=workspace)

    def use_pk_only_optimization(self) -> bool:
        return False

    def to_representation(self, value: Any) -> str:
        return value.public_id


class LinkedPerson(Linked):
    """A member of the workspace, by the public id of the person."""

    def rows_of(self, workspace: Any) -> Any:
        rows = self.get_queryset()
        return rows.filter(memberships__workspace=workspace, memberships__removed_at=None)


class _Kept(local):
    """The serializers of one thread, which checks one body at a time."""

    def __init__(self) -> None:
        self.of: dict[type[serializers.BaseSerializer], serializers.BaseSerializer] = {}


_kept = _Kept()


def kept(
    serializer: type[serializers.BaseSerializer], data: Any, context: dict[str, Any]
) -> serializers.BaseSerializer:
    """The thread's serializer of this class with a new body: building one takes longer than using
    it, and the fields are the same each time."""
    if serializer not in _kept.of:
        _kept.of[serializer] = serializer()
    found = _kept.of[serializer]
    for name in ("_validated_data", "_errors"):
        vars(found).pop(name, None)
    vars(found).update(initial_data=data, _context=context)
    return found


class Strict(serializers.Serializer):
    """A body in which every field is known."""

    def to_internal_value(self, data: Any) -> Any:
        require_known(self, data)
        return super().to_internal_value(data)


def require_known(serializer: serializers.Serializer, data: Any) -> None:
    if not isinstance(data, dict):
        return
    writable = {name for name, field in serializer.fields.items() if not field.read_only}
    if unknown := [name for name in data if name not in writable]:
        message = _("There is no such field, or it cannot be set.")
        raise serializers.ValidationError(
            {
                str(name)[:100]: [serializers.ErrorDetail(message, "unknown_field")]
                for name in unknown
            }
        )


class StrictModel(serializers.ModelSerializer):
    """As `Strict`, with the fields of a model."""

    serializer_related_field = Linked
    serializer_choice_field = Choice
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: Text,
        models.TextField: Text,
        models.SlugField: Slug,
        models.EmailField: Email,
        models.URLField: Address,
        models.BooleanField: Truth,
        models.DecimalField: Exact,
        models.DateField: Day,
        models.DateTimeField: Moment,
        models.IntegerField: Whole,
        models.SmallIntegerField: Whole,
        models.BigIntegerField: Whole,
        models.PositiveIntegerField: Whole,
        models.PositiveSmallIntegerField: Whole,
        models.PositiveBigIntegerField: Whole,
    }

    def to_internal_value(self, data: Any) -> Any:
        require_known(self, data)
        return super().to_internal_value(data)

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, Any]:
        """Every database takes the numbers that the smallest of them takes."""
        field, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field, Whole):
            kwargs["max_value"] = min(kwargs.get("max_value", LARGEST), LARGEST)
        return field, kwargs

    def get_unique_together_validators(self) -> list[Any]:
        return []  # uniqueness is the database's and the verbs' business


class PublicId(serializers.CharField):
    """The id of the thing itself."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"source": "public_id", "read_only": True, "max_length": 30}
        super().__init__(**kwargs)


class PersonBrief(serializers.Serializer):
    id = PublicId()
    name = serializers.CharField(max_length=100, read_only=True)


class Order(Strict):
    order = serializers.ListField(
        child=Text(max_length=30), max_length=500, help_text=_("Ids, from the first.")
    )


class Answer(serializers.ModelSerializer):
    """A row as the API says it."""

    serializer_related_field = Linked
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.URLField: serializers.CharField,  # empty ones are no addresses
        models.EmailField: serializers.CharField,
    }

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, Any]:
        field, kwargs = super().build_standard_field(field_name, model_field)
        if "choices" in kwargs and model_field.blank:
            kwargs["choices"] = [("", ""), *model_field.choices]
        return field, kwargs
