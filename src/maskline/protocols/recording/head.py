"""The head of a sealed file, in clear: what is needed to find its key and to read its segments."""

import re
import struct
from dataclasses import dataclass, field

from maskline.protocols.recording.cipher import TAG_BYTES, Cipher
from maskline.protocols.recording.error import BadHead

VERSION = 1
MAGIC = b"\x89MLREC\r\n"
"""No text, and spoilt by whatever takes it for text (as PNG's)."""

NONCE_BYTES = 7
"""Random bytes of each file, the first of every nonce in it."""

MAX_NAME_CHARS = 128
MAX_WRAPPED_KEY_BYTES = 512

RATE = 8000
SEGMENT_FRAMES = 3200
"""Segments of new files have 0.4 s: what a writer that dies has not sealed yet is lost. A file's
own head says how long its segments are; those of older files have a second."""
MAX_SEGMENT_FRAMES = 65_536
MAX_RATE = 48_000

_FIXED = struct.Struct(">8sBBBxIIHH")
_CIPHERS = {1: Cipher.AES_256_GCM, 2: Cipher.SM4_GCM}
_CODES = {cipher: code for code, cipher in _CIPHERS.items()}
_NAME = re.compile(rb"[0-9A-Za-z._-]{1,%d}" % MAX_NAME_CHARS)

MAX_HEAD_BYTES = _FIXED.size + NONCE_BYTES + MAX_WRAPPED_KEY_BYTES + MAX_NAME_CHARS
"""No head is longer: so much of a file is enough to read its head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head says, and its bytes themselves (`raw`), which every segment vouches for.

    A frame is one sample of each channel; a whole segment has `segment_frames` of them.
    `wrapped_key` is the file's key as its owner can read it.
    """

    cipher: Cipher
    channels: int
    rate: int
    segment_frames: int
    object_name: str
    wrapped_key: bytes = field(repr=False)
    nonce: bytes
    raw: bytes = field(repr=False)

    @property
    def segment_bytes(self) -> int:
        """Audio in a whole segment."""
        return self.segment_frames * self.channels

    @property
    def sealed_segment_bytes(self) -> int:
        """A whole segment in the file."""
        return self.segment_bytes + TAG_BYTES


def make_head(
    *, cipher: Cipher, channels: int, object_name: str, wrapped_key: bytes, nonce: bytes
) -> bytes:
    """Build the head of a new file of A-law audio with segments of 0.4 s.

    `nonce` are `NONCE_BYTES` random bytes, and the key must be one that seals no other file.
    Raises `BadHead` for a value that a head cannot hold.
    """
    if len(wrapped_key) > MAX_WRAPPED_KEY_BYTES or len(object_name) > MAX_NAME_CHARS:
        raise BadHead("the wrapped key or the name is too long")
    if channels not in {1, 2}:
        raise BadHead("a recording has one channel or two")
    name = object_name.encode("ascii", "replace")
    made = b"".join(
        (
            _FIXED.pack(
                *(MAGIC, VERSION, _CODES[cipher], channels),
                *(RATE, SEGMENT_FRAMES, len(wrapped_key), len(name)),
            ),
            nonce,
            wrapped_key,
            name,
        )
    )
    if read_head(made).raw != made:
        raise BadHead(f"a nonce has {NONCE_BYTES} bytes")
    return made


def renew_head(head: Head, nonce: bytes) -> bytes:
    """The head of a file that takes the place of another under the same key.

    What is sealed anew may differ, so it must not stand under the nonces of the old file.
    """
    return make_head(
        cipher=head.cipher,
        channels=head.channels,
        object_name=head.object_name,
        wrapped_key=head.wrapped_key,
        nonce=nonce,
    )


def read_head(data: bytes) -> Head:
    """Read the head that `data` begins with; more may follow. Raises `BadHead`."""
    if len(data) < _FIXED.size:
        raise BadHead("too short for the head of a recording")
    magic, version, code, channels, rate, frames, key_size, name_size = _FIXED.unpack_from(data)
    if magic != MAGIC:
        raise BadHead("not a sealed recording")
    if version != VERSION or code not in _CIPHERS:
        raise BadHead("a sealed recording of a version that is not known here")
    if data[_FIXED.size - 13] != 0 or channels not in {1, 2} or not 0 < rate <= MAX_RATE:
        raise BadHead("the format of the audio is not known here")
    if not 0 < frames <= MAX_SEGMENT_FRAMES or not 0 < key_size <= MAX_WRAPPED_KEY_BYTES:
        raise BadHead("a size in the head is out of range")
    at_key = _FIXED.size + NONCE_BYTES
    at_name = at_key + key_size
    end = at_name + name_size
    if len(data) < end:
        raise BadHead("the head of the recording is cut")
    name = bytes(data[at_name:end])
    if not _NAME.fullmatch(name):
        raise BadHead("the name in the head is none")
    return Head(
        cipher=_CIPHERS[code],
        channels=channels,
        rate=rate,
        segment_frames=frames,
        object_name=name.decode("ascii"),
        wrapped_key=bytes(data[at_key:at_name]),
        nonce=bytes(data[_FIXED.size : at_key]),
        raw=bytes(data[:end]),
    )
