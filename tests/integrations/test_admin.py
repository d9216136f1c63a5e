import base64

import pytest
from django.urls import reverse

from conversations.models import User
from integrations.models import Connection, Delivery, Sealed, WebhookEndpoint
from integrations.services.deliveries import lease_due_delivery, send_due
from tests.emulators.http_receiver import Answer

FRESH = "whsec_" + base64.b64encode(b"f" * 32).decode()


@pytest.fixture
def page(client, db):
    client.force_login(User.objects.create_superuser("root@shop.example", full_name="Root"))
    return client


def endpoint_form(endpoint, **changes):
    return {
        "project": str(endpoint.project_id),
        "environment": endpoint.environment,
        "name": endpoint.name,
        "url": endpoint.url,
        "events": '["outcome.recorded"]',
        "source": "",
        "is_active": "on",
        "new_secret": "",
        "new_headers": "",
        **changes,
    }


def change_url(row):
    return reverse(f"admin:integrations_{row._meta.model_name}_change", args=[row.pk])


def test_an_endpoint_page_shows_no_secret_and_only_the_names_of_headers(page, endpoint, secret):
    endpoint.headers = Sealed.of({"Authorization": "Bearer s3cr3t"})
    endpoint.save()
    shown = page.get(change_url(endpoint)).content.decode()
    assert "Authorization" in shown
    for private in (secret, "s3cr3t", endpoint.secret.text, endpoint.headers.text):
        assert private not in shown


def test_saving_without_a_secret_keeps_the_old_one(page, endpoint, secret):
    assert page.post(change_url(endpoint), endpoint_form(endpoint)).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.secret.open() == secret
    assert endpoint.previous_secret is None
    assert endpoint.events == ["outcome.recorded"]


def test_a_new_secret_is_rotated_in_and_headers_are_sealed(page, endpoint, secret, at):
    form = endpoint_form(endpoint, new_secret=FRESH, new_headers='{"X-Tenant": "north"}')
    assert page.post(change_url(endpoint), form).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.secrets_at(at) == [FRESH, secret]
    assert endpoint.headers.open() == {"X-Tenant": "north"}


def test_a_new_endpoint_needs_a_secret(page, endpoint):
    add = reverse("admin:integrations_webhookendpoint_add")
    refused = page.post(add, endpoint_form(endpoint, name="Second"))
    assert "A new endpoint needs a secret" in refused.content.decode()
    assert page.post(add, endpoint_form(endpoint, name="Second", new_secret=FRESH)).status_code == 302
    assert WebhookEndpoint.objects.get(name="Second").secret.open() == FRESH


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"new_secret": "hunter2"}, "begins with whsec_"),
        ({"new_headers": "X-Tenant: north"}, "This is no JSON"),
        ({"new_headers": "[1]"}, "Write a JSON object"),
        ({"new_headers": '{"X-Tenant": 1}'}, "value is text"),
        ({"new_headers": '{"Host": "x"}'}, "is set by Handoff Studio"),
        ({"url": "http://0x7f.1/"}, "The host is a number"),
        ({"events": '["handoff.exploded"]'}, "A list of events out of"),
    ],
)
def test_a_mistake_is_refused_in_words_and_a_secret_is_not_repeated(page, endpoint, changes, says):
    answer = page.post(change_url(endpoint), endpoint_form(endpoint, **changes))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert says in shown
    assert "hunter2" not in shown


def test_credentials_go_in_and_never_come_out(page, shop):
    form = {
        "project": str(shop.id),
        "environment": "live",
        "key": "crm",
        "kind": "http",
        "name": "CRM",
        "is_active": "on",
        "new_credentials": '{"token": "s3cr3t"}',
    }
    assert page.post(reverse("admin:integrations_connection_add"), form).status_code == 302
    crm = Connection.objects.get()
    assert crm.credentials.open() == {"token": "s3cr3t"}
    shown = page.get(change_url(crm)).content.decode()
    assert "s3cr3t" not in shown
    assert crm.credentials.text not in shown
    assert page.post(change_url(crm), {**form, "new_credentials": ""}).status_code == 302
    crm.refresh_from_db()
    assert crm.credentials.open() == {"token": "s3cr3t"}


def test_a_delivery_can_be_read_and_neither_changed_nor_deleted(page, new_delivery):
    delivery = new_delivery()
    assert page.get(change_url(delivery)).status_code == 200
    assert page.post(change_url(delivery), {"state": "dead"}).status_code == 403
    delete = reverse("admin:integrations_delivery_delete", args=[delivery.pk])
    assert page.post(delete, {"post": "yes"}).status_code == 403
    assert page.get(reverse("admin:integrations_delivery_add")).status_code == 403
    assert Delivery.objects.get().state == "pending"


def test_dead_deliveries_are_replayed_and_others_are_left_alone(page, receiver, new_delivery, at):
    receiver.will_answer(Answer(410))
    dead, done = new_delivery("talk-1"), new_delivery("talk-2")
    send_due(clock=lambda: at)
    action = {"action": "replay", "_selected_action": [str(dead.pk), str(done.pk)]}
    answer = page.post(reverse("admin:integrations_delivery_changelist"), action, follow=True)
    assert "is delivered: not replayed" in answer.content.decode()
    dead.refresh_from_db()
    done.refresh_from_db()
    assert (dead.state, done.state) == ("pending", "delivered")


def test_an_endpoint_is_pinged_from_its_list(page, receiver, endpoint, at):
    action = {"action": "ping", "_selected_action": [str(endpoint.pk)]}
    page.post(reverse("admin:integrations_webhookendpoint_changelist"), action)
    assert lease_due_delivery(at=Delivery.objects.get().next_attempt_at).event == "ping"
