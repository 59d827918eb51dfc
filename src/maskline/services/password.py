"""Passwords as they are kept: argon2id (RFC 9106), worked out in a thread."""

import asyncio
import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from maskline.domain.error import BusyError

Result = TypeVar("Result")
SALT_BYTES, HASH_BYTES = 16, 32
AT_ONCE = 2
"""Passwords worked out at the same time: each takes memory and a core."""

MAX_WAITING = 64
"""Others that may wait for that; more are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCost:
    """What one guess costs: the least that OWASP's cheat sheet on password storage recommends."""

    memory_kib: int = 19_456
    passes: int = 2


class Passwords:
    """Makes and checks hashes in PHC form. Both raise BusyError when too many wait."""

    def __init__(self, cost: PasswordCost | None = None) -> None:
        self._cost = cost or PasswordCost()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._of_nobody = self._never_matching()

    async def hash(self, password: str) -> str:
        """The hash of a new password."""
        return await self._work(self._hash, password)

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password; with None it is not, which takes as long to find out."""
        matches = await self._work(_verify, password, hashed or self._of_nobody)
        return matches and hashed is not None

    async def _work(self, work: Callable[..., Result], *arguments: str) -> Result:
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many passwords are being worked out")
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1

    def _hash(self, password: str) -> str:
        cost = self._cost
        made = Argon2id(
            salt=os.urandom(SALT_BYTES),
            length=HASH_BYTES,
            iterations=cost.passes,
            lanes=1,
            memory_cost=cost.memory_kib,
        )
        return made.derive_phc_encoded(_octets(password))

    def _never_matching(self) -> str:
        salt, digest = (
            base64.b64encode(os.urandom(size)).decode().rstrip("=")
            for size in (SALT_BYTES, HASH_BYTES)
        )
        cost = self._cost
        return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p=1${salt}${digest}"


def _verify(password: str, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_octets(password), hashed)
    except InvalidKey:
        return False
    return True


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
