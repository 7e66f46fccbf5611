"""The lists that offer records while one types, for somebody who types faster than they come."""

import re

SEARCH = re.compile(r"/admin/autocomplete/.*\bterm=\w")
CHOSEN = "select[name='member']"


def test_enter_chooses_nothing_before_the_answer_to_what_was_typed_is_there(site, desk):
    desk.goto(f"{site.url}/admin/reference/membership/add/")
    held = []
    desk.route(SEARCH, lambda route: held.append(route))
    desk.locator(f"{CHOSEN} + .select2 .select2-selection").click()
    desk.locator(".select2-results__option--highlighted").wait_for()

    with desk.expect_request(SEARCH):
        desk.keyboard.type("Hungary")
        desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    assert desk.locator(CHOSEN).input_value() == ""

    held[-1].continue_()
    desk.locator(".select2-results__option--highlighted:has-text('Hungary')").wait_for()
    desk.keyboard.press("Enter")
    assert "Hungary" in desk.locator(f"{CHOSEN} option:checked").inner_text()


def test_enter_chooses_from_the_list_as_it_opened(site, desk):
    desk.goto(f"{site.url}/admin/reference/membership/add/")
    desk.locator(f"{CHOSEN} + .select2 .select2-selection").click()
    desk.locator(".select2-results__option--highlighted").wait_for()

    desk.keyboard.press("Enter")

    assert desk.locator(CHOSEN).input_value()
