"""Message tables: what a mode does with a short message, row by row, the first that applies counts.

The rows that all modes share come in the order of `spec/codes.md` 9 and of the switches in
`spec/rules.md` 5; that order itself is not published. Who may call whom through a binding
(`callDirection`) says nothing of messages.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from maskline.domain.application import Application, ApplicationState, Mode
from maskline.domain.binding import AxbBinding, AxBinding, Role
from maskline.domain.message import SendResult, Standing
from maskline.domain.message_text import (
    has_any,
    read_number_suffix,
    read_tag_suffix,
    show_sender,
)
from maskline.domain.number import is_mobile
from maskline.domain.outcome_table import (
    Situation,
    always,
    is_tenant_frozen,
    is_unbound,
    is_unregistered,
)
from maskline.domain.plan import AskCustomer
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Send `text` to `receiver`. With `shows_tag` a reply tag of the sender is put behind it."""

    receiver: str = field(repr=False)
    text: str = field(repr=False)
    shows_tag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Let nobody have it."""

    result: SendResult


MessagePlan = Forward | Reject | AskCustomer


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSituation(Situation):
    """All that a message table looks at; the caller is who sent `text`.

    `standing` is of the sender, and of the receiver of `addressed`: who gets it and what, as far
    as binding and text say it, None where they don't. `is_within_rates` counts the message; it is
    asked once, when nothing before it is against the message. `is_spent` says that the limit of the
    day of its tenant or application is reached. `platform_words` are forbidden everywhere.
    """

    text: str = field(repr=False)
    standing: Standing
    addressed: Forward | None
    is_within_rates: Callable[[], bool]
    is_spent: bool = False
    platform_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row: its situation in words and as a test, and what follows."""

    name: str
    applies: Callable[[MessageSituation], bool]
    outcome: Callable[[MessageSituation], MessagePlan]


MessageTable = tuple[MessageRow, ...]


def decide_message(situation: MessageSituation) -> MessagePlan:
    """The outcome of the first row that applies in the table of the application's mode."""
    for row in MESSAGE_TABLES[situation.application.mode]:
        if row.applies(situation):
            return row.outcome(situation)
    raise LookupError("a message table without a last row")


def reply_tag_of(application: Application, found: RouteFound, text: str) -> int | None:
    """The reply tag by which A says who gets a message; None where A does not."""
    if not (application.messages.reply_tags and found.role is Role.A):
        return None
    read = read_tag_suffix(text) if isinstance(found.binding, AxBinding) else None
    return None if read is None else read[0]


def address(
    application: Application, found: RouteFound, sender: str, text: str, tagged: str | None
) -> Forward | None:
    """Who gets a message, and what, as far as binding and text say it; None where they don't.

    `tagged` is whom the reply tag of the text stands for.
    """
    binding = found.binding
    if isinstance(binding, AxbBinding) and found.role is not None:
        return Forward(receiver=binding.other_party(found.role), text=text)
    if not isinstance(binding, AxBinding):
        return None
    if found.role is not Role.A:
        if application.messages.reply_tags:
            return Forward(receiver=binding.a, text=text, shows_tag=True)
        return Forward(receiver=binding.a, text=show_sender(text, sender))
    by_tag = read_tag_suffix(text) if tagged is not None else None
    if tagged is not None and by_tag is not None:
        return Forward(receiver=tagged, text=by_tag[1])
    by_number = read_number_suffix(text)
    if by_number is None or by_number[0] in {binding.a, binding.x}:
        return None
    return Forward(receiver=by_number[0], text=by_number[1])


def reject(result: SendResult) -> Callable[[MessageSituation], Reject]:
    """An outcome: nobody gets it."""

    def outcome(_: MessageSituation) -> Reject:
        return Reject(result=result)

    return outcome


def _is_suspended(situation: MessageSituation) -> bool:
    return situation.application.state is not ApplicationState.NORMAL


def _has_no_messages(situation: MessageSituation) -> bool:
    return not (situation.application.may_message and situation.tenant.may_message)


def _is_in_state(*states: NumberState) -> Callable[[MessageSituation], bool]:
    def applies(situation: MessageSituation) -> bool:
        number = situation.route.number
        return number is not None and number.state in states

    return applies


def _number_has_no_messages(situation: MessageSituation) -> bool:
    number = situation.route.number
    return number is not None and not number.may_message


def _is_sender_not_mobile(situation: MessageSituation) -> bool:
    return not is_mobile(situation.caller)


def _is_sender_blocked(situation: MessageSituation) -> bool:
    return situation.standing.is_blocked


def _is_switched_off(situation: MessageSituation) -> bool:
    binding = situation.binding
    return isinstance(binding, AxBinding) and binding.is_on is False


def _binding_has_no_messages(situation: MessageSituation) -> bool:
    binding = situation.binding
    return isinstance(binding, AxBinding | AxbBinding) and binding.may_message is False


def _is_too_fast(situation: MessageSituation) -> bool:
    return not situation.is_within_rates()


def _is_quota_used_up(situation: MessageSituation) -> bool:
    quota = situation.application.messages.parts_per_day
    return 0 < quota <= situation.standing.today


def _is_spent(situation: MessageSituation) -> bool:
    return situation.is_spent


