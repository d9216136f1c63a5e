from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Verdict
from conversations.models import AuditEntry, Connector, Conversation, Membership
from handoffs.domain.triggers.detection import detect
from handoffs.domain.triggers.signal import Trigger
from handoffs.models import HandoffSettings
from handoffs.selectors.working_copy import read_working_copy
from handoffs.services.settings import ensure_settings
from tests.reviewed import CLEAR, FAINT, judge_all, mark_one, reviewed_set

PAGE = "/settings/calibration/"


@pytest.fixture
def reviewed(release, connector, reviewer):
    reviewed_set(connector, reviewer)


def ask(client, **query):
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return answer


def row_of(answer, trigger):
    return next(row for row in answer.context["triggers"] if row.key == trigger)


def score_of(project, text):
    signals = detect(text, history=(), config=read_working_copy(project))
    return next(signal.score for signal in signals if signal.trigger is Trigger.EXPLICIT_REQUEST)


def test_the_probes_are_heard_surely_and_hardly(project):
    assert 0.8 <= score_of(project, FAINT) < score_of(project, CLEAR) - 0.03


def test_each_trigger_has_its_figures_with_what_they_are_counted_from(as_owner, reviewed):
    row = row_of(ask(as_owner), "explicit_request")
    assert (row.own, row.missing) == (22, 0)
    assert (row.precision.count, row.precision.of, row.precision.share) == (18, 22, 82)
    assert (row.recall.count, row.recall.of) == (18, 18)
    assert row.precision.low < 82 < row.precision.high


def test_too_few_reviews_show_how_many_more_are_needed_and_no_curve(as_owner, release, connector, reviewer):
    judge_all(connector, reviewer, [(Verdict.NEEDED, CLEAR)])
    answer = ask(as_owner)
    assert "1 judged case so far, too few to say" in answer.content.decode()
    assert "19 more are needed" in answer.content.decode()
    assert "<svg role" not in answer.content.decode()
    assert row_of(answer, "explicit_request").missing == 19


def test_a_target_names_its_threshold_and_whom_it_would_change(as_owner, project, reviewed):
    target = ask(as_owner, percent="95", aim="precision").context["chosen"]["target"]
    assert score_of(project, FAINT) < target["met"]["threshold"] <= score_of(project, CLEAR)
    assert [item.words for item in target["no_longer"]["listed"]] == [FAINT] * 4
    assert (target["no_longer"]["number"], target["no_longer"]["due"], target["starts"]["number"]) == (4, 0, 0)


def test_a_target_nobody_can_meet_is_said_with_the_most_there_is(as_owner, release, connector, reviewer):
    unnecessary = Verdict.ESCALATED_UNNECESSARILY
    judge_all(connector, reviewer, [(Verdict.NEEDED, CLEAR)] * 15 + [(unnecessary, CLEAR)] * 5)
    page = ask(as_owner, percent="90").content.decode()
    assert "No threshold reaches 90 % precision" in page
    assert "precision 75 %, recall 100 %" in page


@pytest.mark.parametrize("percent", ["0", "101", "ninety", "1e9", "٩٠٠"])
def test_a_target_that_is_none_is_refused_beside_its_field(as_owner, reviewed, percent):
    answer = as_owner.get(PAGE, {"percent": percent})
    assert answer.status_code == 422
    assert "A target is a whole number from 1 to 100" in answer.content.decode()
    assert f'value="{percent}"' in answer.content.decode()


@pytest.mark.parametrize("query", [{"trigger": "mood"}, {"days": "-1"}, {"aim": "luck"}, {"days": "99999999999"}])
def test_a_query_that_makes_no_sense_shows_the_usual_page(as_owner, reviewed, query):
    answer = as_owner.get(PAGE, query)
    assert answer.status_code == 422
    assert answer.context["wanted"].days == 90


def press(client, **sent):
    row = HandoffSettings.objects.get()
    usual = {"trigger": "explicit_request", "project": str(row.project_id), "revision": str(row.revision)}
    return client.post(reverse("calibration-threshold"), {**usual, **sent})


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_applying_writes_the_threshold_into_the_working_copy_and_the_audit(as_owner, project, owner):
    ensure_settings(project=project)
    answer = press(as_owner, threshold="0.92", days="30")
    assert answer.url == f"{PAGE}?trigger=explicit_request&days=30"
    assert said(answer) == "Asks for a person fires from 0.92 on, in the working copy"
    assert HandoffSettings.objects.get().thresholds == {"explicit_request": 0.92}
    entry = AuditEntry.objects.filter(action="handoff_settings.changed").latest("pk")
    assert (entry.user, entry.after) == (owner, {"thresholds": {"explicit_request": 0.92}})
    assert entry.why == "For a target on the calibration page: Asks for a person"


