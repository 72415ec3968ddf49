from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import tokens
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Choice, Moment, PublicId, Strict, Text
from production.errors import NotAllowed
from production.models import ApiToken


def _channels(**more: Any) -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=30), max_length=100, **more)


class TokenAnswer(Answer):
    """A program's key to this workspace, without the key itself."""

    id = PublicId()
    scopes = serializers.ListField(child=serializers.ChoiceField(tokens.SCOPES))
    channels = _channels(help_text="Ids of the channels it may claim on; none: all of them.")

    class Meta:
        model = ApiToken
        fields = (
            "id", "name", "hint", "scopes", "channels", "created_at", "expires_at", "last_used_at",
            "revoked_at",
        )  # fmt: skip
        read_only_fields = fields


class NewTokenAnswer(TokenAnswer):
    token = serializers.CharField(
        max_length=100, allow_null=True, help_text="The key itself, shown this once."
    )

    class Meta(TokenAnswer.Meta):
        fields = (*TokenAnswer.Meta.fields, "token")
        read_only_fields = fields


class TokenBody(Strict):
    name = Text(max_length=100, help_text="Which program it is for.")
    scopes = serializers.ListField(
        child=Choice(tokens.SCOPES), min_length=1, max_length=20, help_text="What it may do."
    )
    channels = _channels(
        required=False, help_text="Ids of the channels it may claim on; none: all of them."
    )
    expires_at = Moment(required=False, allow_null=True)


class Tokens(Door):
    """Your own keys for programs. A key can do no more than you may when it is used."""

    noun: ClassVar[str] = "tokens"

    @does("token.own", answer=TokenAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Your keys, revoked ones too."""
        return self.page(self._own(), TokenAnswer, {"created": "public_id"})

    @does("token.own", body=TokenBody, answer=NewTokenAnswer, status=201, secrets=("token",))
    def create(self, request: Request) -> Response:
        """Make a key. It is in this answer, and never to be had again.

        A key that makes keys hands on no scope and no channel that it does not have itself.
        """
        wish = self.read(TokenBody)
        if self.seat.scopes is not None and not set(wish["scopes"]) <= self.seat.scopes:
            raise NotAllowed("token.own")
        if own := self.seat.channels:
            if not set(wish.get("channels", ())) <= own:
                raise NotAllowed("token.own")
            wish.setdefault("channels", sorted(own))
        token, plain = tokens.create(seat=self.seat, at=self.at, **wish)
        return self.created(TokenAnswer(token).data | {"token": plain}, token)

    @does("token.own", answer=TokenAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One of your keys."""
        return Response(TokenAnswer(self.found(self._own(), id)).data)

    @does("token.own", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Revoke a key: from the next request on it opens nothing. Twice is once."""
        tokens.revoke(self.found(self._own(), id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _own(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(workspace=self.seat.workspace, user=self.seat.user)
