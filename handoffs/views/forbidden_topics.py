"""Forbidden topics: what the AI must never answer."""

from typing import Any

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import REFUSED, answer_form
from handoffs.adapters.embeddings import load_embed
from handoffs.domain.rehearsal import try_topic
from handoffs.forms.forbidden_topics import ForbiddenTopicForm, TopicTrialForm
from handoffs.forms.triggers import SENSITIVITIES
from handoffs.models import ForbiddenTopic
from handoffs.selectors.destination_names import read_destination_names
from handoffs.selectors.working_copy import read_working_copy
from handoffs.services.removal import delete_forbidden_topic
from handoffs.views.editing import answer_delete

TAB = "forbidden-topics"
FORM = "handoffs/settings/forbidden_topic.html"


@console_page(Permission.SETTINGS_EDIT)
def list_forbidden_topics(request: HttpRequest, page: Page) -> HttpResponse:
    topics = list(ForbiddenTopic.objects.filter(project=page.project).order_by(Lower("name")))
    names = read_destination_names(page.project, keys={topic.destination_key for topic in topics})
    rows = [(topic, names.get(topic.destination_key, topic.destination_key)) for topic in topics]
    return render(request, "handoffs/settings/forbidden_topics.html", page.context(tab=TAB, rows=rows))


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def add_forbidden_topic(request: HttpRequest, page: Page) -> HttpResponse:
    topic = ForbiddenTopic(project=page.project)
    form = ForbiddenTopicForm(request.POST or None, instance=topic, project=page.project)
    said = _("Forbidden topic added")
    return answer_form(
        request, page, form, template=FORM, then=TAB, said=said, shown={"tab": TAB, "trial": TopicTrialForm.of(topic)}
    )


@console_page(Permission.SETTINGS_EDIT, methods=BOTH, of=ForbiddenTopic)
def edit_forbidden_topic(request: HttpRequest, page: Page, topic: ForbiddenTopic) -> HttpResponse:
    shown = {**_shown(request, topic), "name": topic.name}
    form = ForbiddenTopicForm(request.POST or None, instance=topic, project=page.project)
    said = _("Forbidden topic saved")
    return answer_form(request, page, form, template=FORM, then=TAB, said=said, shown=shown)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=ForbiddenTopic)
def remove_forbidden_topic(request: HttpRequest, page: Page, topic: ForbiddenTopic) -> HttpResponse:
    back = reverse("forbidden-topic", args=[topic.pk])
    return answer_delete(
        request, name=topic.name, back=back, then=TAB,
        delete=lambda: delete_forbidden_topic(topic=topic, user=page.user),
    )  # fmt: skip


def _shown(request: HttpRequest, topic: ForbiddenTopic) -> dict[str, Any]:
    trial = TopicTrialForm(request.POST) if request.method == "POST" else TopicTrialForm.of(topic)
    return {"tab": TAB, "trial": trial}


@console_page(Permission.SETTINGS_EDIT, methods=WRITE)
def try_forbidden_topic(request: HttpRequest, page: Page) -> HttpResponse:
    """What the topic as it is being written makes of a sentence, and what it still needs; nothing is saved."""
    form = TopicTrialForm(request.POST)
    if not form.is_valid():
        return render(request, "handoffs/settings/_topic_state.html", page.context(trial=form), status=REFUSED)
    config = read_working_copy(page.project)
    embed = load_embed() if config.settings.uses_embeddings else None
    signal = try_topic(form.cleaned_data["sentence"], form.topic, config=config, embed=embed)
    sensitivity = config.settings.forbidden_sensitivity
    context = page.context(trial=form, signal=signal, sensitivity=dict(SENSITIVITIES)[sensitivity.value])
    return render(request, "handoffs/settings/_topic_state.html", context)


urlpatterns = [
    path("settings/forbidden-topics/", list_forbidden_topics, name="forbidden-topics"),
    path("settings/forbidden-topics/try/", try_forbidden_topic, name="forbidden-topic-try"),
    path("settings/forbidden-topics/new/", add_forbidden_topic, name="forbidden-topic-add"),
    path("settings/forbidden-topics/<uuid:pk>/", edit_forbidden_topic, name="forbidden-topic"),
    path("settings/forbidden-topics/<uuid:pk>/delete/", remove_forbidden_topic, name="forbidden-topic-delete"),
]
