"""The whole house with invented people, on this machine only: ``make demo``."""
