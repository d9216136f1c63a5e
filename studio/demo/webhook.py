"""The demo's CRM: an endpoint that is told every outcome, where somebody gives the URL of one."""

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from integrations.domain.signing import check_secret, new_secret
from integrations.models import Sealed, WebhookEndpoint
from integrations.models.webhook_endpoint import validate_target

NAME = "CRM"


def add_webhook(*, project: Project, url: str, secret: str = "") -> str:
    """Tell the live project's events to `url` from now on; a second call moves the endpoint. Returns the secret
    its messages are signed with. Raises ValidationError for the URL, BadSecret for the secret."""
    validate_target(url)
    chosen = check_secret(secret or new_secret())
    WebhookEndpoint.objects.update_or_create(
        {"url": url, "secret": Sealed.of(chosen)}, project=project, environment=Environment.LIVE, name=NAME
    )
    return chosen
