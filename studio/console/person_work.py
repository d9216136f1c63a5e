"""What a person of the project can do and carry in the inbox."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from conversations.access import NotFound
from conversations.domain.permissions import Permission
from conversations.selectors.people import people_of
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import answer_form
from handoffs.forms.agents import AgentForm
from handoffs.services.capacity import ensure_agent

FORM = "studio/people/work.html"


@console_page(Permission.PEOPLE_EDIT, methods=BOTH)
def edit_work(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    person = people_of(page.project).filter(pk=person_id).first()
    if person is None:
        raise NotFound("person")
    agent = ensure_agent(project_id=page.project.pk, user=person)
    form = AgentForm(request.POST or None, instance=agent, project=page.project)
    then = reverse("person", args=[person.pk])
    said = _("What %(name)s carries is saved") % {"name": person}
    return answer_form(request, page, form, template=FORM, then=then, said=said, shown={"person": person, "back": then})


urlpatterns = [path("people/<uuid:person_id>/work/", edit_work, name="person-work")]
