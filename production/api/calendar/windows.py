from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import windows
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Day, Linked, PublicId, Strict, Text, Whole
from production.models import Channel, Window

CHANNEL = OpenApiParameter("channel", str, description="Only those of this channel, by its id.")


def _weekdays(**more: Any) -> serializers.ListField:
    return serializers.ListField(
        child=Whole(min_value=1, max_value=7), max_length=7,
        help_text="ISO 8601: Monday is 1.", **more,
    )  # fmt: skip


@extend_schema_field(
    {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "maxLength": 5}
)
class Clock(serializers.TimeField):
    """A wall time: 17:30."""


def _clock(**more: Any) -> Clock:
    return Clock(format="%H:%M", input_formats=["%H:%M"], **more)


class WindowAnswer(Answer):
    """Hours of the week in which a channel publishes, in the workspace's zone."""

    id = PublicId()
    channel = Linked(read_only=True)
    timezone = serializers.CharField(source="workspace.time_zone", read_only=True)
    weekdays = _weekdays(read_only=True)
    begins = _clock(read_only=True)
    ends = _clock(read_only=True, help_text="The last minute is the one before.")

    class Meta:
        model = Window
        fields = (
            "id", "channel", "weekdays", "begins", "ends", "timezone", "locked_until", "version",
        )  # fmt: skip
        read_only_fields = fields


class WindowBody(Strict):
    channel = Linked(queryset=Channel.objects.all())
    weekdays = _weekdays()
    begins = _clock()
    ends = _clock()
    reason = Text(max_length=300, required=False, help_text="Needed while the windows are locked.")


class WindowChange(Strict):
    weekdays = _weekdays(required=False)
    begins = _clock(required=False)
    ends = _clock(required=False)
    reason = Text(max_length=300, required=False)


class RetireBody(Strict):
    reason = Text(max_length=300, required=False, allow_blank=True, default="")


class LockBody(Strict):
    channel = Linked(queryset=Channel.objects.all())


class UnlockBody(Strict):
    channel = Linked(queryset=Channel.objects.all())
    reason = Text(max_length=300)


class LockAnswer(serializers.Serializer):
    locked_until = Day(read_only=True, allow_null=True)


class Windows(Door):
    noun: ClassVar[str] = "windows"

    @does("publication.see", answer=WindowAnswer, is_list=True, parameters=[CHANNEL])
    def list(self, request: Request) -> Response:
        """The windows in use. A channel without any may publish at any time."""
        rows = self._rows()
        if (channel := request.query_params.get("channel")) is not None:
            rows = rows.filter(channel__public_id=channel[:40])
        return self.all(rows.order_by("channel__position", "channel_id", "id"), WindowAnswer)

    @does("window.change", body=WindowBody, answer=WindowAnswer, status=201, refuses=True)
    def create(self, request: Request) -> Response:
        """One more window."""
        wish = self.read(WindowBody)
        window = windows.add(wish.pop("channel"), seat=self.seat, at=self.at, **wish)
        row = self._window(str(window.public_id))
        return self.created(WindowAnswer(row).data, row, ETag=f'"{row.version}"')

    @does("publication.see", answer=WindowAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One window."""
        return self._say(self._window(id))

    @does("window.change", body=WindowChange, answer=WindowAnswer, refuses=True, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Other days or hours; while locked only with a reason."""
        window, changes = self._window(id), self.read(WindowChange)
        reason, version = changes.pop("reason", ""), self.if_match(window.version)
        windows.change(window, changes, seat=self.seat, at=self.at, version=version, reason=reason)
        return self._say(self._window(id))

    @does("window.change", body=RetireBody, status=204, refuses=True)
    def retire(self, request: Request, id: str) -> Response:
        """Publish there no more; while locked only with a reason."""
        reason = self.read(RetireBody)["reason"]
        windows.retire(self._window(id), seat=self.seat, at=self.at, reason=reason)
        return Response(status=204)

    @does("window.change", body=LockBody, answer=LockAnswer, refuses=True)
    def lock(self, request: Request) -> Response:
        """Keep the windows of a channel as they are for three weeks."""
        channel = self.read(LockBody)["channel"]
        return Response({"locked_until": windows.lock(channel, seat=self.seat, at=self.at)})

    @does("window.change", body=UnlockBody, answer=LockAnswer)
    def unlock(self, request: Request) -> Response:
        """Let the windows of a channel be changed before their time."""
        wish = self.read(UnlockBody)
        windows.unlock(wish["channel"], seat=self.seat, at=self.at, reason=wish["reason"])
        return Response({"locked_until": None})

    def _rows(self) -> QuerySet[Window]:
        rows = Window.objects.filter(workspace=self.seat.workspace, retired_at=None)
        return rows.select_related("channel", "workspace")

    def _window(self, id: str) -> Window:
        return self.found(self._rows(), id)

    def _say(self, window: Window) -> Response:
        return self.with_version(WindowAnswer(window).data, window.version)
