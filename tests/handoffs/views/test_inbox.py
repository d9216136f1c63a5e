"""The inbox page: what it shows, and what each action answers to htmx and to a plain form."""

import pytest
from django.utils import timezone

from conversations.models import Draft, Event, Outcome
from handoffs.models import Presence
from handoffs.services.claims import claim_conversation

HTMX = {"HX-Request": "true"}


@pytest.fixture
def maya(client, agent):
    client.force_login(agent)
    return client


def url(conversation, action: str = "") -> str:
    return f"/inbox/{conversation.pk}/{action}"


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_inbox_is_for_who_is_logged_in(client, project):
    answer = client.get("/inbox/")

    assert (answer.status_code, answer.url) == (302, "/login/?next=/inbox/")


def test_a_reviewer_has_no_inbox(client, reviewer):
    client.force_login(reviewer)

    assert client.get("/inbox/").status_code == 403


def test_an_outsider_does_not_find_the_conversation(client, outsider, waiting):
    client.force_login(outsider)

    assert client.get(url(waiting)).status_code == 404
    assert client.post(url(waiting, "claim/")).status_code == 404


def test_the_page_names_the_socket_of_its_project_environment_and_view(maya, waiting, project):
    page = text_of(maya.get("/inbox/?view=waiting"))

    words = f"project_id={project.pk}&amp;environment=live&amp;view=waiting&amp;format=html"
    assert f'ws-connect="/ws/inbox?{words}"' in page
    assert f'id="row-{waiting.pk}"' in page


def test_mine_shows_the_head_of_the_queue_below(maya, waiting):
    page = text_of(maya.get("/inbox/"))

    assert "Waiting, oldest first" in page
    assert f'id="row-{waiting.pk}"' in page


def test_a_new_inbox_says_what_will_come(maya, release):
    assert "No handoffs yet" in text_of(maya.get("/inbox/"))


def test_a_row_opens_as_a_fragment_and_by_its_address_as_a_page(maya, waiting):
    fragment, page = text_of(maya.get(url(waiting), headers=HTMX)), text_of(maya.get(url(waiting)))

    assert "<html" not in fragment
    assert f'data-conversation-id="{waiting.pk}"' in fragment
    assert 'id="context"' in fragment
    assert "<html" in page
    assert f'data-conversation-id="{waiting.pk}"' in page


def test_going_back_in_the_browser_gets_the_whole_page(maya, waiting):
    answer = maya.get(url(waiting), headers={**HTMX, "HX-History-Restore-Request": "true"})

    assert "<html" in text_of(answer)


def test_a_claim_answers_the_conversation_with_its_composer(maya, waiting, agent):
    answer = maya.post(url(waiting, "claim/"), headers=HTMX)

    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == url(waiting)
    assert 'id="composer-text"' in text_of(answer)
    waiting.refresh_from_db()
    assert waiting.owner_id == str(agent.pk)


def test_a_claim_without_htmx_leads_to_the_conversation(maya, waiting):
    answer = maya.post(url(waiting, "claim/"))

    assert (answer.status_code, answer.url) == (302, url(waiting))


def test_the_loser_sees_who_claimed_it_and_when(maya, waiting, other_agent):
    won = claim_conversation(conversation_id=waiting.pk, agent=other_agent, at=timezone.now())

    answer = maya.post(url(waiting, "claim/"), headers=HTMX)

    assert answer.status_code == 409
    assert f"Tomás Ribeiro claimed this at {won.owner_since:%H:%M:%S}" in text_of(answer)
    assert "Tomás Ribeiro has this conversation." in text_of(answer)


def test_claim_next_takes_the_head_of_the_queue(maya, waiting, agent):
    assert maya.post("/inbox/claim-next/", headers=HTMX).headers["HX-Push-Url"] == url(waiting)

    again = maya.post("/inbox/claim-next/", headers=HTMX)
    assert (again.status_code, again.headers["HX-Reswap"]) == (200, "none")
    assert "Nobody is waiting" in text_of(again)


def test_a_reply_answers_its_turn(maya, claimed):
    body = {"text": "Hello, Maya here", "epoch": claimed.epoch, "client_id": "m1"}

    answer = maya.post(url(claimed, "reply/"), body, headers=HTMX)

    event = Event.objects.get(conversation=claimed, type="human.message")
    assert answer.status_code == 200
    assert f'id="event-{event.sequence}"' in text_of(answer)
    assert "Hello, Maya here" in text_of(answer)


