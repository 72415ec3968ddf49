"""Kinds of form fields: figures, lengths, moments and addresses as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils.formats import get_format

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MINUTE = "%Y-%m-%dT%H:%M"


class Figure(forms.DecimalField):
    """A number as people write it: 48.5 and 48,5, 1 000 and 1000."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = "".join(value.split()).replace("\u2212", "-")
            if value.count(",") == 1 and "." not in value:
                value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return format(value.normalize(), "f").replace(".", get_format("DECIMAL_SEPARATOR"))
        return value


class Length(forms.IntegerField):
    """A length in seconds, written 78 or 1:18."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.count(":") == 1:
            minutes, seconds = (part.strip() for part in value.split(":"))
            if minutes.isdecimal() and seconds.isdecimal() and len(minutes) < 6:
                value = str(int(minutes) * 60 + int(seconds[:4]))
        return super().to_python(value)


class Moment(forms.DateTimeField):
    """A moment to the minute, in the reader's zone."""

    widget = forms.DateTimeInput(format=_MINUTE, attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[_MINUTE, "%Y-%m-%dT%H:%M:%S"], **kwargs)
        self.validators += [MinValueValidator(_EARLIEST), MaxValueValidator(_LATEST)]

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except (OverflowError, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class Address(forms.URLField):
    """A web address; without a scheme it is meant as https."""

    widget = forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
        self.validators = [*self.validators, URLValidator(schemes=["http", "https"])]
