"""The editor of a destination: what it saves, what it refuses and where it says so, and what two admins see."""

import html
import json

import pytest
from django.urls import reverse

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Conversation, Customer, CustomerIdentity
from handoffs.models import Destination, Line, Queue, Schedule
from tests.handoffs.views.settings_forms import listed, send, shown

VOICE = {"has_voice": "on", "has_text": None, "method": "refer", "route": "sip:desk@sbc.example.com"}
TEXT = {"has_text": "on", "queue_key": "billing"}
NEW = "/destinations/new/"


@pytest.fixture
def billing(project) -> Destination:
    return Destination.objects.get(project=project, key="billing")


@pytest.fixture
def desk(project) -> Destination:
    return Destination.objects.create(
        project=project,
        key="desk",
        name="Desk",
        queue_key="billing",
        method="refer",
        route="sip:desk@sbc.example.com",
        headers=[{"name": "X-Account", "value": "$customer_id", "when_missing": "drop"}],
    )


@pytest.fixture
def joan(project) -> Conversation:
    """A phone conversation with state, in which personal data stands."""
    customer = Customer.objects.create(project=project, environment="live", name="Joan Pritchard")
    CustomerIdentity.objects.create(
        customer=customer, project=project, environment="live", channel="phone", address="+447700900233"
    )
    return Conversation.objects.create(
        project=project,
        environment="live",
        channel="phone",
        customer=customer,
        reason="complaint",
        state={"customer_id": "FM-208441", "customer": {"tier": "gold", "email": "joan@example.com"}},
    )


def text(response) -> str:
    return html.unescape(response.content.decode())


def edit_url(row: Destination) -> str:
    return reverse("destination-edit", args=[row.pk])


def headers(*rows: tuple[str, str]) -> dict[str, object]:
    return listed("headers", [{"name": name, "value": value, "when_missing": "drop"} for name, value in rows])


def errors(response) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


