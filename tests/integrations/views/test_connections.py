"""Who answers as the AI, on the Integrations page: added, tried out, chosen, copied, and never taken from under a
conversation."""

from ipaddress import ip_network

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Environment
from conversations.models import AuditEntry
from handoffs.models import HandoffSettings
from handoffs.services.releases import publish_release
from integrations.domain.signing import new_secret
from integrations.models import Connection, Sealed
from tests.emulators.answering import AnsweringServer, Script, whole

SECRET = new_secret()


@pytest.fixture
def server(settings):
    settings.OUTGOING_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with AnsweringServer() as server:
        yield server


@pytest.fixture
def own(project):
    return Connection.objects.create(
        project=project, environment="live", key="own-agent", kind="http_responder", name="Own agent",
        settings={"url": "https://agent.example.com/turns"}, credentials=Sealed.of({"secret": SECRET}),
    )  # fmt: skip


def form_of(connection=None, **changes):
    form = {
        "name": "Own agent", "url": "https://agent.example.com/turns", "secret": "", "is_active": "on",
        "connect_seconds": "5", "first_byte_seconds": "20", "total_seconds": "30",
    }  # fmt: skip
    if connection:
        form |= {"name": connection.name, "revision": connection.revision}
    return {name: value for name, value in {**form, **changes}.items() if value is not None}


def model_form(**changes):
    typed = {"name": "Model", "url": "https://api.example.com/v1", "model": "fern-1", "instructions": "Be kind."}
    return form_of(**{**typed, "streams": "on", "max_tokens": "300", "token_limit": "max_tokens", **changes})


def page(name, connection):
    return reverse(name, args=[connection.pk])


def test_an_agent_of_ones_own_is_added_with_the_secret_it_was_shown(browser, project):
    url = reverse("connection-add", args=["http_responder"]) + "?environment=sandbox"
    offered = browser.get(url).content.decode()
    assert 'value="whsec_' in offered
    assert browser.post(url, form_of(secret=SECRET, sends_topics="on")).status_code == 302
    stored = Connection.objects.get(project=project)
    assert (stored.environment, stored.key, stored.kind) == ("sandbox", "own-agent", "http_responder")
    assert stored.settings == {
        "url": "https://agent.example.com/turns", "connect_seconds": 5, "first_byte_seconds": 20, "total_seconds": 30,
        "sends_topics": True,
    }  # fmt: skip
    assert stored.credentials.open() == {"secret": SECRET}


