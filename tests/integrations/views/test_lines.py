"""Telephony lines on the Integrations page: validated, audited, sealed, and never taken from under a destination."""

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry
from handoffs.domain.sip.voice import LineKind, SipMethod
from handoffs.models import Destination, Line
from handoffs.selectors.working_copy import read_lines
from handoffs.services.releases import publish_release
from integrations.models import Connection
from tests.conftest import member


@pytest.fixture
def trunk(project):
    return Line.objects.create(
        project=project, environment="live", key="trunk", name="Trunk", domain="sbc.fernhill.example"
    )


@pytest.fixture
def voice(project):
    """Makes a destination for calls."""

    def make(key, *, line="", method=SipMethod.REFER, route="sip:desk@sbc.fernhill.example"):
        return Destination.objects.create(
            project=project,
            key=key,
            name=key.capitalize(),
            desk_key="",
            method=method.value,
            route=route,
            line_key=line,
        )

    return make


def form_of(line=None, **changes):
    form = {
        "name": "Trunk", "domain": "sbc.fernhill.example:5061", "transport": "tls", "caller": "",
        "required_method": "", "requires_x_prefix": "on", "allowed_headers": "", "header_place": "request",
        "user_name": "", "password": "",
    }  # fmt: skip
    if line:
        form |= {"name": line.name, "domain": line.domain, "revision": line.revision}
    return {name: value for name, value in {**form, **changes}.items() if value is not None}


def page(name, line):
    return reverse(name, args=[line.pk])


def test_a_trunk_is_added_in_the_environment_shown(browser, project):
    answer = browser.post(reverse("line-add", args=["sip_trunk"]) + "?environment=sandbox", form_of())
    assert answer.status_code == 302
    assert read_lines(project=project, environment="live") == ()
    (line,) = read_lines(project=project, environment="sandbox")
    assert (line.key, line.kind, line.domain) == ("trunk", LineKind.SIP_TRUNK, "sbc.fernhill.example:5061")


def test_a_twilio_number_has_a_number_and_no_domain(browser, project):
    form = form_of(name="Twilio", number="+44 20 7946-0142", required_method="refer", domain=None, transport=None)
    assert browser.post(reverse("line-add", args=["twilio_number"]), form).status_code == 302
    line = Line.objects.get(project=project)
    assert (line.number, line.required_method, line.domain) == ("+442079460142", "refer", "")
    shown = browser.get(reverse("integrations")).content.decode()
    assert ">+442079460142, REFER only<" in shown


def test_a_tile_leaves_out_what_is_not_known_of_its_line(browser, project):
    Line.objects.create(
        project=project, environment="live", key="tw", name="Twilio", kind="twilio_number", required_method="refer",
        hides_headers=True,
    )  # fmt: skip
    assert ">REFER only, no headers<" in browser.get(reverse("integrations")).content.decode()


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("sip_trunk", {"domain": ""}, "A trunk needs the host of its SBC"),
        ("sip_trunk", {"domain": "sbc example"}, "is no host name"),
        ("sip_trunk", {"domain": "sbc.example:99999"}, "is no port"),
        ("sip_trunk", {"domain": "2001:db8::1"}, "stands in brackets"),
        ("sip_trunk", {"caller": "ai@sbc.example"}, "An address begins with sip: or sips:"),
        ("sip_trunk", {"caller": "sip:ai@sbc.example?X-A=1"}, "Our own address has no headers"),
        ("sip_trunk", {"allowed_headers": "Diversion\nbad name"}, "A header name has no spaces"),
        ("sip_trunk", {"required_method": "options"}, "Select a valid choice"),
        ("sip_trunk", {"user_name": "fern"}, "A sign-in has both"),
        ("twilio_number", {"number": "020 7946 0142"}, "is no international number"),
        ("twilio_number", {"number": ""}, "It is known by its number"),
    ],
)
def test_what_a_line_cannot_be_is_refused_with_a_correction_and_nothing_is_lost(browser, kind, changes, words):
    answer = browser.post(reverse("line-add", args=[kind]), form_of(name="Kept name", **changes))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert "Kept name" in shown
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"name": "SBC"}, {"name": "Trunk"}, {"name": "SBC"}),
        ({"domain": "sbc.new.example"}, {"domain": "sbc.fernhill.example"}, {"domain": "sbc.new.example"}),
        ({"transport": "udp"}, {"transport": "tls"}, {"transport": "udp"}),
        ({"caller": "sip:fern@a.example"}, {"caller": ""}, {"caller": "sip:fern@a.example"}),
        ({"required_method": "bye"}, {"required_method": ""}, {"required_method": "bye"}),
        ({"hides_route": "on"}, {"hides_route": False}, {"hides_route": True}),
        ({"hides_headers": "on"}, {"hides_headers": False}, {"hides_headers": True}),
        ({"header_place": "both"}, {"header_place": "request"}, {"header_place": "both"}),
        ({"requires_x_prefix": None}, {"requires_x_prefix": True}, {"requires_x_prefix": False}),
        ({"allowed_headers": "Diversion"}, {"allowed_headers": []}, {"allowed_headers": ["Diversion"]}),
        ({"user_name": "fern", "password": "s3cret"}, {"credentials": None}, {"credentials": "(secret)"}),
    ],
)
def test_each_field_has_its_audit_entry_with_before_and_after(browser, admin, trunk, changes, before, after):
    assert browser.post(page("line", trunk), form_of(trunk, **changes)).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user, entry.before, entry.after) == ("line.changed", admin, before, after)


