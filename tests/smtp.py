"""A real SMTP listener for the tests: it keeps what it takes, and answers as it is told."""

import asyncio
import socket
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

HANG_UP = object()
KEEP_WAITING = object()


class Listener:
    def __init__(self):
        self.mails = []
        # What becomes of mails to an address that are not simply taken: an answer, HANG_UP or KEEP_WAITING.
        self.answers = {}

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 (the signature that aiosmtpd calls)
        answer = self.answers.get(envelope.rcpt_tos[0])
        if answer is HANG_UP:
            server.transport.abort()
            return "421 Gone"
        if isinstance(answer, str):
            return answer
        self.mails.append(message_from_bytes(envelope.original_content, policy=policy.default))
        if answer is KEEP_WAITING:
            await asyncio.sleep(60)
        return "250 Taken"

    def to(self, address):
        return [mail for mail in self.mails if mail["To"] == address]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start():
    """A listener and the thread it runs in; the caller stops that."""
    listener = Listener()
    controller = Controller(listener, hostname="127.0.0.1", port=free_port(), data_size_limit=None)
    controller.start()
    return listener, controller
