"""What the list of destinations asks: what to show, and whether to delete."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.models import Destination
from handoffs.selectors.destination_cards import Ways

SEARCH_MAX = 100


class DestinationFilterForm(forms.Form):
    """The query of the list. What it does not understand shows everything."""

    ways = forms.CharField(required=False)
    q = forms.CharField(required=False, max_length=SEARCH_MAX)

    def wanted(self) -> tuple[Ways, str]:
        self.is_valid()
        ways, search = self.cleaned_data.get("ways", ""), self.cleaned_data.get("q", "")
        return (Ways(ways) if ways in list(Ways) else Ways.ALL), search


class DeleteDestinationForm(forms.Form):
    """The name, typed, and who is the default afterwards."""

    typed = forms.CharField(required=False)
    next_default = forms.ModelChoiceField(
        queryset=Destination.objects.none(), required=False, empty_label=gettext_lazy("Choose the next default")
    )

    def __init__(self, *args: Any, row: Destination, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        others = Destination.objects.filter(project_id=row.project_id).exclude(pk=row.pk).order_by("name")
        cast("forms.ModelChoiceField[Destination]", self.fields["next_default"]).queryset = others

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        if typed != self.row.name:
            raise forms.ValidationError(_("Not deleted: type {name} to confirm").format(name=self.row.name))
        return typed
