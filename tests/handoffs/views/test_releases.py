"""The releases page and its one button."""

from django.urls import reverse

from handoffs.models import Release, Topic


def test_publishing_makes_the_working_copy_the_next_release(as_owner, release, owner):
    Topic.objects.update(content="Delivery takes one working day.")
    assert "only in the sandbox" in as_owner.get(reverse("releases")).content.decode()

    page = as_owner.post(reverse("release-publish"), {"note": "Faster delivery"}, follow=True)

    newest = Release.objects.latest("number")
    assert (newest.number, newest.note, newest.published_by) == (2, "Faster delivery", owner)
    assert newest.snapshot.content["topics"][0]["content"] == "Delivery takes one working day."
    text = page.content.decode()
    assert "Release 2 is live" in text
    assert "Live conversations read release 2, and it is what you see here" in text


def test_what_is_already_live_is_not_published_again(as_owner, release):
    page = as_owner.post(reverse("release-publish"), follow=True)

    assert Release.objects.count() == 1
    assert "Release 1 is already what you see here" in page.content.decode()
    assert "Publish to live" not in page.content.decode()


def test_before_the_first_release_the_page_says_so_and_offers_it(as_owner, project):
    text = as_owner.get(reverse("releases")).content.decode()

    assert "Nothing is published yet" in text
    assert "Publish to live" in text


def test_only_who_may_publish_does(client, release, agent, outsider):
    for person in (agent, outsider):
        client.force_login(person)
        client.post(reverse("release-publish"))
    client.force_login(agent)

    assert client.get(reverse("releases")).status_code == 403
    assert list(Release.objects.filter(project=release.project).values_list("number", flat=True)) == [1]


def test_publishing_takes_a_post(as_owner, project):
    assert as_owner.get(reverse("release-publish")).status_code == 405
    assert not Release.objects.exists()
