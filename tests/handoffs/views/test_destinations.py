"""The list of destinations: what it shows, what its menus do, and what they refuse in which words."""

import html

import pytest
from django.urls import reverse

from conversations.models import AuditEntry
from handoffs.models import Destination, DestinationTest, Queue, Reason, Topic


def text(response) -> str:
    return html.unescape(response.content.decode())


def listed(client, **asked) -> list[str]:
    return [card.row.key for card in client.get(reverse("destinations"), asked).context["cards"]]


def act(client, name: str, row: Destination, **sent):
    return client.post(reverse(f"destination-{name}", args=[row.pk]), sent, follow=True)


class TestTheList:
    def test_a_new_project_is_shown_the_one_thing_to_do(self, as_owner, project):
        Destination.objects.all().delete()
        page = text(as_owner.get(reverse("destinations")))
        assert "Where should a conversation go?" in page
        assert page.count("Add destination") == 1

    def test_a_card_says_where_it_leads(self, as_owner, billing):
        page = text(as_owner.get(reverse("destinations")))
        for words in (
            "Inbox <span",
            "</span> Billing",
            "5 min limit",
            "24 hours",
            "1 topic",
            "Never tested",
            "Default",
        ):
            assert words in page, words

    def test_no_hits_offer_to_clear_the_search(self, as_owner, billing):
        page = text(as_owner.get(reverse("destinations"), {"q": "nothing like it", "ways": "text"}))
        assert "Nothing matches “nothing like it”" in page
        assert f'href="{reverse("destinations")}?ways=text">Clear the search' in page

    def test_a_way_nobody_has_says_so(self, as_owner, billing):
        assert "No destination takes phone calls" in text(as_owner.get(reverse("destinations"), {"ways": "voice"}))

    @pytest.mark.parametrize(
        "asked", [{"ways": "nonsense"}, {"page": "x"}, {"page": "99"}, {"q": "%"}, {"q": "a" * 500}]
    )
    def test_a_query_that_means_nothing_is_no_error(self, as_owner, billing, asked):
        assert as_owner.get(reverse("destinations"), asked).status_code == 200

    def test_without_a_default_a_banner_says_so(self, as_owner, billing):
        Destination.objects.update(is_default=False)
        assert "No default destination." in text(as_owner.get(reverse("destinations")))

    def test_pages_hold_24_and_keep_the_search(self, as_owner, project):
        Destination.objects.bulk_create(
            Destination(project=project, key=f"d{number}", name=f"Desk {number:02}", queue_key="billing")
            for number in range(30)
        )
        first = as_owner.get(reverse("destinations"), {"q": "desk", "ways": "text"})
        assert len(first.context["cards"]) == 24
        assert first.context["next_url"] == f"{reverse('destinations')}?ways=text&q=desk&page=2"
        assert len(as_owner.get(first.context["next_url"]).context["cards"]) == 6

    def test_the_default_comes_first_then_names_without_regard_to_case(self, as_owner, billing, project):
        for name in ("alpha", "Beta", "Zulu"):
            Destination.objects.create(project=project, key=name.lower(), name=name, queue_key="billing")
        assert listed(as_owner) == ["billing", "alpha", "beta", "zulu"]

    @pytest.mark.parametrize("person", ["agent", "reviewer"])
    def test_whoever_may_not_edit_destinations_is_refused(self, client, request, person, project):
        client.force_login(request.getfixturevalue(person))
        assert client.get(reverse("destinations")).status_code == 403

    def test_another_projects_destination_is_absent(self, client, outsider, billing):
        client.force_login(outsider)
        for name in ("edit", "duplicate", "default", "delete", "method", "preview", "test"):
            assert client.post(reverse(f"destination-{name}", args=[billing.pk])).status_code == 404, name
        assert listed(client) == []


