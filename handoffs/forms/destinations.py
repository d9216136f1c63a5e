"""The form of a destination: its two ways, voice and text, with lists of headers and hints."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from conversations.models import User
from handoffs.domain.config import CLIENT, INBOX, DestinationConfig, OutOfHours
from handoffs.domain.destinations import check_destination, choose_line
from handoffs.domain.settings import AfterTimeout
from handoffs.domain.sip.fields import FieldsShown, fields_shown
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.voice import Encryption, HeaderConfig, LineConfig, MissingVariable, SipMethod, VoiceConfig
from handoffs.forms.destination_rows import header_rows, hint_rows, say_rows
from handoffs.forms.durations import MinutesField
from handoffs.forms.required_fields import RequiredFieldsField
from handoffs.forms.rows import RowsFormSet
from handoffs.forms.unanswered import AFTER_TIMEOUT
from handoffs.models import Destination
from handoffs.selectors.destination_surroundings import Surroundings
from handoffs.selectors.working_copy import DESTINATION, VOICE
from handoffs.services.destinations import DestinationGone, WouldStrand, add_destination, edit_destination

LEAST_WAIT, MOST_WAIT = 10, 24 * 3600
MOST_REQUIRED = 20
MOST_RETRIES, LEAST_PAUSE, MOST_PAUSE = 10, 5, 3600
METHODS = [(SipMethod.REFER, "SIP REFER"), (SipMethod.INVITE, "SIP INVITE"), (SipMethod.BYE, "SIP BYE")]
ENCRYPTIONS = [(Encryption.TLS_SRTP, "TLS/SRTP"), (Encryption.UDP_RTP, "UDP/RTP")]
POLICIES = [
    (OutOfHours.MESSAGE, gettext_lazy("Leave a message")),
    (OutOfHours.QUEUE, gettext_lazy("Queue anyway")),
    (OutOfHours.AI, gettext_lazy("The AI carries on and says when people are back")),
    (OutOfHours.FALLBACK, gettext_lazy("Go on to the fallback")),
]
FIELDS = (
    "name",
    "description",
    "utterance",
    "method",
    "route",
    "encryption",
    "line_key",
    "desk_key",
    "queue_key",
    "wait_limit_seconds",
    "schedule_key",
    "out_of_hours",
    "fallback_key",
    "required_fields",
    "after_timeout",
    "retry_limit",
    "retry_seconds",
    "client_queue_name",
    "client_route",
)
VOICE_FIELDS = ("method", "route", "encryption", "line_key", "headers")
RETRY_FIELDS = ("retry_limit", "retry_seconds")
CLIENT_FIELDS = ("client_queue_name", "client_route")
TEXT_FIELDS = (
    "desk_key",
    "queue_key",
    "wait_limit_seconds",
    "hints",
    "required_fields",
    "after_timeout",
    *RETRY_FIELDS,
    *CLIENT_FIELDS,
)
# What may be left empty keeps what is stored: there is no such value.
NEVER_EMPTY = ("wait_limit_seconds", "out_of_hours", "encryption", *RETRY_FIELDS)
# A header's field, as a lint names it.
HEADER_FIELD = re.compile(r"headers\[(\d+)\]\.(name|value)")


class DestinationForm(ConfiguredForm):
    """Adds or edits a destination. What its ways and method do not use is not shown, and stays stored as it was.

    `draft` is the destination as the form has it, whether it could be saved or not, once the form was cleaned; until
    then as it is stored.
    """

    has_voice = forms.BooleanField(label=gettext_lazy("Phone calls"), required=False)
    has_text = forms.BooleanField(label=gettext_lazy("Chats and messages"), required=False)
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=METHODS, required=False)
    encryption = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=ENCRYPTIONS, required=False)
    line_key = forms.ChoiceField(label=gettext_lazy("Line"), required=False)
    desk_key = forms.ChoiceField(label=gettext_lazy("Desk"), required=False)
    queue_key = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    wait_limit_seconds = MinutesField(
        label=gettext_lazy("Wait limit"), least=LEAST_WAIT, most=MOST_WAIT, required=False
    )
    schedule_key = forms.ChoiceField(label=gettext_lazy("Hours"), required=False)
    out_of_hours = forms.ChoiceField(label=gettext_lazy("While closed"), choices=POLICIES, required=False)
    fallback_key = forms.ChoiceField(label=gettext_lazy("Fallback"), required=False)
    required_fields = RequiredFieldsField(
        most=MOST_REQUIRED, longest=60, required=False, label=gettext_lazy("What must come with a handoff")
    )

    after_timeout = forms.ChoiceField(
        label=gettext_lazy("When nobody came"),
        choices=[("", gettext_lazy("What the settings say")), *AFTER_TIMEOUT],
        required=False,
    )
    retry_limit = forms.IntegerField(
        label=gettext_lazy("Further tries"), min_value=1, max_value=MOST_RETRIES, required=False
    )
    retry_seconds = MinutesField(
        label=gettext_lazy("Pause before each"), least=LEAST_PAUSE, most=MOST_PAUSE, required=False
    )

    class Meta:
        model = Destination
        fields = FIELDS
        labels = {
            "route": gettext_lazy("Route"),
            "utterance": gettext_lazy("What the AI says first"),
            "client_queue_name": gettext_lazy("Queue name the app is told"),
            "client_route": gettext_lazy("Route the app is told"),
        }
        help_texts = dict.fromkeys(labels, "")
        widgets = {
            "description": forms.TextInput(attrs={"maxlength": 300}),
            "utterance": forms.TextInput(attrs={"maxlength": 500}),
            "route": forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, surroundings: Surroundings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = cast(Destination, self.instance)
        self.surroundings = surroundings
        self.stored = {name: getattr(self.row, name) for name in (*FIELDS, "headers", "hints")}
        posted = self.data if self.is_bound else None
        self.headers = header_rows(posted, self.stored["headers"])
        self.hints = hint_rows(posted, self.stored["hints"])
        self._offer_choices()
        self._start_from_row()
        self.draft = self._draft(self.stored)

    def _offer_choices(self) -> None:
        config = self.surroundings.config
        others = [(item.key, item.name) for item in config.destinations if item.key != self.row.key]
        first = next((line.name for line in self.surroundings.lines), "")
        offered = {
            "line_key": [("", _("The first: {name}").format(name=first)), *((k.key, k.name) for k in self.lines)],
            "desk_key": list({INBOX: _("Inbox"), CLIENT: _("The customer's app"), **self.surroundings.desks}.items()),
            "queue_key": [("", _("Choose a queue")), *((queue.key, queue.name) for queue in config.queues)],
            "schedule_key": [("", _("Always open")), *((hours.key, hours.name) for hours in config.schedules)],
            "fallback_key": [("", _("None")), *others],
        }
        for name, choices in offered.items():
            kept = self.stored[name]
            gone = [] if kept in dict(choices) else [(kept, _("{key} (gone)").format(key=kept))]
            cast(forms.ChoiceField, self.fields[name]).choices = [*choices, *gone]

    def _start_from_row(self) -> None:
        self.initial["has_voice"] = bool(self.row.method)
        self.initial["has_text"] = bool(self.row.desk_key)
        self.initial["method"] = self.row.method or SipMethod.REFER.value
        self.initial["desk_key"] = self.row.desk_key or INBOX
        if self.is_new:
            queues = self.surroundings.config.queues
            self.initial["queue_key"] = queues[0].key if queues else ""

    @property
    def lists(self) -> dict[str, RowsFormSet]:
        return {"headers": self.headers, "hints": self.hints}

    @property
    def lines(self) -> tuple[LineConfig, ...]:
        return self.surroundings.lines

    @property
    def line(self) -> LineConfig:
        """The line the calls of the form leave by."""
        return choose_line(self.draft.voice.line if self.draft.voice else self.stored["line_key"], self.lines)

    @property
    def shown(self) -> FieldsShown:
        """What the voice part shows."""
        asked = str(self["method"].value() or SipMethod.REFER)
        method = SipMethod(asked) if asked in list(SipMethod) else SipMethod.REFER
        return fields_shown(method, choose_line(str(self["line_key"].value() or ""), self.lines))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._read_rows(cleaned)
        for name in self._unused(cleaned):
            cleaned[name] = self.stored[name]
            self.errors.pop(name, None)
        cleaned["method"] = self._method(cleaned) if cleaned.get("has_voice") else ""
        cleaned["desk_key"] = (cleaned.get("desk_key") or INBOX) if cleaned.get("has_text") else ""
        self.draft = self._draft({**self.stored, **cleaned})
        for name, rows in self.lists.items():
            if name not in cleaned:
                self.add_error(None, say_rows(rows))
        self._say(check_destination(self.draft, config=self.surroundings.config, line=self.line))
        return cleaned

    def _read_rows(self, cleaned: dict[str, Any]) -> None:
        if self.headers.is_valid():
            cleaned["headers"] = self.headers.content()
        if self.hints.is_valid():
            cleaned["hints"] = {row["name"]: row["value"] for row in self.hints.content()}

    def _unused(self, cleaned: dict[str, Any]) -> set[str]:
        """The fields that are not shown: they stay as they are stored."""
        shown = fields_shown(SipMethod(self._method(cleaned)), self._line_of(cleaned))
        by_way = {"has_voice": VOICE_FIELDS, "has_text": TEXT_FIELDS}
        unused = {name for way, names in by_way.items() if not cleaned.get(way) for name in names}
        unused |= {name for name in ("route", "encryption", "headers") if not getattr(shown, name)}
        unused |= {"out_of_hours"} if not cleaned.get("schedule_key") else set()
        unused |= set(RETRY_FIELDS) if cleaned.get("after_timeout") != AfterTimeout.RETRY else set()
        unused |= set(CLIENT_FIELDS) if cleaned.get("desk_key") != CLIENT else set()
        empty = {name for name in NEVER_EMPTY if not cleaned.get(name)}
        return unused | {name for name in empty if name not in self.errors}

    def _line_of(self, cleaned: dict[str, Any]) -> LineConfig:
        return choose_line(cleaned.get("line_key", self.stored["line_key"]), self.lines)

    def _method(self, cleaned: dict[str, Any]) -> str:
        asked = SipMethod(cleaned.get("method") or self.stored["method"] or SipMethod.REFER)
        return fields_shown(asked, self._line_of(cleaned)).method.value

    def _draft(self, columns: dict[str, Any]) -> DestinationConfig:
        plain = {field: columns[column] for field, column in DESTINATION.items() if column in columns}
        voice = {field: columns[column] for field, column in VOICE.items()}
        draft = DestinationConfig(**{**plain, "key": self.row.key, "is_default": self.row.is_default})
        return replace(
            draft,
            out_of_hours=OutOfHours(columns["out_of_hours"]),
            required_fields=tuple(columns["required_fields"]),
            after_timeout=AfterTimeout(columns["after_timeout"]) if columns["after_timeout"] else None,
            voice=_read_voice(voice) if columns["method"] else None,
        )

    def _say(self, problems: Iterable[Lint]) -> None:
        """Put each problem where it can be mended."""
        said = tuple(problems)
        for lint in said:
            if found := HEADER_FIELD.fullmatch(lint.subject):
                self.headers.forms[int(found[1])].add_error(found[2], lint.sentence)
            else:
                column = {**VOICE, **DESTINATION}.get(lint.subject, lint.subject)
                self.add_error(column if column in self.fields else None, lint.sentence)
        if any(HEADER_FIELD.fullmatch(lint.subject) for lint in said):
            self.add_error(None, say_rows(self.headers))

    def values(self) -> dict[str, Any]:
        return {**super().values(), "headers": self.cleaned_data["headers"], "hints": self.cleaned_data["hints"]}

    def save_by(self, user: User, *, at: datetime, why: str = "") -> bool:
        try:
            return super().save_by(user, at=at, why=why)
        except WouldStrand as refused:
            self._say(refused.problems)
        except DestinationGone as gone:
            self.add_error(None, str(gone))
        return False

    def _write(self, user: User, at: datetime, why: str) -> None:
        if self.is_new:
            self.instance = self.row = add_destination(project=self.project, values=self.values(), user=user)
        else:
            revision = self.cleaned_data["revision"] or 0
            edit_destination(destination=self.row, values=self.values(), user=user, at=at, revision=revision)


def _read_voice(voice: dict[str, Any]) -> VoiceConfig:
    headers = tuple(
        HeaderConfig(item["name"], item["value"], MissingVariable(item.get("when_missing") or MissingVariable.DROP))
        for item in voice["headers"]
    )
    typed = {"method": SipMethod(voice["method"]), "encryption": Encryption(voice["encryption"]), "headers": headers}
    return VoiceConfig(**{**voice, **typed})
