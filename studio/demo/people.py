"""Who of a project's people came with the demo."""

from functools import cache

from django.db.models import QuerySet

from conversations.models import Project, User
from studio.demo_content.loader import FOLDER, PeopleFile, read_file


def demo_people(project: Project) -> QuerySet[User]:
    """The people the demo made, as long as they keep its addresses; nobody in any other project."""
    if not project.is_demo:
        return User.objects.none()
    return User.objects.filter(memberships__project=project, email__in=demo_emails()).distinct()


@cache
def demo_emails() -> tuple[str, ...]:
    return tuple(user.email for user in read_file(FOLDER / "people.json", PeopleFile).users)
