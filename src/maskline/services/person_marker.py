"""What stands in place of a number that was erased."""

ERASED = "erased"
"""In records that stay for billing."""


def erased_party(party: str, number: str) -> str:
    """The party, or the marker if it is the number."""
    return ERASED if party == number else party


def erased_text(text: str | None, number: str) -> str | None:
    """The text with the marker wherever the number stands, in global or national form."""
    national = number.removeprefix("+86")
    if text is None or national not in text:
        return text
    return text.replace(number, ERASED).replace(national, ERASED)
