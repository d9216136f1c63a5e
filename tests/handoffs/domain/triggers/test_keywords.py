"""Keywords: whole words in any writing, and nothing typed is ever a pattern."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.triggers.keywords import index_keywords, read_keyword
from handoffs.domain.triggers.normalise import visible


def find(keywords, text):
    found = index_keywords(keywords).find(visible(text))
    return found and (found[0].written, found[1])


@pytest.mark.parametrize(
    ("keyword", "text", "words"),
    [
        ("lawyer", "my LÁWYER\u2019s letter", "LÁWYER"),
        ("Straße", "in dieser strasse", "strasse"),
        ("legal action", "I'll take legal-action!", "legal-action"),
        ("legal action", "Legal\n  ACTION", "Legal\n  ACTION"),
        ("threat*", "stop threatening me", "threatening"),
        ("threat*", "a threat", "threat"),
        ("legal act* now", "legal actions, now", "legal actions, now"),
        ("l'avocat", "L\u2019AVOCAT viendra", "L'AVOCAT"),
        ("24/7", "open 24 / 7", "24 / 7"),
        ("律师", "我要找律师", "律师"),
        ("адвокат*", "зову Адвоката", "Адвоката"),
        ("résumé", "re\u0301sume\u0301", "re\u0301sume\u0301"),
        ("law yer", "law\u200b yer", "law yer"),
        ("sue", "suuue", "suuue"),
    ],
)
def test_a_keyword_is_found_however_it_is_written(keyword, text, words):
    assert find(["never said", keyword], text) == (keyword, words)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("sue", "the issue with my suede shoes"),
        ("legal action", "action, legal"),
        ("legal action", "legal"),
        ("legal action", "legal and other action"),
        ("a b c", "a b"),
        ("*threat", "threaten"),
        ("thr.*", "three"),
        ("(ab+)+$", "ababababab!"),
        ("कि", "की"),
        ("***", "***"),
        ("", ""),
        (" ", "x"),
    ],
)
def test_what_only_looks_like_a_keyword_is_not_found(keyword, text):
    assert find([keyword], text) is None


def test_the_first_keyword_in_the_text_is_told():
    assert find(["court", "sue*"], "I sued him in court")[0] == "sue*"


def test_a_keyword_without_a_letter_has_no_words():
    assert read_keyword(" *!* ").words == ()


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_any_keyword_and_any_text_is_read(text, keywords):
    found = index_keywords(keywords).find(visible(text))
    assert found is None or found[1] in visible(text)


@settings(deadline=None)
@given(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,3}", fullmatch=True), st.text(max_size=30), st.text(max_size=30))
def test_a_keyword_between_spaces_is_always_found(keyword, before, after):
    assert find([keyword], f"{before} {keyword} {after}")


def test_the_time_grows_with_the_text_and_no_faster():
    keywords = index_keywords(["a a a a a a b", "ab*", "x y*"])

    def seconds(length):
        text = "a " * (length // 2)
        started = process_time()
        assert keywords.find(text) is None
        return process_time() - started

    seconds(1_000)
    assert min(seconds(100_000) for _ in range(3)) <= 3 * min(seconds(50_000) for _ in range(3))
