from django.urls import reverse


def test_a_form_that_is_too_large_is_refused_in_words(client, owner, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(owner)
    page = client.post(reverse("release-publish"), {"note": "x" * 2000})
    assert page.status_code == 400
    assert "Nothing was saved" in page.text


def test_a_form_with_too_many_fields_is_refused_in_words(client, owner):
    client.force_login(owner)
    page = client.post(reverse("release-publish"), {f"field-{number}": "" for number in range(1001)})
    assert page.status_code == 400
    assert "Nothing was saved" in page.text
