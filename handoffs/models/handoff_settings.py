from django.db import models

from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from handoffs.domain.settings import DEFAULT_WAIT_LIMIT_SECONDS, AfterTimeout, Level, Sensitivity


def level_choices() -> list[tuple[int, str]]:
    return [(level.value, f"{level.value} {level.name.replace('_', ' ').capitalize()}") for level in Level]


def _sensitivity(default: Sensitivity) -> "models.CharField[str, str]":
    return models.CharField(max_length=10, choices=choices_of(Sensitivity), default=default.value)


class HandoffSettings(Configured):
    """A project's handoff settings (working copy), as `SettingsConfig` says. Empty texts stand for the built-in
    ones."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, primary_key=True, related_name="handoff_settings")
    is_on = models.BooleanField(default=True, help_text="Master switch")
    level = models.PositiveSmallIntegerField(choices=level_choices(), default=Level.QUICK.value)
    on_explicit_request = models.BooleanField(default=True)
    on_frustration = models.BooleanField(default=True)
    on_unproductive = models.BooleanField(default=True)
    on_ai_decision = models.BooleanField(default=True)
    explicit_sensitivity = _sensitivity(Sensitivity.NORMAL)
    frustration_sensitivity = _sensitivity(Sensitivity.HIGH)
    unproductive_sensitivity = _sensitivity(Sensitivity.HIGH)
    forbidden_sensitivity = _sensitivity(Sensitivity.NORMAL)
    thresholds = models.JSONField(
        default=dict, blank=True, help_text='Own thresholds in place of a sensitivity, as {"frustration": 0.62}'
    )
    offer_when_inferred = models.BooleanField(default=True, help_text="Frustration, going nowhere: offered, not done")
    uses_embeddings = models.BooleanField(default=False)
    judge = models.CharField(max_length=60, blank=True, help_text="Key of the connection asked when a score is unsure")
    collect_first = models.BooleanField(default=False)
    require_problem_statement = models.BooleanField(default=False)
    confirm_before_transfer = models.BooleanField(default=False)
    tries_before_transfer = models.PositiveSmallIntegerField(default=0)
    collected_fields = models.JSONField(
        default=list, blank=True, help_text='As [{"key", "label", "kind", "is_required", "choices"}], in order'
    )
    default_wait_limit_seconds = models.PositiveIntegerField(default=DEFAULT_WAIT_LIMIT_SECONDS)
    after_timeout = models.CharField(
        max_length=10, choices=choices_of(AfterTimeout), default=AfterTimeout.MESSAGE.value
    )
    offer_try_again = models.BooleanField(default=True)
    alternative_contacts = models.JSONField(
        default=list, blank=True, help_text='As [{"kind", "label", "value"}], in order'
    )
    channel_weights = models.JSONField(
        default=dict, blank=True, help_text='Of an agent\'s capacity, as {"web_chat": 1, "email": 2}'
    )
    voice_fallback_number = models.CharField(max_length=40, blank=True, help_text="E.164, of the project's phone agent")
    texts = models.JSONField(default=dict, blank=True, help_text="What the customer is told, by name")

    class Meta:
        db_table = "handoff_settings"
        verbose_name_plural = "handoff settings"

    def __str__(self) -> str:
        return f"Handoff settings of {self.project}"
