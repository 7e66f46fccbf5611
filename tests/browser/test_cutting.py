"""Cutting a document into provisions in a real browser: with a script and without, on a phone and on a desk."""

import pytest

from tests.browser.acts import choose, sees, stumbles

# Made up; no document was ever adopted in these words.
TEXT = """MADE-UP DECLARATION

The Ministers met in a made-up town on 7 October 2025 and

POLITICAL COOPERATION
1. Decided to establish a made-up fund of all mem-
bers, with a seat that is still to be found.
2. Instructed the Secretariat to:
a) prepare a draft agreement;
b) report next year.
- 2 -
3. Welcomed the progress. Called upon all members to join in."""


@pytest.fixture
def number(site):
    """The number of a document that nobody else writes to, new for each test."""
    made = (
        "from meetings.models import Document, Meeting; from editorial import workflow;"
        "slug = f'made-up-cut-{Document.objects.count()}'; meeting = Meeting.objects.get(slug='isti-2');"
        "made = Document(slug=slug, title='Made-up Declaration', kind='declaration', meeting=meeting);"
        "print(workflow.save(record=made, by='made-up-user').pk)"
    )
    return site.manage("shell", "--command", made).split()[-1]


def pasted(desk, site, number):
    desk.goto(f"{site.url}/admin/documents/{number}/provisions/")
    choose(desk, "source", "Secretariat")
    desk.fill("textarea[name=text]", TEXT)
    desk.click("input[name=_cut]")
    sees(desk, "Under the heading “POLITICAL COOPERATION”")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_rows_have_nothing_a_screen_reader_or_a_finger_would_stumble_over(site, desk, number, width, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{site.url}/admin/documents/{number}/provisions/")
    first = stumbles(desk)
    pasted(desk, site, number)
    desk.click("input[name=_save]")  # with everything still to mend
    sees(desk, "Nothing was saved; everything you typed is below.")
    second = stumbles(desk)

    assert not first + second
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_a_declaration_becomes_provisions(site, desk, number):
    complaints = []
    desk.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    desk.goto(f"{site.url}/admin/meetings/document/{number}/change/")
    desk.click("text=Cut its text into provisions")
    pasted(desk, site, number)
    sees(desk, "Left out as page numbers: - 2 -.")
    assert desk.input_value("#r2-text") == "Decided to establish a made-up fund of all members, with a seat that is still to be found."

    desk.check("[name='4-join']")
    desk.fill("#r6-text", "Welcomed the progress.\n\nCalled upon all members to join in.")
    desk.click("input[name=_apply]")
    desk.locator("#r5-text").wait_for()
    assert desk.input_value("#r4-text") == "prepare a draft agreement;\nb) report next year."
    assert desk.input_value("#r6-verb") == "called upon"

    desk.uncheck("[name='0-keep']")
    for row in range(2, 7):
        desk.fill(f"#r{row}-summary", f"A made-up sentence about row {row}.")
    desk.fill("#r2-initiative-1", "Pan-Turkic Patent Organisation")
    desk.click("input[name=_save]")
    sees(desk, "“Pan-Turkic Patent Organisation”")
    assert desk.input_value("#r3-summary") == "A made-up sentence about row 3."
    desk.fill("#r2-initiative-1", "ptpo")
    desk.select_option("#r2-relation-1", "started")
    desk.click("input[name=_save]")

    sees(desk, "5 provisions saved as drafts.")
    assert desk.is_checked("#id_text_known")
    assert not complaints


def test_all_of_it_works_without_a_script(site, browser, session, number):
    context = browser.new_context(locale="en-GB", storage_state=session, java_script_enabled=False)
    page = context.new_page()
    source = site.manage("shell", "--command", "from reference.models import Source; print(Source.objects.first().slug)").split()[-1]
    cite = (
        "from meetings.models import DocumentCitation; from reference.models import Source;"
        f"DocumentCitation.objects.get_or_create(parent_id={number}, source=Source.objects.get(slug='{source}'))"
    )
    site.manage("shell", "--command", cite)

    page.goto(f"{site.url}/admin/documents/{number}/provisions/")
    page.select_option("select[name=source]", index=0)
    page.fill("textarea[name=text]", "Article 9. The Parties agreed to meet.\nArticle 10. They noted it.")
    page.click("input[name=_cut]")
    page.uncheck("[name='1-keep']")
    page.fill("#r1-summary", "They meet.")
    page.fill("#r1-initiative-1", "ptpo")
    page.click("input[name=_save]")

    assert "1 provision saved as a draft." in page.content()
    context.close()
