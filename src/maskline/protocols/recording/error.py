class RecordingFormatError(Exception):
    """Root of what the sealed format raises on purpose."""


class BadHead(RecordingFormatError, ValueError):
    """What should be the head of a sealed recording is none, or of a version we do not know."""


class Damaged(RecordingFormatError):
    """A sealed file was cut or changed, or this is not its key."""


class CipherMissing(RecordingFormatError):
    """The OpenSSL that this process runs on lacks the cipher."""