def test_a_refused_reply_is_shown_with_who_has_it_and_kept(maya, claimed, agent, other_agent):
    stale = claimed.epoch
    type(claimed).objects.filter(pk=claimed.pk).update(owner_id=str(other_agent.pk), epoch=stale + 1)

    body = {"text": "I was about to say", "epoch": stale, "client_id": "m1"}
    answer = maya.post(url(claimed, "reply/"), body, headers=HTMX)

    shown = text_of(answer)
    assert answer.status_code == 409
    assert f"Tomás Ribeiro claimed this at {claimed.owner_since:%H:%M:%S}," in shown
    assert "your reply is kept as a draft" in shown
    assert "I was about to say" in shown
    assert (Draft.objects.get().text, Draft.objects.get().user) == ("I was about to say", agent)


def test_an_empty_reply_is_told_so(maya, claimed):
    answer = maya.post(url(claimed, "reply/"), {"text": "  ", "epoch": claimed.epoch, "client_id": "m1"}, headers=HTMX)

    assert answer.status_code == 422
    assert "There is nothing to send yet" in text_of(answer)


def test_a_note_is_drawn_as_a_note(maya, claimed):
    answer = maya.post(
        url(claimed, "note/"), {"text": "Ref 88-2207", "epoch": claimed.epoch, "client_id": "n1"}, headers=HTMX
    )

    assert "hs-bubble--note" in text_of(answer)
    assert Event.objects.get(conversation=claimed, type="note.added").payload["text"] == "Ref 88-2207"


def test_a_draft_is_kept_for_each_mode_and_forgotten_when_it_is_empty(maya, claimed):
    saved = maya.post(url(claimed, "draft/"), {"mode": "reply", "text": "You should see it by"})
    maya.post(url(claimed, "draft/"), {"mode": "note", "text": "Ask Tomás"})

    assert text_of(saved) == f"Draft saved {Draft.objects.get(mode='reply').updated_at:%H:%M}"
    assert "Ask Tomás" in text_of(maya.get(url(claimed)))
    maya.post(url(claimed, "draft/"), {"mode": "note", "text": " "})
    assert list(Draft.objects.values_list("mode", "text")) == [("reply", "You should see it by")]


def test_closing_needs_to_know_what_came_out(maya, claimed):
    answer = maya.post(url(claimed, "close/"), {"epoch": claimed.epoch, "resolved": "true"}, headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#close-problem")
    assert "Say what came out of it" in text_of(answer)
    assert not Outcome.objects.exists()


def test_closing_records_the_outcome_and_shows_it(maya, claimed):
    body = {"epoch": claimed.epoch, "code": "refund_issued", "resolved": "false", "note": "Waits for the bank"}

    answer = maya.post(url(claimed, "close/"), body, headers=HTMX)

    outcome = Outcome.objects.get()
    assert (outcome.code, outcome.resolved, outcome.first_contact_resolved) == ("refund_issued", False, False)
    assert (outcome.handled_by, outcome.note) == ("Maya Okafor", "Waits for the bank")
    assert answer.status_code == 200
    assert "Refund issued" in text_of(answer)
    assert "This conversation is closed." in text_of(answer)


def test_handing_back_gives_it_to_the_ai(maya, claimed):
    answer = maya.post(url(claimed, "return/"), {"epoch": claimed.epoch}, headers=HTMX)

    claimed.refresh_from_db()
    assert claimed.owner_kind == "ai"
    assert "Fern is answering." in text_of(answer)


def test_handing_back_what_somebody_else_has_is_refused(maya, claimed, other_agent):
    type(claimed).objects.filter(pk=claimed.pk).update(owner_id=str(other_agent.pk), epoch=claimed.epoch + 1)

    answer = maya.post(url(claimed, "return/"), {"epoch": claimed.epoch}, headers=HTMX)

    assert answer.status_code == 409
    assert "Tomás Ribeiro has this since" in text_of(answer)


def test_presence_is_chosen_and_shown(maya, agent, project, release):
    answer = maya.post("/inbox/presence/", {"state": "break"}, headers=HTMX)

    assert Presence.objects.get(user=agent, project=project).state == "break"
    assert "On a break" in text_of(answer)
    assert "On a break" in text_of(maya.get("/inbox/"))


@pytest.mark.parametrize("action", ["claim/", "reply/", "note/", "draft/", "close/", "return/"])
def test_who_may_not_reply_may_not_act(client, reviewer, waiting, action):
    client.force_login(reviewer)

    assert client.post(url(waiting, action)).status_code == 403


@pytest.mark.parametrize("action", ["claim/", "reply/", "note/", "draft/", "close/", "return/"])
def test_acting_is_a_post(maya, waiting, action):
    assert maya.get(url(waiting, action)).status_code == 405


def test_the_sandbox_stays_chosen(maya, waiting):
    chosen = text_of(maya.get("/inbox/?environment=sandbox"))
    after = text_of(maya.get("/inbox/"))

    for page in (chosen, after):
        assert "environment=sandbox" in page
        assert f'id="row-{waiting.pk}"' not in page
