"""Other people's systems: how we reach them, what we told them, what they told us."""

from integrations.models.connection import Connection
from integrations.models.delivery import NO_BODY, Delivery
from integrations.models.inbound import InboundCall
from integrations.models.sealed import Sealed, SealedField
from integrations.models.webhook_endpoint import WebhookEndpoint

__all__ = ["NO_BODY", "Connection", "Delivery", "InboundCall", "Sealed", "SealedField", "WebhookEndpoint"]
