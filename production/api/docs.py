"""The description of the API, and the page that shows it."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class Schema(SpectacularAPIView):
    """OpenAPI 3.1, for everybody: it says what there is, not what is in it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Docs(SpectacularSwaggerSplitView):
    """The schema as a page, from our own server alone."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "production/api/docs.html"
