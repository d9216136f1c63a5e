from django.db import models

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.ids import new_id


class Desk(models.Model):
    """A system in which humans answer, as destinations may point at it. `integrations` writes connections here."""

    KINDS = [("inbox", "Built-in inbox"), ("client", "The customer's app"), ("connection", "A connection")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="desks")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=KINDS)
    capabilities = models.JSONField(default=list, blank=True)
    health = models.CharField(max_length=20, default="healthy")

    class Meta:
        db_table = "desk"
        constraints = [models.UniqueConstraint(fields=["project", "environment", "key"], name="unique_desk_key")]

    def __str__(self) -> str:
        return self.name
