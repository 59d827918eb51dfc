"""What the directory accepts: the form of URLs, addresses, numbers, names. Pure.

Each `check_...` returns nothing or raises InvalidParameter naming the field.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from maskline.domain.error import InvalidParameter
from maskline.domain.number import is_global, read_number
from maskline.domain.trunk import Trunk
from maskline.services.notification import NATS

_IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,63}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,62})(?:\.[0-9A-Za-z_-]{1,63})*\.?"
)
_AREA_CODE = re.compile(r"0\d{2,3}")
_PREFIX = re.compile(r"\+\d{1,20}")
_DIALLED = re.compile(r"[+*#0-9]{0,16}")


def check_identifier(field: str, text: str) -> None:
    """Names that appear in URLs, logs and command lines."""
    if _IDENTIFIER.fullmatch(text) is None:
        raise InvalidParameter(field, "up to 64 letters, digits, '_', '.' or '-'")


def check_url(field: str, url: str, *, allow_private: bool, has_nats: bool = False) -> None:
    """A receiver of pushes.

    A private address written out is refused here already; names are resolved, and refused, at
    each push.
    """
    if url == NATS:
        if not has_nats:
            raise InvalidParameter(
                field, "may be nats: only for events and records, and where [nats] url is set"
            )
        return
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidParameter(field, "is no URL") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise InvalidParameter(field, "must start with http:// or https:// and name a host")
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        raise InvalidParameter(field, "must not contain blanks")
    if port == 0:
        raise InvalidParameter(field, "has no port 0")
    if parts.username is not None or parts.password is not None:
        raise InvalidParameter(field, "must not carry a user or password: pushes are signed")
    if parts.fragment:
        raise InvalidParameter(field, "must not have a fragment (#...)")
    if not allow_private and _is_private(host):
        raise InvalidParameter(
            field, "is a private or loopback address; [delivery] allow_private permits them"
        )


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def check_networks(field: str, networks: Iterable[str]) -> None:
    """Addresses (`192.0.2.7`) or networks (`192.0.2.0/24`)."""
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise InvalidParameter(field, f"{network}: {error}") from None


def check_area_code(field: str, area_code: str) -> None:
    """A city code with its leading 0."""
    if _AREA_CODE.fullmatch(area_code) is None:
        raise InvalidParameter(field, "a city code with its leading 0, such as 0755")


def check_number(field: str, number: str) -> None:
    """A virtual number in global form."""
    if is_global(number):
        return
    likely = read_number(number)
    hint = f"; did you mean {likely}?" if likely else ""
    raise InvalidParameter(field, f"{number} is not in global form (+ and country code){hint}")


def check_distinct(field: str, entries: Sequence[str]) -> None:
    """No entry twice."""
    seen: set[str] = set()
    for entry in entries:
        if entry in seen:
            raise InvalidParameter(field, f"{entry} is named twice")
        seen.add(entry)


def check_prefixes(field: str, prefixes: Iterable[str]) -> None:
    """Beginnings of numbers in global form."""
    for prefix in prefixes:
        if _PREFIX.fullmatch(prefix) is None:
            raise InvalidParameter(field, f"{prefix}: a + and digits, such as +8613")


def check_trunk(trunk: Trunk) -> None:
    """All rules of a trunk."""
    check_identifier("name", trunk.name)
    check_host("host", trunk.host)
    if not 1 <= trunk.port <= 65535:
        raise InvalidParameter("port", "1 to 65535")
    check_prefixes("prefixes", trunk.prefixes)
    check_networks("inbound_from", trunk.inbound_from)
    for field in ("inbound_strip", "inbound_add", "outbound_strip", "outbound_add"):
        if _DIALLED.fullmatch(getattr(trunk, field)) is None:
            raise InvalidParameter(field, "up to 16 of the characters 0-9 + * #")
    _check_proxy(trunk)
    if trunk.password is not None and trunk.username is None:
        raise InvalidParameter("username", "is needed beside a password")


def _check_proxy(trunk: Trunk) -> None:
    try:
        proxy = trunk.proxy
    except ValueError as error:
        raise InvalidParameter("outbound_proxy", str(error)) from None
    if proxy is None:
        return
    host, port = proxy
    check_host("outbound_proxy", host)
    if not 1 <= port <= 65535:
        raise InvalidParameter("outbound_proxy", "has a port that is not 1 to 65535")


def check_host(field: str, host: str) -> None:
    """An address or a name of the network."""
    try:
        ip_address(host)
    except ValueError:
        # What consists of digits and dots, and is no address, is a typing mistake.
        if _HOST.fullmatch(host) is None or re.fullmatch(r"[\d.]+", host):
            raise InvalidParameter(field, f"{host!r} is no address or host name") from None
