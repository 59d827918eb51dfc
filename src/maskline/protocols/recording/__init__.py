"""The sealed recording file: a head in clear, sealed segments of audio, a sealed length.

It holds A-law audio; what is served from it is a WAV file. `docs/recording-format.md` gives every
byte.
"""

from maskline.protocols.recording.cipher import Cipher
from maskline.protocols.recording.error import (
    BadHead,
    CipherMissing,
    Damaged,
    RecordingFormatError,
)
from maskline.protocols.recording.head import (
    MAX_HEAD_BYTES,
    NONCE_BYTES,
    Head,
    make_head,
    read_head,
    renew_head,
)
from maskline.protocols.recording.repair import repair
from maskline.protocols.recording.seal import SegmentSealer, make_footer
from maskline.protocols.recording.view import SealedView, wav_size

__all__ = [
    "MAX_HEAD_BYTES",
    "NONCE_BYTES",
    "BadHead",
    "Cipher",
    "CipherMissing",
    "Damaged",
    "Head",
    "RecordingFormatError",
    "SealedView",
    "SegmentSealer",
    "make_footer",
    "make_head",
    "read_head",
    "renew_head",
    "repair",
    "wav_size",
]
