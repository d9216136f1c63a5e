import pytest

from integrations.domain.sealing import Keyring, UnreadableSecret

VALUE = {"token": "s3cr3t-value", "scopes": ["chat", "calls"], "port": 443, "extra": None}


def test_a_sealed_value_opens_again_and_shows_nothing():
    ring = Keyring.of(["installation secret"])
    sealed = ring.seal(VALUE)
    assert ring.open(sealed) == VALUE
    assert "s3cr3t" not in sealed


def test_the_same_value_is_sealed_differently_each_time():
    ring = Keyring.of(["installation secret"])
    assert ring.seal("same") != ring.seal("same")


def test_the_key_id_stands_beside_the_ciphertext_and_is_stable():
    first, second = Keyring.of(["one"]).seal("x"), Keyring.of(["one"]).seal("x")
    assert first.split("$")[0] == second.split("$")[0] != Keyring.of(["two"]).seal("x").split("$")[0]
    assert len(first.split("$")[0]) == 8


def test_after_a_change_of_the_installation_secret_old_texts_still_open_and_new_ones_use_the_new_key():
    old, both = Keyring.of(["old"]), Keyring.of(["new", "old"])
    sealed = old.seal(VALUE)
    assert both.open(sealed) == VALUE
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(VALUE))


def test_a_text_sealed_under_a_lost_key_says_so():
    with pytest.raises(UnreadableSecret, match="does not have"):
        Keyring.of(["new"]).open(Keyring.of(["old"]).seal(VALUE))


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-4], lambda text: text[:20] + "é" + text[21:], lambda text: text[:9]]
)
def test_a_damaged_text_says_so(spoil):
    ring = Keyring.of(["installation secret"])
    with pytest.raises(UnreadableSecret, match="Damaged"):
        ring.open(spoil(ring.seal(VALUE)))


@pytest.mark.parametrize("text", ["", "plain text", "$", "deadbeef$x"])
def test_what_was_never_sealed_says_so(text):
    with pytest.raises(UnreadableSecret):
        Keyring.of(["installation secret"]).open(text)


def test_neither_ring_nor_key_shows_its_material():
    assert "installation secret" not in repr(Keyring.of(["installation secret"]))
    assert "Fernet" not in repr(Keyring.of(["installation secret"]))
