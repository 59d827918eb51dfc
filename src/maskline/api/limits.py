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

    `clock_window_s` is how far `Created` may be from our clock, either way. With
    `refuses_replays` a signed request is let in once within that window; `nonce_cache` bounds those
    remembered for it per application, which gets the flow control answer beyond.
    `address_requests_per_s` 0 means no limit. `trusted_proxies` are the networks whose
    `X-Forwarded-For` is believed. `tracked_addresses` bounds the table of rates; the oldest goes.
    """

    clock_window_s: float = 300.0
    refuses_replays: bool = True
    nonce_cache: int = 2_000_000
    address_requests_per_s: int = 0
    tracked_addresses: int = 100_000
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 65_536
