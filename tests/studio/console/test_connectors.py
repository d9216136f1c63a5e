"""Connectors: added, edited with an audit entry per field, their token renewed."""

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Connector
from conversations.services.access_tokens import TokenRefused, issue_access_token
from tests.conftest import member


@pytest.fixture
def browser(client, project):
    client.force_login(member(project, Role.DEVELOPER, "Dev Patel"))
    return client


def connector_form(connector=None, **changes):
    form = {"name": "Shop", "environment": "live", "hosts": "shop.example.com\nHelp.Example.com", "is_active": "on"}
    if connector:
        kept = {"name": connector.name, "hosts": "\n".join(connector.hosts), "revision": connector.revision}
        form = {**form, **kept}
    return {name: value for name, value in {**form, **changes}.items() if value is not None}


def test_a_connector_is_added_and_lets_its_hosts_in(browser, project, now):
    answer = browser.post(reverse("connector-add"), connector_form(environment="sandbox"), follow=True)
    added = Connector.objects.get(project=project)
    assert (added.environment, added.hosts, added.channel) == (
        "sandbox",
        ["shop.example.com", "help.example.com"],
        "web_chat",
    )
    assert issue_access_token(token=added.token, host="www.shop.example.com", at=now)
    shown = answer.content.decode()
    assert f"data-token=&quot;{added.token}&quot;" in shown
    assert "widget/handoff-widget.js" in shown


def test_a_title_cannot_leave_its_attribute_in_the_line_of_html(browser, project, connector):
    project.name = 'Fern "hill" & <b>'
    project.save()
    shown = browser.get(reverse("connector", args=[connector.pk])).content.decode()
    assert "data-title=&quot;Fern &amp;quot;hill&amp;quot; &amp;amp; &lt;b&gt;&quot;" in shown


@pytest.mark.parametrize(
    ("changes", "field", "before", "after"),
    [
        ({"name": "Help pages"}, "name", "Web chat", "Help pages"),
        ({"hosts": "help.example.com"}, "hosts", ["127.0.0.1"], ["help.example.com"]),
        ({"is_active": None}, "is_active", True, False),
    ],
)
def test_each_field_has_its_audit_entry_with_before_and_after(browser, connector, changes, field, before, after):
    browser.post(reverse("connector", args=[connector.pk]), connector_form(connector, **changes))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("connector.changed", {field: before}, {field: after})


@pytest.mark.parametrize(
    ("hosts", "words"),
    [("", "Without a host nobody can connect"), ("https://shop.example.com", "Try shop.example.com")],
)
def test_hosts_that_cannot_be_are_refused_and_what_was_typed_stays(browser, connector, hosts, words):
    answer = browser.post(reverse("connector", args=[connector.pk]), connector_form(connector, hosts=hosts))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert hosts in shown
    connector.refresh_from_db()
    assert connector.hosts == ["127.0.0.1"]


def test_the_second_of_two_people_is_told_what_the_first_saved(browser, connector):
    form = connector_form(connector, hosts="mine.example.com")
    browser.post(reverse("connector", args=[connector.pk]), connector_form(connector, hosts="first.example.com"))
    answer = browser.post(reverse("connector", args=[connector.pk]), form)
    assert answer.status_code == 409
    assert "first.example.com" in answer.content.decode()
    connector.refresh_from_db()
    assert connector.hosts == ["first.example.com"]


def test_a_renewed_token_shuts_the_old_one_out_and_is_audited(browser, connector, now):
    old = connector.token
    browser.post(reverse("connector-rotate", args=[connector.pk]), {"revision": connector.revision})
    connector.refresh_from_db()
    assert issue_access_token(token=connector.token, host="127.0.0.1", at=now)
    with pytest.raises(TokenRefused):
        issue_access_token(token=old, host="127.0.0.1", at=now)
    assert AuditEntry.objects.get().after == {"token": connector.token}


def test_a_second_click_does_not_renew_it_again(browser, connector):
    stale = {"revision": connector.revision}
    browser.post(reverse("connector-rotate", args=[connector.pk]), stale)
    answer = browser.post(reverse("connector-rotate", args=[connector.pk]), stale, follow=True)
    assert "Somebody changed this connector meanwhile" in answer.content.decode()
    assert AuditEntry.objects.count() == 1


def test_the_environment_is_chosen_once(browser, connector):
    browser.post(reverse("connector", args=[connector.pk]), connector_form(connector, environment="sandbox"))
    connector.refresh_from_db()
    assert connector.environment == "live"
