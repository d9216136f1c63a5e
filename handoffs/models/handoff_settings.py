from django.db import models

from conversations.models import Project
from handoffs.domain.settings import Level


def level_choices() -> list[tuple[int, str]]:
    return [(level.value, f"{level.value} {level.name.replace('_', ' ').capitalize()}") for level in Level]


class HandoffSettings(models.Model):
    """A project's handoff settings (working copy). Empty texts stand for the built-in ones."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, primary_key=True, related_name="handoff_settings")
    is_on = models.BooleanField(default=True, help_text="Master switch")
    level = models.PositiveSmallIntegerField(choices=level_choices(), default=Level.QUICK.value)
    on_explicit_request = models.BooleanField(default=True)
    explicit_threshold = models.FloatField(default=0.8)
    texts = models.JSONField(default=dict, blank=True, help_text="What the customer is told, by name")
    reasons = models.JSONField(default=list, blank=True, help_text='As [{"code", "label", "destination", "is_urgent"}]')

    class Meta:
        db_table = "handoff_settings"
        verbose_name_plural = "handoff settings"
        constraints = [
            models.CheckConstraint(
                name="threshold_is_a_share",
                condition=models.Q(explicit_threshold__gte=0) & models.Q(explicit_threshold__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"Handoff settings of {self.project}"
