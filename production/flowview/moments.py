"""Moments as whole numbers: microseconds since 1970, exact, and many at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Func

_START = datetime(1970, 1, 1, tzinfo=UTC)


class Micros(Func):
    """The moment of a column in microseconds.

    Reading tens of thousands of moments as such costs more than all that is done with them.
    """

    arity = 1
    output_field = BigIntegerField()
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"

    @property
    def convert_value(self) -> Any:
        return self._convert_value_noop  # type: ignore[attr-defined]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # There a moment is text in UTC, with a fraction of six digits or none.
        text, params = compiler.compile(self.source_expressions[0])
        # The fraction apart: its own clock knows thousandths, and rounds.
        seconds = f"CAST(strftime('%%s', substr({text}, 1, 19)) AS INTEGER) * 1000000"
        fraction = f"CAST(substr(substr({text}, 21) || '000000', 1, 6) AS INTEGER)"
        return f"({seconds} + {fraction})", (*params, *params)


def moment(micros: int) -> datetime:
    return _START + timedelta(microseconds=micros)