def test_a_twilio_numbers_own_field_is_audited_too(browser, project):
    line = Line.objects.create(
        project=project, environment="live", key="tw", name="Twilio", kind="twilio_number", number="+442079460142"
    )
    browser.post(page("line", line), form_of(line, domain=None, number="+442079460143"))
    assert AuditEntry.objects.get().after == {"number": "+442079460143"}


def test_a_sign_in_is_sealed_and_comes_out_nowhere(browser, trunk, caplog):
    with caplog.at_level("DEBUG"):
        browser.post(page("line", trunk), form_of(trunk, user_name="fern-sbc", password="t0p-s3cret"))
    stored = Connection.objects.get(key="trunk")
    assert stored.credentials.open() == {"user_name": "fern-sbc", "password": "t0p-s3cret"}
    pages = [reverse("integrations"), page("line", trunk), reverse("audit")]
    shown = "".join(browser.get(url).content.decode() for url in pages)
    assert "One is stored" in shown
    kept = repr(list(AuditEntry.objects.values())) + repr(list(Line.objects.values())) + caplog.text
    for private in ("fern-sbc", "t0p-s3cret", stored.credentials.text):
        assert private not in shown + kept


def test_a_sign_in_stays_when_nothing_is_typed_and_goes_when_it_is_removed(browser, trunk):
    browser.post(page("line", trunk), form_of(trunk, user_name="fern", password="s3cret"))
    browser.post(page("line", trunk), form_of(trunk, name="Other"))
    assert Connection.objects.get().credentials.open() == {"user_name": "fern", "password": "s3cret"}
    trunk.refresh_from_db()
    browser.post(page("line", trunk), form_of(trunk, forgets_sign_in="on"))
    assert (Connection.objects.get().credentials.open(), Connection.objects.get().is_active) == ({}, False)
    assert AuditEntry.objects.order_by("-at", "-pk").first().after == {"credentials": None}


def test_the_second_of_two_people_is_told_and_overwrites_nothing(browser, trunk):
    mine = form_of(trunk, domain="mine.example")
    browser.post(page("line", trunk), form_of(trunk, domain="theirs.example"))
    answer = browser.post(page("line", trunk), mine)
    assert answer.status_code == 422
    assert "theirs.example" in answer.content.decode()
    trunk.refresh_from_db()
    assert trunk.domain == "theirs.example"


def test_a_line_that_a_destination_names_is_not_deleted(browser, trunk, voice):
    voice("front", line="trunk")
    answer = browser.post(page("line-delete", trunk), {"typed": "Trunk"}, follow=True)
    assert "Trunk is still in use. Point these elsewhere first: Front" in answer.content.decode()
    assert Line.objects.filter(pk=trunk.pk).exists()


