"""What forms of the configuration let people choose from, in one query each."""

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from conversations.models import Project
from handoffs.models import Destination, Reason

Choices = list[tuple[str, str]]
# Kinds of connections whose answers can be held to a form.
JUDGES = ("openai_compatible",)


def destination_choices(project: Project, *, none: str, current: str = "") -> Choices:
    """The destinations by name. none: the words for no choice; current: a key that stays choosable even when nothing
    bears it any more, so that saving does not drop it unseen."""
    rows = Destination.objects.filter(project=project).order_by(Lower("name")).values_list("key", "name")
    return _with_current([("", none), *rows], current)


def reason_choices(project: Project, *, none: str, current: str = "") -> Choices:
    """The reasons by label, as `label (code)`."""
    rows = Reason.objects.filter(project=project).order_by(Lower("label")).values_list("code", "label")
    return _with_current([("", none), *((code, f"{label} ({code})") for code, label in rows)], current)


def judge_choices(project: Project, *, none: str, current: str = "") -> Choices:
    """The connections that can be asked about an unsure score, by name; one in either environment is enough."""
    rows = project.connections.filter(kind__in=JUDGES).order_by("environment", Lower("name"))
    return _with_current([("", none), *dict(rows.values_list("key", "name")).items()], current)


def _with_current(choices: Choices, current: str) -> Choices:
    if current in dict(choices):
        return choices
    return [*choices, (current, _("{key}, which is gone").format(key=current))]
