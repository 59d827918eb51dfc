"""Numbers and addresses as demonstrations make and read them."""

import secrets


def fresh_number(prefix: str) -> str:
    """A mobile number of nobody; its last digit keeps it from meaning anything to the lab."""
    return f"+86{prefix}{secrets.randbelow(10**6):06}11"


def read_address(text: str) -> tuple[str, int]:
    """`HOST:PORT` as it stands in `demo.json`. Raises ValueError."""
    host, _, port = text.rpartition(":")
    return host, int(port)
