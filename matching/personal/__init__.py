"""What the house keeps about a person: declared field by field, handed out on request, and erased."""
