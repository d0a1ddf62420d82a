from django.dispatch import Signal

# Sent when a profile and all its rows are stored, inside the same transaction.
# Arguments: volunteer; by, the account that saved it, or None.
volunteer_saved = Signal()