class TestTheMenu:
    def test_a_copy_is_added_and_can_be_undone(self, as_owner, desk):
        page = act(as_owner, "duplicate", desk, back="ways=text&q=desk&evil=1")
        copy = Destination.objects.get(name="Copy of Desk")
        assert page.redirect_chain == [(f"{reverse('destinations')}?ways=text&q=desk", 302)]
        undo = f'form="destination-undo" formaction="{reverse("destination-delete", args=[copy.pk])}"'
        assert "Copy of Desk added" in text(page)
        assert f'{undo} name="typed" value="Copy of Desk"' in text(page)
        act(as_owner, "delete", copy, typed="Copy of Desk")
        assert not Destination.objects.filter(name="Copy of Desk").exists()

    def test_setting_the_default_offers_the_former_back(self, as_owner, billing, desk):
        page = act(as_owner, "default", desk)
        assert Destination.objects.get(is_default=True) == desk
        assert f'formaction="{reverse("destination-default", args=[billing.pk])}"' in text(page)
        act(as_owner, "default", billing)
        assert Destination.objects.get(is_default=True) == billing

    def test_deleting_needs_the_name(self, as_owner, desk):
        page = act(as_owner, "delete", desk, typed="desk")
        assert "Not deleted: type Desk to confirm" in text(page)
        page = act(as_owner, "delete", desk, typed="Desk")
        assert "Desk deleted" in text(page)
        assert not Destination.objects.filter(pk=desk.pk).exists()

    def test_the_dialog_lists_the_uses_with_links_instead_of_asking(self, as_owner, billing, desk):
        Destination.objects.filter(pk=desk.pk).update(fallback_key="billing")
        Reason.objects.update(destination_key="billing")
        dialog = text(as_owner.get(reverse("destination-delete", args=[billing.pk])))
        assert "Still in use" in dialog
        assert "Topic Complaints" in dialog
        assert f'<a href="{reverse("destination-edit", args=[desk.pk])}">Fallback of Desk</a>' in dialog
        assert 'name="typed"' not in dialog
        page = act(as_owner, "delete", billing, typed="Billing", next_default=str(desk.pk))
        assert "Billing is still in use: Topic Complaints, Reason Needs a person, Fallback of Desk" in text(page)

    def test_the_default_asks_for_the_next_one(self, as_owner, billing, desk):
        Topic.objects.all().delete()
        dialog = text(as_owner.get(reverse("destination-delete", args=[billing.pk])))
        assert f'<option value="{desk.pk}">Desk</option>' in dialog
        refused = act(as_owner, "delete", billing, typed="Billing")
        assert "Billing is the default. Choose the next one" in text(refused)
        act(as_owner, "delete", billing, typed="Billing", next_default=str(desk.pk))
        assert Destination.objects.get(is_default=True) == desk

    @pytest.mark.parametrize("chosen", ["nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_a_next_default_that_is_none_is_refused(self, as_owner, billing, desk, chosen):
        Topic.objects.all().delete()
        act(as_owner, "delete", billing, typed="Billing", next_default=chosen)
        assert Destination.objects.filter(pk=billing.pk).exists()

    def test_the_last_one_is_told_what_follows(self, as_owner, billing):
        Topic.objects.all().delete()
        dialog = text(as_owner.get(reverse("destination-delete", args=[billing.pk])))
        assert "It is the last destination" in dialog
        assert "next_default" not in dialog


class TestMethodsAndLines:
    def test_a_mismatch_stands_on_the_card_with_its_fix(self, as_owner, refer_only, project):
        row = Destination.objects.create(
            project=project, key="r", name="Retention", desk_key="", method="invite", route="sip:r@sbc.example"
        )
        page = text(as_owner.get(reverse("destinations")))
        assert "Uses INVITE, but Twilio only accepts REFER." in page
        assert "Twilio: <strong>REFER only" in page
        assert "1 destination uses a method its line does not accept." in page
        assert "Retention uses REFER" in text(act(as_owner, "method", row))
        row.refresh_from_db()
        assert row.method == "refer"
        assert "only accepts REFER" not in text(as_owner.get(reverse("destinations")))

    def test_one_that_lacks_a_route_leads_to_its_form(self, as_owner, refer_only, project):
        row = Destination.objects.create(project=project, key="m", name="Menu", desk_key="", method="bye")
        page = act(as_owner, "method", row)
        assert page.redirect_chain == [(reverse("destination-edit", args=[row.pk]), 302)]
        assert "Not changed. A transfer needs a route" in text(page)

    def test_all_are_changed_at_once_and_those_left_are_named(self, as_owner, refer_only, project):
        for key, method, route in (("a", "invite", "sip:a@b.example"), ("b", "bye", "5001"), ("c", "bye", "")):
            Destination.objects.create(project=project, key=key, name=key, desk_key="", method=method, route=route)
        page = as_owner.post(reverse("destinations-reset-method"), follow=True)
        assert "2 destinations changed" in text(page)
        assert "Not changed, they need a route first: c" in text(page)
        assert AuditEntry.objects.filter(action="destination.changed").count() == 2


class TestTheTest:
    def test_the_dialog_says_what_will_happen(self, as_owner, billing):
        dialog = text(as_owner.get(reverse("destination-test", args=[billing.pk])))
        assert "A made-up customer is handed off to Billing in the sandbox" in dialog
        assert not DestinationTest.objects.exists()

    def test_the_result_stands_in_the_dialog_and_on_the_card(self, as_owner, billing, release):
        answer = text(as_owner.post(reverse("destination-test", args=[billing.pk])))
        assert "Reached the queue and was closed again" in answer
        assert "Working copy after release 1" in answer
        assert f'id="foot-{billing.pk}" hx-swap-oob="true"' in answer
        assert "Healthy" in answer

    def test_asked_from_the_editor_it_comes_into_the_list_of_tests(self, as_owner, billing):
        Queue.objects.update(is_on=False)
        answer = text(as_owner.post(reverse("destination-test", args=[billing.pk]), {"place": "editor"}))
        assert 'id="recent-tests" hx-swap-oob="true"' in answer
        assert "No queue takes a chat now" in answer
