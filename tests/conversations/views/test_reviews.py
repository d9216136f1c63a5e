"""The review pages: what is listed, what is shown, who may judge, and that a verdict stays."""

import re

import pytest
from django.urls import reverse

from conversations.domain import permissions
from conversations.domain.vocabulary import Role
from conversations.models import Annotation, Conversation, Event, OutboxEntry
from conversations.services.sessions import open_session
from tests.conftest import member

HTMX = {"HX-Request": "true"}


def url(name: str, conversation: Conversation) -> str:
    return reverse(name, args=[conversation.id])


def listed(page) -> list[str]:
    """The ids of the conversations a list shows, in its order."""
    return re.findall(r'href="/review/([0-9a-f-]{36})/', page.content.decode())


def turn(conversation: Conversation, type_name: str) -> int:
    return Event.objects.filter(conversation=conversation, type=type_name).latest("sequence").sequence


class TestOneConversation:
    def test_it_shows_the_words_the_reason_the_utterance_and_what_set_it_off(self, told, reviewer, browse):
        page = browse(reviewer).get(url("review-conversation", told))

        handoff = page.context["handoff"]
        assert handoff["reason_label"] == "Needs a person"
        assert handoff["utterance"] == "I'm passing you on."
        assert (handoff["score"], handoff["threshold"]) == (0.97, 0.8)
        assert handoff["evidence"] == "My bill is wrong, get me a person"
        text = page.content.decode()
        for shown in (
            "Handoff announcement",
            "0.97",
            "0.80",
            "Asks for a person outright",
            "Billing",
            "Needs a person",
        ):
            assert shown in text
        assert text.count("My bill is wrong, get me a person") == 2

    def test_it_stands_between_its_neighbours_in_the_list_it_was_opened_from(
        self, release, connector, cast, reviewer, browse
    ):
        oldest, middle, newest = (open_session(connector=connector, options={}) for _ in range(3))
        for conversation in (oldest, middle, newest):
            cast.hand_off(conversation)

        page = browse(reviewer).get(url("review-conversation", middle) + "?reason=needs_human")

        assert (page.context["position"], page.context["total"]) == (2, 3)
        assert page.context["previous_url"] == url("review-conversation", newest) + "?reason=needs_human"
        assert page.context["next_url"] == url("review-conversation", oldest) + "?reason=needs_human"

    def test_one_that_was_never_handed_off_is_not_there(self, conversation, reviewer, browse):
        assert browse(reviewer).get(url("review-conversation", conversation)).status_code == 404

    def test_the_messages_that_counted_are_marked(self, told, reviewer, browse):
        page = browse(reviewer).get(url("review-conversation", told))
        assert page.context["handoff"]["counted"] == (turn(told, "customer.message"),)
        (counted,) = [part for part in page.content.decode().split("<article") if "hs-counted" in part]
        assert "get me a person" in counted

    def test_an_erased_message_says_so(self, told, reviewer, browse):
        event = Event.objects.get(conversation=told, type="customer.message")
        Event.objects.filter(pk=event.pk).update(payload={"erased_at": "2026-11-21T12:00:00Z"})

        turns = browse(reviewer).get(url("review-conversation", told)).context["events"]

        assert [item["text"] for item in turns if item["type"] == "customer.message"] == [None]

    def test_without_leave_to_see_personal_data_the_customers_words_are_masked_everywhere(
        self, told, project, browse, monkeypatch
    ):
        reader = member(project, Role.DEVELOPER, "Dev Patel")
        may = frozenset({*permissions.ROLE_PERMISSIONS[Role.DEVELOPER], permissions.Permission.REVIEW_VIEW})
        monkeypatch.setitem(permissions.ROLE_PERMISSIONS, Role.DEVELOPER, may)

        text = browse(reader).get(url("review-conversation", told)).content.decode()

        assert "My bill is wrong" not in text
        assert "get me a person" not in text
        assert "Asks for a person outright" not in text
        assert "0.97" in text


