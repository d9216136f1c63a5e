"""The customer's widget in a real browser, against the real socket and the real services."""

import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Deadline, Event
from conversations.models.ids import new_id
from conversations.realtime import publish_to_customer
from conversations.services.replies import send_reply
from handoffs.models import Destination, Handoff
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import hand_back
from handoffs.services.deadlines import fire_deadline
from handoffs.services.releases import publish_release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEARD = "window.heard = []; document.addEventListener('handoffstudio:handoff', (event) => heard.push(event.detail))"
SERVICE_RESTART, TOKEN_EXPIRED = 1012, 4001


@pytest.fixture
def shop(project, release, connector) -> None:
    project.is_demo = True
    project.save(update_fields=["is_demo"])


@pytest.fixture
def sockets(page) -> list[WebSocketRoute]:
    """Every socket the page opens, newest last, so that a test can cut it."""
    opened: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        opened.append(socket)

    page.route_web_socket("**/ws?*", pass_on)
    return opened


@pytest.fixture
def chat(shop, page, sockets) -> Conversation:
    """An open chat the assistant has joined."""
    page.goto("/demo/")
    page.evaluate(HEARD)
    page.get_by_role("button", name="Chat with us").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    conversation = joined_conversations(page)[0]
    append_event(conversation_id=conversation.id, event=NewEvent("ai.joined", "ai", {"agent_name": "Fern"}))
    expect(status(page)).to_have_text("Fern, AI assistant")
    return conversation


def joined_conversations(page: Page, count: int = 1) -> list[Conversation]:
    """Wait until so many sessions have asked for the assistant: then nothing is under way at the server."""
    asked = Event.objects.filter(type="customer.join_requested").order_by("created_at")
    for _ in range(200):
        if asked.count() == count:
            return [Conversation.objects.get(pk=event.conversation_id) for event in asked]
        page.wait_for_timeout(50)
    raise AssertionError(f"{asked.count()} sessions asked for the assistant, not {count}")


def status(page: Page):
    return page.get_by_role("status")


def log(page: Page):
    return page.get_by_role("log")


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").last.fill(text)
    page.keyboard.press("Enter")


def ai_says(conversation: Conversation, text: str, **more: object) -> None:
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", "ai", {"text": text, **more}))


def texts_of(conversation: Conversation) -> list[str]:
    events = Event.objects.filter(conversation_id=conversation.id, type="customer.message").order_by("sequence")
    return [event.payload["text"] for event in events]


def test_the_assistant_answers_and_says_that_it_is_one(shop, page, worker, complaints):
    page.goto("/demo/")
    page.get_by_role("button", name="Chat with us").click()
    expect(log(page)).to_contain_text("Hello, Fern here.")

    say(page, "How long does delivery take?")

    expect(log(page)).to_contain_text("Delivery takes two working days.")
    expect(log(page).get_by_text("Fern, AI assistant", exact=True).last).to_be_visible()
    assert complaints == []


def test_a_customer_waits_is_joined_and_reads_a_person(chat, page, cast, agent):
    cast.hand_off(chat)
    expect(log(page)).to_contain_text("1st in line for Billing")
    expect(status(page)).to_have_text("In line for Billing")
    say(page, "The parcel number was JD0146 77")
    expect(log(page)).to_contain_text("Delivered")

    claimed = claim_conversation(conversation_id=chat.id, agent=agent, at=timezone.now())
    send_reply(conversation_id=chat.id, author=agent, text="Hi, Maya here.", epoch=claimed.epoch, client_id=None)

    expect(log(page)).to_contain_text("Hi, Maya here.")
    expect(log(page)).to_contain_text("You waited 0:0")
    expect(status(page)).to_have_text("Maya from Billing is with you")
    expect(page.get_by_role("textbox", name="Write to Maya")).to_be_visible()


def test_the_page_hears_of_a_handoff_once_even_over_a_reload(chat, page, cast):
    handoff = cast.hand_off(chat)
    expect(log(page)).to_contain_text("1st in line for Billing")
    (heard,) = page.evaluate("heard")
    assert (heard["handoff_id"], heard["reason"], heard["destination"], heard["trigger"], heard["stage"]) == (
        str(handoff.id),
        "needs_human",
        "billing",
        "explicit_request",
        "triggered",
    )

    page.add_init_script(HEARD)
    page.reload()

    expect(log(page)).to_contain_text("1st in line for Billing")
    assert page.evaluate("heard") == []


def test_a_conversation_handed_back_goes_on_with_the_assistant(chat, page, cast, agent):
    cast.hand_off(chat)
    claimed = claim_conversation(conversation_id=chat.id, agent=agent, at=timezone.now())
    expect(status(page)).to_have_text("Maya from Billing is with you")

    hand_back(conversation_id=chat.id, agent=agent, epoch=claimed.epoch, note="", at=timezone.now())

    expect(log(page)).to_contain_text("Fern, AI assistant, is back")
    expect(status(page)).to_have_text("Fern, AI assistant")
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()


