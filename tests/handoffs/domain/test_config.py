"""The frozen configuration and its JSON form."""

from handoffs.domain.config import (
    DestinationConfig,
    Disposition,
    ProjectConfig,
    QueueConfig,
    TopicAction,
    TopicConfig,
    config_from_json,
    config_to_json,
    content_hash,
)
from handoffs.domain.settings import Level, SettingsConfig

CONFIG = ProjectConfig(
    name="Fernhill",
    settings=SettingsConfig(level=Level.BALANCED),
    destinations=(DestinationConfig("billing", "Billing", is_default=True),),
    queues=(QueueConfig("billing", "Billing", dispositions=(Disposition("done", "Done"),)),),
    topics=(TopicConfig("a", "A", ("one", "two"), "text", TopicAction("billing", "complaint", "One moment")),),
)


def test_json_and_back_is_the_same_configuration():
    assert config_from_json(config_to_json(CONFIG)) == CONFIG


def test_the_address_does_not_depend_on_the_order_of_keys():
    content = config_to_json(CONFIG)

    assert content_hash(content) == content_hash(dict(reversed(content.items())))


def test_another_content_has_another_address():
    other = config_to_json(ProjectConfig(name="Fernhill"))

    assert content_hash(other) != content_hash(config_to_json(CONFIG))
