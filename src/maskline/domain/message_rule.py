"""What an application lets its short messages be."""

from dataclasses import dataclass

MESSAGE_RETENTION_DAYS = 180
"""How long the records of messages are kept where nobody says otherwise, as those of calls."""

TEXT_RETENTION_DAYS = 7
"""How long their texts are: they are nobody's business but the two parties'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRules:
    """Rules of one application; 0 is no limit, an empty tuple no rule.

    `shows_text`: notifications have the text (`smsContent`). `reply_tags`: A sees a tag in place
    of the number of who wrote, and answers by it (`docs/messages.md`); AX only. Words are looked
    for as they stand, in any case and width of letters (NFKC): one of `required_words` has to be
    there, none of `forbidden_words` may. Who sends nothing but one of `opt_out_words` gets no more
    messages.
    `per_sender_min` and `per_number_min` bound messages a minute of one sender and to one X,
    `per_s` those of the application, `parts_per_day` its outgoing parts in a day (UTC).
    """

    shows_text: bool = False
    reply_tags: bool = False
    required_words: tuple[str, ...] = ()
    forbidden_words: tuple[str, ...] = ()
    opt_out_words: tuple[str, ...] = ()
    per_sender_min: int = 0
    per_number_min: int = 0
    per_s: int = 0
    parts_per_day: int = 0


NO_RULES = MessageRules()
