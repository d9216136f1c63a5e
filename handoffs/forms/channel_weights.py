"""The form of what a conversation of each channel takes of an agent's capacity."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.vocabulary import Channel
from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.capacity import DEFAULT_WEIGHT
from handoffs.models import HandoffSettings

HEAVIEST = 10
CHANNELS: dict[Channel, Any] = {
    Channel.WEB_CHAT: gettext_lazy("Web chat"),
    Channel.CHAT_API: gettext_lazy("Chat API"),
    Channel.SMS: gettext_lazy("SMS"),
    Channel.WHATSAPP: gettext_lazy("WhatsApp"),
    Channel.EMAIL: gettext_lazy("E-mail"),
    Channel.PHONE: gettext_lazy("Phone"),
}


class ChannelWeightsForm(ConfiguredForm):
    """One number a channel; they are one column, in which the usual weight is left out."""

    instance: HandoffSettings

    class Meta:
        model = HandoffSettings
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel, label in CHANNELS.items():
            self.fields[channel.value] = forms.IntegerField(
                label=label,
                min_value=1,
                max_value=HEAVIEST,
                error_messages={"required": _("Say what it weighs, 1 for the usual")},
            )
            self.initial[channel.value] = self.instance.channel_weights.get(channel.value, DEFAULT_WEIGHT)

    @property
    def channels(self) -> list[Any]:
        return [self[channel.value] for channel in CHANNELS]

    def values(self) -> dict[str, Any]:
        typed = {channel.value: self.cleaned_data[channel.value] for channel in CHANNELS}
        return {"channel_weights": {name: weight for name, weight in typed.items() if weight != DEFAULT_WEIGHT}}

    def label_of(self, name: str) -> str:
        return _("Weights of channels") if name == "channel_weights" else super().label_of(name)

    def in_words(self, name: str, value: Any) -> Any:
        if name != "channel_weights":
            return super().in_words(name, value)
        said = [f"{CHANNELS[Channel(channel)]}: {weight}" for channel, weight in value.items()]
        return "; ".join(said) or _("All weigh 1")
