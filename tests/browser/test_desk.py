"""Two people at one record, in real browsers: merging, revisions, history. What is typed is made up."""

import pytest

from tests.browser.acts import stumbles
from tests.browser.test_admin import numbers  # noqa: F401 - a fixture

EDITOR = ("made-up-editor", "made-up-Passw0rd-for-editor")


@pytest.fixture(scope="module")
def editors_session(site, browser):
    """The cookies of an editor."""
    site.manage(
        "shell",
        "--command",
        "from django.contrib.auth import get_user_model as model; from django.contrib.auth.models import Group;"
        f" user = model().objects.create_user('{EDITOR[0]}', password='{EDITOR[1]}', is_staff=True);"
        " user.groups.add(Group.objects.get(name='Editor'))",
    )
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    page.fill("#id_username", EDITOR[0])
    page.fill("#id_password", EDITOR[1])
    page.click("input[type=submit]")
    page.locator("#user-tools").wait_for()
    yield context.storage_state()
    context.close()


@pytest.fixture
def editor(browser, editors_session):
    context = browser.new_context(locale="en-GB", storage_state=editors_session)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def draft(site):
    """The number of a draft of a meeting, new for each test."""
    made = (
        "from meetings.models import Meeting, Series; from editorial.workflow import save;"
        " number = Meeting.objects.count();"
        " meeting = save(record=Meeting(series=Series.objects.first(), name=f'Made-up meeting {number}', slug=f'made-up-{number}',"
        " place='Oldtown', phase='expected', format='in_person'), by='made-up-user'); print(meeting.pk)"
    )
    return site.manage("shell", "--command", made).split()[-1]


def address(site, kind, number, what="change"):
    return f"{site.url}/admin/{kind}/{number}/{what}/"


def problems(page):
    """What a screen reader or a finger would stumble over, on a phone and on a desk."""
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        # Colours change slowly in the stock admin, and half-way they have no contrast.
        page.add_style_tag(content="* { transition: none !important; }")
        page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than {width}")
        found += stumbles(page)
    return found


def test_two_changes_of_one_draft_are_put_together(site, desk, editor, draft):
    url = address(site, "meetings/meeting", draft)
    desk.goto(url)
    editor.goto(url)
    desk.fill("#id_place", "Theirtown")
    desk.select_option("#id_format", "online")
    desk.click("input[name=_continue]")
    desk.locator(".messagelist .success").wait_for()

    editor.fill("#id_place", "Mytown")
    editor.fill("#id_theme", "A made-up theme")
    editor.click("input[name=_continue]")
    editor.locator("text=while you were editing it").wait_for()

    assert editor.input_value("#id_place") == "Mytown"
    assert editor.input_value("#id_format") == "online"
    assert editor.inner_text(".theirs") == "Theirtown"
    assert not problems(editor)
    editor.click("button.take-theirs")
    assert editor.input_value("#id_place") == "Theirtown"
    editor.click("input[name=_continue]")
    editor.locator(".messagelist .success").wait_for()
    desk.reload()
    assert (desk.input_value("#id_place"), desk.input_value("#id_theme")) == ("Theirtown", "A made-up theme")


def test_theirs_is_taken_into_every_kind_of_box(site, desk, editor, draft):
    url = address(site, "meetings/meeting", draft)
    for page in (desk, editor):
        page.goto(url)
    desk.fill("input[name=start_0]", "2025-05")
    desk.select_option("select[name=start_1]", "inferred")
    desk.locator("select[name=series] + .select2 .select2-selection").click()
    desk.locator(".select2-results__option").nth(1).click()
    theirs = desk.locator("select[name=series] option:checked").inner_text()
    desk.click("input[name=_continue]")
    desk.locator(".messagelist .success").wait_for()
    editor.fill("input[name=start_0]", "2026")
    editor.locator("select[name=series] + .select2 .select2-selection").click()
    editor.locator(".select2-results__option").nth(2).click()
    editor.click("input[name=_continue]")
    editor.locator("text=while you were editing it").wait_for()

    for button in editor.locator("button.take-theirs").all():
        button.click()

    assert editor.input_value("input[name=start_0]") == "2025-05"
    assert editor.input_value("select[name=start_1]") == "inferred"
    assert editor.locator("select[name=series] option:checked").inner_text() == theirs


def test_without_scripts_the_other_text_is_still_read(site, browser, desk, editors_session, draft):
    plain = browser.new_context(storage_state=editors_session, java_script_enabled=False)
    page, url = plain.new_page(), address(site, "meetings/meeting", draft)
    page.goto(url)
    desk.goto(url)
    desk.fill("#id_place", "Theirtown")
    desk.click("input[name=_continue]")
    desk.locator(".messagelist .success").wait_for()

    page.fill("#id_place", "Mytown")
    page.click("input[name=_continue]")

    assert "Theirtown" in page.inner_text(".theirs")
    assert not page.locator("button.take-theirs").is_visible()
    plain.close()


def test_a_change_of_what_is_public_waits_until_a_second_person_publishes_it(site, desk, editor, browser, numbers):  # noqa: F811
    sentence = "A made-up remark, written by a test."
    url = address(site, "initiatives/initiative", numbers["initiative"])
    visitor = browser.new_context().new_page()
    editor.goto(url)
    editor.fill("#id_summary", f"{editor.input_value('#id_summary')} {sentence}")
    editor.click("text=Save and submit for review")
    editor.locator("text=readers keep seeing the old text").wait_for()
    visitor.goto(f"{site.url}/initiatives/tif/")
    assert sentence not in visitor.content()

    desk.goto(url)
    assert not problems(desk)
    desk.click("text=Compare the two")
    desk.locator(f"ins:has-text('{sentence}')").wait_for()
    assert not problems(desk)
    desk.click("button[value=publish]")
    desk.locator("text=1 record published.").wait_for()
    visitor.reload()
    assert sentence in visitor.content()

    desk.goto(address(site, "initiatives/initiative", numbers["initiative"], "history"))
    assert not problems(desk)
    desk.locator("a.revert").first.click()
    desk.locator(f"del:has-text('{sentence}')").wait_for()
    assert not problems(desk)
    desk.click("input[type=submit].default")
    desk.locator("text=The earlier text waits for a reviewer").wait_for()


def test_the_pages_of_the_ledger_and_of_deleting_are_for_everybody(site, desk, draft):
    pages = ["editorial/revision/", "editorial/change/", "editorial/change/100/change/", f"meetings/meeting/{draft}/delete/"]
    for page in pages:
        desk.goto(f"{site.url}/admin/{page}")
        assert not problems(desk), page


def test_the_ledger_is_saved_as_a_file(site, desk):
    desk.goto(f"{site.url}/admin/editorial/change/?deed=withdrawn")
    with desk.expect_download() as download:
        desk.click("text=Export as CSV")

    assert download.value.suggested_filename == "ledger.csv"
