"""Session timers (RFC 4028): a call whose peer vanished is noticed and ended."""

from collections.abc import Callable

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header import SessionExpires
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.timer import Timer

Lines = list[tuple[str, str]]

# RFC 4028 10: who doesn't refresh ends the session a third of the interval before it runs out,
# but at most 32 s before.
EXPIRY_MARGIN_S = 32


class SessionTimer:
    """The interval of one session, who refreshes it, and the timer of that."""

    __slots__ = (
        "_interval",
        "_is_refresher",
        "_min_se",
        "_on_expiry",
        "_on_refresh",
        "_stack",
        "_timer",
    )

    def __init__(
        self,
        stack: Stack,
        interval: int,
        on_refresh: Callable[[float], None],
        on_expiry: Callable[[float], None],
    ) -> None:
        self._stack = stack
        self._interval = interval
        self._min_se = stack.config.min_session_expires
        self._is_refresher: bool | None = None
        self._on_refresh = on_refresh
        self._on_expiry = on_expiry
        self._timer: Timer | None = None

    def request_headers(self) -> Lines:
        """What our INVITE, re-INVITE or UPDATE says; empty when session timers are off."""
        if not self._interval:
            return []
        refresher = None if self._is_refresher is None else _role(is_ours=self._is_refresher)
        return [
            ("Session-Expires", str(SessionExpires(self._interval, refresher))),
            ("Min-SE", str(self._min_se)),
        ]

    def lengthen(self, response: Response) -> bool:
        """Take over the Min-SE of a 422; False when it offers no longer interval (RFC 4028 7.3)."""
        floor = _read(response, "Min-SE")
        if floor is None or floor.delta <= self._interval:
            return False
        self._interval = self._min_se = floor.delta
        return True

    def accept_response(self, response: Response, now: float) -> None:
        """Start over as the 2xx to our request says; without Session-Expires there is no limit."""
        granted = _read(response, "Session-Expires")
        if granted is None or not self._interval:
            self.stop()
            return
        self._interval = max(granted.delta, self._stack.config.min_session_expires)
        self._is_refresher = granted.refresher != "uas"
        self._restart(now)

    def answer(self, request: Request, now: float) -> Lines:
        """Start over as the peer's request asks; returns what our 2xx says (RFC 4028 9)."""
        interval, is_ours = self.agree(request)
        if not interval:
            self.stop()
            return []
        self._interval, self._is_refresher = interval, is_ours
        self._restart(now)
        lines = [("Session-Expires", str(SessionExpires(interval, "uas" if is_ours else "uac")))]
        return lines if is_ours else [*lines, ("Require", "timer")]

    def agree(self, request: Request) -> tuple[int, bool]:
        """What a 2xx to the peer's request grants: the interval, and whether we refresh.

        The interval is 0 for no session timer.
        """
        asked = _asked(request)
        knows_timer = names_option(request, "Supported", "timer")
        most = self._stack.config.session_expires
        if not most or (asked is None and not knows_timer):
            return 0, False
        floor = max(_min_se(request), self._stack.config.min_session_expires)
        interval = max(most if asked is None else min(asked.delta, most), floor)
        # A peer that asks without saying who does it itself; one that cannot leaves it to us.
        return interval, not (knows_timer and asked is not None and asked.refresher != "uas")

    @property
    def agreed(self) -> tuple[int, bool]:
        """What was agreed with the peer, as `agree` says it."""
        if self._timer is None:
            return 0, False
        return self._interval, bool(self._is_refresher)

    def resume(self, is_refresher: bool, now: float) -> None:  # noqa: FBT001 - as `agree` gives it
        """Go on where an earlier run ended; nobody knows when it last heard of the peer."""
        if self._interval:
            self._is_refresher = is_refresher
            self._restart(now)

    def stop(self) -> None:
        """No limit from now on."""
        self._stack.timers.stop(self._timer)
        self._timer = None

    def release(self) -> None:
        """The session is over: hold on to it no longer, so that nothing but counting frees it."""
        self.stop()
        self._on_refresh = self._on_expiry = _nothing

    def _restart(self, now: float) -> None:
        self.stop()
        if self._is_refresher:
            self._timer = self._stack.timers.start(now + self._interval / 2, self._refresh)
        else:
            self._timer = self._stack.timers.start(now + self._until_expiry(), self._on_expiry)

    def _refresh(self, now: float) -> None:
        rest = self._until_expiry() - self._interval / 2
        self._timer = self._stack.timers.start(now + rest, self._on_expiry)
        self._on_refresh(now)

    def _until_expiry(self) -> float:
        return self._interval - min(EXPIRY_MARGIN_S, self._interval / 3)


def is_interval_too_small(request: Request, min_se: int) -> bool:
    """Whether the answer is 422 (RFC 4028 9): a peer that knows Min-SE asks for less than ours.

    Raises SipParseError when one of the headers cannot be read.
    """
    asked = _asked(request)
    _min_se(request)  # one that cannot be read is refused here, not while we answer
    return (
        asked is not None and asked.delta < min_se and names_option(request, "Supported", "timer")
    )


def names_option(request: Request, header: str, tag: str) -> bool:
    """Whether a list header names an option tag; one that cannot be read names none."""
    try:
        return header in request.headers and tag in request.options(header)
    except SipParseError:
        return False


def _asked(request: Request) -> SessionExpires | None:
    return request.headers.read("Session-Expires", SessionExpires.parse)


def _min_se(request: Request) -> int:
    floor = request.headers.read("Min-SE", SessionExpires.parse)
    return 0 if floor is None else floor.delta


def _read(response: Response, name: str) -> SessionExpires | None:
    """A header of a response; one that cannot be read counts as absent: the call stands anyhow."""
    try:
        return response.headers.read(name, SessionExpires.parse)
    except SipParseError:
        return None


def _nothing(_now: float) -> None:
    """A session that is over is neither refreshed nor expired."""


def _role(*, is_ours: bool) -> str:
    return "uac" if is_ours else "uas"
