from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import assets
from production.api.actions import does
from production.api.fields import (
    Address,
    Answer,
    Choice,
    PersonBrief,
    PublicId,
    Strict,
    StrictModel,
    Text,
)
from production.api.items.base import ItemPart
from production.models import Asset


class AssetAnswer(Answer):
    id = PublicId()
    added_by = PersonBrief(read_only=True, allow_null=True)
    download = serializers.SerializerMethodField(help_text="Where the file is; null for a link.")

    class Meta:
        model = Asset
        fields = (
            "id", "role", "name", "url", "download", "mime", "bytes", "sha256", "alt_text",
            "added_by", "added_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_download(self, asset: Asset) -> str | None:
        if not asset.file:
            return None
        item = asset.item.public_id
        return f"{settings.SITE_URL}/api/v1/items/{item}/assets/{asset.public_id}/file/"


@extend_schema_field({"type": "string", "format": "binary"})
class Upload(serializers.FileField):
    pass


class AssetBody(Strict):
    """A link as JSON, or a file as multipart/form-data."""

    url = Address(required=False, max_length=1000, help_text="http or https.")
    file = Upload(required=False, max_length=255, allow_empty_file=True)
    name = Text(required=False, max_length=200)
    role = Choice(Asset.Role.choices, required=False)
    alt_text = Text(required=False, allow_blank=True, max_length=500)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("url" in values) == ("file" in values):
            raise serializers.ValidationError({"url": "Send a link or a file."}, "required")
        return values


class AssetChanges(StrictModel):
    class Meta:
        model = Asset
        fields = ("name", "role", "alt_text")


class Assets(ItemPart):
    """Files and links of an item."""

    noun: ClassVar[str] = "assets"

    @does("item.see", answer=AssetAnswer, is_page=True)
    def list(self, request: Request, id: str) -> Response:
        """Files and links, in the order in which they came."""
        rows = Asset.objects.filter(item=self.item(id)).select_related("added_by", "item")
        return self.page(rows, AssetAnswer, {"created": "public_id"})

    @does("asset.add", body=AssetBody, answer=AssetAnswer, status=201, refuses=True, forms=True)
    def create(self, request: Request, id: str) -> Response:
        """Add a link (JSON: `url`) or a file (multipart: `file`)."""
        item, values = self.workable(id), self.read(AssetBody)
        by = {"by": self.seat.user, "at": self.at}
        if "file" in values:
            file = values.pop("file")
            values.pop("name", None)
            asset = assets.add_file(item, file, **values, **by)
        else:
            asset = assets.add_link(item, values.pop("url"), **values, **by)
        asset.item = item
        return self.created(AssetAnswer(asset).data, asset)

    @does("asset.add", body=AssetChanges, answer=AssetAnswer)
    def partial_update(self, request: Request, id: str, asset: str) -> Response:
        """Change name, role or alternative text."""
        found = self._asset(id, asset)
        changes = self.read(AssetChanges, partial=True)
        described = assets.describe(found, changes, by=self.seat.user, at=self.at)
        described.item = found.item
        return Response(AssetAnswer(described).data)

    @does("asset.add", status=204)
    def destroy(self, request: Request, id: str, asset: str) -> Response:
        """Take a file or link away."""
        assets.remove(self._asset(id, asset), by=self.seat.user, at=self.at)
        return Response(status=204)

    @does("item.see", answer=OpenApiTypes.BINARY, media_type="application/octet-stream")
    def file(self, request: Request, id: str, asset: str) -> FileResponse:
        """The file itself, to be saved and not shown."""
        found = self.part(Asset.objects.all(), self.item(id), asset)
        if not found.file:
            raise Http404
        try:
            opened = found.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            opened, as_attachment=True, filename=found.name,
            content_type="application/octet-stream",
        )  # fmt: skip
        response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        return response

    def _asset(self, id: str, asset: str) -> Asset:
        rows = Asset.objects.select_related("added_by")
        return self.part(rows, self.workable(id), asset)