def test_a_language_model_is_added(browser, project):
    url = reverse("connection-add", args=["openai_compatible"]) + "?environment=sandbox"
    assert browser.post(url, model_form(secret="sk-test")).status_code == 302
    stored = Connection.objects.get(project=project)
    assert (stored.settings["model"], stored.settings["streams"], stored.settings["max_tokens"]) == (
        "fern-1",
        True,
        300,
    )
    assert stored.credentials.open() == {"api_key": "sk-test", "sent_to": "https://api.example.com"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "ftp://agent.example.com"}, "must start with http"),
        ({"url": "http://169.254.169.254/"}, "is not a public address"),
        ({"url": "https://user:pass@agent.example.com"}, "carries credentials"),
        ({"connect_seconds": "0"}, "greater than or equal to 1"),
        ({"total_seconds": "61"}, "less than or equal to 60"),
        ({"first_byte_seconds": "40"}, "No longer than the whole answer may take, 30 s"),
        ({"secret": "short"}, "A signing secret begins with whsec_"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_with_a_correction_and_nothing_is_lost(browser, changes, words):
    answer = browser.post(reverse("connection-add", args=["http_responder"]), form_of(**{"name": "Kept", **changes}))
    shown = answer.content.decode()
    assert (answer.status_code, words in shown) == (422, True), shown
    assert Connection.objects.count() == 0
    assert changes.get("url", "https://agent.example.com/turns") in shown


def test_a_name_is_taken_once_in_an_environment(browser, own):
    answer = browser.post(reverse("connection-add", args=["openai_compatible"]), model_form(name="OWN AGENT"))
    assert "Another connection of this environment has this name" in answer.content.decode()


def test_a_key_comes_out_nowhere(browser, own, caplog):
    with caplog.at_level("DEBUG"):
        browser.post(page("connection", own), form_of(own, secret=new_secret()))
    pages = [reverse("integrations"), page("connection", own), reverse("audit")]
    shown = "".join(browser.get(url).content.decode() for url in pages)
    own.refresh_from_db()
    secret = own.credentials.open()["secret"]
    kept = repr(list(AuditEntry.objects.values())) + caplog.text
    assert "One is stored" in shown
    assert (secret in shown + kept, SECRET in shown + kept) == (False, False)


@pytest.fixture
def model(browser, project):
    browser.post(reverse("connection-add", args=["openai_compatible"]), model_form(secret="sk-s3cret"))
    return Connection.objects.get(project=project)


def test_a_key_that_is_sent_is_entered_again_for_another_address(browser, model):
    moved = {"name": "Model", "revision": model.revision, "url": "https://elsewhere.example.net/v1"}
    refused = browser.post(page("connection", model), model_form(**moved))
    assert (refused.status_code, "entered for another address" in refused.content.decode()) == (422, True)
    model.refresh_from_db()
    assert model.settings["url"] == "https://api.example.com/v1"

    same = {**moved, "url": "https://API.example.com:443/v2"}
    assert browser.post(page("connection", model), model_form(**same)).status_code == 302
    model.refresh_from_db()
    again = {**moved, "revision": model.revision, "secret": "sk-other"}
    assert browser.post(page("connection", model), model_form(**again)).status_code == 302


def test_a_key_goes_only_where_it_was_entered_for(browser, model, server):
    # As a copy of the other environment's settings would have it.
    Connection.objects.update(settings={**model.settings, "url": f"{server.url}/v1"})
    shown = browser.post(page("connection-test", model), {"question": "Hello?"}).content.decode()
    assert "was entered for https://api.example.com" in shown
    assert server.asked == []


def test_a_key_stays_when_nothing_is_typed_and_goes_when_it_is_removed(browser, own):
    browser.post(page("connection", own), form_of(own, name="Second"))
    own.refresh_from_db()
    assert own.credentials.open() == {"secret": SECRET}
    browser.post(page("connection", own), form_of(own, forgets_secret="on"))
    own.refresh_from_db()
    assert own.credentials.open() == {}


def test_the_second_of_two_people_is_told_and_overwrites_nothing(browser, own):
    mine = form_of(own, total_seconds="50")
    browser.post(page("connection", own), form_of(own, total_seconds="40"))
    answer = browser.post(page("connection", own), mine)
    assert (answer.status_code, "To end: 40" in answer.content.decode()) == (422, True)
    own.refresh_from_db()
    assert own.settings["total_seconds"] == 40


def test_a_test_really_asks_and_shows_the_answer_and_how_long_it_took(browser, own, server):
    Connection.objects.filter(pk=own.pk).update(settings={"url": server.url})
    server.write = lambda asked: whole({"text": "Yes, I can <b>help</b>."})
    shown = browser.post(page("connection-test", own), {"question": "Can you help?"}).content.decode()
    assert "It answered after" in shown
    assert "Yes, I can &lt;b&gt;help&lt;/b&gt;." in shown
    assert server.asked[0].json["messages"] == [{"role": "customer", "text": "Can you help?"}]
    own.refresh_from_db()
    assert own.health == "ok"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script(status=503), "answered with status 503"),
        (Script((b"<html>",)), "the reply is no JSON"),
        (whole({"text": "I don&#x27;t know", "understood": False}), "that it did not understand"),
        (whole({"handoff": {"reason": "refund", "utterance": "One moment."}}), "It asks for a person: One moment."),
    ],
)
def test_a_test_says_what_came_instead(browser, own, server, script, words):
    Connection.objects.filter(pk=own.pk).update(settings={"url": server.url})
    server.write = lambda asked: script
    assert words in browser.post(page("connection-test", own), {"question": ""}).content.decode()


