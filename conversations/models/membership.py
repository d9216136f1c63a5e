from django.conf import settings
from django.db import models

from conversations.domain.vocabulary import Role
from conversations.models.choices import choices_of
from conversations.models.project import Project


class Membership(models.Model):
    """One role of one person in one project; several rows give several roles."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=choices_of(Role))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = [models.UniqueConstraint(fields=["project", "user", "role"], name="unique_membership_role")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"
