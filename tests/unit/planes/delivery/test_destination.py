import ipaddress
import socket

import pytest

from maskline.planes.delivery.destination import (
    AddressRefused,
    DestinationRefused,
    is_public,
    open_public_socket,
    read_destination,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "ff0e::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2001:0:7f00:1::",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_accepted(address: str):
    assert is_public(ipaddress.ip_address(address))


def test_a_connection_to_a_private_address_is_never_begun():
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.1", 80))
    with pytest.raises(AddressRefused):
        open_public_socket(info)


def test_a_scoped_address_is_read_without_its_scope():
    info = (socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("fe80::1%eth0", 80, 0, 2))
    with pytest.raises(AddressRefused):
        open_public_socket(info)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.com/", "not an http"),
        ("file:///etc/passwd", "not an http"),
        ("example.com/path", "not an http"),
        ("http://", "cannot be read|not an http"),
        ("", "not an http"),
        ("http://[::1/", "cannot be read"),
        ("http://example.com:99999/", "cannot be read"),
        ("http://user:pass@example.com/", "credentials"),
        ("http://example.com/" + "x" * 3000, "too long"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(text: str, reason: str):
    with pytest.raises(DestinationRefused, match=reason):
        read_destination(text)


def test_path_query_and_port_stay_as_configured():
    url = read_destination("https://example.com:8443/a%2Fb?x=1%2B2#fragment")
    assert str(url) == "https://example.com:8443/a%2Fb?x=1%2B2"
