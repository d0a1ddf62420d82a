"""Photograph the running demo for README.md: ``make demo`` in one terminal, ``make screenshots`` in another."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from matching.demo import PASSWORD

SITE = os.environ.get("SITE_URL", "http://localhost:8000")
TARGET = Path(__file__).parent / "screenshots"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# File name, address, size of the window, who looks, colour scheme.
PICTURES = [
    ("browse", "/de/?place=Köln-Vingst", DESKTOP, None, "light"),
    ("browse-dark", "/de/", PHONE, None, "dark"),
    ("browse-simple", "/de-simple/", PHONE, None, "light"),
    ("browse-arabic", "/ar/", PHONE, None, "light"),
    ("opportunity", "/de/?place=Köln-Vingst", DESKTOP, None, "light"),
    ("opportunity-simple", "/de-simple/?place=Köln-Vingst", PHONE, None, "light"),
    ("opportunity-arabic", "/ar/?place=Köln-Vingst", PHONE, None, "light"),
    ("finder-simple", "/de-simple/find/?place=Köln-Vingst&step=2", PHONE, None, "light"),
    ("ideas", "/de/find/?place=Köln-Vingst&german=3&language=ar&step=5", DESKTOP, None, "light"),
    ("ideas-arabic", "/ar/find/?place=Köln-Vingst&german=3&language=ar&step=5", PHONE, None, "light"),
    ("my-page", "/de/me/", PHONE, "samira@example.org", "light"),
    ("review", "/de/admin/matching/suggestion/", DESKTOP, "yildiz@example.org", "light"),
]
# For some pictures the first link of this kind is followed.
FOLLOWED = {"opportunity": "article h3 a", "review": "a[href*='/suggestion/opportunity/']"}


def log_in(page, email):
    page.goto(f"{SITE}/de/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)


def photograph(browser, name, address, size, email, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="de")
    page = context.new_page()
    if email:
        log_in(page, email)
    page.goto(SITE + address)
    if link := FOLLOWED.get(name.split("-")[0]):
        page.locator(link).first.click()
    page.screenshot(path=TARGET / f"{name}.png", clip={"x": 0, "y": 0, **size}, full_page=True)
    context.close()


def main():
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            photograph(browser, *picture)


if __name__ == "__main__":
    main()
