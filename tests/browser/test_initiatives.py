"""The pages of initiatives in a real browser, with the shipped data."""

import pytest

from tests.browser.acts import troubles

PAGES = {
    "front page": "/",
    "list": "/initiatives/",
    "list in Russian": "/ru/initiatives/",
    "list with a mistake, looking back": "/initiatives/?status=nonsense&as_of=2024-01-01",
    "empty list": "/initiatives/?q=unicorn",
    "initiative": "/initiatives/ptpo/",
    "initiative with conflicts, in Kazakh": "/kk/initiatives/tif/",
    "national initiative": "/initiatives/kg-technohub/",
    "not found": "/initiatives/nowhere/",
    "unreadable question": "/initiatives/?q=%00",
}
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@every_page
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_page_is_for_everybody(site, page, address, width, scheme):
    assert not troubles(page, site.url + address, width=width, scheme=scheme, practice=True)


def test_the_first_stop_of_the_tab_key_skips_to_the_content(site, page):
    page.goto(site.url + "/initiatives/")
    page.keyboard.press("Tab")

    assert page.locator(".skip-link").evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_whatever_has_the_focus_shows_it(site, page):
    page.goto(site.url + "/initiatives/ptpo/")
    for _stop in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2


def test_filters_work_by_keyboard_alone(site, page):
    page.goto(site.url + "/initiatives/")
    page.locator("details.filters > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Under discussion").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url("**status=under_discussion**")
    assert set(page.locator(".record .status").all_inner_texts()) == {"Under discussion"}


def test_the_page_is_the_same_page_in_another_language_without_a_script(site, page):
    page.goto(site.url + "/initiatives/?q=patent")
    page.locator(".language-switch summary").click()
    page.locator(".language-switch").get_by_role("link", name="Қазақша").click()

    assert page.url == site.url + "/kk/initiatives/?q=patent"
    assert page.locator("html").get_attribute("lang") == "kk"


def test_an_entry_of_a_history_can_be_linked_to(site, page):
    page.goto(site.url + "/initiatives/ptpo/")
    link = page.locator(".event .anchor").last
    link.click()

    assert page.locator(".event:target").count() == 1


def test_on_paper_there_are_sources_and_no_menus(site, page):
    page.goto(site.url + "/initiatives/ptpo/")
    page.emulate_media(media="print")

    assert not page.locator(".site-nav").is_visible()
    assert page.locator(".citation").first.is_visible()
