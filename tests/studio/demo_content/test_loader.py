"""The demo workspace: complete, consistent, and answered as its story says."""

import json
import shutil

import pytest

from handoffs.domain.triggers.explicit import detect_explicit_request
from integrations.domain.retrieval import ANSWER_THRESHOLD, TopicIndex, TopicText
from studio.demo_content.loader import CONVERSATIONS, FOLDER, BadDemoContent, load_workspace

TALKS = [json.loads(line)["turns"] for line in CONVERSATIONS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def workspace():
    return load_workspace()


@pytest.fixture(scope="module")
def index(workspace):
    topics = (TopicText(one.key, one.name, one.questions, one.content) for one in workspace.config.topics)
    return TopicIndex.build(tuple(topics))


@pytest.fixture
def copy(tmp_path):
    for file in FOLDER.glob("*.json"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(path, edit):
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_the_workspace_is_the_one_of_the_story(workspace):
    assert (workspace.config.name, workspace.config.ai_name) == ("Fernhill Mobile", "Fern")
    assert workspace.config.default_destination().name == "Front desk"
    assert {user.name for user in workspace.users} >= {"Maya Okafor", "Tomás Ribeiro", "Priya Nair"}
    assert {role.value for user in workspace.users for role in user.roles} == {
        "owner",
        "admin",
        "supervisor",
        "agent",
        "reviewer",
        "developer",
    }


def test_every_queue_has_a_team_and_dispositions(workspace):
    worked = {queue for team in workspace.teams for queue in team.queues}
    assert worked == {queue.key for queue in workspace.config.queues}
    assert all(len(queue.dispositions) >= 3 for queue in workspace.config.queues)


def test_two_topics_hand_off(workspace):
    actions = {topic.key: topic.action.destination for topic in workspace.config.topics if topic.action}
    assert actions == {"cancel_contract": "retention", "complaint": "complaints"}


def test_every_topic_answers_each_of_its_own_sample_questions(workspace, index):
    for topic in workspace.config.topics:
        for question in topic.questions:
            best = index.retrieve(question)[0]
            assert (best.topic_key, best.score >= ANSWER_THRESHOLD) == (topic.key, True), question


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("how long does delivery take if i order a phone tonight", "delivery_times"),
        ("I need to swap my SIM to an eSIM", "sim_swap"),
        ("I have a PAC code, where do I enter it?", "number_porting"),
        ("My screen is cracked, how much to repair it?", "repair"),
        ("Thank you. And the instalment?", "payment_methods"),
        ("Hi, I sent my phone back two weeks ago and there's still no refund. Order 7741-0932.", "returns_refunds"),
        ("my phone was stolen on the train!!", "lost_stolen"),
        ("No, my contract says fixed for two years. I want to complain about this.", "complaint"),
        ("My bill went up by nine pounds and nobody told me. I called about it on Monday.", "price_rise"),
    ],
)
def test_customers_are_answered_by_the_right_topic(index, question, key):
    best = index.retrieve(question)[0]
    assert (best.topic_key, best.score >= ANSWER_THRESHOLD) == (key, True)


def test_the_conversations_have_the_shape_the_player_takes():
    assert len(TALKS) == 24
    assert all(set(turn) == {"speaker", "text"} and turn["text"] for talk in TALKS for turn in talk)
    assert {turn["speaker"] for talk in TALKS for turn in talk} == {"customer", "agent"}
    assert all(talk[0]["speaker"] == "customer" for talk in TALKS)


def test_exactly_the_customers_who_ask_for_a_person_are_heard():
    asked = {
        number: turn["text"]
        for number, talk in enumerate(TALKS, start=1)
        for turn in talk
        if turn["speaker"] == "customer" and detect_explicit_request(turn["text"]).fired
    }
    assert sorted(asked) == [1, 5, 11, 12, 13, 17, 21, 23, 24]
    assert asked[1] == "That's what it said last week. I'd like to speak to a person please."


@pytest.mark.parametrize(
    ("file", "edit", "complaint"),
    [
        (
            "topics.json",
            lambda topics: topics[7]["action"].update(destination="nowhere"),
            "topics.json: topic cancel_contract: no destination is called nowhere",
        ),
        (
            "topics.json",
            lambda topics: topics[0].update(questions=["Hi"]),
            "topics.json: topic greeting has 1 sample questions, 4 at least",
        ),
        ("topics.json", lambda topics: topics[0].update(content=" "), "topics.json: topic greeting says nothing"),
        ("topics.json", lambda topics: topics.append(topics[0]), "topics.json: topic greeting stands twice"),
        (
            "routing.json",
            lambda routing: routing["destinations"][0].update(is_default=False),
            "routing.json: exactly one destination is the default, not 0",
        ),
        (
            "routing.json",
            lambda routing: routing["destinations"][1].update(queue="nowhere"),
            "routing.json: destination billing: no queue is called nowhere",
        ),
        (
            "people.json",
            lambda people: people["users"][0].update(email="eleanor@somewhere.com"),
            "people.json: eleanor@somewhere.com does not end in .example.com",
        ),
    ],
)
def test_what_does_not_fit_together_is_said_with_its_place(copy, file, edit, complaint):
    change(copy / file, edit)
    with pytest.raises(BadDemoContent) as refusal:
        load_workspace(copy)
    assert str(refusal.value) == complaint


def test_a_mistyped_key_is_refused(copy):
    change(copy / "people.json", lambda people: people["users"][0].update(rolls=[]))
    with pytest.raises(BadDemoContent, match=r"people\.json: extra fields found \(rolls\) @ \$\.users\[0\]"):
        load_workspace(copy)


def test_an_unknown_role_is_refused(copy):
    change(copy / "people.json", lambda people: people["users"][0].update(roles=["king"]))
    with pytest.raises(BadDemoContent, match=r"people\.json: .* @ \$\.users\[0\]\.roles\[0\]"):
        load_workspace(copy)


def test_a_missing_file_and_a_broken_one_are_named(copy):
    (copy / "people.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadDemoContent, match=r"people\.json is no JSON"):
        load_workspace(copy)
    (copy / "people.json").unlink()
    with pytest.raises(BadDemoContent, match=r"people\.json is missing in"):
        load_workspace(copy)
