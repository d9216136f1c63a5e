"""The form of a reason."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.keys import free_key
from handoffs.forms.choices import destination_choices
from handoffs.forms.durations import MinutesField
from handoffs.models import Reason

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class ReasonForm(ConfiguredForm):
    """The code is given once: APIs, functions and past handoffs know the reason by it."""

    instance: Reason
    taken = gettext_lazy("Another reason has this code")

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("What APIs and functions call it, as refund_request. It cannot be changed later"),
        error_messages={"required": gettext_lazy("Give it a code, as refund_request")},
    )
    target_seconds = MinutesField(
        label=gettext_lazy("Service target"),
        required=False,
        least=5,
        most=86_400,
        help_text=gettext_lazy("The wait you aim at, as 2:00. Empty: the queue's own target"),
    )

    class Meta:
        model = Reason
        fields = ("code", "label", "destination_key", "target_seconds", "is_urgent")
        labels = {"label": gettext_lazy("Label"), "is_urgent": gettext_lazy("Urgent")}
        error_messages = {"label": {"required": gettext_lazy("Say it in words agents read, as Wants a refund")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default, current = _("The default destination"), self.instance.destination_key
        self.fields["destination_key"] = forms.ChoiceField(
            label=_("Goes to"), required=False,
            choices=destination_choices(self.project, none=default, current=current),
        )  # fmt: skip
        if not self.is_new:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _(
                "A code stays: APIs, functions, past handoffs and reports know the reason by it. "
                "For another code add a reason and delete this one"
            )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.is_new and not CODE.fullmatch(code):
            proposed = free_key(code, taken=(), fallback="reason").replace("-", "_").lstrip("0123456789_") or "reason"
            problem = _("A code has lower-case letters, digits and underscores, a letter first. Try {code}")
            raise ValidationError(problem.format(code=proposed))
        return code

    def refusal(self, constraint: str) -> tuple[str | None, str]:
        field, problem = super().refusal(constraint)
        return ("code", str(self.taken)) if "unique_reason_code" in constraint else (field, problem)
