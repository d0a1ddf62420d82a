"""What every page owes its reader, seen by a real browser."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def check_page(page, url, status=200):
    """Open ``url``; its console stays empty, nothing is wider than a small phone, and axe finds nothing."""
    messages = []
    listeners = {
        "console": lambda message: messages.append(message.text),
        "pageerror": lambda error: messages.append(str(error)),
        "requestfailed": lambda request: messages.append(f"failed: {request.url}"),
        "request": lambda request: messages.append(request.url) if is_foreign(request.url, url) else None,
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.goto(url).status == status
    assert [text for text in messages if not is_remark(text, status)] == []
    check_width(page)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    check_axe(page)


def is_remark(text, status):
    """What Chromium says of its own accord: that the answer was a 404, or advice about forms."""
    return f"status of {status} " in text or text.startswith("[DOM] ")


def is_foreign(address, own):
    """Whether a page asks somebody else for something: nothing may."""
    return urlsplit(address).netloc not in {urlsplit(own).netloc, ""}


def check_width(page, width=320):
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide_elements(page, width)
    page.set_viewport_size(before)


def wide_elements(page, width):
    """The elements that stick out, so that a red test names the culprit."""
    return page.evaluate(
        """width => [...document.querySelectorAll("body *")].filter(e => {
             const box = e.getBoundingClientRect(); return box.right > width + 1 || box.left < -1;
           }).map(e => e.outerHTML.slice(0, 120))""",
        width,
    )


def check_axe(page):
    """axe needs scripts, which a page without JavaScript has not: those are read by the other checks."""
    violations = Axe().run(page, options=AXE).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []
