"""The settings of the tests: those of the house, with a broker and a cache of its own for each parallel worker.

Django gives every worker a database of its own. Redis knows numbers: the worker gw0 gets number 1, gw1 gets 2, and a
run without workers keeps number 0.
"""

import os


def with_own_number(redis_url: str, worker: str) -> str:
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    if redis_url.startswith("unix:"):
        return f"{redis_url.partition('?')[0]}?db={number}"
    address, host = redis_url.split("://", 1)
    return f"{address}://{host.split('/', 1)[0]}/{number}"


os.environ["REDIS_URL"] = with_own_number(os.environ["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", ""))

from engagement.settings import *  # noqa: E402, F403 (the number must be there before they are read)
