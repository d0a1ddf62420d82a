"""Opportunities out of the files of other systems, and of spreadsheets, and back into them.

A file becomes records (``freinet.py``, ``tables.py``), a record becomes an offer in our words (``offers.py`` for the
systems of others, ``columns.py`` for our own table), an offer is compared with what is stored (``comparing.py``), and
what staff chose of it is stored (``storing.py``).
"""
