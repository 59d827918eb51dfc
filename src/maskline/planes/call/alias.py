"""Tokens in place of the numbers and hosts of one call, so that its messages can be kept and shown.

`{A}` calls, `{B}` is called, `{C}` and later ones are others; `{us}` is an address of ours,
`{host-1}` and later ones are other people's. The same thing has the same token in all messages of
a call. Virtual numbers stay.
"""

import re
from urllib.parse import unquote

OTHERS = ("C", "D", "E", "F", "G", "H")
"""Tokens of numbers that are neither the caller's nor the callee's; further ones are `{+}`."""

MAX_HOSTS = 20
"""Hosts told apart in one call; further ones are `{host}`."""

HIDDEN = "…"
"""Stands for what nobody needs to see."""

_NOBODY = frozenset({"anonymous", "unknown", "restricted", "unavailable", "ping"})
_NO_HOSTS = frozenset({"anonymous.invalid", "localhost"})
_SEPARATORS = str.maketrans("", "", "-.() ")
_DIALLED = re.compile(r"\+?[0-9*#]{1,64}")
_RUN = re.compile(r"[0-9](?:[-._ ]?[0-9]){6,}")
"""So many digits may be a number, also with separators; times and counters are shorter."""
_ADDRESS = re.compile(
    r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])|\[?(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}\]?"
)
_DIGIT = re.compile(r"[0-9]")
LONG_CORE = 7
"""From so many digits on a number is found at the end of what was dialled, whatever is before."""

SHORT_CORE = 4
"""With fewer digits there are only emergency services, which are nobody's."""


class Aliases:
    """The tokens of one call. Numbers are given in global form, or as they came."""

    def __init__(
        self, *, caller: str = "", callee: str = "", virtual: tuple[str, ...] = ()
    ) -> None:
        """`virtual` are numbers of ours that the call was made to, or is shown from."""
        self._known: list[tuple[str, str]] = []
        for number, token in ((caller, "{A}"), (callee, "{B}")):
            if core := _core(number):
                self._known.append((core, token))
        real = {core for core, _ in self._known}
        for number in virtual:
            if (core := _core(number)) and core not in real:
                self._known.append((core, core))
        self._others: dict[str, str] = {}
        self._hosts: dict[str, str] = {}

    def is_ours(self, host: str) -> None:
        """Say that a host is one of ours."""
        self._hosts.setdefault(_host_key(host), "{us}")

    def host(self, host: str) -> str:
        """The token of a host."""
        key = _host_key(host)
        if not key or key in _NO_HOSTS:
            return host
        known = self._hosts.get(key)
        if known is None:
            if len(self._hosts) >= MAX_HOSTS:
                return "{host}"
            others = sum(shown != "{us}" for shown in self._hosts.values())
            known = self._hosts[key] = f"{{host-{others + 1}}}"
        return known

    def user(self, text: str) -> str:
        """The user of an address, which is a number, a known word or nobody's business."""
        plain = unquote(text).partition(";")[0]
        if plain.lower() in _NOBODY:
            return plain
        dialled = plain.translate(_SEPARATORS)
        return self._number(dialled) if _DIALLED.fullmatch(dialled) else "{user}"

    def text(self, text: str) -> str:
        """Words of a message without addresses, known numbers and all that may be a number."""
        if not _DIGIT.search(text):
            return text
        for core, token in self._known:
            if token != core and len(core) >= SHORT_CORE and core in text:
                text = text.replace(core, token)
        if ":" in text or "." in text:
            text = _ADDRESS.sub(lambda found: self._address(found[0]), text)
        return _RUN.sub(HIDDEN, text)

    def fact(self, value: str) -> str:
        """A value of ours: a number as its token, anything else as it is."""
        return self._number(value) if _DIALLED.fullmatch(value) and len(value) > 4 else value

    def _address(self, found: str) -> str:
        # A time of day looks like an address, too.
        return self.host(found) if "." in found or found.count(":") > 2 or "[" in found else found

    def _number(self, dialled: str) -> str:
        """What was dialled, the number in it as a token; a prefix before it is left to be seen."""
        for core, token in self._known:
            if dialled.endswith(core) and (
                len(core) >= LONG_CORE or dialled.strip("+") in {core, f"86{core}", f"0{core}"}
            ):
                return dialled.removesuffix(core) + token
        key = _core(dialled) or dialled
        known = self._others.get(key)
        if known is None:
            free = len(self._others)
            known = f"{{{OTHERS[free]}}}" if free < len(OTHERS) else "{+}"
            if free < len(OTHERS):
                self._others[key] = known
        return known


def _core(number: str) -> str:
    """The digits that every way of writing a number ends with."""
    digits = "".join(_DIGIT.findall(number))
    for prefix in ("0086", "86", "00", "0"):
        if len(digits) > LONG_CORE + len(prefix) and digits.startswith(prefix):
            return digits.removeprefix(prefix)
    return digits


def _host_key(host: str) -> str:
    return host.strip("[]").lower()
