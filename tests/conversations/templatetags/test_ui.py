from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from conversations.templatetags.ui import clock, clock_step, duration, icon, initials, minutes, span

AT_NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def draw(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (7, "0:07"), (104, "1:44"), (3599, "59:59"), (3661, "1:01:01"), (None, "")]
)
def test_a_duration_reads_as_minutes_and_seconds(seconds, shown):
    assert duration(seconds) == shown


def test_a_duration_that_would_be_negative_is_zero():
    assert duration(timedelta(seconds=-3)) == "0:00"


@pytest.mark.parametrize(("seconds", "shown"), [(19, "00:19"), (401, "06:41"), (6001, "100:01")])
def test_a_queue_clock_never_gets_narrower(seconds, shown):
    assert clock(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(52, "52 s"), (60, "1:00")])
def test_a_span_in_a_sentence_says_seconds_below_a_minute(seconds, shown):
    assert span(seconds) == shown


@pytest.mark.parametrize(("seconds", "told"), [(1, "1 min"), (60, "1 min"), (61, "2 min"), (120, "2 min")])
def test_an_estimate_is_told_in_whole_minutes_rounded_up(seconds, told):
    assert minutes(seconds) == told


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Hannah Whitlock", "HW"), ("Inês Maria Duarte", "ID"), ("fern", "F"), ("(shop)", "?"), ("", "?")],
)
def test_initials_come_from_the_first_and_the_last_word(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("waited", "step"),
    [(0, "calm"), (59, "calm"), (60, "half"), (119, "half"), (120, "over"), (239, "over"), (240, "twice")],
)
def test_a_clock_grows_louder_with_the_share_of_its_target(waited, step):
    assert clock_step(waited, 120) == step


def test_a_clock_without_a_target_stays_calm():
    assert clock_step(9999, None) == "calm"


def test_the_wait_clock_shows_the_wait_at_the_pages_instant():
    drawn = draw("{% wait_clock since 120 %}", since=AT_NOON - timedelta(seconds=401), now=AT_NOON)
    assert "hs-clock--twice" in drawn
    assert ">06:41</span>" in drawn
    assert 'data-since="2026-11-21T11:53:19+00:00"' in drawn


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    drawn = icon("check")
    assert 'aria-hidden="true"' in drawn
    assert drawn.endswith('sprite.svg#check"></use></svg>')


def test_an_icon_with_a_label_is_an_image_with_that_name():
    assert 'role="img" aria-label="Close &lt;b&gt;"' in icon("x", label="Close <b>")


def test_icons_along_the_reading_direction_turn_with_it_and_clocks_do_not():
    assert "hs-icon--turns" in icon("arrow-right")
    assert "hs-icon--turns" not in icon("clock")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("<script>", "auto")])
def test_the_theme_is_the_cookies_when_it_is_one_of_ours(cookie, theme):
    request = RequestFactory(headers={"cookie": f"hs_theme={cookie}"}).get("/")
    assert draw("{% theme %}", request=request) == theme
