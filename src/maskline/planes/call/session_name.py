"""Session ids: one name for a call in every event, its record, the media engine and the logs."""

from datetime import datetime
from itertools import count

from maskline.services.ids import Ids


class SessionNames:
    """Makes `<worker>_<n>_<random>_<yyyyMMddHHmmss>@<host>`, the shape clients have seen.

    The host leads back to the worker that holds the call. The random part keeps two runs of one
    worker apart (`spec/ax.md` 9: opaque, at most 256 characters).
    """

    def __init__(self, host_name: str, ids: Ids) -> None:
        self._host = host_name
        self._run = ids.token(10)
        self._next = count(1)
        self._second: datetime | None = None
        self._ending = ""

    def next(self, now: datetime) -> str:
        """A name that no other call has."""
        second = now.replace(microsecond=0)
        if second != self._second:
            # written once a second: it costs as much as reading a message
            self._second = second
            self._ending = f"{self._run}_{now:%Y%m%d%H%M%S}@{self._host}"
        return f"1200_{next(self._next)}_{self._ending}"
