from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Choice, Moment, PublicId, Strict, Text, Truth
from production.api.paging import bad
from production.api.problems import invalid
from production.events import TYPES
from production.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.webhooks import endpoints

State = WebhookDelivery.State
ADDRESS = OpenApiParameter(
    "url",
    {"type": "string", "maxLength": 500},
    description="Only the endpoint with exactly this address: whether it is there already.",
)
STATE = OpenApiParameter(
    "state",
    {"type": "string", "enum": State.values},
    description="Only messages that wait, were delivered, or were given up.",
)


class EndpointAnswer(Answer):
    """An address that is told of events, without its secret."""

    id = PublicId()
    url = serializers.CharField(max_length=500)
    types = serializers.ListField(
        child=serializers.CharField(max_length=60), help_text="Empty: all but webhooks themselves."
    )
    enabled = serializers.SerializerMethodField(help_text="False: nothing is sent there.")
    disabled_reason = serializers.CharField(
        max_length=300,
        help_text="by_hand, gone (it answered 410), failing (for five days), or empty.",
    )
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then a signature by the former secret is sent too."
    )

    class Meta:
        model = WebhookEndpoint
        fields = (
            "id", "url", "description", "types", "enabled", "disabled_at", "disabled_reason",
            "failing_since", "old_secret_until", "version", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "boolean"})
    def get_enabled(self, endpoint: WebhookEndpoint) -> bool:
        return endpoint.disabled_at is None


class NewEndpointAnswer(EndpointAnswer):
    secret = serializers.CharField(
        max_length=100, allow_null=True, help_text="What signs, `whsec_…`, shown this once."
    )

    class Meta(EndpointAnswer.Meta):
        fields = (*EndpointAnswer.Meta.fields, "secret")
        read_only_fields = fields


class EndpointBody(Strict):
    url = Text(max_length=500, help_text="http or https, on the public internet.")
    description = Text(max_length=200, required=False, allow_blank=True)
    types = serializers.ListField(
        child=Choice(sorted(TYPES)),
        required=False,
        max_length=len(TYPES),
        help_text="Which events; empty: all but those about webhooks themselves.",
    )


class EndpointChange(EndpointBody):
    enabled = Truth(
        required=False, help_text="false stops it; true sends what it has missed, then goes on."
    )


class AttemptAnswer(Answer):
    """One try."""

    class Meta:
        model = WebhookAttempt
        fields = ("number", "at", "milliseconds", "status", "error", "excerpt", "replay")
        read_only_fields = fields


class DeliveryAnswer(Answer):
    """One message on its way to one endpoint."""

    id = PublicId()
    endpoint = serializers.CharField(source="endpoint.public_id", max_length=30)
    message_id = serializers.CharField(
        max_length=64, help_text="The header webhook-id: the same at every attempt and replay."
    )
    tries = AttemptAnswer(many=True, help_text="From the first.")

    class Meta:
        model = WebhookDelivery
        fields = (
            "id", "endpoint", "message_id", "type", "subject", "state", "attempts", "next_at",
            "last_status", "created_at", "done_at", "tries",
        )  # fmt: skip
        read_only_fields = fields


class ReplayBody(Strict):
    since = Moment(help_text="Messages written at this moment or later.")
    until = Moment(required=False, help_text="And before this one.")
    state = Choice(
        State.values, required=False, help_text="Only those in this state, for example dead."
    )


class ReplayAnswer(serializers.Serializer):
    messages = serializers.IntegerField(
        min_value=0, max_value=2**31, help_text="How many are sent again."
    )


