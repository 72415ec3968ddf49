from __future__ import annotations

import tempfile
from typing import ClassVar

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request

from production import exports
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Strict


class NewExport(Strict):
    kind = serializers.ChoiceField(
        exports.FORMATS,
        help_text=_(
            "json: everything with the log; zip: the same with uploaded files; csv: the items."
        ),
    )


class Exports(Door):
    noun: ClassVar[str] = "exports"

    @does(
        "export.make", body=NewExport, answer=OpenApiTypes.BINARY,
        media_type="application/octet-stream",
    )  # fmt: skip
    def create(self, request: Request) -> FileResponse:
        """The whole workspace as a file, to be saved. The log notes that it left."""
        kind = self.read(NewExport)["kind"]
        # Closed by the response, when it has been sent.
        file = tempfile.SpooledTemporaryFile(exports.IN_MEMORY)  # noqa: SIM115
        exports.make(kind, file, seat=self.seat, at=self.at)
        file.seek(0)
        name = exports.file_name(kind, self.seat.workspace, at=self.at)
        return FileResponse(
            file, as_attachment=True, filename=name, content_type="application/octet-stream"
        )
