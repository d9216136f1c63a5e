from django.db import models

from conversations.models.ids import new_id


class Account(models.Model):
    """The organisation that owns projects; one by default."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "account"

    def __str__(self) -> str:
        return self.name
