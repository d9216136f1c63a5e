from django.db import models


class Snapshot(models.Model):
    """A frozen configuration, addressed by its content. Never changed, never deleted while it is referred to."""

    hash = models.CharField(max_length=64, primary_key=True, editable=False)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "snapshot"

    def __str__(self) -> str:
        return self.hash[:12]
