from django.db import models

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from handoffs.domain.sip.voice import HeaderPlace, LineKind, SipMethod, Transport


class Line(Configured):
    """A telephony connection a voice destination leaves by, with what it constrains. `integrations` writes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lines")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    key = models.SlugField(max_length=60, help_text="What destinations refer to; the same in both environments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=choices_of(LineKind), default=LineKind.SIP_TRUNK.value)
    domain = models.CharField(max_length=255, blank=True, help_text="Host of the SBC, with :port if not the usual")
    transport = models.CharField(max_length=10, choices=choices_of(Transport), default=Transport.TLS.value)
    number = models.CharField(max_length=20, blank=True, help_text="E.164, of a Twilio number")
    caller = models.CharField(max_length=255, blank=True, help_text="Our own SIP address; empty: ai at the domain")
    required_method = models.CharField(max_length=10, choices=choices_of(SipMethod), blank=True)
    hides_route = models.BooleanField(default=False, help_text="The carrier routes the call")
    hides_headers = models.BooleanField(default=False, help_text="Headers of one's own are not carried")
    header_place = models.CharField(max_length=10, choices=choices_of(HeaderPlace), default=HeaderPlace.REQUEST.value)
    requires_x_prefix = models.BooleanField(default=True)
    allowed_headers = models.JSONField(default=list, blank=True, help_text="Names carried although they lack X-")
    health = models.CharField(max_length=20, default="unknown", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "line"
        constraints = [models.UniqueConstraint(fields=["project", "environment", "key"], name="unique_line_key")]

    def __str__(self) -> str:
        return self.name
