"""All HTTP routes: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from studio.console.login import log_in_to_admin

urlpatterns = [
    path("admin/login/", log_in_to_admin),
    path("admin/", admin.site.urls),
    path("", include("studio.console.health")),
    path("", include("studio.console.urls")),
    path("", include("studio.console.demo_page")),
    path("", include("studio.console.person_work")),
    path("audit/", include("studio.console.audit")),
    path("health/", include("studio.console.health_page")),
    path("api/", include("studio.console.api_docs")),
    path("api-keys/", include("studio.console.api_keys")),
    path("api-keys/connectors/", include("studio.console.connectors")),
    path("", include("conversations.urls")),
    path("", include("handoffs.urls")),
    path("", include("handoffs.views.releases")),
    path("", include("integrations.urls")),
]

handler400 = "studio.error_pages.answer_400"
handler403 = "studio.error_pages.answer_403"
handler404 = "studio.error_pages.answer_404"
handler500 = "studio.error_pages.answer_500"
