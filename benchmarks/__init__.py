"""What is measured, each by one command of the Makefile. No part of the house, and never part of its tests.

Every module here is run as a command, or imported by one, so the house is ready before any of them begins.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
django.setup()
