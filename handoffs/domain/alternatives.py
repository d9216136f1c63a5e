"""What a customer nobody came for is offered besides: other ways to reach somebody, and to ask for a person again."""

from handoffs.domain.settings import AlternativeContact, ContactKind, SettingsConfig

# Said by the customer when they press it, so it has to be a request for a person that no sensitivity misses.
TRY_AGAIN = "I want to talk to a person"


def contact_lines(settings: SettingsConfig) -> tuple[str, ...]:
    """The alternative contacts as lines of a text: `Call the help line: +44 20 7946 0177`."""
    return tuple(f"{contact.label}: {_as_read(contact)}" for contact in settings.alternative_contacts)


def with_contacts(text: str, settings: SettingsConfig) -> str:
    """A text and the alternative contacts below it."""
    return "\n".join((text, *contact_lines(settings)))


def try_again(settings: SettingsConfig) -> list[dict[str, str]]:
    """The suggestions of an answer of the AI, as the widget shows them; empty where the settings offer none."""
    offered = settings.offer_try_again and settings.is_on and settings.on_explicit_request
    return [{"message_text": TRY_AGAIN}] if offered else []


def _as_read(contact: AlternativeContact) -> str:
    is_address = contact.kind is ContactKind.PHONE and contact.value[:4].lower() == "tel:"
    return contact.value[4:] if is_address else contact.value
