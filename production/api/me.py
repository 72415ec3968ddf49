from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production.api.actions import ANY, does
from production.api.door import Door
from production.api.fields import Answer
from production.models import ApiToken, Role, User, Workspace


class PersonAnswer(Answer):
    id = serializers.CharField(source="public_id", max_length=30)

    class Meta:
        model = User
        fields = ("id", "name", "email", "language", "time_zone")
        read_only_fields = fields


class WorkspaceBrief(Answer):
    id = serializers.CharField(source="public_id", max_length=30)

    class Meta:
        model = Workspace
        fields = ("id", "slug", "name", "time_zone", "language")
        read_only_fields = fields


@extend_schema_field(
    {"type": ["array", "null"], "items": {"type": "string", "maxLength": 40}, "maxItems": 40}
)
class Scopes(serializers.Field):
    pass


class TokenBrief(Answer):
    id = serializers.CharField(source="public_id", max_length=30)
    channels = serializers.ListField(
        child=serializers.CharField(max_length=30), max_length=100,
        help_text="Those it may claim on; none: all of them.",
    )  # fmt: skip

    class Meta:
        model = ApiToken
        fields = ("id", "name", "channels", "expires_at")
        read_only_fields = fields


class MeAnswer(serializers.Serializer):
    person = PersonAnswer()
    workspace = WorkspaceBrief()
    token = TokenBrief(allow_null=True, help_text="Null for a browser session.")
    role = serializers.ChoiceField(Role.choices)
    scopes = Scopes(help_text="What the token may do; null for a browser session: all of the role.")
    time_zone = serializers.CharField(
        max_length=64, help_text="The person's own, or the workspace's."
    )
    server_time = serializers.DateTimeField()
    version = serializers.CharField(max_length=20, help_text="Of this API.")


class Me(Door):
    noun: ClassVar[str] = "me"

    @does("workspace.see", scope=ANY, answer=MeAnswer)
    def retrieve(self, request: Request) -> Response:
        """Who you are here, what you may do, and what time it is. A good first call."""
        seat = self.seat
        token = ApiToken.objects.filter(pk=seat.token).first() if seat.token else None
        return Response(
            {
                "person": PersonAnswer(seat.user).data,
                "workspace": WorkspaceBrief(seat.workspace).data,
                "token": TokenBrief(token).data if token else None,
                "role": seat.role,
                "scopes": sorted(seat.scopes) if seat.scopes is not None else None,
                "time_zone": seat.user.time_zone or seat.workspace.time_zone,
                "server_time": self.at,
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            }
        )
