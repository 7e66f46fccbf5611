"""What a visitor does on a page, and what nobody should stumble over there."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def stumbles(page, *, practice=False) -> list[tuple[str, str]]:
    """What a screen reader or a finger would stumble over: rule and first place; with `practice`, good practice counts too."""
    rules = {"runOnly": [*WCAG, "best-practice"] if practice else WCAG}
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page, options=rules).response["violations"]]


def sign_in(page, site, username, password) -> None:
    page.goto(f"{site.url}/admin/")
    page.fill("#id_username", username)
    page.fill("#id_password", password)
    page.click("input[type=submit]")
    page.locator("#user-tools").wait_for()


def choose(page, name, words) -> None:
    """Pick the first record that the autocomplete of a field offers for the words."""
    page.locator(f"select[name='{name}'] + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(f".select2-results__option:has-text('{words}')").first.click()


def sees(page, words) -> None:
    page.get_by_text(words).first.wait_for()


def troubles(page, address, *, width, scheme, practice=False) -> list:
    """Everything wrong with a page as it stands at this width: what `stumbles` finds, what runs past the edge, what its policy forbids."""
    heard: list = []
    page.on("console", lambda message: heard.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: heard.append(error.stack))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")
    found = [*heard, *stumbles(page, practice=practice)]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{wide} pixels wide")
    return found
