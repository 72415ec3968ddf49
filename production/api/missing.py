from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from production.api.door import Door


class Missing(Door):
    """Every address of the API that leads nowhere says so like the others."""

    schema = None
    noun = "missing"

    def nothing(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise Http404
