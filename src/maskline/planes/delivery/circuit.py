"""Which endpoints are in trouble, so that they are only probed until they answer again."""

from collections import OrderedDict
from enum import Enum

from maskline.domain.notice import Endpoint

MAX_TROUBLED = 10_000
"""Endpoints whose failures are remembered; the one that failed longest ago is forgotten first."""


class CircuitState(Enum):
    """How freely an endpoint is pushed to.

    WELL -> PROBING after a number of failures in a row; PROBING -> WELL by one success.
    """

    WELL = "well"
    PROBING = "probing"


class CircuitBoard:
    """Counts failures in a row per endpoint.

    PROBING bounds how many pushes run at once. It does not touch when a notice is due: each keeps
    its own schedule, and each push that is due is a probe.
    """

    def __init__(self, failures_until_probing: int, max_troubled: int = MAX_TROUBLED) -> None:
        self._threshold = failures_until_probing
        self._max_troubled = max_troubled
        self._failures: OrderedDict[Endpoint, int] = OrderedDict()

    def state(self, endpoint: Endpoint) -> CircuitState:
        """How the endpoint is doing."""
        is_probing = bool(self._failures) and self._failures.get(endpoint, 0) >= self._threshold
        return CircuitState.PROBING if is_probing else CircuitState.WELL

    def succeeded(self, endpoint: Endpoint) -> bool:
        """Note a success; True when it ended a time of probing."""
        failures = self._failures.pop(endpoint, 0) if self._failures else 0
        return failures >= self._threshold

    def failed(self, endpoint: Endpoint) -> bool:
        """Note a failure; True when it began a time of probing."""
        failures = self._failures.pop(endpoint, 0) + 1
        self._failures[endpoint] = failures
        if len(self._failures) > self._max_troubled:
            self._failures.popitem(last=False)
        return failures == self._threshold

    @property
    def probing(self) -> int:
        """How many endpoints are being probed; costs a pass over those that failed last."""
        return sum(1 for failures in self._failures.values() if failures >= self._threshold)
