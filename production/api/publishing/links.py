from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import utmtemplates
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Linked, PublicId, Strict, Text
from production.models import Channel, Publication, TrackedLink, UtmTemplate
from production.publications import links

CHANNEL = OpenApiParameter("channel", str, description="Only those of this channel, by its id.")
PUBLICATION = OpenApiParameter("publication", str, description="Only that of this publication.")


class UtmTemplateAnswer(Answer):
    """How tracked links are named. Slots stand in braces: {platform}, {publication}, {week} …"""

    id = PublicId()
    channel = Linked(read_only=True, allow_null=True, help_text="Null: every other channel.")

    class Meta:
        model = UtmTemplate
        fields = ("id", "channel", *utmtemplates.PARTS, "version")
        read_only_fields = fields


class UtmTemplateChange(Strict):
    source = Text(max_length=100, required=False)
    medium = Text(max_length=100, required=False)
    campaign = Text(max_length=100, required=False, allow_blank=True)
    content = Text(max_length=100, required=False, allow_blank=True)
    term = Text(max_length=100, required=False, allow_blank=True)


class UtmTemplateBody(UtmTemplateChange):
    channel = Linked(
        queryset=Channel.objects.all(), required=False, allow_null=True,
        help_text="Without one: the template of the workspace.",
    )  # fmt: skip


class UtmTemplates(Door):
    """Names of tracked links: one template for the workspace, one for a channel of its own."""

    noun: ClassVar[str] = "utm_templates"

    @does("publication.see", answer=UtmTemplateAnswer, is_list=True)
    def list(self, request: Request) -> Response:
        """The templates in use."""
        return self.all(self._rows().order_by("channel_id", "id"), UtmTemplateAnswer)

    @does("window.change", body=UtmTemplateBody, answer=UtmTemplateAnswer, status=201)
    def create(self, request: Request) -> Response:
        """One more; links that nobody has handed over yet are built anew with it."""
        wish = self.read(UtmTemplateBody)
        channel = wish.pop("channel", None)
        made = utmtemplates.add(wish, channel=channel, seat=self.seat, at=self.at)
        return self.created(UtmTemplateAnswer(made).data, made, ETag=f'"{made.version}"')

    @does("publication.see", answer=UtmTemplateAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One template."""
        return self._say(self._found(id))

    @does("window.change", body=UtmTemplateChange, answer=UtmTemplateAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Name links differently from now on."""
        found, wish = self._found(id), self.read(UtmTemplateChange)
        version = self.if_match(found.version)
        utmtemplates.change(found, wish, seat=self.seat, at=self.at, version=version)
        return self._say(self._found(id))

    @does("window.change", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Use it no more."""
        utmtemplates.retire(self._found(id), seat=self.seat, at=self.at)
        return Response(status=204)

    def _rows(self) -> QuerySet[UtmTemplate]:
        return utmtemplates.in_use(self.seat).select_related("channel")

    def _found(self, id: str) -> UtmTemplate:
        return self.found(self._rows(), id)

    def _say(self, found: UtmTemplate) -> Response:
        return self.with_version(UtmTemplateAnswer(found).data, found.version)


class Utm(serializers.Serializer):
    source = serializers.CharField(max_length=100, required=False)
    medium = serializers.CharField(max_length=100, required=False)
    campaign = serializers.CharField(max_length=100, required=False)
    content = serializers.CharField(max_length=100, required=False)
    term = serializers.CharField(max_length=100, required=False)


class LinkAnswer(serializers.Serializer):
    """A link as it goes out with a publication."""

    publication = serializers.CharField(max_length=30)
    channel = serializers.CharField(max_length=30, allow_null=True)
    variant = serializers.CharField(max_length=20)
    target = serializers.CharField(max_length=500, help_text="Where it leads.")
    url = serializers.CharField(max_length=1000, help_text="What goes out.")
    utm = Utm()


class PreviewBody(Strict):
    url = Text(max_length=500, help_text="Where it should lead.")
    channel = Linked(queryset=Channel.objects.all(), required=False, allow_null=True)


class PreviewAnswer(serializers.Serializer):
    url = serializers.CharField(max_length=2000)
    utm = Utm()


class Links(Door):
    """Tracked links: every link goes out with the parameters of its campaign."""

    noun: ClassVar[str] = "links"

    @does(
        "calendar.see",
        answer=LinkAnswer,
        is_page=True,
        parameters=[CHANNEL, PUBLICATION],
        scope="publications:read",
    )
    def list(self, request: Request) -> Response:
        """The links of the publications. One is made by giving a publication its `link_url`."""
        rows = Publication.objects.filter(
            workspace=self.seat.workspace, links__role=TrackedLink.Role.CTA
        ).select_related("channel")
        if (channel := request.query_params.get("channel")) is not None:
            rows = rows.filter(channel__public_id=channel[:40])
        if (publication := request.query_params.get("publication")) is not None:
            rows = rows.filter(public_id=publication[:40])
        cta = TrackedLink.objects.filter(role=TrackedLink.Role.CTA)
        rows = rows.prefetch_related(Prefetch("links", cta, to_attr="tracked"))
        return self.page(rows, _said, {"created": "public_id"})

    @does("calendar.see", body=PreviewBody, answer=PreviewAnswer, scope="publications:read")
    def preview(self, request: Request) -> Response:
        """What a link would look like if it went out from this channel today; writes nothing."""
        wish = self.read(PreviewBody)
        channel = wish.get("channel")
        template = links.template_of(self.seat.workspace.pk, channel.pk if channel else None)
        values = {name: getattr(template, name) for name in utmtemplates.PARTS}
        made = utmtemplates.preview(
            wish["url"], values, seat=self.seat, at=self.at, channel=channel
        )
        return Response({"url": made.url, "utm": dict(made.utm)})


def _said(publication: Any) -> dict[str, Any]:
    link = publication.tracked[0]
    return {
        "publication": publication.public_id,
        "channel": publication.channel.public_id if publication.channel else None,
        "variant": publication.variant,
        "target": link.target,
        "url": link.url,
        "utm": link.utm,
    }
