"""When media that does not come counts as lost."""


class LossWatch:
    """From when on silence counts, and how long it may be; 0 is any length.

    `start_after_s` is for a party that has not sent anything yet.
    """

    __slots__ = ("loss_after_s", "since", "start_after_s")

    def __init__(self, loss_after_s: float, start_after_s: float) -> None:
        self.loss_after_s = loss_after_s
        self.start_after_s = start_after_s
        self.since = 0.0
