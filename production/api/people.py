from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import invitations, members
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Choice, Email, PublicId, Strict
from production.api.lookups import seats_of
from production.models import Invitation, Kind, Membership, Role


class MemberAnswer(Answer):
    """A person in the workspace. `id` is the person's; items name people by it."""

    id = serializers.CharField(source="user.public_id", max_length=30, read_only=True)
    name = serializers.CharField(source="user.name", max_length=100, read_only=True)
    email = serializers.CharField(source="user.email", max_length=254, read_only=True)
    stage_kinds = serializers.ListField(
        child=serializers.CharField(max_length=10), help_text="Where a contributor works."
    )

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "role", "stage_kinds", "joined_at")
        read_only_fields = fields


class RoleBody(Strict):
    role = Choice(Role.choices)
    stage_kinds = serializers.ListField(
        child=Choice(Kind.choices), max_length=7, required=False,
        help_text="External contributors only: the kinds of stage in which they work.",
    )  # fmt: skip


class InvitationAnswer(Answer):
    id = PublicId()

    class Meta:
        model = Invitation
        fields = ("id", "email", "role", "created_at", "expires_at")
        read_only_fields = fields


class InvitedAnswer(InvitationAnswer):
    link = serializers.CharField(
        max_length=300, allow_null=True, help_text="Shown once. Whoever opens it gets in."
    )

    class Meta(InvitationAnswer.Meta):
        fields = (*InvitationAnswer.Meta.fields, "link")
        read_only_fields = fields


class InvitationBody(Strict):
    email = Email(max_length=254)
    role = Choice(Role.choices)


class People(Door):
    """Who sits in the workspace."""

    noun: ClassVar[str] = "people"

    @does("people.see", answer=MemberAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """The people of the workspace with their roles."""
        return self.page(seats_of(self.seat), MemberAnswer, {"joined": "joined_at"})

    @does("people.see", answer=MemberAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One person."""
        return Response(MemberAnswer(self._member(id)).data)

    @does("people.change", body=RoleBody, answer=MemberAnswer, refuses=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Give the person another role. A workspace keeps at least one owner."""
        member, wish = self._member(id), self.read(RoleBody)
        members.change_role(member, wish.pop("role"), seat=self.seat, at=self.at, **wish)
        return Response(MemberAnswer(self._member(id)).data)

    @does("people.change", status=204, refuses=True)
    def destroy(self, request: Request, id: str) -> Response:
        """Take the person out; the past goes on naming them."""
        members.remove(self._member(id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _member(self, id: str) -> Membership:
        return self.found(seats_of(self.seat), id, "user__public_id")


class Invitations(Door):
    noun: ClassVar[str] = "invitations"

    @does("people.change", answer=InvitationAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Invitations that are open."""
        return self.page(self._open(), InvitationAnswer, {"created": "public_id"})

    @does("people.change", body=InvitationBody, answer=InvitedAnswer, status=201, secrets=("link",))
    def create(self, request: Request) -> Response:
        """Invite somebody: the link is shown once and mailed where mail is set up."""
        wish = self.read(InvitationBody)
        invitation, token = invitations.invite(
            wish["email"], wish["role"], seat=self.seat, at=self.at
        )
        invitations.send(invitation, token)
        said = InvitationAnswer(invitation).data | {"link": invitations.link(token)}
        return self.created(said, invitation)

    @does("people.change", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Close the link."""
        invitations.revoke(self.found(self._open(), id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _open(self):  # type: ignore[no-untyped-def]
        rows = Invitation.objects.filter(workspace=self.seat.workspace)
        return rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=self.at)
