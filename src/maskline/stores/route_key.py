"""What stands in place of a caller's hash in routes that no real number leads to.

Shorter than any hash, and unsealed: neither says anything of a person.
"""

EVERY_CALLER = b"*"
"""Takes every caller who has no route of his own on the number (AX, AXYB)."""


def extension_key(extension: str) -> bytes:
    """Leads from an extension of AXE to its binding."""
    return b"#" + extension.encode()
