"""Somebody with a keyboard and no mouse: every way leads by Tab, and whatever has the focus can be seen."""

import re

MOST_TABS = 400
# What has the focus, or its box or label around it, is drawn with an outline and stands within the window.
SEEN = """
    () => {
        const now = document.activeElement, box = now.getBoundingClientRect();
        const style = e => getComputedStyle(e);
        const outlined = e => e && style(e).outlineStyle !== "none" && parseFloat(style(e).outlineWidth) >= 2;
        const isInside = box.bottom > 0 && box.top < innerHeight && box.width * box.height > 0;
        return (outlined(now) || outlined(now.closest("label"))) && isInside ? "" : now.outerHTML.slice(0, 120);
    }
"""


class Keys:
    def __init__(self, page):
        self.page = page

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)

    def to(self, target) -> None:
        """Tab to ``target``; on the way no focus is ever invisible."""
        target.wait_for()
        for _ in range(MOST_TABS):
            self.press("Tab")
            if self.page.evaluate("document.activeElement !== document.body"):
                assert self.page.evaluate(SEEN) == ""
            if target.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"No Tab leads to {target}.")

    def enter(self, target) -> None:
        self.to(target)
        self.press("Enter")

    def tick(self, target) -> None:
        self.to(target)
        self.press("Space")
        assert target.is_checked()

    def write(self, target, text: str) -> None:
        self.to(target)
        self.page.keyboard.type(text)

    def choose(self, target, text: str) -> None:
        """Within a list the arrows lead from one choice to the next."""
        self.to(target)
        for _ in range(target.locator("option").count()):
            if text in target.locator("option:checked").inner_text():
                return
            self.press("ArrowDown")
        raise AssertionError(f"There is no {text} to choose.")

    # --- By what people read ------------------------------------------------------------------------------------------
    def link(self, name):
        return self.page.get_by_role("link", name=name).first

    def button(self, name):
        return self.page.get_by_role("button", name=name).first

    def field(self, label):
        return self.page.get_by_label(label).first

    def heading(self, text):
        self.page.get_by_role("heading", name=re.compile(text)).first.wait_for()
