from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from handoffs.domain.config import INBOX, OutOfHours
from handoffs.domain.settings import DEFAULT_WAIT_LIMIT_SECONDS, AfterTimeout
from handoffs.domain.sip.voice import Encryption, SipMethod


class Destination(Configured):
    """Where a handoff goes (working copy). The key is stable; the name is unique without regard to case.

    Without `method` it has no voice route, without `desk_key` no text route. What a method does not use is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="destinations")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    is_default = models.BooleanField(default=False)
    utterance = models.TextField(blank=True, help_text="What the AI says before the transfer")

    desk_key = models.CharField(max_length=60, default=INBOX, blank=True)
    queue_key = models.CharField(max_length=60, blank=True)
    hints = models.JSONField(default=dict, blank=True, help_text='For the desk, as {"skills": "refunds, billing"}')
    wait_limit_seconds = models.PositiveIntegerField(default=DEFAULT_WAIT_LIMIT_SECONDS)
    schedule_key = models.CharField(max_length=60, blank=True, help_text="Its hours; empty: always open")
    out_of_hours = models.CharField(max_length=10, choices=choices_of(OutOfHours), default=OutOfHours.MESSAGE.value)
    after_timeout = models.CharField(
        max_length=10, choices=choices_of(AfterTimeout), blank=True, help_text="Empty: what the settings say"
    )
    retry_limit = models.PositiveSmallIntegerField(default=2)
    retry_seconds = models.PositiveIntegerField(default=30)
    required_fields = models.JSONField(
        default=list, blank=True, help_text='What whoever answers must receive, as ["order_number"]'
    )
    client_queue_name = models.CharField(max_length=120, blank=True, help_text="For the customer's own app")
    client_route = models.CharField(max_length=500, blank=True, help_text="For the customer's own app")
    fallback_key = models.CharField(max_length=60, blank=True, help_text="Destination to try when this one is closed")

    method = models.CharField(max_length=10, choices=choices_of(SipMethod), blank=True)
    route = models.CharField(max_length=500, blank=True, help_text="SIP address, phone number or extension")
    encryption = models.CharField(max_length=10, choices=choices_of(Encryption), default=Encryption.TLS_SRTP.value)
    headers = models.JSONField(default=list, blank=True, help_text='As [{"name", "value", "when_missing"}], in order')
    line_key = models.CharField(
        max_length=60, blank=True, help_text="The line it leaves by; empty: the project's first"
    )

    class Meta:
        db_table = "destination"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="unique_destination_key"),
            models.UniqueConstraint("project", Lower("name"), name="unique_destination_name"),
            models.UniqueConstraint(fields=["project"], name="one_default_destination", condition=Q(is_default=True)),
            models.CheckConstraint(name="destination_leads_somewhere", condition=~Q(method="") | ~Q(desk_key="")),
        ]

    def __str__(self) -> str:
        return self.name