class TestVerdicts:
    @pytest.mark.parametrize("verdict", ["needed", "escalated_unnecessarily", "too_late", "wrong_desk", "wrong_topic"])
    def test_each_of_the_five_is_kept_with_its_comment(self, waiting, reviewer, browse, verdict):
        client = browse(reviewer)

        answer = client.post(
            url("review-verdict", waiting), {"verdict": verdict, "comment": "Clear at 0:34"}, headers=HTMX
        )

        kept = Annotation.objects.get()
        assert (kept.verdict, kept.comment, kept.author) == (verdict, "Clear at 0:34", reviewer)
        assert kept.handoff_id == waiting.handoff_id
        assert (answer.status_code, answer.content.decode()[:5]) == (200, "Saved")
        again = client.get(url("review-conversation", waiting))
        assert again.context["verdict"]["value"] == verdict
        assert f'value="{verdict}"' in again.content.decode()

    def test_a_second_verdict_replaces_the_first_and_both_are_told(self, waiting, reviewer, browse):
        client = browse(reviewer)
        for verdict in ("needed", "too_late"):
            client.post(url("review-verdict", waiting), {"verdict": verdict}, headers=HTMX)

        assert Annotation.objects.get().verdict == "too_late"
        events = Event.objects.filter(conversation=waiting, type="annotation.added").order_by("sequence")
        assert [event.payload["verdict"] for event in events] == ["needed", "too_late"]

    def test_the_same_verdict_again_is_told_once(self, waiting, reviewer, browse):
        client = browse(reviewer)
        for _ in range(2):
            client.post(url("review-verdict", waiting), {"verdict": "needed", "comment": "Yes"}, headers=HTMX)

        assert Event.objects.filter(type="annotation.added").count() == 1
        assert OutboxEntry.objects.filter(payload__event="annotation.created").count() == 1

    def test_reviewers_judge_for_themselves_and_see_each_other(self, waiting, reviewer, owner, browse):
        browse(owner).post(url("review-verdict", waiting), {"verdict": "needed", "comment": "He asked"})
        client = browse(reviewer)
        client.post(url("review-verdict", waiting), {"verdict": "too_late"})

        page = client.get(url("review-conversation", waiting))

        assert page.context["verdict"]["value"] == "too_late"
        assert [(other["author_name"], str(other["label"]), other["comment"]) for other in page.context["others"]] == [
            ("Olive Grant", "Needed", "He asked")
        ]

    def test_a_verdict_after_the_end_of_the_session_is_taken(self, closed, reviewer, browse):
        answer = browse(reviewer).post(url("review-verdict", closed), {"verdict": "needed"}, headers=HTMX)

        assert answer.status_code == 200
        assert Annotation.objects.get().conversation_id == closed.id

    @pytest.mark.parametrize(
        ("verdict", "problem"),
        [("", "Choose a verdict, then the comment is saved with it"), ("great", "There is no such verdict")],
    )
    def test_what_is_no_verdict_is_refused_in_words(self, waiting, reviewer, browse, verdict, problem):
        answer = browse(reviewer).post(url("review-verdict", waiting), {"verdict": verdict}, headers=HTMX)

        assert (answer.status_code, problem in answer.content.decode()) == (422, True)
        assert not Annotation.objects.exists()

    def test_save_and_next_goes_on_to_the_next_one_and_nowhere_else(self, waiting, reviewer, browse):
        client = browse(reviewer)
        following = "/review/?reason=needs_human"

        on = client.post(url("review-verdict", waiting), {"verdict": "needed", "next": following}, headers=HTMX)
        away = client.post(
            url("review-verdict", waiting), {"verdict": "needed", "next": "https://evil.example/"}, headers=HTMX
        )

        assert on.headers["HX-Redirect"] == following
        assert "HX-Redirect" not in away.headers

    def test_without_scripts_the_page_comes_back(self, waiting, reviewer, browse):
        answer = browse(reviewer).post(url("review-verdict", waiting), {"verdict": "needed"})

        assert (answer.status_code, answer.headers["Location"]) == (302, url("review-conversation", waiting))


