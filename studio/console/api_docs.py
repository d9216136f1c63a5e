"""The description of the interfaces: the OpenAPI file, and a page that reads it. Open to everybody: it says nothing
of anybody's data."""

from typing import Any

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from studio.openapi import read_schema


class SchemaView(SpectacularAPIView):
    """`GET /api/schema/`: YAML, or JSON for who asks for it."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(read_schema())


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="studio/api_docs.html"),
        name="api-docs",
    ),
]
