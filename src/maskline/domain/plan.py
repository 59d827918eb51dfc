"""What to do with a call: the outcomes that the rules of a mode choose from."""

from dataclasses import dataclass, field

from maskline.domain.binding import STAYS_OPEN, CloseRule, Role, VoiceOptions
from maskline.domain.release import ReleaseCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Forward the call to `callee`, who sees `shown`; `waiting_tone` is heard until the answer.

    `binding_id` is the one customers know, None in mode X. With `is_exclusive` X carries no other
    call meanwhile. `remembers_caller_s` says for how long A can call this caller back, 0 for as
    long as the binding lives, None not at all; `extension` is what the caller keyed in. `rule`
    names the row of the outcome table that decided, empty where none did.
    """

    callee: str = field(repr=False)
    shown: str
    binding_id: str | None
    role: Role
    voice: VoiceOptions
    waiting_tone: str | None = None
    user_data: str | None = field(default=None, repr=False)
    is_exclusive: bool = False
    remembers_caller_s: int | None = None
    extension: str | None = None
    close: CloseRule = STAYS_OPEN
    rule: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """End the call, after `prompt` where one is set.

    `binding_id` and the two fields after it are known when a binding was found; `rule` is as in
    `Connect`.
    """

    release: ReleaseCode
    prompt: str | None = None
    binding_id: str | None = None
    role: Role | None = None
    user_data: str | None = field(default=None, repr=False)
    rule: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectExtension:
    """Ask the caller for an extension of `digits` digits, and once more up to `repeats` times.

    `prompt` asks; `wrong_prompt` takes its place after a wrong extension. `wrong_end` and
    `none_end` are heard before the end of a call whose last try was wrong, or empty
    (`spec/axe.md` 9).
    """

    digits: int
    repeats: int
    prompt: str | None = None
    wrong_prompt: str | None = None
    wrong_end: str | None = None
    none_end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllotY:
    """Give the caller a Y in this relation first, then decide anew (`spec/axyb.md` 6.1)."""

    relation_id: str
    user_data: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCustomer:
    """Let the customer's server say what to do (`spec/x.md` 2)."""


Plan = Connect | Refuse | CollectExtension | AllotY | AskCustomer
