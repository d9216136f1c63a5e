"""What is said of languages: the models' card's own figures, and that the rest is not measured."""

from handoffs.domain.measured import CARD, known_languages, read_figures
from handoffs.domain.triggers.languages import LANGUAGES


def test_only_english_is_measured_and_by_the_card_that_ships():
    known = {language.code: language for language in known_languages()}
    assert known.keys() == {language.code for language in LANGUAGES}
    assert [code for code, language in known.items() if language.measured] == ["en"]
    figures = known["en"].measured
    assert figures.keys() == {"explicit_request", "frustration"}
    for measured in figures.values():
        assert 0 < measured.asking < measured.messages
        assert 0.2 < measured.recall <= 1
        assert 0.5 < measured.precision <= 1


def test_the_figures_are_those_of_the_rows_of_the_normal_sensitivity():
    card = CARD.read_text(encoding="utf-8")
    found = read_figures(card)["frustration"]
    assert f"Frustration on the development split: {found.messages} messages, {found.asking} with it" in card
    row = f"| level 2 (normal) | {found.precision:.3f} | {found.recall:.3f} |".replace(" 0.", " .")
    assert row in card


def test_a_card_without_figures_measures_nothing():
    assert read_figures("# Card\n\n## Explicit request on the development split: none\n") == {}
