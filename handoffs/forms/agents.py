"""The form of what a person can do and carry in the inbox."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.vocabulary import Channel
from conversations.forms.configuration import ConfiguredForm
from conversations.models import User
from handoffs.domain.queueing import read_skills
from handoffs.forms.channel_weights import CHANNELS
from handoffs.models import Agent
from handoffs.services.agent_news import tell_agent
from handoffs.services.offers import offer_after_commit

MOST_CARRIED = 100
MOST_SKILLS = 30
LIMIT = "limit_"


class AgentForm(ConfiguredForm):
    """Capacity, a limit for each channel that has one, and skills."""

    instance: Agent
    capacity = forms.IntegerField(
        label=gettext_lazy("Capacity"),
        min_value=0,
        max_value=MOST_CARRIED,
        help_text=gettext_lazy("How much they carry at once. Most conversations weigh 1; with 0 nothing comes"),
        error_messages={"required": gettext_lazy("Say how much this person carries at once, as 4")},
    )
    skills = forms.CharField(
        label=gettext_lazy("Skills"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "Separated by commas, as refunds, german. A destination asks for them by its hint “skills”"
        ),
    )

    class Meta:
        model = Agent
        fields = ("capacity", "skills")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["skills"] = ", ".join(self.instance.skills)
        for channel, label in CHANNELS.items():
            field = forms.IntegerField(label=label, min_value=0, max_value=MOST_CARRIED, required=False)
            self.fields[LIMIT + channel.value] = field
            self.initial[LIMIT + channel.value] = self.instance.channel_limits.get(channel.value)

    @property
    def limits(self) -> list[Any]:
        return [self[LIMIT + channel.value] for channel in CHANNELS]

    def clean_skills(self) -> list[str]:
        skills = list(read_skills(self.cleaned_data["skills"]))
        if len(skills) > MOST_SKILLS:
            raise forms.ValidationError(_("{most} skills at most").format(most=MOST_SKILLS))
        return skills

    def values(self) -> dict[str, Any]:
        typed = {channel.value: self.cleaned_data[LIMIT + channel.value] for channel in CHANNELS}
        limits = {name: limit for name, limit in typed.items() if limit is not None}
        return {**super().values(), "channel_limits": limits}

    def _write(self, user: User, at: datetime, why: str) -> None:
        super()._write(user, at, why)
        # More room, or a skill that somebody waits for.
        tell_agent(project_id=self.project.pk, agent_id=self.instance.user_id)
        offer_after_commit(project_id=self.project.pk, at=at)

    def label_of(self, name: str) -> str:
        return _("Limits of channels") if name == "channel_limits" else super().label_of(name)

    def in_words(self, name: str, value: Any) -> Any:
        if name != "channel_limits":
            return super().in_words(name, value)
        said = [f"{CHANNELS[Channel(channel)]}: {limit}" for channel, limit in value.items()]
        return "; ".join(said) or _("None")
