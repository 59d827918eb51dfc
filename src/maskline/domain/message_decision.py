"""What a customer's server says to do with a message, and what follows (`spec/common.md` 5.3)."""

from dataclasses import dataclass, field

from maskline.domain.message import Message, SendResult
from maskline.domain.message_table import Forward, Reject
from maskline.domain.number import is_mobile


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTo:
    """Forward the message to `called`, None for whom A reaches through X without being asked.

    `calling` repeats who sent it, None where it was left out.
    """

    called: str | None = field(default=None, repr=False)
    calling: str | None = field(default=None, repr=False)
    user_data: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discard:
    """Let nobody have it."""

    user_data: str | None = field(default=None, repr=False)


MessageDecision = RouteTo | Discard


def follow_decision(
    decision: MessageDecision, message: Message, *, onward: str | None
) -> Forward | Reject:
    """What becomes of a message; whether the receiver has opted out is not looked at.

    `onward` is whom the sender reaches through X, None for nobody. Who gets it has to be another
    than X and the sender, and `calling` the sender: else there was no decision.
    """
    if isinstance(decision, Discard):
        return Reject(result=SendResult.DISCARDED_AS_TOLD)
    receiver = decision.called or onward
    names_another_sender = decision.calling not in {None, message.sender}
    if receiver is None or names_another_sender or receiver in {message.x, message.sender}:
        return Reject(result=SendResult.NO_DECISION)
    if not is_mobile(receiver):
        return Reject(result=SendResult.BLOCKED)
    return Forward(receiver=receiver, text=message.text)
