"""Where a list of accounts or events goes on, as clients hand it back: opaque to them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from maskline.domain.error import InvalidParameter

MAX_PLACE = 200


def write_place(at: datetime, key: str) -> str:
    """The place behind an entry of this time and key."""
    text = f"{at.astimezone(UTC).isoformat()} {key}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(text: str | None) -> tuple[datetime, str] | None:
    """The time and key of `write_place`. Raises InvalidParameter ("after")."""
    if text is None:
        return None
    try:
        padded = text[:MAX_PLACE] + "=" * (-len(text[:MAX_PLACE]) % 4)
        at, _, key = urlsafe_b64decode(padded).decode().partition(" ")
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise InvalidParameter("after", "not the `next` of a page of this list") from None
    if moment.tzinfo is None or not key:
        raise InvalidParameter("after", "not the `next` of a page of this list")
    return moment, key