def test_the_only_line_is_not_deleted_while_destinations_leave_by_it_without_naming_it(browser, project, trunk, voice):
    voice("front")
    browser.post(page("line-delete", trunk), {"typed": "Trunk"})
    assert Line.objects.filter(pk=trunk.pk).exists()
    Line.objects.create(project=project, environment="live", key="second", name="Second", domain="b.example")
    browser.post(page("line-delete", trunk), {"typed": "Trunk"})
    assert not Line.objects.filter(pk=trunk.pk).exists()


def test_a_line_the_live_release_leaves_by_is_not_deleted(browser, project, admin, trunk, voice, now):
    Line.objects.create(project=project, environment="live", key="second", name="Second", domain="b.example")
    front = voice("front", line="trunk")
    publish_release(project=project, publisher=admin, at=now)
    front.delete()
    answer = browser.post(page("line-delete", trunk), {"typed": "Trunk"}, follow=True)
    assert "Front, in the live release" in answer.content.decode()
    assert Line.objects.filter(pk=trunk.pk).exists()


def test_a_line_nothing_uses_goes_with_its_sign_in_when_its_name_is_typed(browser, trunk):
    browser.post(page("line", trunk), form_of(trunk, user_name="fern", password="s3cret"))
    browser.post(page("line-delete", trunk), {"typed": "trunk"})
    assert Line.objects.filter(pk=trunk.pk).exists()
    browser.post(page("line-delete", trunk), {"typed": "Trunk"})
    assert not Line.objects.exists()
    assert Connection.objects.get().credentials.open() == {}
    assert AuditEntry.objects.filter(action="line.removed", before__domain="sbc.fernhill.example").exists()


def test_a_copy_has_the_same_key_and_its_own_sign_in(browser, project, trunk):
    browser.post(page("line", trunk), form_of(trunk, user_name="fern", password="s3cret", required_method="refer"))
    browser.post(page("line-copy", trunk))
    copied = Line.objects.get(project=project, environment="sandbox")
    assert (copied.key, copied.domain, copied.required_method) == ("trunk", "sbc.fernhill.example", "refer")
    assert not Connection.objects.filter(environment="sandbox").exists()
    trunk.refresh_from_db()
    browser.post(page("line", trunk), form_of(trunk, domain="new.example", required_method="refer"))
    browser.post(page("line-copy", trunk))
    copied.refresh_from_db()
    assert copied.domain == "new.example"
    assert "The same in the sandbox" in browser.get(page("line", trunk)).content.decode()


def test_locking_a_method_offers_to_reset_all_destinations_at_once(browser, project, trunk, voice):
    voice("invites", method=SipMethod.INVITE)
    voice("hangs-up", method=SipMethod.BYE, route="")
    voice("refers")
    answer = browser.post(page("line", trunk), form_of(trunk, required_method="refer"), follow=True)
    assert "Reset all 2 destinations" in answer.content.decode()
    answer = browser.post(reverse("lines-reset-destinations"), {"project": project.pk}, follow=True)
    methods = dict(Destination.objects.exclude(method="").values_list("key", "method"))
    assert methods == {"invites": "refer", "hangs-up": "bye", "refers": "refer"}
    assert "Not changed, they need a route first: Hangs-up" in answer.content.decode()


def test_who_may_not_edit_destinations_is_not_offered_the_reset(client, project, trunk, voice):
    Line.objects.filter(pk=trunk.pk).update(required_method="refer")
    voice("invites", method=SipMethod.INVITE)
    client.force_login(member(project, Role.DEVELOPER, "Dev Patel"))
    shown = client.get(reverse("integrations")).content.decode()
    assert "1 destination uses a method its line does not accept" in shown
    assert reverse("lines-reset-destinations") not in shown
    assert client.post(reverse("lines-reset-destinations")).status_code == 403


def test_the_page_counts_what_is_there_and_offers_nothing_that_is_not(browser, project, agent, connector):
    shown = browser.get(reverse("integrations")).content.decode()
    assert "1 queue, 1 person answers" in shown
    assert "1 connector" in shown
    assert "No line in live" in shown
    assert "Connect<" not in shown


def test_a_kind_of_line_that_does_not_exist_is_not_found(browser):
    assert browser.get(reverse("line-add", args=["carrier-pigeon"])).status_code == 404
