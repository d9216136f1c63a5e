"""What a script needs to talk to the demo workspace (the interfaces page, "For scripts and tests")."""

from collections.abc import Iterator
from typing import TypedDict

from django.conf import settings

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment, Role
from conversations.models import ApiKey, Connector, Membership, Project, User
from conversations.services.access_tokens import is_host_allowed
from conversations.services.api_keys import PREFIX_LENGTH
from studio.demo.derived import derive_password, derive_secret
from studio.demo.workspace import own_host

ROLE_ORDER = {role: place for place, role in enumerate(Role)}


class CredentialsLost(Exception):
    """The demo cannot be entered with what can be derived; the text says why and what to do."""


class ConnectorAccess(TypedDict):
    token: str
    host: str


class Person(TypedDict):
    email: str
    password: str
    role: str
    token: str


class Credentials(TypedDict):
    """Exactly what is printed as JSON. `ws_url` and `base_url` end without a slash; all keys are live ones."""

    base_url: str
    ws_url: str
    account_id: str
    project_id: str
    connector: ConnectorAccess
    api_keys: dict[str, str]
    users: list[Person]


def read_demo_credentials(*, project: Project) -> Credentials:
    """Derive the demo's secrets again and check that they open it. Raises CredentialsLost."""
    connector = read_live_connector(project)
    credentials = Credentials(
        base_url=settings.BASE_URL,
        ws_url=settings.BASE_URL.replace("http", "ws", 1),
        account_id=str(project.account_id),
        project_id=str(project.id),
        connector={"token": connector.token, "host": host_for(connector)},
        api_keys={scope.value: f"hs_{derive_secret(project, f'key:{scope.value}')}" for scope in ApiScope},
        users=list(_people(project)),
    )
    kept = ApiKey.objects.filter(project=project, revoked_at__isnull=True).values_list("prefix", flat=True)
    # Compared by their first characters: finding a key by its text would count as its use.
    if not {text[:PREFIX_LENGTH] for text in credentials["api_keys"].values()} <= set(kept):
        raise CredentialsLost(
            "The demo's keys were made with another SECRET_KEY, or have been revoked. Put the key back "
            "(var/secret.key), or begin anew with an empty database (`make reset`)."
        )
    return credentials


def read_live_connector(project: Project) -> Connector:
    """The connector through which the demo's customers come. Raises CredentialsLost."""
    connector = (
        Connector.objects.filter(project=project, environment=Environment.LIVE, is_active=True)
        .order_by("created_at")
        .first()
    )
    if connector is None:
        raise CredentialsLost("The demo has no live connector that is switched on: switch one on in /admin/.")
    return connector


def host_for(connector: Connector) -> str:
    """A host the connector lets in: this installation's own where it may."""
    own = own_host()
    return own if is_host_allowed(own, connector.hosts) or not connector.hosts else str(connector.hosts[0])


def _people(project: Project) -> Iterator[Person]:
    """Everybody of the demo once, highest role first."""
    password, shown = derive_password(project), set[str]()
    memberships = Membership.objects.filter(project=project, user__is_active=True).select_related("user")
    for row in sorted(memberships, key=lambda row: (ROLE_ORDER[Role(row.role)], row.user.date_joined)):
        if row.user.email not in shown:
            shown.add(row.user.email)
            yield Person(email=row.user.email, password=password, role=row.role, token=_token(project, row.user))


def _token(project: Project, user: User) -> str:
    return f"hp_{derive_secret(project, f'token:{user.email}')}"
