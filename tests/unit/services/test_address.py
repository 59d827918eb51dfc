import pytest

from maskline.services.address import AllowLists, Networks, client_address

PROXIES = Networks(["10.0.0.0/8", "2001:db8::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("2001:db8::1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.2.2.2", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "garbage", "garbage"),
    ],
)
def test_only_a_trusted_proxy_may_name_the_client(peer, forwarded_for, address):
    assert client_address(peer, forwarded_for, PROXIES) == address


def test_nobody_is_believed_by_default():
    assert client_address("127.0.0.1", "198.51.100.1", Networks([])) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "is_admitted"),
    [
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("198.51.100.77", True),
        ("::ffff:192.0.2.7", True),
        ("2001:db8::5", True),
        ("2001:db9::5", False),
        ("garbage", False),
        ("", False),
    ],
)
def test_an_allow_list_holds_addresses_and_networks(address, is_admitted):
    allowed = ("192.0.2.7", "198.51.100.0/24", "2001:db8::/32", "nonsense")

    assert AllowLists().admits(allowed, address) is is_admitted


def test_an_empty_allow_list_admits_everybody():
    assert AllowLists().admits((), "192.0.2.7")


def test_an_allow_list_of_nonsense_admits_nobody():
    assert not AllowLists().admits(("nonsense",), "192.0.2.7")
