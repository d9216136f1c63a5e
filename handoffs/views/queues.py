"""Queues of the built-in inbox: who works them, the wait aimed at, and how conversations in them can end."""

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import answer_form
from handoffs.forms.queues import QueueForm
from handoffs.models import Queue
from handoffs.selectors.queues import Waiting, count_waiting, count_waiting_by_queue
from handoffs.selectors.settings_uses import find_queue_uses
from handoffs.services.removal import delete_queue
from handoffs.views.editing import answer_delete, linked_uses

TAB = "queues"
FORM = "handoffs/settings/queue.html"


@console_page(Permission.SETTINGS_EDIT)
def list_queues(request: HttpRequest, page: Page) -> HttpResponse:
    queues = list(Queue.objects.filter(project=page.project).order_by(Lower("name")).prefetch_related("teams"))
    waiting = count_waiting_by_queue(page.project, keys=[queue.key for queue in queues])
    rows = [(queue, waiting.get(queue.key, Waiting())) for queue in queues]
    return render(request, "handoffs/settings/queues.html", page.context(tab=TAB, rows=rows))


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def add_queue(request: HttpRequest, page: Page) -> HttpResponse:
    form = QueueForm(request.POST or None, instance=Queue(project=page.project), project=page.project)
    return answer_form(request, page, form, template=FORM, then=TAB, said=_("Queue added"), shown={"tab": TAB})


@console_page(Permission.SETTINGS_EDIT, methods=BOTH, of=Queue)
def edit_queue(request: HttpRequest, page: Page, queue: Queue) -> HttpResponse:
    waiting = count_waiting(queue)
    uses = linked_uses(find_queue_uses(queue, waiting=waiting))
    shown = {"tab": TAB, "name": queue.name, "waiting": waiting, "uses": uses}
    form = QueueForm(request.POST or None, instance=queue, project=page.project)
    return answer_form(request, page, form, template=FORM, then=TAB, said=_("Queue saved"), shown=shown)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Queue)
def remove_queue(request: HttpRequest, page: Page, queue: Queue) -> HttpResponse:
    back = reverse("queue", args=[queue.pk])
    return answer_delete(
        request, name=queue.name, back=back, then=TAB, delete=lambda: delete_queue(queue=queue, user=page.user)
    )


urlpatterns = [
    path("settings/queues/", list_queues, name="queues"),
    path("settings/queues/new/", add_queue, name="queue-add"),
    path("settings/queues/<uuid:pk>/", edit_queue, name="queue"),
    path("settings/queues/<uuid:pk>/delete/", remove_queue, name="queue-delete"),
]
