"""Forms about people: who is asked to join, with which roles, and in which teams they are."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.vocabulary import Role
from conversations.forms.configuration import ConfiguredForm
from conversations.models import Project, Team
from conversations.selectors.people import people_of, sort_roles


class RolesForm(forms.Form):
    """Which roles somebody has. `locked`: roles that may not be changed by who asks, and the reason for people."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[(role.value, role.value.capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one role at least")},
    )

    def chosen(self) -> tuple[Role, ...]:
        """The roles of a valid form."""
        return sort_roles(self.cleaned_data["roles"])


class InvitationForm(RolesForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "roles")


class TeamForm(ConfiguredForm):
    """A team's name and who is in it: people of the project only."""

    taken = gettext_lazy("Another team has this name")

    class Meta:
        model = Team
        fields = ("name", "members")
        widgets = {"members": forms.CheckboxSelectMultiple}
        labels = {"name": gettext_lazy("Name"), "members": gettext_lazy("Members")}

    def __init__(self, *args: object, project: Project, **kwargs: object) -> None:
        super().__init__(*args, project=project, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset, members.required = people_of(project), False

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Team.objects.filter(project=self.project, name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another team has this name"))
        return name
