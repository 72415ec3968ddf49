"""A post that nobody knew is one of ours: its numbers become those of the publication."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from experiments import metrics
from experiments.models import MetricSubject, Observation, ObservationChange, RetentionCurve
from experiments.observations.apply import apply
from experiments.observations.push import record_imported
from experiments.observations.rows import Applied, Curve, Row
from production.errors import Invalid
from production.models import Publication
from production.permissions import Seat


@transaction.atomic
def attach(
    subject: MetricSubject, publication: Publication, *, seat: Seat, at: datetime
) -> Applied:
    """Give the numbers of an unknown post to the publication, and remember its address there.

    From then on what the source tells of the post is known as the publication's. Raises Invalid
    when the subject is not unknown any more, or the channels differ.
    """
    seat.require("metric.write")
    subject = MetricSubject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if subject.kind != MetricSubject.Kind.UNMATCHED:
        raise Invalid({"publication": [("attached", _("This post is attached already."))]})
    if subject.channel_id and subject.channel_id != publication.channel_id:
        raise Invalid({"publication": [("channel_differs", _("It is on another channel."))]})
    done = Applied()
    for source, rows in _told(subject, publication).items():
        part = apply(rows, source=source, at=at)
        done.created += part.created
        done.updated += part.updated
        done.channels |= part.channels
    _remember(subject, publication)
    for model in (Observation, ObservationChange, RetentionCurve):
        model.objects.filter(subject=subject).delete()
    subject.delete()
    record_imported(seat, "attached", done, at)
    return done


def _told(subject: MetricSubject, publication: Publication) -> dict:  # type: ignore[type-arg]
    rows: dict = {}  # type: ignore[type-arg]
    curves = {(one.source_id, one.period): one for one in subject.curves.all()}
    for each in subject.observations.select_related("source__workspace").order_by("period"):
        row = Row(
            as_of=each.as_of,
            period=each.period,
            values={metrics.BY_NUMBER[each.metric].code: each.value},
            grain=each.grain,
            traffic=each.traffic,
            publication=publication.pk,
            currency=each.currency,
            curve=_curve(curves.pop((each.source_id, each.period), None)),
        )
        rows.setdefault(each.source, []).append(row)
    return rows


def _curve(row: RetentionCurve | None) -> Curve | None:
    return Curve(row.axis, [(one, other) for one, other in row.points]) if row else None


def _remember(subject: MetricSubject, publication: Publication) -> None:
    """The post's id and address, where the publication has none and nobody else has them."""
    others = Publication.objects.filter(channel=publication.channel_id).exclude(pk=publication.pk)
    changed = []
    for name in ("external_id", "permalink"):
        told = getattr(subject, name)
        if told and not getattr(publication, name) and not others.filter(**{name: told}).exists():
            setattr(publication, name, told)
            changed.append(name)
    if changed:
        publication.save(update_fields=changed)
