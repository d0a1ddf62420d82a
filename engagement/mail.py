"""The post room: one durable outbox for every mail."""

from .models import Mail


def post(*, key: str, to: str, language: str, template: str, context: dict) -> Mail | None:
    """Write one mail into the outbox, in the running transaction; the worker delivers it after the commit.

    ``template`` names three files below ``templates/``: ``<template>_subject.txt``, ``<template>_message.txt`` and
    ``<template>_message.html``, rendered in ``language``. A key that was used before writes nothing and returns None.
    """
    raise NotImplementedError
