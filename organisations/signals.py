from django.dispatch import Signal

# Both are sent when the row and all its many-to-many rows are stored, inside the same transaction.
# Arguments: organisation; by, the account that saved it, or None.
organisation_saved = Signal()
# Arguments: opportunity; by, the account that saved it, or None.
opportunity_saved = Signal()
# Many at once, out of a file. Arguments: opportunities, rows that are shown to the public or were until now; by.
opportunities_saved = Signal()
