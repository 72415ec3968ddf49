"""The tables that numbers are written to in batches."""

from __future__ import annotations

from typing import Any, NamedTuple

from experiments.observations.store import Column, Stored

SUBJECT, METRIC = Column("subject_id", "bigint"), Column("metric", "smallint")
GRAIN, PERIOD = Column("grain", "smallint"), Column("period", "date")
TRAFFIC, SOURCE = Column("traffic", "smallint"), Column("source_id", "bigint")
WORKSPACE, CHANNEL = Column("workspace_id", "bigint"), Column("channel_id", "bigint")
PUBLICATION, NAME = Column("publication_id", "bigint"), Column("metric", "varchar")
_VALUE, _CURRENCY = Column("value", "double precision"), Column("currency", "varchar")
_AS_OF, _RECEIVED = Column("as_of", "timestamptz"), Column("received_at", "timestamptz")
_RUN = Column("run_id", "bigint")

OBSERVATIONS = Stored(
    "experiments_observation",
    (SUBJECT, METRIC, GRAIN, PERIOD, TRAFFIC, SOURCE),
    (WORKSPACE, _VALUE, _CURRENCY, _AS_OF, _RECEIVED, _RUN),
)
CHANGES = Stored(
    "experiments_observationchange",
    (SUBJECT, METRIC, GRAIN, PERIOD, TRAFFIC, SOURCE),
    (
        *(_VALUE, _CURRENCY, _AS_OF, _RECEIVED, Column("replaced_at", "timestamptz"), _RUN),
        Column("by_run_id", "bigint"),
    ),
)
DAYS = Stored(
    "experiments_metricday",
    (WORKSPACE, NAME, CHANNEL, Column("basis", "smallint"), TRAFFIC, Column("day", "date")),
    (Column("total", "double precision"), Column("posts", "integer")),
    "workspace_id, metric, (COALESCE(channel_id, 0)), basis, traffic, day",
)
READINGS = Stored(
    "experiments_postreading",
    (PUBLICATION, Column("age_hours", "smallint"), TRAFFIC, NAME),
    (WORKSPACE, _VALUE, _AS_OF),
)


class Key(NamedTuple):
    """What makes two tellings the same number, but for who tells it."""

    subject: int
    metric: int
    grain: int
    period: Any
    traffic: int


class Told(NamedTuple):
    """An observation as the table keeps it."""

    subject: int
    metric: int
    grain: int
    period: Any
    traffic: int
    source: int
    workspace: int
    value: float
    currency: str
    as_of: Any
    received_at: Any
    run: int | None

    @property
    def natural(self) -> tuple[Any, ...]:
        return self[:6]

    @property
    def key(self) -> Key:
        return Key(*self[:5])


NEAR = (SUBJECT, METRIC, GRAIN, PERIOD)  # all traffics and sources of a number
