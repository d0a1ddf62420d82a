"""Visitors of a site by HTTP: one after the other, or so many a second."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local

HEADERS = {"Accept-Encoding": "gzip", "Accept-Language": "de"}
THREADS = 16


@dataclass
class Visit:
    """How an address answered, after how many seconds; in a crowd these begin when the visit was due."""

    status: int
    took: float


class Visitors:
    """``headers`` go with every visit: the cookie of somebody who has logged in."""

    def __init__(self, port: int, **headers: str):
        self.port, self.headers = port, HEADERS | headers
        self.own = local()

    def one_by_one(self, addresses) -> list[Visit]:
        return [self.visit(address, time.perf_counter()) for address in addresses]

    def in_a_crowd(self, addresses, a_second: float) -> list[Visit]:
        """Each visit begins when it is due, however long the others take; a queue counts as waiting."""
        start = time.perf_counter()
        due = [(address, start + number / a_second) for number, address in enumerate(addresses)]
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(lambda one: self.visit(*one), due))

    def visit(self, address: str, due: float) -> Visit:
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            status = self.answer(address)
        except (OSError, http.client.HTTPException):
            status, self.own.connection = 0, None
        return Visit(status, time.perf_counter() - due)

    def answer(self, address: str) -> int:
        connection = getattr(self.own, "connection", None)
        if connection is None:
            connection = self.own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", address, headers=self.headers)
        response = connection.getresponse()
        response.read()
        return response.status