class WebhookEndpoints(Door):
    """Addresses that are told of events. `docs/webhooks.md` says how to receive and verify."""

    noun: ClassVar[str] = "webhook_endpoints"

    @does("webhook.manage", answer=EndpointAnswer, is_page=True, parameters=[ADDRESS])
    def list(self, request: Request) -> Response:
        """The workspace's endpoints, or the one with a certain address."""
        rows = self._rows()
        if (url := request.query_params.get("url")) is not None:
            rows = rows.filter(url=url)
        return self.page(rows, EndpointAnswer, {"created": "public_id"})

    @does(
        "webhook.manage", body=EndpointBody, answer=NewEndpointAnswer, status=201, refuses=True,
        secrets=("secret",),
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Add an endpoint; it is told of what happens from now on.

        The secret is in this answer, and never to be had again.
        """
        wish = self.read(EndpointBody)
        endpoint, secret = endpoints.add(seat=self.seat, at=self.at, **wish)
        data = EndpointAnswer(endpoint).data | {"secret": secret}
        return self.created(data, endpoint, ETag=f'"{endpoint.version}"')

    @does("webhook.manage", answer=EndpointAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One endpoint."""
        return self._say(self._endpoint(id))

    @does("webhook.manage", body=EndpointChange, answer=EndpointAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change address, description or types; stop it or start it again."""
        endpoint, wish = self._endpoint(id), self.read(EndpointChange, partial=True)
        is_enabled = wish.pop("enabled", None)
        version = self.if_match(endpoint.version)
        endpoint = endpoints.change(endpoint, wish, seat=self.seat, at=self.at, version=version)
        if is_enabled is not None:
            switch = endpoints.enable if is_enabled else endpoints.disable
            endpoint = switch(endpoint, seat=self.seat, at=self.at)
        return self._say(endpoint)

    @does("webhook.manage", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Remove it: nothing is sent there any more."""
        endpoints.remove(self._endpoint(id), seat=self.seat, at=self.at)
        return Response(status=204)

    @does("webhook.manage", answer=DeliveryAnswer, status=202, refuses=True)
    def test(self, request: Request, id: str) -> Response:
        """Send a message of the type `webhook.test`; its delivery says what came of it."""
        delivery = endpoints.test(self._endpoint(id), seat=self.seat, at=self.at)
        return Response(DeliveryAnswer(delivery).data, 202)

    @does("webhook.manage", answer=NewEndpointAnswer, secrets=("secret",))
    def rotate_secret(self, request: Request, id: str) -> Response:
        """A new secret. For 24 hours each message carries a signature by the former one too."""
        secret = endpoints.rotate(self._endpoint(id), seat=self.seat, at=self.at)
        return Response(EndpointAnswer(self._endpoint(id)).data | {"secret": secret})

    @does("webhook.manage", answer=DeliveryAnswer, is_page=True, parameters=[STATE])
    def deliveries(self, request: Request, id: str) -> Response:
        """The log of the last 30 days: what was sent, how often it was tried, what was said.

        `order=-created` begins with the newest.
        """
        rows = deliveries_of(self._endpoint(id))
        state = request.query_params.get("state")
        if state is not None:
            if state not in State.values:
                raise invalid([bad("state", "invalid_choice", ", ".join(State.values))])
            rows = rows.filter(state=state)
        return self.page(rows, DeliveryAnswer, {"created": "public_id"})

    @does("webhook.manage", body=ReplayBody, answer=ReplayAnswer, status=202, refuses=True)
    def replay(self, request: Request, id: str) -> Response:
        """Send a stretch of the log again, in order, with the same ids and bytes."""
        endpoint, wish = self._endpoint(id), self.read(ReplayBody)
        rows = WebhookDelivery.objects.filter(created_at__gte=wish["since"])
        if "until" in wish:
            rows = rows.filter(created_at__lt=wish["until"])
        if "state" in wish:
            rows = rows.filter(state=wish["state"])
        count = endpoints.replay(endpoint, rows, seat=self.seat, at=self.at)
        return Response({"messages": count}, 202)

    def _rows(self) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.filter(workspace=self.seat.workspace, removed_at=None)

    def _endpoint(self, id: str) -> WebhookEndpoint:
        return self.found(self._rows(), id)

    def _say(self, endpoint: WebhookEndpoint) -> Response:
        return self.with_version(EndpointAnswer(endpoint).data, endpoint.version)


class WebhookDeliveries(Door):
    """Messages, one per endpoint and event."""

    noun: ClassVar[str] = "webhook_deliveries"

    @does("webhook.manage", answer=DeliveryAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One message with all its attempts."""
        return Response(DeliveryAnswer(self._delivery(id)).data)

    @does("webhook.manage", answer=DeliveryAnswer, status=202, refuses=True)
    def replay(self, request: Request, id: str) -> Response:
        """Send it again, with the same id and the same bytes."""
        delivery = self._delivery(id)
        only = WebhookDelivery.objects.filter(pk=delivery.pk)
        endpoints.replay(delivery.endpoint, only, seat=self.seat, at=self.at)
        return Response(DeliveryAnswer(self._delivery(id)).data, 202)

    def _delivery(self, id: str) -> WebhookDelivery:
        rows = WebhookDelivery.objects.filter(
            endpoint__workspace=self.seat.workspace, endpoint__removed_at=None
        )
        return self.found(_with_tries(rows), id)


def deliveries_of(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    return _with_tries(WebhookDelivery.objects.filter(endpoint=endpoint))


def _with_tries(rows: Any) -> QuerySet[WebhookDelivery]:
    return rows.select_related("endpoint").prefetch_related(
        Prefetch("tries", WebhookAttempt.objects.order_by("number"))
    )
