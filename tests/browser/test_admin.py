"""The editors' desk in a real browser: a status from the first click to the public page, and a desk for everybody."""

import re

import pytest

from tests.browser.acts import choose, sees, stumbles, troubles

PAGES = {
    "desk": "/admin/",
    "list": "/admin/initiatives/initiative/",
    "list of statuses": "/admin/initiatives/statusupdate/",
    "choosing an initiative": "/admin/initiatives/statusupdate/add/",
    "recording a status": "/admin/initiatives/statusupdate/add/?initiative={initiative}",
    "initiative": "/admin/initiatives/initiative/{initiative}/change/",
    "withdrawing": "/admin/initiatives/initiative/{initiative}/withdraw/",
    "history": "/admin/initiatives/initiative/{initiative}/history/",
    "meeting": "/admin/meetings/meeting/{meeting}/change/",
    "new conflict": "/admin/initiatives/conflict/add/",
    "new source": "/admin/reference/source/add/",
    "ledger": "/admin/editorial/change/",
    "row of the ledger": "/admin/editorial/change/100/change/",
    "new account": "/admin/auth/user/add/",
}
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@pytest.fixture(scope="module")
def numbers(site):
    """Numbers of two shipped records, for addresses."""
    asked = "from initiatives.models import Initiative as I; from meetings.models import Meeting as M; print(I.objects.get(slug='tif').pk)"
    lines = site.manage("shell", "--command", f"{asked}; print(M.objects.get(slug='isti-2').pk)").split()
    return {"initiative": lines[-2], "meeting": lines[-1]}


@every_page
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_page_of_the_desk_is_for_everybody(site, desk, numbers, address, width, scheme):
    assert not troubles(desk, site.url + address.format(**numbers), width=width, scheme=scheme)


def test_the_sign_in_page_is_for_everybody_too(site, page):
    page.goto(f"{site.url}/admin/login/")

    assert not stumbles(page)


def test_a_status_goes_from_the_desk_to_the_public_page(site, desk, browser):
    sentence = "A made-up step, recorded by a test."
    visitor = browser.new_context().new_page()
    desk.click("text=Record a status")
    choose(desk, "initiative", "Pan-Turkic Patent")
    desk.click("text=Continue")
    desk.check("input[name=status][value=agreed]")
    desk.select_option("select[name=role]", "agreed")
    desk.fill("input[name=date_0]", "2026-05")
    desk.fill("textarea[name=summary]", sentence)
    desk.click("input[name=_save]")
    sees(desk, "name at least one source")
    assert desk.input_value("textarea[name=summary]") == sentence

    choose(desk, "citations-0-source", "Secretariat")
    desk.click("input[name=_save]")
    sees(desk, sentence)
    visitor.goto(f"{site.url}/initiatives/ptpo/")
    assert sentence not in visitor.content()

    desk.click("ol.history li:last-child a")
    desk.click("text=Save and publish")
    sees(desk, "1 record published.")
    visitor.reload()
    sees(visitor, sentence)
    sees(visitor, "Agreed")


def test_the_language_of_the_desk_is_chosen_in_its_header(site, desk):
    desk.select_option("#language-choice", "kk")
    desk.click("#language-form button")
    desk.locator("html[lang=kk]").wait_for()

    assert desk.get_attribute("html", "lang") == "kk"
    assert re.search(r"/admin/$", desk.url)