class TestSaving:
    def test_a_voice_destination_is_added(self, as_owner, project):
        sent = {**VOICE, "name": "Front desk", "description": "Operators", **headers(("X-Reason", "$reason"))}
        response = send(as_owner, NEW, **sent)
        row = Destination.objects.get(key="front-desk")
        assert response.headers["Location"] == edit_url(row)
        assert (row.method, row.route, row.desk_key, row.is_default) == ("refer", "sip:desk@sbc.example.com", "", False)
        assert row.headers == [{"name": "X-Reason", "value": "$reason", "when_missing": "drop"}]

    def test_a_text_destination_is_added_with_hints_in_order(self, as_owner, project):
        hints = listed("hints", [{"name": "skills", "value": "refunds"}, {"name": "priority", "value": "1"}])
        send(as_owner, NEW, name="Second line", wait_limit_seconds="7:30", **TEXT, **hints)
        row = Destination.objects.get(key="second-line")
        assert (row.desk_key, row.queue_key, row.method, row.wait_limit_seconds) == ("inbox", "billing", "", 450)
        assert list(row.hints.items()) == [("skills", "refunds"), ("priority", "1")]

    def test_one_may_have_both_ways(self, as_owner, project):
        send(as_owner, NEW, **{**VOICE, **TEXT, "name": "Both"})
        row = Destination.objects.get(key="both")
        assert (row.method, row.desk_key) == ("refer", "inbox")

    def test_the_page_shows_what_is_stored_and_saving_it_changes_nothing(self, as_owner, desk):
        send(as_owner, edit_url(desk))
        assert not AuditEntry.objects.filter(action="destination.changed").exists()
        assert Destination.objects.get(pk=desk.pk).revision == desk.revision

    def test_a_way_that_is_switched_off_keeps_what_it_held(self, as_owner, desk):
        send(as_owner, edit_url(desk), has_voice=None, route="sip:typed@else.example")
        off = Destination.objects.get(pk=desk.pk)
        assert (off.method, off.route, len(off.headers)) == ("", "sip:desk@sbc.example.com", 1)
        send(as_owner, edit_url(desk), has_voice="on", method="refer")
        assert Destination.objects.get(pk=desk.pk).method == "refer"

    def test_headers_are_kept_in_the_order_they_stand(self, as_owner, desk):
        send(as_owner, edit_url(desk), **headers(("X-B", "2"), ("X-A", "1"), ("X-C", "3")))
        desk.refresh_from_db()
        assert [header["name"] for header in desk.headers] == ["X-B", "X-A", "X-C"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("sent", "field", "words"),
        [
            ({"name": ""}, "name", "This field is required."),
            ({"name": "BILLING"}, "name", "Another one has this name"),
            ({"has_text": None, "has_voice": None}, "__all__", "Switch on phone calls, chats, or both"),
            ({"queue_key": ""}, "queue_key", "Chats need a queue to wait in"),
            ({"queue_key": "nowhere"}, "queue_key", "nowhere"),
            ({"wait_limit_seconds": "soon"}, "wait_limit_seconds", "Try 5:00"),
            ({"wait_limit_seconds": "0:01"}, "wait_limit_seconds", "From 0:10 to 24:00:00"),
            ({"schedule_key": "week", "out_of_hours": "fallback"}, "fallback_key", "goes on to another destination"),
            ({"fallback_key": "billing"}, "fallback_key", "Desk → Billing → Desk"),
            ({"route": ""}, "route", "A transfer needs a route"),
            ({"route": "desk@sbc.example.com"}, "route", "Try sip:desk@sbc.example.com"),
            ({"route": "sip:a@b\r\nVia: x"}, "route", ""),
            ({"method": "cancel"}, "method", "cancel"),
            (headers(("X Account", "1")), "__all__", "Look at SIP header 1"),
            (headers(("X-A", "1"), ("X-A", "2")), "__all__", "Look at SIP header 2"),
            (headers(("", "")), "__all__", "Look at SIP header 1"),
            (headers(*[(f"X-{n}", "1") for n in range(21)]), "__all__", "20 headers at most"),
            (listed("hints", [{"name": "", "value": "1"}]), "__all__", "Look at hint 1"),
            (listed("hints", [{"name": "a", "value": "1"}, {"name": "A", "value": "2"}]), "__all__", "Look at hint 2"),
        ],
    )
    def test_it_says_so_at_the_field_keeps_what_was_typed_and_writes_nothing(
        self, as_owner, project, desk, billing, sent, field, words
    ):
        Schedule.objects.create(project=project, key="week", name="Week", time_zone="UTC")
        Destination.objects.filter(pk=billing.pk).update(fallback_key="desk")
        before = Destination.objects.get(pk=desk.pk)
        response = send(as_owner, edit_url(desk), **{"description": "typed meanwhile", **sent})
        assert response.status_code == 422
        assert any(words in sentence for sentence in errors(response)[field]), errors(response)
        assert 'value="typed meanwhile"' in text(response)
        assert Destination.objects.get(pk=desk.pk).revision == before.revision

    def test_a_header_that_cannot_be_sent_says_why_beside_itself(self, as_owner, desk):
        page = text(send(as_owner, edit_url(desk), **headers(("X Account", "1"), ("Via", "x"))))
        assert "A header name has no spaces. Try X-Account" in page
        assert "Via is set by the call itself. Try X-Via" in page
        assert 'name="headers-0-name" value="X Account"' in page

    @pytest.mark.parametrize("value", ["a\r\nVia: evil", "a\nb", "a\x00b", "a\x1bb"])
    def test_control_characters_never_come_into_a_header(self, as_owner, desk, value):
        response = send(as_owner, edit_url(desk), **headers(("X-A", value)))
        assert response.status_code == 422
        desk.refresh_from_db()
        assert desk.headers[0]["name"] == "X-Account"

    def test_without_its_lists_a_form_is_refused_and_nothing_is_emptied(self, as_owner, desk):
        sent = {name: value for name, value in shown(as_owner, edit_url(desk)).items() if "TOTAL" not in name}
        assert as_owner.post(edit_url(desk), sent).status_code == 422
        desk.refresh_from_db()
        assert len(desk.headers) == 1

    def test_a_destination_that_was_deleted_meanwhile_is_absent(self, as_owner, desk):
        url = edit_url(desk)
        sent = shown(as_owner, url)
        desk.delete()
        assert as_owner.post(url, sent).status_code == 404


