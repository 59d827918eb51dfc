"""A sealed file as tests need it: the audio, the key, and what stands on the disk."""

import random
import struct
from dataclasses import dataclass

from maskline.protocols.recording import (
    NONCE_BYTES,
    Cipher,
    Head,
    SealedView,
    SegmentSealer,
    make_head,
    read_head,
)
from maskline.protocols.recording.head import SEGMENT_FRAMES


@dataclass(frozen=True)
class Sealed:
    head: Head
    key: bytes
    audio: bytes
    file: bytes

    @property
    def view(self) -> SealedView:
        return SealedView(self.head, self.key, len(self.file))

    @property
    def wav(self) -> bytes:
        return read(self.view, self.file, 0, self.view.size)


FRAMES_AT = 16
"""Where in a head the length of its segments stands."""


def new_head(cipher: Cipher = Cipher.AES_256_GCM, channels: int = 1, seed: int = 1) -> bytes:
    return make_head(
        cipher=cipher,
        channels=channels,
        object_name="26112012000000000000000000000001.wav",
        wrapped_key=b"wrapped" * 8,
        nonce=random.Random(seed).randbytes(NONCE_BYTES),
    )


def older_head(head: bytes, segment_frames: int) -> bytes:
    """The head of a file whose segments have another length."""
    return head[:FRAMES_AT] + struct.pack(">I", segment_frames) + head[FRAMES_AT + 4 :]


def seal(
    frames: int,
    *,
    channels: int = 1,
    cipher: Cipher = Cipher.AES_256_GCM,
    seed: int = 1,
    segment_frames: int = SEGMENT_FRAMES,
) -> Sealed:
    chance = random.Random(seed)
    head = read_head(older_head(new_head(cipher, channels, seed), segment_frames))
    key = chance.randbytes(cipher.key_bytes)
    audio = chance.randbytes(frames * channels)
    sealer = SegmentSealer(head, key)
    size = head.segment_bytes
    whole = len(audio) // size * size
    parts = [head.raw, *(sealer.seal(audio[at : at + size]) for at in range(0, whole, size))]
    return Sealed(head, key, audio, b"".join((*parts, sealer.finish(audio[whole:]))))


def read(view: SealedView, file: bytes, start: int, size: int) -> bytes:
    at, much = view.sealed_range(start, size)
    return view.open(start, size, file[at : at + much])
