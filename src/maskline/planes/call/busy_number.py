"""Which virtual numbers are busy: those that carry one call at a time, in this worker."""


class BusyNumbers:
    """Each number is held by at most one call, by its session id.

    It never holds more numbers than there are live calls, which `CallLimits.max_calls` bounds.
    """

    def __init__(self) -> None:
        self._holders: dict[str, str] = {}

    def hold(self, number: str, session_id: str) -> bool:
        """Take the number for a call; False when another call has it."""
        return self._holders.setdefault(number, session_id) == session_id

    def is_held(self, number: str, session_id: str) -> bool:
        """Whether this call has the number."""
        return self._holders.get(number) == session_id

    def free(self, number: str, session_id: str) -> None:
        """Let a number go that this call may hold; another call's stays."""
        if self._holders.get(number) == session_id:
            del self._holders[number]

    def __len__(self) -> int:
        return len(self._holders)
