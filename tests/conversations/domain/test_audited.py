import pytest

from conversations.domain.audited import HIDDEN, FieldChange, list_changes


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"name": "A", "url": "u"}, {"name": "B", "url": "u"}, [FieldChange("name", "A", "B")]),
        ({"is_on": False}, {"is_on": True}, [FieldChange("is_on", False, True)]),
        (None, {"name": "A", "note": "", "hosts": [], "is_on": False}, [
            FieldChange("name", None, "A"), FieldChange("is_on", None, False),
        ]),
        ({"name": "A", "note": None}, None, [FieldChange("name", "A", None)]),
        ({"secret": HIDDEN}, {"secret": HIDDEN}, [FieldChange("secret", HIDDEN, HIDDEN)]),
        ({"hosts": ["a", "b"]}, {"hosts": ["b", "c"]}, [FieldChange("hosts", ["a"], ["c"], same=1)]),
        ({"hosts": ["a", "b"]}, {"hosts": ["b", "a"]}, [FieldChange("hosts", ["a", "b"], ["b", "a"])]),
        ({"texts": {"a": 1, "b": 2}}, {"texts": {"a": 1, "c": 3}}, [
            FieldChange("texts", {"b": 2}, {"c": 3}, same=1),
        ]),
        (None, None, []),
        ({"note": ""}, {"note": None}, []),
    ],
)  # fmt: skip
def test_an_entry_says_what_changed_and_nothing_else(before, after, changes):
    assert list(list_changes(before, after)) == changes
