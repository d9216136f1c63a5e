"""What staff write: only whoever has the conversation replies, and nothing typed is lost."""

import pytest
from django.utils import timezone

from conversations.append import ConversationEnded, StaleEpoch
from conversations.domain.vocabulary import DraftMode, EndReason
from conversations.models import Draft, Event
from conversations.services.replies import ReplyRefused, add_note, keep_draft, save_draft, send_reply
from conversations.services.sessions import end_session


def reply(conversation, author, text="Hi, Maya here", epoch=None, client_id="r-1"):
    at_epoch = conversation.epoch if epoch is None else epoch
    return send_reply(conversation_id=conversation.id, author=author, text=text, epoch=at_epoch, client_id=client_id)


def replies(conversation) -> list[str]:
    rows = Event.objects.filter(conversation=conversation, type="human.message").order_by("sequence")
    return [event.payload["text"] for event in rows]


def test_a_reply_names_who_says_it_and_drops_the_draft(claimed, agent):
    keep_draft(conversation_id=claimed.id, user=agent, mode=DraftMode.REPLY, text="Hi, May")

    stored = reply(claimed, agent)

    assert (stored.author, stored.epoch) == (f"user:{agent.id}", claimed.epoch)
    assert stored.payload == {"text": "Hi, Maya here", "agent_id": str(agent.id), "agent_name": "Maya"}
    assert not Draft.objects.exists()


def test_a_reply_sent_twice_is_one_message(claimed, agent):
    first, again = reply(claimed, agent), reply(claimed, agent)

    assert (again.id, again.repeat) == (first.id, True)
    assert replies(claimed) == ["Hi, Maya here"]


def test_a_stale_reply_is_refused_kept_as_a_draft_and_leaves_the_timeline_alone(claimed, agent):
    before = Event.objects.count()

    with pytest.raises(ReplyRefused) as refusal:
        reply(claimed, agent, text="Too late", epoch=claimed.epoch - 1)

    assert isinstance(refusal.value.because, StaleEpoch)
    draft = Draft.objects.get()
    assert (draft, draft.text, draft.user) == (refusal.value.draft, "Too late", agent)
    assert draft.refused_because
    assert Event.objects.count() == before


def test_who_knows_the_epoch_but_has_not_the_conversation_is_refused(claimed, agent, other_agent):
    before = Event.objects.count()

    with pytest.raises(ReplyRefused) as refusal:
        reply(claimed, other_agent)

    because = refusal.value.because
    assert isinstance(because, StaleEpoch)
    assert (because.owner_kind, because.owner_id) == ("human", str(agent.id))
    assert Event.objects.count() == before
    claimed.refresh_from_db()
    assert reply(claimed, agent).sequence == claimed.last_sequence + 1


def test_a_reply_after_the_end_is_refused_and_kept(claimed, agent):
    end_session(conversation_id=claimed.id, reason=EndReason.USER_END, at=timezone.now())

    with pytest.raises(ReplyRefused) as refusal:
        reply(claimed, agent)

    assert isinstance(refusal.value.because, ConversationEnded)
    assert Draft.objects.get().text == "Hi, Maya here"


def test_a_note_is_anybodys_to_write_and_private(claimed, other_agent):
    note = add_note(conversation_id=claimed.id, author=other_agent, text="Careful", client_id="n-1")

    assert (note.public_sequence, note.payload) == (None, {"text": "Careful", "agent_name": "Tomás"})


def test_a_note_bound_to_an_epoch_that_is_over_is_kept_as_a_draft(claimed, agent):
    with pytest.raises(ReplyRefused):
        add_note(conversation_id=claimed.id, author=agent, text="Careful", client_id=None, epoch=claimed.epoch + 1)

    draft = Draft.objects.get()
    assert (draft.mode, draft.text) == ("note", "Careful")


def test_drafts_are_one_a_person_and_mode_and_blank_ones_go(claimed, agent, other_agent):
    for person, mode, text in (
        (agent, DraftMode.REPLY, "H"),
        (agent, DraftMode.REPLY, "Hi"),
        (agent, DraftMode.NOTE, "Hm"),
        (other_agent, DraftMode.REPLY, "Hello"),
    ):
        save_draft(conversation_id=claimed.id, user=person, mode=mode, text=text)
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Hello", "Hi", "Hm"]

    assert save_draft(conversation_id=claimed.id, user=agent, mode=DraftMode.REPLY, text=" \n") is None

    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Hello", "Hm"]
