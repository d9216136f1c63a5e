import json

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError
from django.utils import timezone

from conversations.models import Account, ApiKey, Connector, Conversation, Project, User
from conversations.services.access_tokens import issue_access_token, read_access_token
from conversations.services.api_keys import find_api_key
from integrations.domain.signing import new_secret
from integrations.models import Delivery, WebhookEndpoint
from studio.demo.derived import derive_password


@pytest.fixture
def credentials(demo, run_demo):
    return json.loads(run_demo("credentials", "--json"))


def test_create_twice_is_one_workspace(run_demo):
    first = run_demo("create")
    assert "Made the demo workspace Fernhill Mobile" in first
    assert "21 topics, 2 connectors, 4 API keys, 65 past conversations; Release 1 is published." in first
    rows = [model.objects.count() for model in (Account, Project, User, ApiKey, Connector, Conversation)]
    assert "Nothing was changed in it" in run_demo("create")
    assert [model.objects.count() for model in (Account, Project, User, ApiKey, Connector, Conversation)] == rows


def test_the_credentials_have_exactly_the_published_shape(credentials, demo, settings):
    assert {name: type(value) for name, value in credentials.items()} == {
        "base_url": str,
        "ws_url": str,
        "account_id": str,
        "project_id": str,
        "connector": dict,
        "api_keys": dict,
        "users": list,
    }
    assert (credentials["base_url"], credentials["ws_url"]) == ("http://127.0.0.1:8123", "ws://127.0.0.1:8123")
    assert (credentials["account_id"], credentials["project_id"]) == (str(demo.account_id), str(demo.id))
    assert credentials["connector"].keys() == {"token", "host"}
    assert {frozenset(user) for user in credentials["users"]} == {frozenset({"email", "password", "role", "token"})}


def test_the_first_agent_is_maya_and_the_owner_comes_first(credentials):
    roles = [(user["role"], user["email"].partition(".")[0]) for user in credentials["users"]]
    assert roles[0] == ("owner", "eleanor")
    assert next(name for role, name in roles if role == "agent") == "maya"


def test_every_api_key_opens_its_own_scope_and_no_other(credentials, demo):
    assert list(credentials["api_keys"]) == ["handoff", "chat", "conversations", "outcomes"]
    for scope, text in credentials["api_keys"].items():
        key = find_api_key(text, at=timezone.now())
        assert (key.project, key.environment, key.scopes, key.user) == (demo, "live", [scope], None)


def test_every_password_and_every_personal_token_is_its_owners(credentials):
    for user in credentials["users"]:
        person = authenticate(username=user["email"], password=user["password"])
        assert person is not None
        assert find_api_key(user["token"], at=timezone.now()).user == person


def test_the_connector_lets_a_customer_in(credentials):
    token = issue_access_token(**credentials["connector"], at=timezone.now())
    connector = Connector.objects.get(pk=read_access_token(token)["sub"])
    assert (connector.environment, connector.token) == ("live", credentials["connector"]["token"])


def test_no_secret_of_the_demo_is_kept_in_the_database(credentials):
    kept = str([list(model.objects.values_list()) for model in (ApiKey, User, Project)])
    secrets = [*credentials["api_keys"].values(), *(user["token"] for user in credentials["users"])]
    assert not [secret for secret in [*secrets, credentials["users"][0]["password"]] if secret in kept]


def test_two_demos_share_no_secret(demo):
    assert derive_password(demo) != derive_password(Project(name="another"))


def test_another_secret_key_is_said_in_words(demo, run_demo, settings):
    settings.SECRET_KEY = "another key, as after var/secret.key was lost"
    with pytest.raises(CommandError, match="made with another SECRET_KEY, or have been revoked"):
        run_demo("credentials", "--json")


def test_without_a_demo_the_way_to_one_is_said(run_demo):
    with pytest.raises(CommandError, match=r"manage\.py demo create"):
        run_demo("credentials")


def test_a_person_reads_a_table(demo, run_demo):
    table = run_demo("credentials")
    assert "http://127.0.0.1:8123" in table
    assert f"agent       maya.okafor@fernhill.example.com       {derive_password(demo)}  hp_" in table


def test_a_switched_off_connector_is_said_in_words(demo, run_demo):
    Connector.objects.update(is_active=False)
    with pytest.raises(CommandError, match="no live connector that is switched on"):
        run_demo("credentials")


def test_a_webhook_is_told_what_happens_from_now_on_and_not_the_past(run_demo):
    secret = new_secret()
    printed = run_demo("create", "--webhook", "https://crm.example/hook", "--webhook-secret", secret)
    assert f"What happens is told to https://crm.example/hook, signed with {secret}" in printed
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.environment, endpoint.url, endpoint.secret.open()) == ("live", "https://crm.example/hook", secret)
    assert Delivery.objects.count() == 0


def test_a_second_webhook_moves_the_first(demo, run_demo):
    run_demo("create", "--webhook", "https://crm.example/hook")
    run_demo("create", "--webhook", "https://crm.example/other")
    assert [endpoint.url for endpoint in WebhookEndpoint.objects.all()] == ["https://crm.example/other"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--webhook", "ftp://crm.example/"), "must start with http:// or https://"),
        (("--webhook", "https://crm.example/", "--webhook-secret", "hunter2"), "begins with whsec_"),
    ],
)
def test_a_wrong_webhook_is_refused_in_words(demo, run_demo, options, says):
    with pytest.raises(CommandError, match=says):
        run_demo("create", *options)
    assert WebhookEndpoint.objects.count() == 0
