"""Claims and reports: the side of the API that schedulers live on."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import clock, leases, reports
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Address, Choice, Moment, Strict, Text, Truth, Whole
from production.api.lookups import items_of
from production.api.problems import Problem, respond, spoken
from production.api.publishing import shapes
from production.api.publishing.answers import (
    LeaseAnswer,
    LeasesAnswer,
    PublicationBrief,
    ReportAnswer,
)
from production.errors import Refused, Stale
from production.leases import LONGEST, MOST, SHORTEST, USUAL, Client, Wish
from production.models import Channel, Lease, Publication, Report
from production.permissions import Seat
from production.reports import REASONS, Said

HELD = (
    *("already_leased", "on_hold", "window_locked", "duplicate_content"),
    *("lease_over", "lease_reported"),
)


class ClientBody(Strict):
    name = Text(max_length=100, min_length=1)
    run = Text(required=False, allow_blank=True, max_length=200)


class WishBody(Strict):
    channels = serializers.ListField(child=Text(max_length=30), required=False, max_length=50)
    due_before = Moment(required=False)
    due_after = Moment(required=False)


class ClaimBody(Strict):
    """One publication, or the next few that a filter finds."""

    publication = Text(required=False, max_length=30)
    filter = WishBody(required=False)
    max = Whole(required=False, min_value=1, max_value=MOST)
    client = ClientBody()
    ttl_seconds = Whole(required=False, min_value=SHORTEST, max_value=LONGEST)
    if_version = Whole(required=False, min_value=1)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("publication" in values) == ("filter" in values):
            message = "Name a publication, or a filter."
            raise serializers.ValidationError({"publication": message}, "required")
        return values


class ExtendBody(Strict):
    ttl_seconds = Whole(required=False, min_value=SHORTEST, max_value=LONGEST)


class Tool(Strict):
    name = Text(required=False, allow_blank=True, max_length=100)
    ref = Text(required=False, allow_blank=True, max_length=200)


class FailureBody(Strict):
    code = Choice([(each, each) for each in REASONS])
    message = Text(required=False, allow_blank=True, max_length=500)
    platform_code = Text(required=False, allow_blank=True, max_length=100)
    raw = Text(required=False, allow_blank=True, max_length=2048)


class FirstCommentBody(Strict):
    status = Choice([("posted", "posted"), ("failed", "failed"), ("skipped", "skipped")])
    external_id = Text(required=False, allow_null=True, allow_blank=True, max_length=200)


class ReportBody(Strict):
    """What became of a publication that you have claimed."""

    lease = Text(max_length=30)
    fence = Whole(min_value=0)
    status = Choice(Report.Status.choices)
    report_id = Text(max_length=100, min_length=1)
    occurred_at = Moment(required=False)
    content_digest = Text(required=False, allow_blank=True, max_length=71)
    scheduled_for = Moment(required=False)
    published_at = Moment(required=False)
    mode = Choice(Publication.Mode.choices, required=False)
    external_id = Text(required=False, allow_null=True, allow_blank=True, max_length=200)
    external_id_pending = Truth(required=False)
    publish_handle = Text(required=False, allow_null=True, allow_blank=True, max_length=200)
    permalink = Address(required=False, allow_null=True, allow_blank=True, max_length=500)
    first_comment = FirstCommentBody(required=False)
    tool = Tool(required=False)
    reason = FailureBody(required=False)
    outcome_known = Truth(required=False)
    retryable = Truth(required=False)
    retry_after = Moment(required=False)
    attempt = Whole(required=False, min_value=0)


class ExternalBody(Strict):
    external_id = Text(required=False, allow_blank=True, max_length=200)
    permalink = Address(required=False, allow_blank=True, max_length=500)


class Leases(Door):
    """Claims on publications: one at a time, for a while."""

    noun: ClassVar[str] = "leases"

    @does("publication.lease", body=ClaimBody, answer=LeasesAnswer, status=201, refuses=True)
    def create(self, request: Request) -> Response:
        """Claim one publication, or the next few that are ready."""
        said = self.read(ClaimBody)
        at = clock.database_now()
        client = Client(said["client"]["name"], said["client"].get("run", ""), self.seat.token)
        seconds = said.get("ttl_seconds", USUAL)
        skipped: list[leases.Skipped] = []
        with _contract(at):
            if "publication" in said:
                got = [self._one(said, client, at, seconds)]
            else:
                got, skipped = leases.claim_next(
                    self._wish(said["filter"]),
                    seat=self.seat,
                    client=client,
                    at=at,
                    most=said.get("max", 1),
                    seconds=seconds,
                )
        answer = {
            "leases": self._written(got, at),
            "skipped": [
                {
                    "publication": each.publication.public_id,
                    "refusals": [_why(refusal) for refusal in each.refusals],
                }
                for each in skipped
            ],
        }
        return Response(answer, 201)

    @does("publication.see", answer=LeaseAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """A claim with what was claimed."""
        return self._answer(self._found(id))

    @does("publication.lease", body=ExtendBody, answer=LeaseAnswer, refuses=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Hold it longer, from now on."""
        seconds = self.read(ExtendBody).get("ttl_seconds", USUAL)
        found, at = self._found(id), clock.database_now()
        with _contract(at):
            return self._answer(leases.extend(found, at=at, seconds=seconds))

    @does("publication.lease", status=204, refuses=True)
    def destroy(self, request: Request, id: str) -> Response:
        """Give it back: it is ready for others."""
        found, at = self._found(id), clock.database_now()
        with _contract(at):
            leases.release(found, at=at)
        return Response(status=204)

    def _one(self, said: dict[str, Any], client: Client, at: datetime, seconds: int) -> Lease:
        rows = Publication.objects.filter(item__in=items_of(self.seat)).select_related("channel")
        found = self.found(rows, said["publication"])
        _require_channel(self.seat, found)
        return leases.claim(
            found,
            seat=self.seat,
            client=client,
            at=at,
            seconds=seconds,
            version=said.get("if_version"),
        )

    def _wish(self, said: dict[str, Any]) -> Wish:
        wanted, allowed = said.get("channels"), self.seat.channels
        if wanted is None and not allowed:
            keys = None
        else:
            named = set(wanted if wanted is not None else allowed)
            if allowed:
                named &= allowed
            rows = Channel.objects.filter(workspace=self.seat.workspace, public_id__in=named)
            keys = list(rows.values_list("pk", flat=True))
        return Wish(keys, said.get("due_before"), said.get("due_after"))

    def _found(self, id: str) -> Any:
        mine = Publication.objects.filter(item__in=items_of(self.seat))
        return self.found(Lease.objects.filter(publication__in=mine), id)

    def _answer(self, lease: Lease) -> Response:
        return Response(self._written([lease], self.at)[0])

    def _written(self, got: list[Lease], at: Any) -> list[dict[str, Any]]:
        keys = [lease.publication_id for lease in got]
        rows = shapes.whole(Publication.objects.filter(pk__in=keys)).in_bulk()
        for lease in got:
            lease.publication = rows[lease.publication_id]
        return [shapes.lease_answer(lease, self.seat.workspace, at) for lease in got]


