"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil

import pytest

# A red page says what is wrong with it.
pytest.register_assert_rewrite("tests.browser.pages")

# Playwright runs its own event loop in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is missing: install the package 'chromium', then run make test again.")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}