def test_taking_it_back_leaves_the_others(as_owner, project):
    ensure_settings(project=project)
    HandoffSettings.objects.update(thresholds={"explicit_request": 0.92, "frustration": 0.6})
    answer = press(as_owner)
    assert HandoffSettings.objects.get().thresholds == {"frustration": 0.6}
    assert said(answer) == "Asks for a person: the sensitivity counts again"


def test_an_own_threshold_decides_the_figures_and_can_be_taken_back(as_owner, project, reviewed):
    HandoffSettings.objects.update(thresholds={"explicit_request": 0.92})
    answer = ask(as_owner)
    assert row_of(answer, "explicit_request").precision.of == 18
    assert "Back to the sensitivity" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"threshold": "0"},
        {"threshold": "1.01"},
        {"threshold": "0.921"},
        {"threshold": "nan"},
        {"trigger": "forbidden_topic", "threshold": "0.5"},
        {"trigger": ""},
    ],
)
def test_what_is_no_threshold_is_refused_and_nothing_changes(as_owner, project, sent):
    ensure_settings(project=project)
    answer = press(as_owner, **sent)
    assert (answer.status_code, answer.content.decode()) == (422, "This trigger has no such threshold")
    assert HandoffSettings.objects.get().thresholds == {}


def test_over_a_newer_revision_nothing_is_written_and_it_is_said(as_owner, project):
    ensure_settings(project=project)
    answer = press(as_owner, threshold="0.92", revision="7")
    assert said(answer).startswith("Not saved: somebody changed the settings at ")
    assert HandoffSettings.objects.get().thresholds == {}


def test_what_no_trigger_saw_is_listed_and_counts_for_none(as_owner, release, connector, reviewer):
    silent = mark_one(connector, reviewer, "thanks")
    answer = ask(as_owner)
    owners = [row.own for row in answer.context["triggers"]]
    listed = [item.conversation_id for item in answer.context["unseen"]]
    # Which of the two depends on the detectors: a miss is charged to the nearest of them, or to none.
    assert (sum(owners), listed) in [(0, [silent.pk]), (1, [])]


def test_erased_words_are_left_out_and_counted(as_owner, release, connector, reviewer):
    (erased,) = judge_all(connector, reviewer, [(Verdict.NEEDED, CLEAR)])
    erase(erased)
    answer = ask(as_owner)
    assert (answer.context["conversations"], answer.context["moments"]) == (1, 0)
    assert "Left out: 1 handoff whose words have been erased." in answer.content.decode()


def erase(conversation):
    conversation.events.filter(type="customer.message").update(payload={"erased_at": "2026-11-20T10:00:00Z"})


def test_only_this_environment_and_these_days_are_read(as_owner, project, release, connector, reviewer):
    sandbox = Connector.objects.create(project=project, environment="sandbox", name="Try", hosts=[])
    judge_all(sandbox, reviewer, [(Verdict.NEEDED, CLEAR)])
    (old,) = judge_all(connector, reviewer, [(Verdict.NEEDED, CLEAR)])
    Conversation.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    counted = {
        query: ask(as_owner, environment=query[0], days=query[1]).context["conversations"]
        for query in [("live", 30), ("live", 90), ("sandbox", 30)]
    }
    assert counted == {("live", 30): 0, ("live", 90): 1, ("sandbox", 30): 1}


def test_whoever_may_not_see_personal_data_reads_no_words(client, project, developer_of_settings, reviewed):
    client.force_login(developer_of_settings)
    page = ask(client, percent="95").content.decode()
    assert FAINT not in page
    assert "•••" in page


@pytest.fixture
def developer_of_settings(monkeypatch, project, other_agent):
    """Somebody who edits the settings and does not see personal data: no role is like that today."""
    from conversations.domain import permissions

    Membership.objects.filter(user=other_agent).update(role="developer")
    granted = {**permissions.ROLE_PERMISSIONS}
    granted[permissions.Role.DEVELOPER] |= {permissions.Permission.SETTINGS_EDIT}
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", granted)
    return other_agent


def test_the_page_has_no_inline_style_and_its_drawing_says_what_it_shows(as_owner, reviewed):
    page = ask(as_owner, percent="95").content.decode()
    assert 'style="' not in page
    assert "At 0.80, which holds now, precision is 82 % and recall 100 %" in page


def test_a_lower_threshold_than_now_comes_with_what_the_reviews_cannot_tell(as_owner, reviewed):
    HandoffSettings.objects.update(thresholds={"explicit_request": 0.99})
    page = ask(as_owner, percent="90", aim="recall").content.decode()
    assert "18 would be handed over now" in page
    assert "This is lower than now, where few conversations were judged" in page
