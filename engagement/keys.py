"""Primary keys on their way out and back: in the query of an address, or in a form."""

import re

# Whatever has eighteen digits fits into a bigint.
A_KEY = r"\d{1,18}"


def key_in(text: str) -> int | None:
    """The key that ``text`` is, None for everything else: letters, other digits than 0 to 9, numbers without end."""
    return int(text) if re.fullmatch(A_KEY, text, re.ASCII) else None


def key_of(row) -> str:
    """The key of a row with the kind of row it is, such as "volunteer-17", where there are several to choose from."""
    return f"{row._meta.model_name}-{row.pk}"
