"""Makes the demo workspace: account, project, people, routing, topics, release 1 and everything scripts need."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment, Role
from conversations.models import Account, Connector, Membership, Project, Team, User
from conversations.services.api_keys import create_personal_token, create_project_key
from handoffs.domain.config import ProjectConfig
from handoffs.models import Agent, Queue
from handoffs.services.presence import set_presence
from handoffs.services.releases import publish_release
from handoffs.services.working_copy import add_lines, start_working_copy
from studio.demo.derived import derive_password, derive_secret
from studio.demo.history import ReviewedConversation, tell_history
from studio.demo.story import Clock, PastConversation, tell_story
from studio.demo_content.loader import DemoTeam, DemoUser, DemoWorkspace

LOOPBACK_HOSTS = ("127.0.0.1", "localhost")
NAME_OF_TOKENS = "Demo"
CONNECTOR_NAMES = {Environment.LIVE: "Web chat", Environment.SANDBOX: "Web chat (sandbox)"}

People = Mapping[str, User]
AGENT_CAPACITY = 12  # in weights of conversations


class DemoRefused(Exception):
    """The demo cannot be made here; the text says why and what to do."""


def find_demo() -> Project | None:
    """The demo project; None when there is none, or no longer one."""
    return Project.objects.filter(is_demo=True, deleted_at__isnull=True).order_by("created_at").first()


def create_demo(
    *,
    content: DemoWorkspace,
    story: Sequence[PastConversation],
    clock: Clock,
    history: Sequence[ReviewedConversation] = (),
) -> Project:
    """Make the workspace and let its past happen, all or nothing. Raises DemoRefused, PastWrong, StoryWrong."""
    with transaction.atomic():
        project = create_workspace(content=content, at=clock())
        connector = Connector.objects.get(project=project, environment=Environment.LIVE)
        tell_history(project=project, connector=connector, history=history, at=clock())
        tell_story(project=project, connector=connector, story=story, clock=clock)
    return project


def create_workspace(*, content: DemoWorkspace, at: datetime) -> Project:
    """Make the whole workspace in one transaction. Raises DemoRefused when its people exist already."""
    with transaction.atomic():
        _refuse_known_people(content.users)
        account = Account.objects.create(name=content.account)
        project = _create_project(account, content.config)
        add_lines(project=project, lines=content.lines)
        people = _create_people(project, content.users)
        _create_teams(project, content.teams, people)
        _create_access(project, people)
        owner = next(people[user.email] for user in content.users if Role.OWNER in user.roles)
        publish_release(project=project, publisher=owner, at=at, note="The demo as it comes")
        for user in content.users:
            if Role.AGENT in user.roles:
                set_presence(user=people[user.email], project=project, state="ready", at=at)
    return project


def own_host() -> str:
    """The host name under which this installation's own pages are served."""
    return urlsplit(settings.BASE_URL).hostname or LOOPBACK_HOSTS[0]


def _refuse_known_people(users: Sequence[DemoUser]) -> None:
    # Their passwords and tokens would have to be set anew, and they may belong to somebody by now.
    known = User.objects.filter(email__in=[user.email for user in users]).order_by("email").values_list("email")
    if known:
        emails = ", ".join(email for (email,) in known)
        raise DemoRefused(f"These people of an earlier demo are still here: {emails}. Use an empty database.")


def _create_project(account: Account, config: ProjectConfig) -> Project:
    project = Project.objects.create(
        account=account,
        name=config.name,
        ai_name=config.ai_name,
        greeting=config.greeting,
        time_zone=config.time_zone,
        is_demo=True,
    )
    start_working_copy(project=project, config=config)
    return project


def _create_people(project: Project, users: Sequence[DemoUser]) -> People:
    # One password, hashed once: hashing is slow by design, and eight times that would be felt.
    encoded = make_password(derive_password(project))
    people: dict[str, User] = {}
    for user in users:
        is_owner = Role.OWNER in user.roles
        person = User.objects.create_user(
            user.email, full_name=user.name, is_staff=is_owner, is_superuser=is_owner, is_active=True
        )
        Membership.objects.bulk_create(Membership(user=person, project=project, role=role) for role in user.roles)
        people[user.email] = person
    User.objects.filter(pk__in=[person.pk for person in people.values()]).update(password=encoded)
    # Scripts try the whole job over one person's token, several at once.
    Agent.objects.bulk_create(
        Agent(user=person, project=project, capacity=AGENT_CAPACITY) for person in people.values()
    )
    return people


def _create_teams(project: Project, teams: Sequence[DemoTeam], people: People) -> None:
    queues = {queue.key: queue for queue in Queue.objects.filter(project=project)}
    for team in teams:
        row = Team.objects.create(project=project, key=slugify(team.name), name=team.name)
        row.members.set([people[email] for email in team.members])
        for key in team.queues:
            queues[key].teams.add(row)


def _create_access(project: Project, people: People) -> None:
    """What connects widgets and scripts: connectors, one API key a scope, a personal token a person."""
    hosts = list(dict.fromkeys((*LOOPBACK_HOSTS, own_host())))
    for environment, name in CONNECTOR_NAMES.items():
        Connector.objects.create(project=project, environment=environment, name=name, hosts=hosts)
    for scope in ApiScope:
        create_project_key(
            project=project,
            environment=Environment.LIVE,
            name=f"Demo {scope.value}",
            scopes=[scope],
            secret=derive_secret(project, f"key:{scope.value}"),
        )
    for email, person in people.items():
        create_personal_token(user=person, name=NAME_OF_TOKENS, secret=derive_secret(project, f"token:{email}"))
