"""A memory of the last few values."""

from handoffs.domain.kept import Kept


def test_what_was_asked_for_last_is_kept_and_the_rest_is_forgotten():
    kept = Kept[str, int](most=2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(name) for name in "abc"] == [1, None, 3]


def test_what_is_put_in_again_is_replaced():
    kept = Kept[str, int](most=2)
    kept.put("a", 1)
    kept.put("a", 2)
    assert kept.get("a") == 2
    assert kept.get("b") is None
