"""Django admin of the ground. What happened can only be read; no secret and no digest is shown."""

from django.contrib import admin

from conversations.admin import doors, history, organisation

__all__ = ["doors", "history", "organisation"]

admin.site.site_header = admin.site.site_title = "Handoff Studio"
admin.site.index_title = "Administration"
