from django.db import models

from conversations.domain.vocabulary import Channel, Environment
from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from conversations.models.project import Project


class Customer(models.Model):
    """The person who writes or calls."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="customers")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    name = models.CharField(max_length=120, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "customer"

    def __str__(self) -> str:
        return self.name or "Customer"


class CustomerIdentity(models.Model):
    """One address of a customer on one channel."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    channel = models.CharField(max_length=20, choices=choices_of(Channel))
    address = models.CharField(max_length=254)

    class Meta:
        db_table = "customer_identity"
        verbose_name_plural = "customer identities"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "environment", "channel", "address"], name="unique_customer_identity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} on {self.channel}"