class TestTwoAdmins:
    def test_the_second_is_told_shown_the_difference_and_asked_again(self, as_owner, desk, client):
        first, second = shown(as_owner, edit_url(desk)), shown(as_owner, edit_url(desk))
        as_owner.post(edit_url(desk), {**first, "description": "Theirs", **headers(("X-New", "$reason"))})
        response = as_owner.post(edit_url(desk), {**second, "description": "Yours", "route": "sip:you@sbc.example.com"})
        assert response.status_code == 409
        page = text(response)
        assert "Olive Grant saved this at" in page
        assert "<td>Theirs</td><td>Yours</td>" in page
        differences = {each.label: (each.theirs, each.yours) for each in response.context["form"].conflict.differences}
        assert ["X-New" in differences["Headers"][0], "X-Account" in differences["Headers"][1]] == [True, True]
        desk.refresh_from_db()
        assert (desk.description, desk.route) == ("Theirs", "sip:desk@sbc.example.com")
        again = {**second, "description": "Yours", "revision": response.context["form"]["revision"].value()}
        assert as_owner.post(edit_url(desk), again).status_code == 302
        desk.refresh_from_db()
        assert desk.description == "Yours"


# Every field of the form with a value that differs from the stored one.
CHANGES = {
    "name": ("name", "Other desk", "Other desk"),
    "description": ("description", "Other", "Other"),
    "utterance": ("utterance", "One moment.", "One moment."),
    "method": ("method", "invite", "invite"),
    "route": ("route", "5001", "5001"),
    "encryption": ("encryption", "udp_rtp", "udp_rtp"),
    "line_key": ("line_key", "second", "second"),
    "has_voice": ("method", None, ""),
    "has_text": ("desk_key", None, ""),
    "desk_key": ("desk_key", "client", "client"),
    "queue_key": ("queue_key", "second", "second"),
    "wait_limit_seconds": ("wait_limit_seconds", "1:00", 60),
    "schedule_key": ("schedule_key", "week", "week"),
    "out_of_hours": ("out_of_hours", "queue", "queue"),
    "fallback_key": ("fallback_key", "billing", "billing"),
    "required_fields": ("required_fields", "order_number", ["order_number"]),
    "after_timeout": ("after_timeout", "end", "end"),
    "retry_limit": ("retry_limit", "4", 4),
    "retry_seconds": ("retry_seconds", "1:00", 60),
    "client_queue_name": ("client_queue_name", "Refund desk", "Refund desk"),
    "client_route": ("client_route", "app://refunds", "app://refunds"),
    "headers-0-name": ("headers", "X-Other", [{"name": "X-Other", "value": "$customer_id", "when_missing": "drop"}]),
    "headers-0-value": ("headers", "1", [{"name": "X-Account", "value": "1", "when_missing": "drop"}]),
    "headers-0-when_missing": (
        "headers", "refuse", [{"name": "X-Account", "value": "$customer_id", "when_missing": "refuse"}],
    ),
    "hints-0-name": ("hints", "team", {"team": "refunds"}),
    "hints-0-value": ("hints", "sales", {"skills": "sales"}),
}  # fmt: skip


@pytest.fixture
def rich(project, desk) -> Destination:
    """A destination that uses every field, with something to change each to."""
    for key in ("first", "second"):
        Line.objects.create(project=project, environment="live", key=key, name=key.title(), domain="sbc.example.com")
    project.desks.create(environment="live", key="client", name="Own app", kind="client")
    Queue.objects.create(project=project, key="second", name="Second")
    for key in ("always", "week"):
        Schedule.objects.create(project=project, key=key, name=key.title(), time_zone="UTC")
    Destination.objects.filter(pk=desk.pk).update(
        method="invite", route="sips:desk@sbc.example.com", schedule_key="always", line_key="first",
        hints={"skills": "refunds"}, after_timeout="retry",
    )  # fmt: skip
    return Destination.objects.get(pk=desk.pk)


