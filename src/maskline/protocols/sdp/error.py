class SdpError(Exception):
    """The far end's session description can't be used; the fault is the sender's.

    `status` is the SIP answer; `warning_code` and `warning_text` go into its Warning header
    (RFC 3261 20.43) when there is one.
    """

    status = 400
    warning_code: int | None = None
    warning_text = ""

    def warning(self, agent: str) -> str | None:
        """The Warning value in the name of `agent` (our host), or None when there is none."""
        if self.warning_code is None:
            return None
        return f'{self.warning_code} {agent} "{self.warning_text}"'


class SdpParseError(SdpError):
    """The body is no session description, or one over our limits."""

    warning_code = 399
    warning_text = "Session description not understood"


class NoCommonCodec(SdpError):
    """None of the offered codecs is one of ours."""

    status = 488
    warning_code = 305
    warning_text = "Incompatible media format"


class NoAudio(SdpError):
    """There is no audio stream that could be accepted."""

    status = 488
    warning_code = 304
    warning_text = "Media type not available"


class NoCommonProfile(SdpError):
    """There is audio, but not over RTP protected as it must be."""

    status = 488
    warning_code = 302
    warning_text = "Incompatible transport protocol"


class NoCommonKeying(SdpError):
    """There is audio to be encrypted, but no key or certificate that can be used."""

    status = 488
    warning_code = 306
    warning_text = "Attribute not understood"


class NoCommonAddress(SdpError):
    """There is audio, but not at one IP address (a host name, multicast, or none at all)."""

    status = 488
    warning_code = 301
    warning_text = "Incompatible network address formats"
