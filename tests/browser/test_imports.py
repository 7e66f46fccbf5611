"""A file from the editor's disk to drafts in the tracker, in a real browser; and out again."""

import csv
import io

import pytest

from tests.browser.acts import stumbles

ROWS = 450
# One row the same, one change that waits for a reviewer, one mistake; all about shipped initiatives.
MIXED = "slug;name;kind\ntif;{tif};{kind}\nrdi-fund;A made-up name;{kind}\nmade-up-import;A made-up fund;festival\n"


@pytest.fixture(params=["with scripts", "without scripts"])
def desk(request, site, browser, session):
    context = browser.new_context(locale="en-GB", storage_state=session, java_script_enabled=request.param == "with scripts")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{site.url}/admin/initiatives/upload/add/")
    yield page
    context.close()


@pytest.fixture
def page(site, browser, session):
    context = browser.new_context(locale="en-GB", storage_state=session)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def upload(page, kind, content, name="made-up.csv"):
    page.select_option("#id_resource", kind)
    page.set_input_files("#id_file", {"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    page.click("text=Show what it would do")
    page.locator("#import-plan").wait_for()


def sources(prefix):
    rows = [[f"{prefix}-{number}", f"Made-up Courier {number}", "en", "agency"] for number in range(ROWS)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["slug", "publisher", "language", "kind"], *rows])
    return text.getvalue()


def test_a_file_is_planned_confirmed_imported_and_seen_to_be_the_same_afterwards(site, desk, request):
    content = sources(f"made-up-{'quick' if 'with scripts' in request.node.name else 'plain'}")
    upload(desk, "sources", content)
    assert "450 new drafts" in desk.inner_text(".standing")
    assert desk.locator(".import-rows > li").count() == 200

    desk.click("text=Import 450 rows as shown")
    desk.get_by_text("Imported: 450 new drafts").wait_for()
    bars = desk.locator(".import-bar")
    assert bars.count() == 101
    assert [bars.nth(number).is_visible() for number in (0, 50, 100)] == [False, False, True]
    assert "450 of 450 rows" in desk.inner_text(".import-bar:last-of-type")

    desk.click("text=See the rows")
    assert "Imported on" in desk.inner_text(".standing")
    desk.goto(f"{site.url}/admin/initiatives/upload/add/")
    upload(desk, "sources", content)
    assert "450 rows the same" in desk.inner_text(".standing")
    assert "There is nothing to import" in desk.inner_text("#import-plan")


def test_an_export_of_all_comes_back_the_same(site, page):
    page.goto(f"{site.url}/admin/initiatives/upload/add/")
    with page.expect_download() as download:
        page.click("a[aria-label='Initiatives: CSV']")
    upload(page, "initiatives", download.value.path().read_bytes().decode())
    assert "the same" in page.inner_text(".standing")
    assert "There is nothing to import" in page.inner_text("#import-plan")


@pytest.fixture(scope="module")
def addresses(site, browser, session):
    """Pages of imports: the form, a plan with every outcome, the same after it was imported, the list."""
    context = browser.new_context(locale="en-GB", storage_state=session)
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = {"form": f"{site.url}/admin/initiatives/upload/add/", "list": f"{site.url}/admin/initiatives/upload/"}
    page.goto(found["form"])
    upload(page, "initiatives", MIXED.format(tif="Turkic Investment Fund", kind="fund"))
    found["mistakes"] = page.url
    page.goto(found["form"])
    upload(page, "sources", sources("made-up-shown"))
    found["plan"] = page.url
    yield found
    context.close()


@pytest.mark.parametrize("what", ["form", "list", "mistakes", "plan"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark"), (1280, "light"), (320, "dark")])
def test_a_page_of_imports_has_nothing_a_screen_reader_or_a_finger_would_stumble_over(page, addresses, what, width, scheme):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(addresses[what])
    page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")

    assert not stumbles(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_that_grows_is_for_everybody_too(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/admin/initiatives/upload/add/")
    upload(page, "themes", f"slug,name\nmade-up-theme-{width},Made-up theme\n")
    page.click("text=Import 1 row as shown")
    page.get_by_text("Imported: 1 new draft").wait_for()

    assert not stumbles(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