def test_the_table_of_changes_has_every_field_of_the_form(as_owner, rich):
    form = as_owner.get(edit_url(rich)).context["form"]
    rows = {f"headers-0-{name}" for name in form.headers.forms[0].fields} | {
        f"hints-0-{name}" for name in form.hints.forms[0].fields
    }
    assert set(CHANGES) == (set(form.fields) - {"revision"}) | rows


@pytest.mark.parametrize("field", CHANGES)
def test_every_field_leaves_its_audit_entry_with_before_and_after(as_owner, owner, rich, field):
    column, sent, stored = CHANGES[field]
    if field == "method":
        Destination.objects.filter(pk=rich.pk).update(method="refer")
    if field.startswith("client_"):
        Destination.objects.filter(pk=rich.pk).update(desk_key="client")
    before = getattr(Destination.objects.get(pk=rich.pk), column)
    response = send(as_owner, edit_url(rich), **{field: sent})
    assert response.status_code == 302, errors(response)
    entry = AuditEntry.objects.get(action="destination.changed")
    assert (entry.user, entry.before, entry.after) == (owner, {column: before}, {column: stored})
    assert before != stored


class TestThePreview:
    def preview(self, client, row: Destination, **changes):
        sent = {**shown(client, edit_url(row)), **changes}
        return client.post(reverse("destination-preview", args=[row.pk]), sent)

    def test_the_bytes_follow_the_form_before_it_is_saved(self, as_owner, desk, joan):
        answer = text(
            self.preview(as_owner, desk, route="sip:other@sbc.example.com", **headers(("X-Id", "$customer_id")))
        )
        assert "Refer-To: <b><sip:other@sbc.example.com></b>" in answer
        assert "X-Id: <b>FM-208441</b>" in answer
        assert "+447700900233" in answer
        assert "1 of 20, 20 of 4096 octets" in answer
        desk.refresh_from_db()
        assert desk.route == "sip:desk@sbc.example.com"

    def test_what_is_wrong_comes_to_its_field(self, as_owner, desk):
        answer = text(self.preview(as_owner, desk, route="desk@x", **headers(("X A", "1"))))
        assert 'id="id_route-said" hx-swap-oob="true"' in answer
        assert "Try sip:desk@x" in answer
        assert "A header name has no spaces. Try X-A" in answer

    def test_what_is_not_there_yet_is_no_mistake_while_typing(self, as_owner, desk):
        answer = text(self.preview(as_owner, desk, route="", **headers(("", ""))))
        wire, _, fields = answer.partition('id="wire-variables"')
        assert "needs a name" not in fields
        assert "needs a route" not in fields
        assert "needs a route" in wire

    def test_a_missing_variable_is_shown_as_left_out(self, as_owner, desk, joan):
        answer = text(self.preview(as_owner, desk, **headers(("X-Id", "$custmer"))))
        assert "<s>X-Id:</s>" in answer
        assert "left out" in answer
        assert "$custmer has no value. X-Id is left out" in answer

    def test_sample_values_need_no_conversation(self, as_owner, desk, joan):
        answer = text(self.preview(as_owner, desk, conversation="sample"))
        assert "FM-208441" not in answer
        assert "Values from Sample values" in answer

    @pytest.mark.parametrize("chosen", ["nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_a_conversation_that_is_not_offered_gives_sample_values(self, as_owner, desk, joan, chosen):
        assert "FM-208441" not in text(self.preview(as_owner, desk, conversation=chosen))

    def test_another_projects_conversation_is_not_offered(self, as_owner, desk, joan, outsider):
        Conversation.objects.update(project=outsider.memberships.get().project)
        assert "FM-208441" not in text(self.preview(as_owner, desk, conversation=str(joan.pk)))

    def test_personal_data_is_marked_for_the_completion(self, as_owner, desk, joan):
        variables = json.loads(as_owner.get(edit_url(desk)).context["variables"])
        told = {each["name"]: (each["written"], each["value"], each["is_personal"]) for each in variables}
        assert told["customer_id"] == ("$customer_id", "FM-208441", False)
        assert told["customer.email"] == ("${customer.email}", "joan@example.com", True)
        assert told["customer"][2] is True
        assert told["caller_id"] == ("$caller_id", "+447700900233", True)

    def test_without_pii_view_nothing_of_the_customer_is_shown(self, as_owner, desk, joan, monkeypatch):
        without = ROLE_PERMISSIONS[Role.OWNER] - {Permission.PII_VIEW}
        monkeypatch.setitem(ROLE_PERMISSIONS, Role.OWNER, without)
        for answer in (as_owner.get(edit_url(desk)), self.preview(as_owner, desk)):
            page = text(answer)
            for secret in ("FM-208441", "joan@example.com", "+447700900233", "Joan Pritchard"):
                assert secret not in page, secret
            assert "complaint" in page
            assert "Personal data is hidden" in page

    def test_of_a_saved_destination_it_is_a_dialog(self, as_owner, desk, joan):
        dialog = text(as_owner.get(reverse("destination-preview", args=[desk.pk])))
        assert "Desk on the wire" in dialog
        assert "X-Account: <b>FM-208441</b>" in dialog
        again = text(as_owner.get(reverse("destination-preview", args=[desk.pk]), {"conversation": "sample"}))
        assert "<dialog" not in again
        assert "FM-208441" not in again

    def test_a_new_destination_has_a_preview_too(self, as_owner, project, joan):
        sent = {**shown(as_owner, NEW), **VOICE, "name": "New", **headers(("X-Id", "$customer_id"))}
        answer = as_owner.post(reverse("destination-preview-new"), {k: v for k, v in sent.items() if v is not None})
        assert "X-Id: <b>FM-208441</b>" in text(answer)

    def test_chats_alone_say_where_they_would_wait_now(self, as_owner, billing):
        page = text(as_owner.get(edit_url(billing)))
        assert "A chat handed off now waits in Billing" in page
        assert "nothing goes over a telephone line" in page


class TestAThousand:
    @pytest.fixture
    def thousand(self, project, joan) -> Destination:
        Schedule.objects.create(project=project, key="week", name="Week", time_zone="UTC")
        Line.objects.create(
            project=project, environment="live", key="t", name="T", domain="sbc.example", required_method="refer"
        )
        Destination.objects.bulk_create(
            Destination(
                project=project, key=f"d{number}", name=f"Desk {number:04}", queue_key="billing", schedule_key="week",
                method="invite", route=f"sip:desk{number}@sbc.example.com", line_key="t",
                fallback_key=f"d{number + 1}" if number < 998 else "",
                headers=[{"name": f"X-{number}", "value": "$reason", "when_missing": "drop"}],
            )
            for number in range(999)
        )  # fmt: skip
        return Destination.objects.get(project=project, key="d500")

    @pytest.mark.parametrize("asked", [{}, {"page": "2"}, {"q": "X-777"}, {"ways": "voice", "q": "desk", "page": "3"}])
    def test_the_list_takes_a_bounded_number_of_queries(self, as_owner, thousand, django_assert_max_num_queries, asked):
        with django_assert_max_num_queries(MOST_QUERIES):
            response = as_owner.get(reverse("destinations"), asked)
        assert response.context["total"] == {"X-777": 1, "desk": 999}.get(asked.get("q", ""), 1000)

    def test_so_do_editor_and_preview(self, as_owner, thousand, django_assert_max_num_queries):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = as_owner.get(edit_url(thousand))
        assert len(page.context["form"].fields["fallback_key"].choices) == 1000
        sent = shown(as_owner, edit_url(thousand))
        with django_assert_max_num_queries(MOST_QUERIES):
            assert as_owner.post(reverse("destination-preview", args=[thousand.pk]), sent).status_code == 200
        with django_assert_max_num_queries(MOST_QUERIES):
            assert as_owner.post(edit_url(thousand), {**sent, "description": "Other"}).status_code == 302


MOST_QUERIES = 50
