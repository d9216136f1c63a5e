import pytest
from django.utils import timezone

from conversations.access import permissions_in
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.models import Account, Connector, Conversation, Membership, Project, Team, User
from handoffs.domain.sip.voice import LineKind
from handoffs.models import Desk, Presence, Queue, Release
from handoffs.selectors.working_copy import read_lines, read_working_copy
from handoffs.services.releases import read_current_config
from studio.demo.story import PastConversation
from studio.demo.workspace import DemoRefused, create_demo, create_workspace, find_demo

LISTS = ("destinations", "queues", "topics", "schedules", "forbidden_topics")


def by_key(config):
    """Everything of a configuration, whatever order the lists came in."""
    return {
        **{name: getattr(config, name) for name in ("name", "ai_name", "greeting", "time_zone", "settings")},
        "reasons": {item.code: item for item in config.reasons},
        **{name: {item.key: item for item in getattr(config, name)} for name in LISTS},
    }


def test_the_working_copy_is_what_the_content_says(demo, content):
    assert by_key(read_working_copy(demo)) == by_key(content.config)


def test_release_1_is_published_and_read_by_live_conversations(demo, content):
    assert Release.objects.get(project=demo).number == 1
    current = read_current_config(project=demo, environment="live")
    assert (current.release_number, by_key(current.config)) == (1, by_key(content.config))


def test_people_have_their_roles_and_only_the_owner_opens_the_admin(demo, content):
    roles = set(Membership.objects.filter(project=demo).values_list("user__email", "user__full_name", "role"))
    assert roles == {(user.email, user.name, role.value) for user in content.users for role in user.roles}
    admins = User.objects.filter(is_staff=True, is_superuser=True)
    assert [permissions_in(person, demo) for person in admins] == [frozenset(Permission)]


def test_agents_are_ready_and_nobody_else_is(demo):
    ready = Presence.objects.filter(project=demo, state="ready").values_list("user__memberships__role", flat=True)
    agents = Membership.objects.filter(project=demo, role="agent").count()
    assert list(ready) == ["agent"] * agents


def test_teams_have_their_members_and_queues(demo, content):
    for team in content.teams:
        row = Team.objects.get(project=demo, name=team.name)
        assert {person.email for person in row.members.all()} == set(team.members)
        assert {queue.key for queue in row.queues.all()} == set(team.queues)
    assert Queue.objects.filter(project=demo, teams=None).count() == 0


def test_each_environment_has_the_lines_with_all_the_content_says(demo, content):
    for environment in Environment:
        assert {*read_lines(project=demo, environment=environment)} == {*content.lines}
    assert [line.number for line in content.lines if line.kind is LineKind.TWILIO_NUMBER] == ["+442079460142"]


def test_each_environment_has_an_inbox_and_a_connector_for_this_machine(demo, settings):
    assert set(Desk.objects.filter(project=demo).values_list("environment", "key")) == {
        (environment.value, "inbox") for environment in Environment
    }
    hosts = dict(Connector.objects.filter(project=demo).values_list("environment", "hosts"))
    assert hosts == {environment.value: ["127.0.0.1", "localhost"] for environment in Environment}


def test_a_public_address_is_let_in_as_well(db, content, settings):
    settings.BASE_URL = "https://studio.example.org"
    project = create_workspace(content=content, at=timezone.now())
    connector = Connector.objects.get(project=project, environment="live")
    assert connector.hosts == ["127.0.0.1", "localhost", "studio.example.org"]


def test_a_deleted_demo_is_none_and_its_people_are_not_taken_over(demo, content):
    passwords = dict(User.objects.values_list("email", "password"))
    Project.objects.filter(pk=demo.pk).update(deleted_at=timezone.now())
    assert find_demo() is None
    with pytest.raises(DemoRefused, match=r"eleanor\.marsh@fernhill\.example\.com.* Use an empty database"):
        create_workspace(content=content, at=timezone.now())
    assert dict(User.objects.values_list("email", "password")) == passwords
    assert Account.objects.count() == 1


def test_a_story_that_goes_wrong_leaves_nothing_behind(db, content):
    misread = PastConversation("Ann", ("How long does delivery take?",), "maya.okafor@fernhill.example.com", (), "",
                               None, None, ())  # fmt: skip
    with pytest.raises(Exception, match="it is with ai, not with queue"):
        create_demo(content=content, story=[misread], clock=timezone.now)
    assert (Account.objects.count(), User.objects.count(), Conversation.objects.count()) == (0, 0, 0)
