import json
import re

import pytest
from django.urls import reverse

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db


@pytest.fixture
def log_in(client, agent):
    def post(password=PASSWORD, email=agent.email, **fields):
        return client.post(reverse("login"), {"username": email, "password": password, **fields})

    return post


def test_a_person_logs_in_and_arrives_at_home(log_in, client, agent):
    answer = log_in()
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_the_case_of_the_email_does_not_matter(log_in, agent):
    assert log_in(email=agent.email.upper()).status_code == 302


def test_a_wrong_password_is_said_in_plain_words_and_keeps_the_email(log_in, client, agent):
    answer = log_in(password="wrong")
    assert answer.status_code == 422
    assert "That e-mail and password do not belong together" in answer.text
    assert f'value="{agent.email}"' in answer.text
    assert "_auth_user_id" not in client.session


def test_a_deactivated_person_stays_outside(log_in, agent):
    agent.is_active = False
    agent.save()
    assert log_in().status_code == 422


def test_who_came_from_a_page_returns_to_it(log_in):
    assert log_in(next="/review/?verdict=needed").url == "/review/?verdict=needed"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "nonsense", "a\0b"],
)
def test_nobody_is_sent_to_another_site(log_in, elsewhere):
    assert log_in(next=elsewhere).url == reverse("home")


def test_logging_out_takes_a_post(client, agent):
    client.force_login(agent)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == reverse("login")
    assert "_auth_user_id" not in client.session


@pytest.fixture
def demo_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    users = [{"email": "maya@example.com", "password": "demo-password", "role": "agent", "token": "secret-token"}]
    (tmp_path / "demo.json").write_text(json.dumps({"users": users}))


def test_a_demo_workspace_hints_its_log_ins_without_their_tokens(client, project, demo_file):
    project.is_demo = True
    project.save()
    page = client.get(reverse("login")).text
    assert 'data-demo-email="maya@example.com"' in page
    assert "secret-token" not in page


def test_without_a_demo_project_nothing_is_hinted(client, project, demo_file):
    assert "maya@example.com" not in client.get(reverse("login")).text


def test_after_five_wrong_passwords_one_waits_and_is_told_how_long(log_in):
    answers = [log_in(password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[5].headers["Retry-After"] == "2"
    assert "Too many tries. Try again in 2 seconds" in answers[5].text
    assert log_in().status_code == 429


@pytest.mark.parametrize("spelling", [" {}", "{}  ", "\uff4d{}"])
def test_another_spelling_of_the_same_email_is_no_new_try(log_in, agent, spelling):
    rest = agent.email if "\uff4d" not in spelling else agent.email.removeprefix("m")
    for _ in range(5):
        log_in(password="wrong")
    assert log_in(password="wrong", email=spelling.format(rest)).status_code == 429


def test_the_wait_does_not_tell_whether_the_email_is_known(log_in, agent):
    known = [log_in(password="wrong") for _ in range(6)]
    unknown = [log_in(password="wrong", email="nobody@example.com") for _ in range(6)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    for one, other in zip(known, unknown, strict=True):
        assert without_token(one, agent.email) == without_token(other, "nobody@example.com")


def without_token(answer, email):
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|data-now="[^"]+"', "", answer.text).replace(email, "…")


def test_the_email_stays_in_its_field_while_one_waits(log_in, agent):
    answers = [log_in(password="wrong") for _ in range(6)]
    assert f'value="{agent.email}"' in answers[5].text


def test_djangos_admin_has_no_log_in_of_its_own(client, agent):
    answer = client.post("/admin/login/", {"username": agent.email, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, f"{reverse('login')}?next=/admin/")
    client.force_login(agent)
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_installation_without_people_says_where_the_first_link_is(client):
    assert "Nobody has a log-in yet" in client.get(reverse("login")).text