def test_nobody_came_so_a_message_is_left_with_an_e_mail(chat, page, cast):
    cast.hand_off(chat)
    expect(log(page)).to_contain_text("1st in line for Billing")
    Deadline.objects.update(due_at=timezone.now())
    deadline = Deadline.objects.get(kind="wait_limit")

    assert fire_deadline(deadline_id=deadline.id, at=timezone.now())
    page.get_by_role("textbox", name="Your e-mail").fill("hannah@example.org")
    say(page, "Call me about order 7741-0932")

    expect(log(page)).to_contain_text("nobody was free")
    expect(log(page)).to_contain_text("Delivered")
    assert texts_of(chat) == ["Call me about order 7741-0932\nE-mail: hannah@example.org"]
    expect(page.get_by_role("textbox", name="Your e-mail")).to_be_hidden()


def test_what_is_said_while_the_socket_is_cut_arrives_once_and_in_order(chat, page, sockets):
    say(page, "yes")
    expect(log(page)).to_contain_text("Delivered")
    sockets[-1].close(code=SERVICE_RESTART)
    expect(status(page)).to_have_text("Reconnecting")
    say(page, "yes")
    say(page, "and no")
    ai_says(chat, "Said while you were away")

    expect(status(page)).to_have_text("Fern, AI assistant")

    expect(log(page)).to_contain_text("Said while you were away")
    expect(log(page).get_by_text("Waiting for the connection")).to_have_count(0)
    expect(log(page).get_by_text("Delivered")).to_have_count(1)
    assert texts_of(chat) == ["yes", "yes", "and no"]
    assert len(sockets) == 2
    assert "cursor=4" in sockets[-1].url


def test_a_message_without_receipt_can_be_sent_again_and_is_one(chat, page, context):
    sent = []
    # The next socket swallows the first copy of what the customer says, as a network may.
    page.unroute_all()
    page.route_web_socket("**/ws?*", lambda socket: swallow_first(socket, sent))
    page.reload()
    expect(status(page)).to_have_text("Fern, AI assistant")
    page.clock.install()

    say(page, "Is anybody there?")
    page.clock.run_for(11_000)
    expect(log(page)).to_contain_text("Not sent.")
    page.get_by_role("button", name="Try again").click()

    expect(log(page)).to_contain_text("Delivered")
    assert texts_of(chat) == ["Is anybody there?"]
    assert len(sent) == 2
    assert sent[0] == sent[1]


def swallow_first(socket: WebSocketRoute, sent: list[str]) -> None:
    server = socket.connect_to_server()

    def pass_on(frame: str) -> None:
        if "USER_MESSAGE" in frame:
            sent.append(frame)
        if "USER_MESSAGE" not in frame or len(sent) > 1:
            server.send(frame)

    socket.on_message(pass_on)


def test_an_expired_token_is_renewed_and_the_conversation_goes_on(chat, page, sockets):
    ai_says(chat, "Before")
    expect(log(page)).to_contain_text("Before")

    sockets[-1].close(code=TOKEN_EXPIRED)
    expect(status(page)).to_have_text("Reconnecting")
    ai_says(chat, "After")

    expect(log(page)).to_contain_text("After")
    expect(log(page).get_by_text("Before", exact=False)).to_have_count(1)
    assert Conversation.objects.count() == 1


def test_what_others_wrote_is_text_and_never_markup(chat, page, complaints):
    ai_says(
        chat,
        "<img src=x onerror=alert(1)> see https://example.org/a.",
        attachments=[{"title": "Evil", "content_url": "javascript:alert(1)"}],
    )

    expect(log(page)).to_contain_text("<img src=x onerror=alert(1)>")
    assert log(page).get_by_role("link").evaluate_all("links => links.map((link) => link.href)") == [
        "https://example.org/a"
    ]
    assert complaints == []


def test_escape_minimises_and_news_are_counted_on_the_launcher(chat, page):
    page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Chat with us")
    expect(launcher).to_be_focused()

    ai_says(chat, "Are you there?")

    expect(page.get_by_role("button", name="Chat with us, 1 unread")).to_be_visible()
    launcher.click()
    expect(log(page)).to_contain_text("Are you there?")


def test_the_customer_ends_it_and_starts_a_new_one(chat, page):
    say(page, "That is all")
    expect(log(page)).to_contain_text("Delivered")

    page.get_by_role("button", name="End the conversation").click()
    page.get_by_role("button", name="End it").click()
    expect(log(page)).to_contain_text("This conversation has ended.")
    page.get_by_role("button", name="Start a new conversation").click()

    expect(log(page)).not_to_contain_text("That is all")
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
    ended, new = joined_conversations(page, 2)
    assert ended.ended_at is not None
    assert new.ended_at is None


def test_the_session_the_server_no_longer_knows_is_replaced_and_said_so(chat, page):
    page.evaluate("""() => {
        const key = Object.keys(localStorage).find((name) => name.endsWith(":session"));
        const kept = JSON.parse(localStorage[key]);
        localStorage[key] = JSON.stringify({ ...kept, id: "00000000-0000-7000-8000-000000000000" });
    }""")

    page.reload()

    expect(log(page)).to_contain_text("The earlier conversation is over, so this is a new one.", timeout=20_000)
    joined_conversations(page, 2)


