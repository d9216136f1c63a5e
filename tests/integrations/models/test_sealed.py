import pytest
from django.core import serializers
from django.db import connection

from integrations.domain.sealing import UnreadableSecret
from integrations.models import Connection, Sealed, WebhookEndpoint

CREDENTIALS = {"token": "s3cr3t", "account": 7}


@pytest.fixture
def crm(shop):
    return Connection.objects.create(
        project=shop, environment="live", key="crm", kind="http", name="CRM", credentials=Sealed.of(CREDENTIALS)
    )


def test_credentials_are_unreadable_in_the_database_and_readable_by_us(crm):
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM connection")
        (stored,) = cursor.fetchone()
    assert "s3cr3t" not in stored
    assert Connection.objects.get().credentials.open() == CREDENTIALS


def test_credentials_show_in_no_print_and_no_log(crm):
    for text in (
        repr(crm.credentials),
        str(crm.credentials),
        f"{crm.credentials}",
        repr(vars(crm)),
        repr([crm.credentials]),
    ):
        assert "s3cr3t" not in text
        assert crm.credentials.text not in text


def test_a_bare_value_is_never_stored(shop):
    with pytest.raises(TypeError, match="never a bare value"):
        Connection.objects.create(project=shop, environment="live", key="x", kind="http", name="X", credentials="bare")


def test_a_row_whose_key_is_lost_can_be_listed_and_says_so_only_when_opened(crm, settings):
    settings.SECRET_KEY = "another installation's key"
    settings.SECRET_KEY_FALLBACKS = []
    row = Connection.objects.get()
    assert row.name == "CRM"
    with pytest.raises(UnreadableSecret):
        row.credentials.open()


def test_after_a_change_of_the_installation_key_the_old_one_still_opens(crm, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", [settings.SECRET_KEY]
    assert Connection.objects.get().credentials.open() == CREDENTIALS


def test_a_dump_carries_the_ciphertext_and_loads_again(crm):
    dump = serializers.serialize("json", [crm])
    assert "s3cr3t" not in dump
    (loaded,) = serializers.deserialize("json", dump)
    assert loaded.object.credentials.open() == CREDENTIALS


def test_an_absent_secret_is_none(endpoint):
    assert WebhookEndpoint.objects.get().previous_secret is None
