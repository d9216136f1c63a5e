"""Forms that ask for a password or set one, in our words."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.models import User


def wait_words(seconds: int) -> str:
    """When to try again after too many tries."""
    if seconds < 60:
        told = ngettext("in %(number)s second", "in %(number)s seconds", seconds) % {"number": seconds}
    else:
        minutes = -(-seconds // 60)
        told = ngettext("in %(number)s minute", "in %(number)s minutes", minutes) % {"number": minutes}
    return _("Too many tries. Try again %(when)s") % {"when": told}


def current_password_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CurrentPasswordForm(forms.Form):
    """Proves by the current password that it is the person who sits there."""

    old_password = current_password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("That is not your current password"))
        return password

    def refuse_for(self, seconds: int) -> None:
        """Say nothing about what was typed but when to try again."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        self.add_error("old_password", wait_words(seconds))


class NewPasswordForm(forms.Form):
    """Asks for a new password twice and holds it against the rules. person(): whose name and e-mail it must not be
    like."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("10 characters or more, none that everybody knows, not like your name or e-mail"),
    )
    repeated = forms.CharField(
        label=gettext_lazy("Once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def person(self) -> User:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password, repeated = cleaned.get("password"), cleaned.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The two differ"))
        elif password:
            self._hold_against_the_rules(password)
        return cleaned

    def _hold_against_the_rules(self, password: str) -> None:
        try:
            password_validation.validate_password(password, self.person())
        except forms.ValidationError as error:
            self.add_error("password", error)


class ResetPasswordForm(NewPasswordForm):
    """A new password of a person who came with a link."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def person(self) -> User:
        return self.user


class ChangePasswordForm(CurrentPasswordForm, NewPasswordForm):
    field_order = ("old_password", "password", "repeated")

    def person(self) -> User:
        return self.user


class NewcomerForm(NewPasswordForm):
    """The name and password of somebody without a log-in. email: the invited address."""

    full_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("Customers see the first name when you join"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("full_name", "password", "repeated")

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def person(self) -> User:
        return User(email=self.email, full_name=self.cleaned_data.get("full_name", ""))


class FirstAdminForm(NewPasswordForm):
    """The organisation and its first person."""

    account = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    full_name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("account", "full_name", "email", "password", "repeated")

    def person(self) -> User:
        return User(email=self.cleaned_data.get("email", ""), full_name=self.cleaned_data.get("full_name", ""))


class EmailForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
