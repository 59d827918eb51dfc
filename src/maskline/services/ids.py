"""Randomness as a seam: ids, tokens, draws."""

import os
import random
import secrets
import uuid
from itertools import count
from typing import Protocol


class Ids(Protocol):
    """Where new names come from."""

    def uuid(self) -> str:
        """A new id in UUID form, 36 characters."""
        ...

    def token(self, length: int) -> str:
        """`length` unguessable characters of `[0-9A-Za-z]`."""
        ...

    def draw(self) -> float:
        """A random float in [0, 1)."""
        ...


_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class SystemIds:
    """Ids from the operating system's randomness."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def uuid(self) -> str:
        """A random (version 4) UUID (RFC 9562 5.4)."""
        # Written out: `uuid.uuid4` takes twice as long, and a call needs seven.
        text = os.urandom(16).hex()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def token(self, length: int) -> str:
        """`length` random characters."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(length))

    def draw(self) -> float:
        """A random float."""
        return self._random.random()


class CountedIds:
    """Predictable ids for tests: 1, 2, 3 in each form."""

    def __init__(self) -> None:
        self._next = count(1)

    def uuid(self) -> str:
        """The next number in UUID form."""
        return str(uuid.UUID(int=next(self._next)))

    def token(self, length: int) -> str:
        """The next number, padded with zeros."""
        return str(next(self._next)).rjust(length, "0")

    def draw(self) -> float:
        """Always the middle."""
        return 0.5
