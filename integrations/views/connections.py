"""Who answers as the AI: connections edited in a drawer beside the list of integrations, tried out, and chosen."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import is_name_typed
from integrations.domain.responder_settings import ResponderKind
from integrations.forms.connections import FORMS, ConnectionForm
from integrations.models import Connection
from integrations.selectors.integrations import read_integrations
from integrations.selectors.responders import are_alike, find_responder_uses, has_secret, twin_of_connection
from integrations.services.connections import (
    ConnectionInUse,
    UnknownResponder,
    choose_responder_of,
    copy_connection,
    remove_connection,
    try_connection,
)

STARTS_WITH = {ResponderKind.HTTP: "Own agent", ResponderKind.OPENAI: "Language model"}
ADD_WORDS = {
    ResponderKind.HTTP: gettext_lazy("Add your own agent"),
    ResponderKind.OPENAI: gettext_lazy("Add a language model"),
}
QUESTION, QUESTION_MAX = "Hello, can you help me?", 1_000


@console_page(Permission.INTEGRATIONS_EDIT, methods=BOTH)
def add_connection(request: HttpRequest, page: Page, kind: str) -> HttpResponse:
    if kind not in list(ResponderKind):
        raise Http404("kind")
    connection = Connection(project=page.project, environment=page.environment.value, kind=kind)
    form = FORMS[ResponderKind(kind)](
        request.POST or None, instance=connection, project=page.project,
        initial={"name": STARTS_WITH[ResponderKind(kind)]},
    )  # fmt: skip
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("{name} is added. Test it, then let it answer").format(name=connection))
        return redirect("connection", pk=connection.pk)
    return _show(request, page, form, connection=connection, title=ADD_WORDS[ResponderKind(kind)])


@console_page(Permission.INTEGRATIONS_EDIT, methods=BOTH, of=Connection)
def edit_connection(request: HttpRequest, page: Page, connection: Connection) -> HttpResponse:
    form, beside = _form(request.POST or None, page, connection), _beside(connection)
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("Saved. The next turn is asked as it is now"))
        return redirect("connection", pk=connection.pk)
    return _show(request, page, form, connection=connection, **beside)


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE, of=Connection)
def test_connection(request: HttpRequest, page: Page, connection: Connection) -> HttpResponse:
    """Really ask it, and show the answer beside its form."""
    question = request.POST.get("question", "").replace("\0", "").strip()[:QUESTION_MAX] or QUESTION
    form = _form(None, page, connection)
    trial = try_connection(connection=connection, question=question, clock=timezone.now)
    return _show(request, page, form, connection=connection, trial=trial, **_beside(connection))


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE, of=Connection)
def copy_to_other(request: HttpRequest, page: Page, connection: Connection) -> HttpResponse:
    _form(None, page, connection)
    other = Environment(connection.environment).other
    copy_connection(connection=connection, to=other, user=page.user, at=timezone.now())
    messages.info(request, _("{name} is the same in both environments, but for its key").format(name=connection))
    return redirect("connection", pk=connection.pk)


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE, of=Connection)
def delete_connection(request: HttpRequest, page: Page, connection: Connection) -> HttpResponse:
    _form(None, page, connection)
    if not is_name_typed(request, connection.name):
        return redirect("connection", pk=connection.pk)
    try:
        remove_connection(connection=connection, user=page.user)
    except ConnectionInUse as used:
        words = _("Not deleted: {name} answers in {uses}. Let another one answer there first")
        messages.error(request, words.format(name=connection, uses=", ".join(used.uses)))
        return redirect("connection", pk=connection.pk)
    messages.info(request, _("{name} is deleted").format(name=connection))
    return redirect(f"{reverse('integrations')}?environment={connection.environment}")


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE)
def choose_responder(request: HttpRequest, page: Page, key: str) -> HttpResponse:
    try:
        choose_responder_of(project=page.project, key=key, user=page.user, at=timezone.now())
    except UnknownResponder as unknown:
        raise Http404("responder") from unknown
    messages.info(request, _("It answers in the sandbox from now on, in live once this is published"))
    return redirect("integrations")


def _form(data: QueryDict | None, page: Page, connection: Connection) -> ConnectionForm:
    """The form of a stored connection, filled with what was sent. A line's sign-in has none: 404."""
    if connection.kind not in FORMS:
        raise Http404("connection")
    form = FORMS[ResponderKind(connection.kind)]
    return form(data, instance=connection, project=page.project, has_secret=has_secret(connection))


def _show(
    request: HttpRequest, page: Page, form: ConnectionForm, *, connection: Connection, **shown: Any
) -> HttpResponse:
    environment = Environment(connection.environment)
    found = read_integrations(project=page.project, environment=environment)
    context = page.context(**found, form=form, connection=connection, question=QUESTION, **shown)
    context |= {"environment": environment.value}
    return render(request, "integrations/connections/edit.html", context, status=422 if form.is_bound else 200)


def _beside(connection: Connection) -> dict[str, Any]:
    """What the drawer of a stored connection says beside its form."""
    twin = twin_of_connection(connection)
    return {
        "title": connection.name,
        "has_secret": has_secret(connection),
        "uses": [(words, "") for words in find_responder_uses(connection)],
        "twin": twin,
        "is_alike": twin is not None and are_alike(connection, twin),
        "other_environment": Environment(connection.environment).other.value,
    }


urlpatterns = [
    path("add/<slug:kind>/", add_connection, name="connection-add"),
    path("choose/<slug:key>/", choose_responder, name="responder-choose"),
    path("<uuid:pk>/", edit_connection, name="connection"),
    path("<uuid:pk>/test/", test_connection, name="connection-test"),
    path("<uuid:pk>/copy/", copy_to_other, name="connection-copy"),
    path("<uuid:pk>/delete/", delete_connection, name="connection-delete"),
]