class Reports(Door):
    """What tools say of publications."""

    noun: ClassVar[str] = "reports"

    @does("publication.report", body=ReportBody, answer=ReportAnswer, refuses=True)
    def create(self, request: Request, id: str) -> Response:
        """Report what became of it. The same report twice is one."""
        publication, said = self._publication(id), self.read(ReportBody)
        _require_channel(self.seat, publication)
        lease = self.found(Lease.objects.filter(publication=publication), said["lease"])
        at = clock.database_now()
        heard = reports.receive(
            lease, fence=said["fence"], said=_said(said, request.data, at), seat=self.seat, at=at
        )
        answer = {
            "publication": self._written(publication),
            "accepted": not heard.stale,
            "warnings": heard.warnings,
        }
        if heard.stale:
            # Said, not raised: what was kept as evidence stays.
            return respond(Problem(409, "stale_fence", **answer), self.request_id)
        return Response(answer)

    @does("publication.report", body=ExternalBody, answer=PublicationBrief, refuses=True)
    def external(self, request: Request, id: str) -> Response:
        """Add the id or the address on the platform, known only later."""
        publication, said = self._publication(id), self.read(ExternalBody)
        _require_channel(self.seat, publication)
        reports.add_external(
            publication,
            external_id=said.get("external_id", ""),
            permalink=said.get("permalink", ""),
            seat=self.seat,
            at=self.at,
        )
        return Response(self._written(publication))

    def _publication(self, id: str) -> Any:
        mine = Publication.objects.filter(item__in=items_of(self.seat))
        return self.found(mine.select_related("channel"), id)

    def _written(self, publication: Publication) -> dict[str, Any]:
        row = shapes.whole(Publication.objects.filter(pk=publication.pk)).get()
        return shapes.full(row, self.seat.workspace, self.at)


def _require_channel(seat: Seat, publication: Publication) -> None:
    channel = publication.channel.public_id if publication.channel else None
    if seat.channels and channel not in seat.channels:
        raise Problem(409, "channel_not_allowed")


def _said(said: dict[str, Any], body: Any, at: Any) -> Said:
    tool = said.get("tool", {})
    return Said(
        status=said["status"],
        report_id=said["report_id"],
        occurred_at=said.get("occurred_at", at),
        content_digest=said.get("content_digest", ""),
        scheduled_for=said.get("scheduled_for"),
        published_at=said.get("published_at"),
        mode=said.get("mode", Publication.Mode.AUTOMATIC),
        external_id=said.get("external_id") or "",
        external_id_pending=said.get("external_id_pending", False),
        publish_handle=said.get("publish_handle") or "",
        permalink=said.get("permalink") or "",
        tool_name=tool.get("name", ""),
        tool_ref=tool.get("ref", ""),
        reason=said.get("reason", {}),
        outcome_known=said.get("outcome_known", True),
        retryable=said.get("retryable", False),
        retry_after=said.get("retry_after"),
        body=dict(body),
    )


class _contract:
    """Refusals of a claim under the codes that the contract names, one for each situation."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, Stale):
            more = {"current_version": error.current, "current": error.values}
            raise Problem(409, "version_conflict", **more) from error
        if not isinstance(error, Refused):
            return
        first = error.refusals[0]
        code = first.code if len(error.refusals) == 1 and first.code in HELD else "not_ready"
        refusals = [spoken(refusal) for refusal in error.refusals]
        detail = " ".join(each["detail"] for each in refusals)
        more = dict(first.params) if code in HELD else {}
        headers = {}
        if code == "already_leased" and (until := more["expires_at"]):
            left = (datetime.fromisoformat(str(until)) - self.at).total_seconds()
            more["retry_after"] = max(1, ceil(left))
            headers["Retry-After"] = str(more["retry_after"])
        raise Problem(409, code, detail, headers=headers, refusals=refusals, **more) from error


def _why(refusal: Any) -> dict[str, str]:
    said = spoken(refusal)
    return {"code": said["code"], "detail": said["detail"]}
