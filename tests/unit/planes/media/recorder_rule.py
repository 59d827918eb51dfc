"""What to record to, and how to read it again, for tests of the recorder."""

import os
from pathlib import Path
from typing import Literal

from maskline.planes.media.engine import RecordFile, RecordRule
from maskline.protocols.recording import (
    NONCE_BYTES,
    Cipher,
    SealedView,
    make_head,
    read_head,
)

KEY = bytes(range(32))


def new_rule(path: Path, channels: Literal[1, 2] = 1, limit_s: float = 600.0) -> RecordRule:
    head = make_head(
        cipher=Cipher.AES_256_GCM,
        channels=channels,
        object_name=path.name,
        wrapped_key=b"wrapped",
        nonce=os.urandom(NONCE_BYTES),
    )
    return RecordRule(file=RecordFile(str(path), head, KEY), limit_s=limit_s, channels=channels)


def read_audio(path: Path) -> bytes:
    """The audio of a finished file; fails for one that is not."""
    file = path.read_bytes()
    head = read_head(file)
    view = SealedView(head, KEY, len(file))
    start, size = view.sealed_range(0, view.size)
    wav = view.open(0, view.size, file[start : start + size])
    return wav[58 : 58 + view.frames * head.channels]