def test_who_answers_is_chosen_in_the_working_copy_and_live_follows_the_release(browser, project, admin, own, now):
    publish_release(project=project, publisher=admin, at=now)
    browser.post(reverse("responder-choose", args=["own-agent"]), {"project": project.pk})
    project.refresh_from_db()
    assert project.responder_key == "own-agent"
    assert AuditEntry.objects.get(action="project.changed").after == {"responder_key": "own-agent"}
    assert "From the next release" in browser.get(reverse("integrations")).content.decode()
    publish_release(project=project, publisher=admin, at=now)
    assert "From the next release" not in browser.get(reverse("integrations")).content.decode()
    browser.post(reverse("responder-choose", args=["topics"]), {"project": project.pk})
    project.refresh_from_db()
    assert project.responder_key == ""


def test_a_connection_that_does_not_exist_cannot_be_chosen(browser, project):
    assert browser.post(reverse("responder-choose", args=["moon"]), {"project": project.pk}).status_code == 404


def test_an_environment_without_the_connection_that_is_to_answer_says_so(browser, project, own):
    project.responder_key = "own-agent"
    project.save()
    shown = browser.get(reverse("integrations") + "?environment=sandbox").content.decode()
    assert "own-agent is to answer, and is not here or is off" in shown


def test_who_answers_is_not_deleted(browser, project, admin, own, now):
    project.responder_key = "own-agent"
    project.save()
    publish_release(project=project, publisher=admin, at=now)
    answer = browser.post(page("connection-delete", own), {"typed": "Own agent"}, follow=True)
    assert "answers in the working copy, the live release" in answer.content.decode()
    assert Connection.objects.filter(pk=own.pk).exists()


def test_who_judges_is_not_deleted(browser, project, own):
    HandoffSettings.objects.filter(project=project).update(judge="own-agent")
    answer = browser.post(page("connection-delete", own), {"typed": "Own agent"}, follow=True)
    assert "the working copy" in answer.content.decode()
    assert Connection.objects.filter(pk=own.pk).exists()


def test_who_does_not_answer_goes_when_its_name_is_typed(browser, own):
    browser.post(page("connection-delete", own), {"typed": "own agent"})
    assert Connection.objects.exists()
    browser.post(page("connection-delete", own), {"typed": "Own agent"})
    assert not Connection.objects.exists()
    assert AuditEntry.objects.get(action="connection.removed").before["credentials"] == "(secret)"


def test_a_copy_has_the_same_key_and_none_of_the_credentials(browser, project, own):
    browser.post(page("connection-copy", own))
    twin = Connection.objects.get(environment=Environment.SANDBOX)
    assert (twin.key, twin.settings, twin.credentials.open()) == (own.key, own.settings, {})
    browser.post(page("connection", own), form_of(own, total_seconds="44"))
    browser.post(page("connection-copy", own))
    twin.refresh_from_db()
    assert twin.settings["total_seconds"] == 44
    assert "The same in the sandbox" in browser.get(page("connection", own)).content.decode()


@pytest.mark.parametrize("name", ["connection", "connection-test", "connection-copy", "connection-delete"])
def test_the_sign_in_of_a_line_is_no_such_connection(browser, project, name):
    sign_in = Connection.objects.create(
        project=project, environment="live", key="trunk", kind="sip_trunk", name="Trunk"
    )
    asks = browser.get if name == "connection" else browser.post
    assert asks(page(name, sign_in), {"typed": "Trunk"}).status_code == 404


def test_a_kind_that_does_not_exist_is_not_found(browser):
    assert browser.get(reverse("connection-add", args=["carrier-pigeon"])).status_code == 404
