"""Django admin of the ground. What happened can only be read; no secret and no digest is shown."""

from conversations.admin import doors, history, organisation

__all__ = ["doors", "history", "organisation"]