def test_every_language_says_everything(chat, page):
    tables = page.evaluate("""async () => {
        const { LANGUAGES } = await import("/static/widget/strings.js");
        return Object.values(LANGUAGES).map((table) => Object.keys(table).sort());
    }""")
    assert len(tables) == 2
    assert tables[0] == tables[1]


def test_the_panel_fills_a_phone(shop, browser, site):
    context = browser.new_context(base_url=site.base_url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto("/demo/")
    page.get_by_role("button", name="Chat with us").click()
    joined_conversations(page)

    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    for button in page.get_by_role("dialog").get_by_role("button").all():
        if button.is_visible():
            assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 44
    context.close()


# --- the page takes its customers to a person itself -----------------------------------------


@pytest.fixture
def by_client(chat, cast, project, owner):
    """The page has been asked to take its customer to Billing."""
    custom = {"metadata": {"custom": {"handoff": "client"}}}
    Conversation.objects.filter(pk=chat.pk).update(options=custom)
    Destination.objects.update(client_queue_name="Billing by phone", client_route="tel:+442079460123")
    publish_release(project=project, publisher=owner, at=timezone.now())
    cast.hand_off(Conversation.objects.get(pk=chat.pk))
    return chat


def test_a_page_that_has_to_do_the_handoff_shows_the_way_and_hears_of_it(by_client, page, complaints):
    way = log(page).get_by_role("link", name="Go to Billing by phone")
    expect(way).to_have_attribute("href", "tel:+442079460123")
    expect(status(page)).to_have_text("Handed over to Billing by phone")
    expect(log(page)).not_to_contain_text("You waited")
    heard = page.evaluate("heard.at(-1)")
    assert (heard["stage"], heard["queue_name"], heard["route"], heard["reason"]) == (
        "client_required", "Billing by phone", "tel:+442079460123", "AGENT_DECISION",
    )  # fmt: skip

    # A browser of the test has no telephone.
    way.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    with page.expect_request("**/client-result") as sent:
        way.click()

    assert sent.value.post_data_json["handoff_id"] == str(Handoff.objects.get().pk)
    expect(log(page)).to_contain_text("This conversation has ended.")
    expect(way).to_be_hidden()
    assert Handoff.objects.get().state == "completed"
    assert complaints == []


def test_who_found_no_way_says_so_and_is_offered_what_follows(by_client, page):
    page.get_by_role("button", name="That didn").click()

    expect(status(page)).to_have_text("Leave a message")
    expect(log(page).get_by_role("link", name="Go to Billing by phone")).to_be_hidden()
    assert Handoff.objects.filter(state="failed").count() == 1


# --- streamed answers ------------------------------------------------------------------------


def stream(conversation: Conversation, message_id: uuid.UUID, *texts: str) -> None:
    for index, text in enumerate(texts, start=1):
        chunk = {"message_id": str(message_id), "text": text, "chunk_index": index, "is_complete": False}
        publish_to_customer(conversation.id, "ai.chunk", chunk, at=timezone.now())


def test_an_answer_grows_and_is_there_once(chat, page):
    answer = new_id()
    stream(chat, answer, "Two working days, ", "usually ")
    expect(log(page)).to_contain_text("Two working days, usually")
    expect(log(page)).to_have_attribute("aria-busy", "true")

    event = NewEvent("ai.message", "ai", {"text": "Two working days, usually less.", "agent_name": "Fern"}, id=answer)
    append_event(conversation_id=chat.id, event=event)

    expect(log(page)).to_contain_text("Two working days, usually less.")
    expect(log(page)).to_have_attribute("aria-busy", "false")
    page.reload()
    expect(log(page)).to_contain_text("Two working days, usually less.")
    expect(log(page).get_by_text("Two working days")).to_have_count(1)


def test_an_answer_cut_in_the_middle_is_whole_after_the_cut(chat, page, sockets):
    answer = new_id()
    stream(chat, answer, "Two working ")
    expect(log(page)).to_contain_text("Two working")
    sockets[-1].close(code=SERVICE_RESTART)
    event = NewEvent("ai.message", "ai", {"text": "Two working days.", "agent_name": "Fern"}, id=answer)
    append_event(conversation_id=chat.id, event=event)

    expect(log(page)).to_contain_text("Two working days.")
    expect(log(page).get_by_text("Two working")).to_have_count(1)


# --- refused messages ------------------------------------------------------------------------


@pytest.fixture
def slow(settings) -> None:
    """Whoever writes may do so once, and then every second."""
    settings.CUSTOMER_FRAMES_BURST, settings.CUSTOMER_FRAMES_PER_SECOND = 2, 1


def test_a_message_that_was_not_taken_says_so_at_its_place_and_can_be_sent_again(slow, chat, page):
    for number in range(3):
        say(page, f"Message {number}")
    refused = log(page).get_by_text("Not sent.")
    expect(refused.first).to_be_visible()

    page.wait_for_timeout(1_100 * refused.count())
    while refused.count():
        log(page).get_by_role("button", name="Try again").first.click()
        page.wait_for_timeout(1_100)

    assert sorted(texts_of(chat)) == ["Message 0", "Message 1", "Message 2"]
