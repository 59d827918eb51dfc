import uuid

from maskline.services.ids import CountedIds, SystemIds


def test_a_uuid_is_a_random_one_of_version_4():
    made = {SystemIds().uuid() for _ in range(200)}
    assert len(made) == 200
    for text in made:
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert parsed.version == 4
        assert parsed.variant == uuid.RFC_4122


def test_tokens_are_letters_and_digits_of_the_length_asked_for():
    token = SystemIds().token(40)
    assert len(token) == 40
    assert token.isascii()
    assert token.isalnum()


def test_draws_stay_below_one():
    assert all(0 <= SystemIds().draw() < 1 for _ in range(50))


def test_counted_ids_are_predictable():
    ids = CountedIds()
    assert (ids.token(4), ids.uuid()[-1], ids.draw()) == ("0001", "2", 0.5)
