import pytest

from conversations.domain.vocabulary import Environment
from conversations.models import Connector


@pytest.fixture
def demo_project(project):
    project.is_demo = True
    project.save(update_fields=["is_demo"])
    return project


def test_the_shop_hosts_the_widget_of_the_live_connector(client, demo_project, connector):
    Connector.objects.create(project=demo_project, environment=Environment.SANDBOX, name="Sandbox", hosts=["127.0.0.1"])

    answer = client.get("/demo/")

    assert answer.status_code == 200
    assert f'data-token="{connector.token}"' in answer.content.decode()
    assert answer.content.decode().count("handoff-widget.js") == 1


def test_the_shop_has_no_inline_script_or_style(client, demo_project, connector):
    html = client.get("/demo/").content.decode()

    assert "<style" not in html
    assert "style=" not in html
    assert "<script>" not in html


def test_without_a_demo_workspace_the_page_says_why(client, project, connector):
    answer = client.get("/demo/")

    assert answer.status_code == 404
    assert "There is no demo workspace here" in answer.content.decode()


def test_a_connector_that_is_switched_off_does_not_count(client, demo_project, connector):
    connector.is_active = False
    connector.save(update_fields=["is_active"])

    assert client.get("/demo/").status_code == 404
