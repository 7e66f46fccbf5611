"""The pages of meetings, documents, parties, themes, sources and explanations in a real browser, with the shipped data."""

import pytest

from tests.browser.acts import troubles

PAGES = {
    "meetings": "/meetings/",
    "meetings in Turkish, with a mistake": "/tr/meetings/?since=2025-13&state=held",
    "no meetings": "/meetings/?q=unicorn",
    "meeting": "/meetings/isti-2/",
    "meeting ahead, in Kazakh": "/kk/meetings/isti-3/",
    "meeting nobody reported": "/meetings/customs-7/",
    "meeting without a source": "/meetings/ots-summit-13/",
    "series with gaps": "/series/economy/",
    "document with provisions": "/documents/isti-2-declaration/",
    "document with a namesake, in Hungarian": "/hu/documents/gabala-declaration-2025/",
    "parties": "/parties/",
    "party": "/parties/kz/",
    "body, in Azerbaijani": "/az/parties/ots/",
    "themes": "/themes/",
    "theme, in Uzbek": "/uz/themes/digital/",
    "source": "/sources/report_251024/",
    "source without an address, in Russian": "/ru/sources/trend_ru_251024/",
    "changes": "/changes/",
    "about": "/about/",
    "statuses, in Kyrgyz": "/ky/about/statuses/",
}
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@every_page
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_page_is_for_everybody(site, page, address, width, scheme):
    assert not troubles(page, site.url + address, width=width, scheme=scheme, practice=True)


def test_meetings_are_filtered_by_keyboard_alone(site, page):
    page.goto(site.url + "/meetings/")
    page.locator("details.filters > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Planned").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url("**state=planned**")
    assert page.get_by_role("heading", name="Ahead").is_visible()
    assert not page.get_by_role("heading", name="Held", exact=True).is_visible()


def test_a_mistake_in_a_filter_leads_to_its_field(site, page):
    page.goto(site.url + "/meetings/?since=2025-13")
    page.get_by_role("alert").get_by_role("link", name="From").click()

    assert page.get_by_label("From", exact=True).get_attribute("aria-invalid") == "true"
    assert page.get_by_label("From", exact=True).input_value() == "2025-13"


def test_one_walks_from_the_meeting_that_was_held_to_the_next_one(site, page):
    page.goto(site.url + "/meetings/isti-2/")
    page.locator(".aside").get_by_role("link", name="3rd Meeting of OTS ISTI Ministers").click()

    page.wait_for_url("**/meetings/isti-3/")
    assert page.locator(".lead").inner_text().startswith("2026 ")


def test_the_permanent_link_of_a_provision_marks_it(site, page):
    page.goto(site.url + "/documents/isti-2-declaration/")
    page.locator(".provision .anchor").last.click()

    assert page.url.endswith("#next-meeting")
    assert page.locator(".provision:target").count() == 1


def test_the_ledger_can_be_read_back_to_its_end(site, page):
    page.goto(site.url + "/changes/")
    while (older := page.get_by_role("link", name="Older")).count():
        with page.expect_navigation():  # counting does not wait for the next page by itself
            older.click()

    assert page.get_by_role("link", name="Newest").count()
    assert page.locator(".record").count()


def test_from_a_source_one_comes_back_to_what_rests_on_it(site, page):
    page.goto(site.url + "/meetings/isti-2/")
    with page.expect_navigation():
        page.get_by_role("link", name="about this source").first.click()

    assert page.get_by_role("link", name="2nd Meeting of OTS ISTI Ministers (Baku)").count()
