"""The form of what happens when nobody answers: limits, contacts, texts, and the phone agent's number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.customer_texts import BUILT_IN, NAMES, VARIABLES, foreign_variables, has_loose_brace
from handoffs.domain.settings import AfterTimeout, ContactKind
from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.numbers import read_e164, read_tel_uri
from handoffs.forms.durations import MinutesField
from handoffs.forms.rows import RowForm, RowsForm
from handoffs.models import HandoffSettings

TEXT_MAX = 600
AFTER_TIMEOUT = [
    (AfterTimeout.MESSAGE.value, gettext_lazy("Leave a message: a ticket, answered later")),
    (AfterTimeout.FALLBACK.value, gettext_lazy("Go on to the fallback, then leave a message")),
    (AfterTimeout.AI.value, gettext_lazy("Back to the AI, which says that nobody came")),
    (AfterTimeout.RETRY.value, gettext_lazy("Try again, then the fallback or a message")),
    (AfterTimeout.END.value, gettext_lazy("Say so and end the session")),
]
KINDS = [
    (ContactKind.PHONE.value, gettext_lazy("Phone")),
    (ContactKind.LINK.value, gettext_lazy("Link")),
    (ContactKind.EMAIL.value, gettext_lazy("E-mail")),
    (ContactKind.FORM.value, gettext_lazy("Form")),
]
TEXT_LABELS: dict[str, Any] = {
    "request_utterance": gettext_lazy("They asked for a person, and get one"),
    "decline_text": gettext_lazy("They asked for a person, and nobody is called"),
    "unavailable_utterance": gettext_lazy("The AI cannot answer, and hands over"),
    "closed_text": gettext_lazy("The desk is closed, the AI carries on"),
    "message_text": gettext_lazy("Nobody came: leave a message"),
    "unanswered_text": gettext_lazy("Nobody came: back to the AI"),
    "retry_text": gettext_lazy("Nobody came: another try"),
    "passed_on_text": gettext_lazy("Nobody came: on to the fallback"),
    "ended_text": gettext_lazy("Nobody came: the session ends"),
    "cannot_answer_text": gettext_lazy("The AI cannot answer, and nobody is called"),
    "offer_text": gettext_lazy("Something is wrong: a person is offered"),
    "confirm_text": gettext_lazy("Before a transfer: is that right"),
    "declined_offer_text": gettext_lazy("They said no to a person"),
    "problem_text": gettext_lazy("Before a transfer: what is it about"),
    "try_text": gettext_lazy("Before a transfer: the AI tries first"),
    "collect_text": gettext_lazy("Before a transfer: one more thing is needed"),
    "not_valid_text": gettext_lazy("What they answered does not fit"),
    "forbidden_text": gettext_lazy("A forbidden topic, and nobody is called"),
    "message_thanks": gettext_lazy("Thanks for the message"),
}


def check_phone(text: str) -> str:
    """A number people can be called at, as `+` and digits, or a global tel: address as it was typed."""
    try:
        if not text.lower().startswith("tel:"):
            return read_e164(text)
        address = read_tel_uri(text)
    except Refusal as refused:
        raise ValidationError(str(refused)) from refused
    if not address.is_global:
        raise ValidationError(_("A number others can dial begins with + and the country code. Try tel:+442079460177"))
    return str(address)


def check_link(text: str) -> str:
    URLValidator(schemes=["http", "https"], message=_("A link begins with https://. Try https://example.com/help"))(
        text
    )
    return text


def check_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as wrong:
        raise ValidationError(_("This is no e-mail address. Try help@example.com")) from wrong
    return text


CHECKS = {
    ContactKind.PHONE: check_phone,
    ContactKind.LINK: check_link,
    ContactKind.EMAIL: check_email,
    ContactKind.FORM: check_link,
}


class ContactForm(RowForm):
    """Another way to reach somebody, checked by its kind. A phone number stays as it reads best."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS, initial=ContactKind.PHONE.value)
    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=60,
        error_messages={"required": gettext_lazy("Say what it is, as Call the help line")},
    )
    value = forms.CharField(
        label=gettext_lazy("Number or address"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write the number or address customers can use")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"kind", "value"} <= cleaned.keys():
            try:
                CHECKS[ContactKind(cleaned["kind"])](cleaned["value"])
            except ValidationError as refused:
                self.add_error("value", refused)
        return cleaned


class UnansweredForm(RowsForm):
    """The texts are one column: what is left empty stays with the built-in wording."""

    instance: HandoffSettings
    rows = {"alternative_contacts": ContactForm}
    default_wait_limit_seconds = MinutesField(
        label=gettext_lazy("Customers wait at most"),
        least=15,
        most=86_400,
        help_text=gettext_lazy("Minutes and seconds, as 5:00. New destinations begin with it; each can have its own"),
        error_messages={"required": gettext_lazy("Say how long customers wait at most, as 5:00")},
    )
    after_timeout = forms.ChoiceField(label=gettext_lazy("Then"), choices=AFTER_TIMEOUT, widget=forms.RadioSelect)
    voice_fallback_number = forms.CharField(
        label=gettext_lazy("Voice fallback number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Where the phone agent sends a call when no destination fits or a transfer fails. "
            "International, as +44 20 7946 0177"
        ),
    )

    class Meta:
        model = HandoffSettings
        fields = ("default_wait_limit_seconds", "after_timeout", "offer_try_again", "voice_fallback_number")
        labels = {"offer_try_again": gettext_lazy("Offer to try again")}
        help_texts = {
            "offer_try_again": gettext_lazy(
                "When the AI has somebody back whom nobody answered, it offers to ask for a person again"
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.texts
        for name in NAMES:
            self.fields[name] = _text_field(name)
            self.initial[name] = "" if stored.get(name) == BUILT_IN[name] else stored.get(name, "")

    @property
    def listed(self) -> Any:
        return self.lists["alternative_contacts"]

    @property
    def texts(self) -> list[tuple[Any, str, str]]:
        """Each text's field, its built-in wording, and the variable it may hold."""
        return [(self[name], BUILT_IN[name], ", ".join(VARIABLES[name])) for name in NAMES]

    def in_words(self, name: str, value: Any) -> Any:
        if name != "texts":
            return super().in_words(name, value)
        own = [f"{TEXT_LABELS[text]}: “{words}”" for text, words in value.items() if words != BUILT_IN.get(text)]
        return "; ".join(own) or _("The built-in texts")

    def clean_voice_fallback_number(self) -> str:
        number: str = self.cleaned_data["voice_fallback_number"]
        return check_phone(number) if number else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in NAMES:
            if problem := text_problem(name, cleaned.get(name, "")):
                self.add_error(name, problem)
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**super().values(), "texts": self._texts()}

    def _texts(self) -> dict[str, str]:
        """Own wordings by name. A built-in one that was stored as it is stays: nothing about it was changed."""
        stored = self.instance.texts
        kept = {name: text for name, text in stored.items() if text == BUILT_IN.get(name)}
        typed = {name: self.cleaned_data[name] for name in NAMES if self.cleaned_data[name]}
        return {**kept, **typed}


def text_problem(name: str, text: str) -> str:
    """What is wrong with a text, in one sentence that says what it may hold; empty when nothing is."""
    allowed = ", ".join(f"{{{variable}}}" for variable in VARIABLES[name])
    offer = _("This text can hold {allowed}").format(allowed=allowed) if allowed else _("This text holds no variables")
    if unknown := foreign_variables(name, text):
        listed = ", ".join(f"{{{variable}}}" for variable in unknown)
        return _("There is no variable {unknown} here. {offer}").format(unknown=listed, offer=offer)
    if has_loose_brace(text):
        return _("A brace stands alone. {offer}").format(offer=offer)
    return ""


def _text_field(name: str) -> forms.CharField:
    # The space makes `:placeholder-shown` say that the field is empty; what the text would be stands below it.
    widget = forms.Textarea(attrs={"rows": 2, "placeholder": " "})
    return forms.CharField(label=TEXT_LABELS[name], required=False, max_length=TEXT_MAX, widget=widget)
