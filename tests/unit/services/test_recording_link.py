from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maskline.services.recording_link import PATH, Link, RecordingLinks

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NAME = "261120080000" + "7" * 20 + ".wav"
LINKS = RecordingLinks(bytes(range(32)), timedelta(days=3), "https://voice.example.com")
TOKEN = LINKS.seal(Link("shop", NAME, NOW))


def test_a_link_leads_back_to_its_recording():
    url = LINKS.url("shop", NAME, NOW)
    assert url.startswith("https://voice.example.com" + PATH)
    assert len(url) < 256
    token = url.removeprefix("https://voice.example.com" + PATH)
    assert LINKS.open(token) == Link("shop", NAME, NOW + timedelta(days=3))


def test_a_link_shows_nothing_and_is_another_each_time():
    first, second = (LINKS.url("shop", NAME, NOW) for _ in range(2))
    assert first != second
    assert "shop" not in first
    assert NAME not in first


def test_a_base_that_is_given_takes_the_place_of_the_one_set():
    assert LINKS.url("shop", NAME, NOW, "http://127.0.0.1:8080").startswith(
        "http://127.0.0.1:8080/recordings/"
    )


def test_a_link_under_another_key_does_not_open():
    other = RecordingLinks(bytes(32), timedelta(days=3), "")
    assert other.open(LINKS.seal(Link("shop", NAME, NOW))) is None


@given(st.text(max_size=300))
def test_what_nobody_sealed_does_not_open(token: str):
    assert LINKS.open(token) is None


@given(st.data())
def test_no_single_character_can_be_changed(data: st.DataObject):
    token = TOKEN
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("ABCabc019-_").filter(lambda one: one != token[place]))
    assert LINKS.open(token[:place] + other + token[place + 1 :]) is None
