"""The first promise of the desk: six initiatives of a meeting recorded in minutes, reviewed, published, seen by everybody."""

import json
import time

import pytest

from tests.browser.acts import sign_in, stumbles

# Made-up accounts; a made-up meeting with its communiqué and six initiatives that it names; and one whose close-out shows
# every state a line can be in.
PREPARED = """
import json
from django.contrib.auth.models import Group
from django.core.management import call_command
from editorial import workflow
from initiatives.workflow import close_out_meeting
from tests.factories import *
call_command("sync_roles", verbosity=0)
for name in ("Editor", "Reviewer"):
    account = UserFactory(username=f"made-up-closing-{name.lower()}")
    account.set_password("made-up-Passw0rd-for-tests")
    account.save()
    account.groups.add(Group.objects.get(name=name))

meeting = MeetingFactory(name="Made-up meeting of six", slug="made-up-six")
source = SourceFactory(slug="made-up-communique", publisher="Made-up Secretariat", kind="official")
document = DocumentFactory(meeting=meeting)
DocumentCitationFactory(parent=document, source=source)
provision = ProvisionFactory(document=document)
kinds = ["fund", "treaty", "project", "platform", "council", "programme"]
named = [InitiativeFactory(name=f"Made-up promise {n}", slug=f"made-up-promise-{n}", kind=kind) for n, kind in enumerate(kinds)]
for initiative in named:
    ProvisionLinkFactory(provision=provision, initiative=initiative)

unfinished = MeetingFactory(name="Another made-up meeting")
provision = ProvisionFactory(document__meeting=unfinished)
made = [InitiativeFactory(name=f"Another made-up promise {n}") for n in range(5)]
for initiative in made:
    ProvisionLinkFactory(provision=provision, initiative=initiative)
lines = [{"initiative": one, "outcome": "proposed", "summary": "A made-up step."} for one in made[1:4]]
lines += [{"initiative": made[4], "outcome": "agreed"}]
close_out_meeting(meeting=unfinished, source=source, lines=lines, by="made-up-user")
workflow.submit(record=made[1].updates.get(), by="made-up-user")
workflow.publish(record=made[2].updates.get(), by="made-up-user")
numbers = {"six": meeting.pk, "initiatives": [one.pk for one in named], "unfinished": unfinished.pk, "previewed": made[2].pk}
print("prepared", json.dumps(numbers))
"""
CHOSEN = ["proposed", "signed", "agreed", "established", "under_discussion", "operating"]


@pytest.fixture(scope="module")
def prepared(site):
    printed = site.manage("shell", "--command", PREPARED)
    return json.loads(printed.split("prepared ")[-1])


@pytest.fixture
def at_the_desk(site, browser):
    """Signs somebody in and counts every click and every box that is gone into."""
    opened = []

    def _at_the_desk(username):
        context = browser.new_context(locale="en-GB")
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        sign_in(page, site, username, "made-up-Passw0rd-for-tests")
        return Hand(page)

    yield _at_the_desk
    for context in opened:
        context.close()


class Hand:
    """A person at a page, whose clicks are counted as a mouse would make them."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, what):
        self.clicks += 1
        self.page.click(what)

    def choose(self, what, value):
        self.clicks += 2  # open the list, pick from it
        self.page.select_option(what, value)

    def write(self, what, text):
        self.clicks += 1
        self.page.locator(what).press_sequentially(text)


def test_six_initiatives_are_closed_out_in_few_clicks_reviewed_published_and_seen(site, at_the_desk, prepared, browser):
    editor = at_the_desk("made-up-closing-editor")
    editor.page.goto(f"{site.url}/admin/meetings/meeting/{prepared['six']}/change/")
    began = time.monotonic()
    editor.click("text=Close out")
    for number, outcome in zip(prepared["initiatives"], CHOSEN, strict=True):
        editor.choose(f"[name=line-{number}-outcome]", outcome)
        editor.write(f"[name=line-{number}-summary]", f"A made-up step towards “{outcome}”, recorded by a test.")
    editor.click("text=Save and submit for review")
    editor.page.get_by_text("6 drafts made. 6 rows wait for a reviewer.").wait_for()
    editor.page.get_by_text("Everything is decided: the meeting is closed out.").wait_for()

    assert editor.clicks < 40
    assert time.monotonic() - began < 300

    reviewer = at_the_desk("made-up-closing-reviewer")
    reviewer.page.goto(f"{site.url}/admin/meetings/{prepared['six']}/close-out/")
    reviewer.click("text=6 rows of this meeting wait for a reviewer")
    reviewer.click("#action-toggle")
    reviewer.choose("select[name=action]", "publish_selected")
    reviewer.click("button[name=index]")
    reviewer.page.get_by_text("6 records published.").wait_for()

    visitor = browser.new_context().new_page()
    for number, outcome in enumerate(CHOSEN):
        visitor.goto(f"{site.url}/initiatives/made-up-promise-{number}/")
        visitor.get_by_text(f"A made-up step towards “{outcome}”, recorded by a test.").wait_for()
    visitor.goto(f"{site.url}/meetings/made-up-six/")
    visitor.get_by_text("Made-up promise 5").first.wait_for()
    visitor.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_page_has_nothing_a_screen_reader_or_a_finger_would_stumble_over(site, at_the_desk, prepared, width, scheme):
    desk = at_the_desk("made-up-closing-editor").page
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    complaints = []
    desk.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    desk.goto(f"{site.url}/admin/meetings/{prepared['unfinished']}/close-out/")
    desk.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")

    assert not stumbles(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints


def test_a_page_with_mistakes_is_as_easy_to_use(site, at_the_desk, prepared):
    desk = at_the_desk("made-up-closing-editor").page
    desk.set_viewport_size({"width": 320, "height": 900})
    desk.goto(f"{site.url}/admin/meetings/{prepared['unfinished']}/close-out/")
    desk.locator(".new-source summary").click()
    desk.fill("[name=new_title]", "A made-up page")
    desk.click("text=Save and submit for review")
    desk.get_by_text("Choose a source from the list or describe a new one, not both.").wait_for()

    assert not stumbles(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_status_is_previewed_before_it_is_recorded(site, at_the_desk, prepared, width, scheme):
    desk = at_the_desk("made-up-closing-editor").page
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{site.url}/admin/initiatives/statusupdate/add/?initiative={prepared['previewed']}")
    desk.check("input[name=status][value=agreed]")
    desk.select_option("select[name=role]", "agreed")
    desk.fill("input[name=date_0]", "2026-05")
    desk.fill("textarea[name=summary]", "A made-up step, only looked at.")
    desk.click("text=The source is not recorded yet: add it here")
    desk.fill("[name=citations-0-new_publisher]", "Made-up Courier")
    desk.fill("[name=citations-0-new_language]", "en")
    desk.select_option("[name=citations-0-new_kind]", "agency")
    desk.click("button[name=_preview]")
    desk.locator("#preview").get_by_text("A made-up step, only looked at.").wait_for()

    assert not stumbles(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert desk.input_value("[name=citations-0-new_publisher]") == "Made-up Courier"