class TestMarks:
    def mark(self, client, conversation, sequence, marked="true", mark="should_have_handed_off", **more):
        data = {"sequence": sequence, "mark": mark, "marked": marked, **more}
        return client.post(url("review-mark", conversation), data, headers=HTMX)

    @pytest.mark.parametrize("kind", ["customer.message", "ai.message"])
    def test_a_turn_is_marked_and_comes_back_drawn_so(self, told, reviewer, browse, kind):
        sequence = turn(told, kind)

        answer = self.mark(browse(reviewer), told, sequence, comment="Clear enough")

        kept = Annotation.objects.get()
        assert (kept.sequence, kept.mark, kept.comment) == (sequence, "should_have_handed_off", "Clear enough")
        text = answer.content.decode()
        assert (text.count("<article"), f'id="turn-{sequence}"' in text, 'aria-pressed="true"' in text) == (
            1,
            True,
            True,
        )
        assert "Should have handed off here" in text

    def test_a_mark_is_taken_away_again(self, told, reviewer, browse):
        client, sequence = browse(reviewer), turn(told, "customer.message")
        self.mark(client, told, sequence)

        answer = self.mark(client, told, sequence, marked="false")

        assert not Annotation.objects.exists()
        assert 'aria-pressed="false"' in answer.content.decode()

    def test_only_turns_of_the_customer_and_the_ai_are_marked(self, told, reviewer, browse):
        for sequence in (turn(told, "handoff.triggered"), 999):
            assert self.mark(browse(reviewer), told, sequence).status_code == 422

        assert not Annotation.objects.exists()

    @pytest.mark.parametrize("wrong", [{"sequence": "x"}, {"mark": "shout"}, {"marked": "perhaps"}])
    def test_a_malformed_mark_is_refused(self, told, reviewer, browse, wrong):
        given = {"sequence": turn(told, "customer.message"), **wrong}

        assert self.mark(browse(reviewer), told, **given).status_code == 422
        assert not Annotation.objects.exists()


class TestWhoMay:
    def test_a_visitor_is_sent_to_the_log_in(self, waiting, client):
        for address in (reverse("review"), url("review-conversation", waiting)):
            assert client.get(address).headers["Location"].startswith("/login/?next=/review/")

    def test_an_outsider_finds_nothing_there(self, waiting, outsider, browse):
        client = browse(outsider)

        assert client.get(url("review-conversation", waiting)).status_code == 404
        assert client.post(url("review-verdict", waiting), {"verdict": "needed"}).status_code == 404
        assert client.post(url("review-mark", waiting), {}).status_code == 404
        assert listed(client.get(reverse("review"))) == []

    def test_an_agent_may_not_review(self, waiting, agent, browse):
        client = browse(agent)

        assert client.get(reverse("review")).status_code == 403
        assert client.get(url("review-conversation", waiting)).status_code == 403
        assert client.post(url("review-verdict", waiting), {"verdict": "needed"}).status_code == 403

    def test_an_admin_reads_but_does_not_judge(self, waiting, project, browse):
        client = browse(member(project, Role.ADMIN, "Ada Admin"))

        assert "Your role may read reviews" in client.get(url("review-conversation", waiting)).content.decode()
        assert client.post(url("review-verdict", waiting), {"verdict": "needed"}).status_code == 403
        assert not Annotation.objects.exists()

    def test_reading_changes_nothing(self, waiting, reviewer, browse):
        assert browse(reviewer).get(url("review-verdict", waiting)).status_code == 405
        assert browse(reviewer).post(url("review-conversation", waiting)).status_code == 405
