"""Primary keys as they come from outside: in the query of an address, or in a form."""

import re

# Whatever has eighteen digits fits into a bigint.
A_KEY = r"\d{1,18}"


def key_in(text: str) -> int | None:
    """The key that ``text`` is, None for everything else: letters, other digits than 0 to 9, numbers without end."""
    return int(text) if re.fullmatch(A_KEY, text, re.ASCII) else None
