"""Connectors: which pages and apps may start conversations, and the line of HTML that goes into them."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.forms.connectors import ConnectorForm
from conversations.models import Connector
from conversations.services.configuration import StaleRevision
from conversations.services.connectors import rotate_connector_token
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import answer_form, shown_revision

WIDGET = "widget/handoff-widget.js"
SNIPPET = '<script src="{base}{script}" data-token="{token}" data-title="{title}" async></script>'


def embed_snippet(connector: Connector) -> str:
    """The tag that puts the widget on a page."""
    title = connector.project.name.replace("&", "&amp;").replace('"', "&quot;")
    return SNIPPET.format(base=settings.BASE_URL, script=static(WIDGET), token=connector.token, title=title)


@console_page(Permission.API_KEYS_EDIT)
def list_connectors(request: HttpRequest, page: Page) -> HttpResponse:
    connectors = Connector.objects.filter(project=page.project).order_by("-is_active", "name")
    return render(request, "studio/connectors/list.html", page.context(connectors=connectors))


@console_page(Permission.API_KEYS_EDIT, methods=BOTH)
def add_connector(request: HttpRequest, page: Page) -> HttpResponse:
    form = ConnectorForm(request.POST or None, project=page.project)
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("{name} is added. Copy its line into your page").format(name=form.instance))
        return redirect("connector", pk=form.instance.pk)
    return render(
        request, "studio/connectors/add.html", page.context(form=form), status=422 if form.is_bound else 200
    )  # fmt: skip


@console_page(Permission.API_KEYS_EDIT, methods=BOTH, of=Connector)
def edit_connector(request: HttpRequest, page: Page, connector: Connector) -> HttpResponse:
    form = ConnectorForm(request.POST or None, instance=connector, project=page.project)
    stored = Connector.objects.select_related("project").get(pk=connector.pk)
    return answer_form(
        request, page, form, template="studio/connectors/edit.html", then=reverse("connector", args=[connector.pk]),
        said=_("{name} is saved").format(name=stored), shown={"connector": stored, "snippet": embed_snippet(stored)},
    )  # fmt: skip


@console_page(Permission.API_KEYS_EDIT, methods=WRITE, of=Connector)
def rotate_token(request: HttpRequest, page: Page, connector: Connector) -> HttpResponse:
    try:
        rotate_connector_token(
            connector=connector, user=page.user, at=timezone.now(), revision=shown_revision(request)
        )  # fmt: skip
    except StaleRevision:
        messages.error(request, _("Somebody changed this connector meanwhile. Look at it, then decide again"))
    else:
        messages.info(request, _("The token is new. Pages with the old one cannot start conversations any more"))
    return redirect("connector", pk=connector.pk)


urlpatterns = [
    path("", list_connectors, name="connectors"),
    path("add/", add_connector, name="connector-add"),
    path("<uuid:pk>/", edit_connector, name="connector"),
    path("<uuid:pk>/rotate/", rotate_token, name="connector-rotate"),
]