def _is_receiver_out_of_reach(situation: MessageSituation) -> bool:
    if situation.addressed is None:
        return False
    owners = (situation.tenant, situation.application)
    return not all(one.limits.may_reach(situation.addressed.receiver) for one in owners)


def _lacks_a_required_word(situation: MessageSituation) -> bool:
    words = situation.application.messages.required_words
    return bool(words) and not has_any(situation.text, words)


def _has_a_forbidden_word(situation: MessageSituation) -> bool:
    own = situation.application.messages.forbidden_words
    return has_any(situation.text, own) or has_any(situation.text, situation.platform_words)


def _has_no_receiver(situation: MessageSituation) -> bool:
    return situation.addressed is None


def _is_nobody_to_ask(situation: MessageSituation) -> bool:
    return _has_no_receiver(situation) and not situation.application.sms_control_url


def _is_receiver_not_mobile(situation: MessageSituation) -> bool:
    return situation.addressed is not None and not is_mobile(situation.addressed.receiver)


def _is_between_ours(situation: MessageSituation) -> bool:
    """Bindings whose parties are virtual numbers again could pass a message round for ever.

    A message may come from such a number, or go to one, but each round has a step that is both.
    """
    return situation.standing.is_between_ours


def _has_receiver_opted_out(situation: MessageSituation) -> bool:
    return situation.standing.has_opted_out


def _ask(_: MessageSituation) -> AskCustomer:
    return AskCustomer()


def _forward(situation: MessageSituation) -> MessagePlan:
    return situation.addressed or Reject(result=SendResult.INTERNAL)


_UNSUPPORTED = (
    MessageRow("the mode has no messages", always, reject(SendResult.NO_MESSAGE_ABILITY)),
)

_SWITCHES = (
    MessageRow("the tenant is frozen", is_tenant_frozen, reject(SendResult.ACCOUNT_FROZEN)),
    MessageRow("the application is suspended", _is_suspended, reject(SendResult.NOT_COMMERCIAL)),
    MessageRow(
        "tenant or application has no messages",
        _has_no_messages,
        reject(SendResult.NO_MESSAGE_ABILITY),
    ),
    MessageRow(
        "X does not serve",
        _is_in_state(
            NumberState.PAUSED,
            NumberState.UNAVAILABLE,
            NumberState.IN_TRANSFER,
            NumberState.AWAITING_REAL_NAME,
            NumberState.RETURNED,
        ),
        reject(SendResult.NUMBER_SUSPENDED),
    ),
    MessageRow(
        "X is blacklisted", _is_in_state(NumberState.BLACKLISTED), reject(SendResult.BLOCKED)
    ),
    MessageRow("X has no messages", _number_has_no_messages, reject(SendResult.NO_MESSAGE_ABILITY)),
    MessageRow("the sender is not mobile", _is_sender_not_mobile, reject(SendResult.BLOCKED)),
    MessageRow("the sender is blocked", _is_sender_blocked, reject(SendResult.BLOCKED)),
)

_BINDING = (
    MessageRow("there is no binding", is_unbound, reject(SendResult.NO_BINDING)),
    MessageRow("the binding is switched off", _is_switched_off, reject(SendResult.NO_BINDING)),
    MessageRow(
        "the binding has no messages",
        _binding_has_no_messages,
        reject(SendResult.NO_MESSAGE_ABILITY),
    ),
    MessageRow("A is not registered", is_unregistered, reject(SendResult.BLOCKED)),
)

_CONTROLS = (
    MessageRow("messages come too fast", _is_too_fast, reject(SendResult.BLOCKED)),
    MessageRow("the quota of the day is used up", _is_quota_used_up, reject(SendResult.BLOCKED)),
    MessageRow("the limit of the day is spent", _is_spent, reject(SendResult.ACCOUNT_FROZEN)),
    MessageRow(
        "a required word is missing",
        _lacks_a_required_word,
        reject(SendResult.REQUIRED_WORD_MISSING),
    ),
    MessageRow("it has a forbidden word", _has_a_forbidden_word, reject(SendResult.FORBIDDEN_WORD)),
)

_QUESTION = (
    MessageRow("there is nobody to ask", _is_nobody_to_ask, reject(SendResult.NO_DECISION)),
    MessageRow("the customer decides", _has_no_receiver, _ask),
)

_FORWARDING = (
    MessageRow("the receiver is not mobile", _is_receiver_not_mobile, reject(SendResult.BLOCKED)),
    MessageRow(
        "the receiver is out of reach", _is_receiver_out_of_reach, reject(SendResult.BLOCKED)
    ),
    MessageRow("it goes from X to X", _is_between_ours, reject(SendResult.BLOCKED)),
    MessageRow("the receiver has opted out", _has_receiver_opted_out, reject(SendResult.BLOCKED)),
    MessageRow("it is known who gets it", always, _forward),
)

MESSAGE_TABLES: dict[Mode, MessageTable] = {
    Mode.AX: _SWITCHES + _BINDING + _CONTROLS + _QUESTION + _FORWARDING,
    Mode.AXB: _SWITCHES + _BINDING + _CONTROLS + _FORWARDING,
    Mode.X: _SWITCHES + _CONTROLS + _QUESTION,
    Mode.AXE: _UNSUPPORTED,
    Mode.AXYB: _UNSUPPORTED,
}
"""The message table of each mode."""
