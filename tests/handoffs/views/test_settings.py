"""The settings pages: what they show, refuse, ask once more, and leave alone."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.models import AuditEntry, Project
from conversations.services.configuration import change_row
from handoffs.models import Destination, ForbiddenTopic, HandoffSettings, Queue, Reason, Topic
from tests.handoffs.views.settings_forms import listed, send, shown, url_of

LISTS = ["settings", "collected-data", "forbidden-topics", "reasons", "queues", "unanswered", "project-settings"]
PAGES = [*LISTS, "forbidden-topic-add", "reason-add", "queue-add", "fallback-chains"]
FIELD = {"key": "name", "label": "Name", "kind": "text", "is_required": True, "choices": ""}


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


# Pages ------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens(as_owner, name):
    answer = as_owner.get(reverse(name))
    assert answer.status_code == 200
    assert 'style="' not in answer.content.decode()


def test_each_tab_leads_to_its_page_and_knows_itself(as_owner):
    for name in LISTS:
        page = as_owner.get(reverse(name)).content.decode()
        assert f'<a href="{reverse(name)}" aria-current="page">' in page.split("hs-tabs")[1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reasons", "No reasons yet"),
        ("queues", "No queues yet"),
        ("forbidden-topics", "Something the AI must never answer"),
        ("fallback-chains", "No destinations yet"),
    ],
)
def test_an_empty_list_says_what_it_is_for(as_owner, project, name, words):
    for model in (Reason, Queue, Destination):
        model.objects.filter(project=project).delete()
    assert words in as_owner.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_an_agent_does_not_see_settings(client, agent, name):
    client.force_login(agent)
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["reason", "queue", "forbidden-topic"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_rows_of_another_project_are_not_found(client, outsider, rows, name, method):
    client.force_login(outsider)
    assert getattr(client, method)(url_of(name, rows[name])).status_code == 404
    assert client.post(url_of(f"{name}-delete", rows[name]), {"typed": rows[name]}).status_code == 404


# Triggers ---------------------------------------------------------------


def preview(client, **changes):
    return client.post(reverse("settings-preview"), {**shown(client, reverse("settings")), **changes})


def test_a_level_sets_the_toggles_on_the_page_and_nothing_in_the_database(as_owner, project):
    answer = preview(as_owner, level=3, apply="level")
    form = answer.context["form"]
    assert [form[name].value() for name in ("collect_first", "require_problem_statement", "tries_before_transfer")] == [
        True,
        True,
        1,
    ]
    assert "As AI first sets it" in answer.content.decode()
    assert HandoffSettings.objects.get(project=project).level == 1


def test_one_change_is_counted_and_offers_the_way_back(as_owner):
    page = preview(as_owner, confirm_before_transfer="on").content.decode()
    assert "Custom, 1 change from Quick" in page
    assert "Reset to Quick" in page
    assert "The AI asks: “Shall I pass you to a person now?”" in page


def test_a_reset_takes_every_change_back(as_owner):
    answer = preview(as_owner, confirm_before_transfer="on", tries_before_transfer=2, apply="reset")
    assert answer.context["changes"] == 0
    assert "Reset to" not in answer.content.decode()


def test_the_page_says_that_nobody_is_called_with_the_master_switch_off(as_owner, project):
    HandoffSettings.objects.filter(project=project).update(is_on=False)
    page = as_owner.get(reverse("settings")).content.decode()
    assert "The AI declines kindly and goes on: “I can&#x27;t pass you to a person here" in page
    assert "The conversation goes to a person" not in page


def test_what_is_no_level_is_refused(as_owner, project):
    assert preview(as_owner, level=9).status_code == 400
    assert send(as_owner, reverse("settings"), level=9).status_code == 422
    assert not AuditEntry.objects.exists()


# Two people at once -----------------------------------------------------


@pytest.mark.parametrize(
    ("page", "theirs", "sent", "told"),
    [
        ("settings", {"on_frustration": False}, {"on_frustration": "on"}, ["frustrated", "Off", "On"]),
        ("unanswered", {"after_timeout": "ai"}, {"after_timeout": "fallback"}, ["Back to the AI", "Go on to the"]),
        ("unanswered", {"texts": {"decline_text": "Theirs."}}, {"decline_text": "Mine."}, ["Theirs.", "Mine."]),
        (
            "collected-data",
            {"collected_fields": [{"key": "a", "label": "Theirs", "kind": "text"}]},
            listed("collected_fields", [{**FIELD, "label": "Mine"}]),
            ["Theirs", "Mine"],
        ),
        ("reason", {"label": "Theirs"}, {"label": "Mine"}, ["Theirs", "Mine"]),
        ("queue", {"target_seconds": 60}, {"target_seconds": "3:00"}, ["60", "180"]),
        ("forbidden-topic", {"name": "Theirs"}, {"name": "Mine"}, ["Theirs", "Mine"]),
        ("project-settings", {"ai_name": "Ivy"}, {"ai_name": "Rose"}, ["Ivy", "Rose"]),
    ],
)
def test_who_saves_second_is_told_and_overwrites_nothing_unseen(
    as_owner, agent, project, rows, now, page, theirs, sent, told
):
    whole = {"settings", "unanswered", "collected-data"}
    row = HandoffSettings.objects.get() if page in whole else rows.get(page, project)
    url = url_of(page, rows.get(page))
    mine = {**shown(as_owner, url), **sent}
    change_row(row=row, values=theirs, user=agent, project=project, at=now)

    answer = as_owner.post(url, mine)

    assert answer.status_code == 409
    page_text = answer.content.decode()
    assert "Maya Okafor saved this" in page_text
    [difference] = answer.context["form"].conflict.differences
    assert all(words in f"{difference.label} {difference.theirs} {difference.yours}" for words in told)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in theirs} == theirs
    revision = answer.context["form"].data["revision"]
    assert as_owner.post(url, {**mine, "revision": revision}).status_code == 302


# Deleting ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["reason", "queue", "forbidden-topic"])
def test_a_row_is_deleted_by_typing_its_name(as_owner, project, rows, name):
    Destination.objects.filter(project=project).delete()
    row = rows[name]
    url = url_of(f"{name}-delete", row)
    assert "not Delete" not in said(as_owner.post(url, {"typed": "something else"}))
    assert type(row).objects.filter(pk=row.pk).exists()
    as_owner.post(url, {"typed": f" {row} "})
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.get().before["label" if name == "reason" else "name"] == str(row)


def test_a_reason_in_use_is_not_deleted_and_says_by_whom(as_owner, project, rows):
    ForbiddenTopic.objects.filter(project=project).update(reason_code="needs_human")
    Topic.objects.filter(key="complaint").update(action={"destination": "", "reason": "needs_human", "utterance": ""})
    answer = as_owner.post(url_of("reason-delete", rows["reason"]), {"typed": "Needs a person"})
    assert "Topic Complaints, Forbidden topic Legal threats" in said(answer)
    assert Reason.objects.filter(pk=rows["reason"].pk).exists()
    page = as_owner.get(url_of("reason", rows["reason"])).content.decode()
    assert f'<a href="{url_of("forbidden-topic", rows["forbidden-topic"])}">Forbidden topic Legal threats</a>' in page


def test_a_queue_that_a_destination_feeds_is_not_deleted(as_owner, rows):
    answer = as_owner.post(url_of("queue-delete", rows["queue"]), {"typed": "Billing"})
    assert "Destination Billing" in said(answer)
    assert Queue.objects.filter(pk=rows["queue"].pk).exists()


def test_of_many_uses_the_first_are_named_and_the_others_counted(as_owner, project, rows):
    add_thousand(project)
    page = as_owner.get(url_of("queue", rows["queue"])).content.decode()
    assert "and 991 more" in page
    assert page.count("Destination Desk") == 9
    assert "and 991 more" in said(as_owner.post(url_of("queue-delete", rows["queue"]), {"typed": "Billing"}))


def test_a_queue_in_which_a_message_waits_is_not_deleted(as_owner, project, rows, ticket):
    Destination.objects.filter(project=project).delete()
    answer = as_owner.post(url_of("queue-delete", rows["queue"]), {"typed": "Billing"})
    assert "1 conversation waits in it" in said(answer)
    assert Queue.objects.filter(pk=rows["queue"].pk).exists()


# Switching a queue off --------------------------------------------------


def test_a_queue_with_customers_in_it_is_switched_off_only_when_confirmed(as_owner, rows, waiting):
    url = url_of("queue", rows["queue"])
    answer = send(as_owner, url, is_on=None)
    assert answer.status_code == 422
    assert "1 customer waits in Billing" in answer.content.decode()
    assert Queue.objects.get().is_on
    assert send(as_owner, url, is_on=None, confirmed="on").status_code == 302
    assert not Queue.objects.get().is_on


def test_a_queue_with_messages_only_is_switched_off_at_once(as_owner, rows, ticket):
    assert send(as_owner, url_of("queue", rows["queue"]), is_on=None).status_code == 302


def test_the_list_says_who_waits(as_owner, waiting):
    assert "1 customer" in as_owner.get(reverse("queues")).content.decode()


# Chains -----------------------------------------------------------------


def add_thousand(project: Project) -> None:
    Destination.objects.bulk_create(
        Destination(
            project=project,
            key=f"d{number}",
            name=f"Desk {number:04}",
            queue_key="billing",
            fallback_key=f"d{number + 1}" if number % 10 < 9 else "",
        )
        for number in range(1000)
    )


def test_a_loop_is_told_on_both_pages(as_owner, project):
    for key, fallback in (("x", "y"), ("y", "z"), ("z", "x")):
        Destination.objects.create(project=project, key=key, name=f"Desk {key}", fallback_key=fallback)
    for name in ("unanswered", "fallback-chains"):
        page = as_owner.get(reverse(name)).content.decode()
        assert " \u203a ".join(["Desk x", "Desk y", "Desk z", "Desk x"]) in page
    assert page.count("hs-chain--loop") == 3
    assert "Desk x again: a loop" in page


@pytest.mark.parametrize("name", [*LISTS, "fallback-chains", "reason-add", "forbidden-topic-add", "queue-add"])
def test_a_thousand_destinations_cost_no_query_more(as_owner, project, name):
    as_owner.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        as_owner.get(reverse(name))
    add_thousand(project)
    with CaptureQueriesContext(connection) as many:
        assert as_owner.get(reverse(name)).status_code == 200
    assert len(many) == len(one) <= 30


def test_chains_are_paged_and_searched(as_owner, project):
    add_thousand(project)
    first = as_owner.get(reverse("fallback-chains"))
    assert len(first.context["chains"]) == 50
    assert "1 to 50 of 1001" in first.content.decode()
    found = as_owner.get(reverse("fallback-chains"), {"q": "desk 0008"}).content.decode()
    assert found.count('<li class="hs-chain">') == 1
    assert "No destination is called" in as_owner.get(reverse("fallback-chains"), {"q": "§"}).content.decode()


def test_a_destination_that_is_gone_stays_named_until_another_is_chosen(as_owner, rows):
    Reason.objects.update(destination_key="former")
    page = as_owner.get(url_of("reason", rows["reason"])).content.decode()
    assert "former, which is gone" in page
    assert send(as_owner, url_of("reason", rows["reason"]), label="Kept").status_code == 302
    assert Reason.objects.get().destination_key == "former"


def test_a_new_destination_begins_with_the_wait_limit_of_the_settings(as_owner, project):
    HandoffSettings.objects.filter(project=project).update(default_wait_limit_seconds=150)
    form = as_owner.get(reverse("destination-new")).context["form"]
    assert form["wait_limit_seconds"].value() == "2:30"
