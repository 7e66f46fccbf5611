"""The first page of the desk in a real browser, with the shipped records."""

import pytest

from tests.browser.acts import sign_in, stumbles

PAGES = {
    "desk": "/admin/",
    "what has gone quiet": "/admin/desk/quiet/",
    "meetings to be closed out": "/admin/desk/held/",
    "contradictions": "/admin/desk/contradictions/",
    "an empty list": "/admin/desk/sent-back/",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_lists_have_nothing_a_screen_reader_or_a_finger_would_stumble_over(site, desk, address, width, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(site.url + address)

    assert not stumbles(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "columns"), [(390, 1), (1280, 2)])
def test_the_lists_stand_in_one_column_on_a_telephone_and_in_two_on_a_desk(desk, width, columns):
    desk.set_viewport_size({"width": width, "height": 900})

    edges = desk.eval_on_selector_all(".desk-section", "found => found.map(one => Math.round(one.getBoundingClientRect().left))")

    assert len(set(edges)) == columns


def test_the_first_search_names_its_source_and_the_next_one_is_a_single_click(desk):
    first, second, *_others = desk.locator("#quiet .desk-record").all_inner_texts()
    number = int(desk.locator("#quiet .desk-number").inner_text())

    desk.get_by_role("button", name=f"Checked, nothing new: {first}").click()
    desk.get_by_text("Source searched: say where you looked").wait_for()
    desk.locator("select[name=source] + .select2 .select2-selection").click()
    desk.locator(".select2-search__field").last.fill("Secretariat")
    desk.locator(".select2-results__option:has-text('Secretariat')").first.click()
    desk.get_by_role("button", name="Checked, nothing new").click()
    desk.get_by_text(f"“{first}”: nothing new at").wait_for()
    assert int(desk.locator("#quiet .desk-number").inner_text()) == number - 1

    desk.get_by_role("button", name=f"Checked, nothing new: {second}").click()
    desk.get_by_text(f"“{second}”: nothing new at").wait_for()
    assert int(desk.locator("#quiet .desk-number").inner_text()) == number - 2
    assert int(desk.locator("#review .desk-number").inner_text()) >= 2


def test_the_desk_works_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, site, site.username, site.password)

    page.get_by_role("button", name="Checked, nothing new").first.click()

    page.get_by_text("Source searched: say where you looked").wait_for()
    context.close()
