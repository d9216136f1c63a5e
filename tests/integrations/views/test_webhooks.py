"""The pages of webhooks: nothing secret comes out, a ping tells what happens, what failed is replayed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry
from conversations.models.ids import new_id
from integrations.domain.webhook_events import EVENTS
from integrations.forms.webhooks import EVENT_WORDS
from integrations.models import Delivery, Sealed, WebhookEndpoint
from integrations.services.deliveries import send_due
from tests.conftest import member
from tests.emulators.http_receiver import NEVER, Answer

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture
def shop(project):
    """The endpoints of these tests belong to the project of the cast."""
    return project


def form_of(endpoint=None, **changes):
    form = {"name": "CRM", "url": "https://crm.example.com/hook", "told": "all", "source": "", "is_active": "on"}
    if endpoint:
        form |= {"name": endpoint.name, "url": endpoint.url, "revision": endpoint.revision}
    return {name: value for name, value in {**form, "new_headers": "", **changes}.items() if value is not None}


def page(name, endpoint, *more):
    return reverse(name, args=[endpoint.pk, *more])


def test_every_event_has_its_words():
    assert set(EVENT_WORDS) == set(EVENTS)


def test_a_webhook_is_added_in_the_environment_shown_and_its_secret_appears_that_one_time(browser, project, caplog):
    with caplog.at_level("DEBUG"):
        answer = browser.post(reverse("webhook-add") + "?environment=sandbox", form_of(new_headers="X-Key: t0p-s3cret"))
    added = WebhookEndpoint.objects.get(project=project)
    (secret,) = set(SECRET.findall(answer.content.decode()))
    assert answer.status_code == 201
    assert (added.environment, added.events, added.secret.open()) == ("sandbox", [], secret)
    assert added.headers.open() == {"X-Key": "t0p-s3cret"}
    pages = [reverse("webhooks"), *(page(name, added) for name in ("webhook", "webhook-edit")), reverse("audit")]
    later = "".join(browser.get(url, follow=True).content.decode() for url in pages)
    kept = repr(list(AuditEntry.objects.values())) + repr(dict(browser.session)) + repr(browser.cookies) + caplog.text
    for private in (secret, "t0p-s3cret", added.secret.text, added.headers.text):
        assert private not in later + kept
    assert "X-Key" in later


def test_a_name_is_taken_once_per_environment(browser, endpoint):
    answer = browser.post(reverse("webhook-add"), form_of(name="crm"))
    assert answer.status_code == 422
    assert "Another webhook of this environment has this name" in answer.content.decode()
    assert browser.post(reverse("webhook-add") + "?environment=sandbox", form_of(name="crm")).status_code == 201


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "ftp://crm.example.com"}, "The URL must start with http:// or https://"),
        ({"url": "https://user:pw@crm.example.com"}, "The URL carries credentials"),
        ({"url": "https://crm.example.com:25/"}, "Port 25 is not a web port"),
        ({"url": "http://10.1.2.3/hook"}, "10.1.2.3 is not a public address (private)"),
        ({"url": "http://[::1]/hook"}, "::1 is not a public address (loopback)"),
        ({"url": "http://169.254.169.254/latest"}, "cloud metadata"),
        ({"url": "http://2130706433/"}, "The host is a number"),
        ({"told": "chosen"}, "Choose one event at least"),
        ({"told": "chosen", "events": ["handoff.lost"]}, "Select a valid choice"),
        ({"new_headers": "Authorization Bearer"}, "Each line is a name, a colon and a value"),
        ({"new_headers": "Host: evil.example"}, "Host is set by Handoff Studio"),
        ({"new_headers": "X Y: 1"}, "is no header name"),
    ],
)
def test_what_cannot_be_sent_to_is_refused_with_the_reason_and_what_was_typed_stays(browser, changes, words):
    answer = browser.post(reverse("webhook-add"), form_of(name="Kept name", **changes))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown.replace("&#x27;", "'")
    assert "Kept name" in shown
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"name": "CRM two"}, {"name": "CRM"}, {"name": "CRM two"}),
        ({"url": "https://two.example.com/"}, None, {"url": "https://two.example.com/"}),
        ({"told": "chosen", "events": ["alert.*"]}, {"events": []}, {"events": ["alert.*"]}),
        ({"source": "salesforce"}, {"source": ""}, {"source": "salesforce"}),
        ({"is_active": None}, {"is_active": True}, {"is_active": False}),
        ({"new_headers": "X-Key: s3cret"}, {"headers": "(secret)"}, {"headers": "(secret)"}),
        ({"forgets_headers": "on"}, {"headers": "(secret)"}, {"headers": "(secret)"}),
    ],
)
def test_each_field_has_its_audit_entry_with_before_and_after(browser, admin, endpoint, changes, before, after):
    answer = browser.post(page("webhook-edit", endpoint), form_of(endpoint, **changes))
    assert answer.status_code == 302
    entry = AuditEntry.objects.get()
    expected = before or {"url": endpoint.url}
    assert (entry.action, entry.user, entry.before, entry.after) == ("webhook_endpoint.changed", admin, expected, after)


def test_stored_headers_stay_until_new_ones_are_typed_or_they_are_removed(browser, new_endpoint):
    endpoint = new_endpoint(headers=Sealed.of({"X-Key": "s3cret"}))
    browser.post(page("webhook-edit", endpoint), form_of(endpoint, name="Other"))
    endpoint.refresh_from_db()
    assert endpoint.headers.open() == {"X-Key": "s3cret"}
    browser.post(page("webhook-edit", endpoint), form_of(endpoint, forgets_headers="on"))
    endpoint.refresh_from_db()
    assert endpoint.headers.open() == {}


def test_the_second_of_two_people_is_told_and_overwrites_nothing(browser, endpoint):
    mine = form_of(endpoint, source="mine")
    browser.post(page("webhook-edit", endpoint), form_of(endpoint, source="theirs"))
    answer = browser.post(page("webhook-edit", endpoint), mine)
    assert answer.status_code == 422
    assert "theirs" in answer.content.decode()
    endpoint.refresh_from_db()
    assert endpoint.source == "theirs"


def test_a_new_secret_is_shown_once_and_the_old_one_stays_good_for_a_day(browser, endpoint, secret, at):
    answer = browser.post(page("webhook-secret", endpoint), {"revision": endpoint.revision})
    (fresh,) = set(SECRET.findall(answer.content.decode()))
    endpoint.refresh_from_db()
    assert "stays valid for 24 hours" in answer.content.decode()
    assert endpoint.secrets_at(at + timedelta(hours=23)) == [fresh, secret]
    assert fresh not in browser.get(page("webhook", endpoint)).content.decode()
    assert AuditEntry.objects.get().after["secret"] == "(secret)"


def test_a_second_click_makes_no_second_secret(browser, endpoint, secret, at):
    stale = {"revision": endpoint.revision}
    browser.post(page("webhook-secret", endpoint), stale)
    assert browser.post(page("webhook-secret", endpoint), stale).status_code == 302
    endpoint.refresh_from_db()
    assert secret in endpoint.secrets_at(at)


def test_a_ping_is_signed_and_its_answer_is_shown(browser, endpoint, receiver):
    receiver.will_answer(Answer(202, body=b"taken <b>well</b>"))
    shown = browser.post(page("webhook-ping", endpoint)).content.decode()
    (call,) = receiver.calls
    assert (call.is_signed, call.json["event"]) == (True, "ping")
    assert re.search(r"The ping arrived: 202 after \d+ ms", shown)
    assert "taken &lt;b&gt;well&lt;/b&gt;" in shown
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer(500, body=b"boom"), "The receiver answered 500"), (Answer(302), "The receiver answered 302")],
)
def test_a_ping_that_fails_says_how_and_is_not_tried_again(browser, endpoint, receiver, answer, words, at):
    receiver.will_answer(answer)
    assert words in browser.post(page("webhook-ping", endpoint)).content.decode()
    assert Delivery.objects.get().state == "dead"
    assert send_due(clock=lambda: at + timedelta(hours=5)) == 0


def test_a_ping_is_given_up_after_its_time(browser, endpoint, receiver, monkeypatch):
    monkeypatch.setattr("integrations.services.deliveries.SECONDS", 0.2)
    receiver.will_answer(NEVER)
    shown = browser.post(page("webhook-ping", endpoint)).content.decode()
    assert "did not answer within 0.2 s" in shown


def test_a_ping_to_a_refused_address_is_never_sent(browser, new_endpoint, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    endpoint = new_endpoint(url="http://localhost:8080/")
    assert "is not a public address" in browser.post(page("webhook-ping", endpoint)).content.decode()


def test_an_endpoint_that_is_off_is_pinged_all_the_same(browser, new_endpoint, receiver):
    browser.post(page("webhook-ping", new_endpoint(is_active=False)))
    assert len(receiver.calls) == 1


def test_the_list_says_how_each_one_is(browser, new_endpoint, new_delivery, endpoint, at):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(name="Fine")
    new_delivery(state="delivered", attempts=1, next_attempt_at=None, delivered_at=at)
    failing = new_endpoint("Failing")
    for _ in range(3):
        new_delivery(to=failing, state="dead", attempts=6, next_attempt_at=None, last_error="no")
    new_delivery(to=failing, event="ping", state="dead", attempts=1, next_attempt_at=None, last_error="no")
    old = new_delivery(to=failing, state="dead", attempts=6, next_attempt_at=None, last_error="no")
    Delivery.objects.filter(pk=old.pk).update(created_at=at - timedelta(hours=25))
    new_endpoint("Quiet", is_active=False)
    new_endpoint("Sandbox one", environment="sandbox")
    rows = browser.get(reverse("webhooks")).context["rows"]
    assert [(row.endpoint.name, row.failures, row.last and row.last.state) for row in rows] == [
        ("Failing", 3, "dead"),
        ("Fine", 0, "delivered"),
        ("Quiet", 0, None),
    ]


def test_the_list_takes_as_many_queries_for_many_as_for_one(browser, new_endpoint, django_assert_max_num_queries):
    for number in range(30):
        new_endpoint(f"Endpoint {number}")
    with django_assert_max_num_queries(16):
        browser.get(reverse("webhooks"))


def test_deliveries_are_paged_and_each_stands_on_one_page(browser, endpoint, new_delivery):
    wanted = {new_delivery(f"talk-{number}").pk for number in range(60)}
    seen, url = [], page("webhook", endpoint)
    while url:
        found = browser.get(url).context["deliveries"]
        seen += [row.pk for row in found.rows]
        url = f"{page('webhook', endpoint)}?{found.older}" if found.older else ""
    assert (len(seen), set(seen)) == (60, wanted)


def test_what_failed_is_replayed_under_its_old_event_id(browser, endpoint, new_delivery, receiver, at):
    delivery = new_delivery(state="dead", attempts=6, next_attempt_at=None, last_error="no")
    answer = browser.post(page("webhook-replay", endpoint, delivery.pk), follow=True)
    assert "It goes out again now" in answer.content.decode()
    send_due(clock=lambda: at + timedelta(minutes=1))
    assert receiver.event_ids == {str(delivery.event_id)}


def test_what_has_arrived_is_not_replayed(browser, endpoint, new_delivery, at):
    delivery = new_delivery(state="delivered", attempts=1, next_attempt_at=None, delivered_at=at)
    answer = browser.post(page("webhook-replay", endpoint, delivery.pk), follow=True)
    assert "nothing to replay" in answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_who_may_not_see_personal_data_sees_an_event_without_it(client, project, endpoint, new_delivery):
    body = {"event": "outcome.recorded", "data": {"note": "Joan Reyes paid twice", "code": "refund", "data": {}}}
    delivery = new_delivery(body=body)
    shown = {}
    for role in (Role.DEVELOPER, Role.ADMIN):
        client.force_login(member(project, role, f"{role.capitalize()} Person"))
        shown[role] = client.get(page("webhook-delivery", endpoint, delivery.pk)).content.decode()
    assert "Joan Reyes" not in shown[Role.DEVELOPER]
    assert "refund" in shown[Role.DEVELOPER]
    assert "hidden" in shown[Role.DEVELOPER]
    assert "Joan Reyes" in shown[Role.ADMIN]


def test_a_delivery_of_another_endpoint_is_not_found_under_this_one(browser, endpoint, new_endpoint, new_delivery):
    elsewhere = new_delivery(to=new_endpoint("Other"))
    assert browser.get(page("webhook-delivery", endpoint, elsewhere.pk)).status_code == 404
    assert browser.get(page("webhook-delivery", endpoint, new_id())).status_code == 404
    assert browser.post(page("webhook-replay", endpoint, elsewhere.pk)).status_code == 404
