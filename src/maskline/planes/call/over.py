"""How a call script ends: by raising `CallOver`, from however deep in the story."""

from maskline.domain.release import HungUpBy, ReleaseCode


class CallOver(Exception):
    """The call is over for a reason that was foreseen; not an error.

    `sip_status` and `q850` are those of the callee's leg when that leg failed, else 0.
    `warning` (code, text) tells the caller more of a 488 (RFC 3261 20.43). `is_abrupt` says that
    nobody can be told by voice: there is no media, or no time.
    """

    def __init__(
        self,
        release: ReleaseCode,
        *,
        sip_status: int = 0,
        q850: int = 0,
        hung_up_by: HungUpBy | None = None,
        warning: tuple[int, str] | None = None,
        is_abrupt: bool = False,
    ) -> None:
        super().__init__(release.name)
        self.release = release
        self.sip_status = sip_status
        self.q850 = q850
        self.hung_up_by = hung_up_by
        self.warning = warning
        self.is_abrupt = is_abrupt
