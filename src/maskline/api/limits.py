"""The bounds of the compatible interface."""

from dataclasses import dataclass

MAX_QUERY_BYTES = 4096  # longest query string
MAX_QUERY_FIELDS = 50
MAX_HEADER_CHARS = 1024  # longest authentication header that is read
MAX_APP_KEY = 128  # characters (`spec/auth.md` 2)
MAX_NONCE = 128  # characters (`spec/auth.md` 3)
MAX_PAGE_INDEX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiLimits:
    """What an operator may set.

    `clock_window_s` is how far `Created` may be from our clock, either way. `nonce_cache` bounds
    the requests remembered per application against replay; over it the application gets the flow
    control answer. `lockout_failures` failed authentications of one address within
    `lockout_window_s` lock it out for `lockout_s`; 0 never does. `address_requests_per_s` 0 means
    no limit. `trusted_proxies` are the networks whose `X-Forwarded-For` is believed.
    `tracked_addresses` bounds the tables of failures and rates; the oldest entry goes.
    """

    clock_window_s: float = 300.0
    nonce_cache: int = 2_000_000
    lockout_failures: int = 100
    lockout_window_s: float = 300.0
    lockout_s: float = 1800.0
    address_requests_per_s: int = 0
    tracked_addresses: int = 100_000
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 65_536
