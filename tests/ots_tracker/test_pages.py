"""The front door, the shell around every page, and the answers for machines."""

import datetime

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import OperationalError, connection
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from initiatives.statuses import LADDER
from ots_tracker import views
from tests.factories import InitiativeFactory, MeetingFactory, SourceFactory, ThemeFactory

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_a_fixed_day_in_english(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    with translation.override("en"):  # the language of the last request stays active after it
        yield


def words(response):
    """What a reader of the page reads, white space evened out."""
    return " ".join(strip_tags(response.content.decode()).split())


# The front page


def test_the_front_page_counts_initiatives_by_status_and_each_number_leads_to_its_list(client, record):
    for _number in range(3):
        record(InitiativeFactory(), "proposed")
    record(InitiativeFactory(), "signed")
    InitiativeFactory(state="draft")

    page = client.get("/").content.decode()

    assert 'href="/initiatives/?status=proposed"' in page
    assert [(status.value, number) for status, number in client.get("/").context["standings"]] == [
        ("proposed", 3),
        ("signed", 1),
    ]
    assert client.get("/initiatives/?status=proposed").context["page_obj"].paginator.count == 3


def test_the_front_page_says_how_many_have_no_status(client, db):
    InitiativeFactory()

    assert "No status recorded 1" in words(client.get("/"))


def test_the_front_page_shows_the_newest_events_first_and_not_what_was_corrected_or_only_checked(client, record):
    initiative = InitiativeFactory()
    record(initiative, date="2024-01", summary="It began.")
    wrong = record(initiative, date="2024-02", summary="It ended.")
    record(initiative, date="2024-03", summary="It went on.", corrects=wrong)
    record(initiative, date="2024-04", summary="Nobody said anything.", role="checked")
    record(initiative, date="2024-05", summary="Only a draft.", publish=False)

    assert [event.summary for event in client.get("/").context["events"]] == ["It went on.", "It began."]


def test_the_front_page_shows_what_was_not_heard_of_the_longest_first(client, record):
    for name, date in [("Recent", "2026-10"), ("Quiet", "2024-05"), ("Quietest", "2012")]:
        record(InitiativeFactory(name=name), "proposed", date=date)

    assert [initiative.name for initiative in client.get("/").context["quiet"]] == ["Quietest", "Quiet"]


def test_a_meeting_whose_announced_time_has_passed_is_not_said_to_have_been_held(client, db):
    MeetingFactory(name="Passed by in silence", phase="planned", start="2025-05")
    MeetingFactory(name="Still to come", phase="planned", start="2027")

    response = client.get("/")

    assert [meeting.name for meeting in response.context["ahead"]] == ["Still to come"]
    assert [meeting.name for meeting in response.context["unheard"]] == ["Passed by in silence"]
    assert "No source we know says yet whether these were held." in words(response)


def test_the_front_page_of_an_empty_tracker_is_a_page(client, db):
    assert client.get("/").status_code == 200


def test_the_front_page_takes_no_more_queries_for_more_rows(client, record, budget):
    for number in range(8):
        record(InitiativeFactory(), "proposed", date=f"20{10 + number}", meeting=MeetingFactory())
        MeetingFactory(phase="planned", start="2027")
    with budget("home"):
        client.get("/")


# Languages


def test_every_page_links_to_itself_in_the_seven_other_languages_with_the_same_question(client, db):
    page = client.get("/ru/initiatives/?q=fund").content.decode()

    for code, name in settings.LANGUAGES:
        prefix = "" if code == "en" else f"/{code}"
        assert f'href="{prefix}/initiatives/?q=fund" lang="{code}"' in page
        assert name in page
        assert f'hreflang="{code}" href="{settings.SITE_URL}{prefix}/initiatives/"' in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/ru/initiatives/">' in page


@pytest.mark.parametrize(("address", "language"), [("/", "en"), ("/tr/", "tr"), ("/kk/initiatives/", "kk")])
def test_a_page_speaks_the_language_of_its_address_whatever_the_browser_asks_for(client, db, address, language):
    response = client.get(address, headers={"Accept-Language": "hu"})

    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language
    assert "Accept-Language" not in response.get("Vary", "")


def test_the_admin_speaks_the_language_of_its_reader(client, db):
    response = client.get("/admin/login/", headers={"Accept-Language": "tr"})

    assert response["Content-Language"] == "tr"
    assert "Accept-Language" in response["Vary"]


# Odd addresses


@pytest.mark.parametrize("address", ["/nowhere/", "/initiatives/%00/", "/initiatives/%F0%9F%A6%84/", "/initiatives/1/", "/en/"])
def test_an_address_of_nothing_gets_a_page_that_helps(client, db, address):
    response = client.get(address)

    assert response.status_code == 404
    assert "There is no page at this address" in words(response)
    assert 'action="/initiatives/"' in response.content.decode()


@pytest.mark.parametrize("address", ["/?q=%00", "/initiatives/?theme=%00", "/initiatives/?q=a%00b"])
def test_a_null_byte_in_a_question_is_refused_before_the_database_sees_it(client, db, address):
    response = client.get(address)

    assert response.status_code == 400
    assert "cannot be read" in words(response)


def test_a_failure_shows_a_page_that_needs_nothing_that_may_have_failed(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(views.Home, "get", lambda *args: 1 / 0)

    response = client.get("/ru/")

    assert response.status_code == 500
    assert "<h1>" in response.content.decode()


# What browsers may load


def test_pages_allow_nothing_inline_and_nothing_foreign(client, db):
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_pages_contain_nothing_their_own_policy_forbids(client, record):
    record(InitiativeFactory(slug="made-up-fund"), "proposed")

    for address in ["/", "/initiatives/", "/initiatives/made-up-fund/"]:
        page = client.get(address).content.decode()
        assert "<script" not in page
        assert "style=" not in page
        assert "<style" not in page


def test_only_the_admin_may_style_inline(client, db):
    assert "style-src 'self' 'unsafe-inline'" in client.get("/admin/login/")["Content-Security-Policy"]


# For machines


def test_healthz_answers_without_the_database(client):
    assert client.get("/healthz").content == b"ok"


def test_readyz_says_ready_when_the_database_has_every_migration(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready")


def test_readyz_says_503_when_the_database_does_not_answer(client, monkeypatch):
    def refuses(*args):
        raise OperationalError

    monkeypatch.setattr(views, "MigrationExecutor", refuses)

    assert client.get("/readyz").status_code == 503


def test_readyz_says_503_while_a_migration_is_missing(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'initiatives'")

    assert client.get("/readyz").status_code == 503


def test_the_sitemap_names_every_public_record_in_every_language_and_no_draft(client, db):
    InitiativeFactory(slug="made-up-public")
    InitiativeFactory(slug="made-up-secret", state="draft")
    ThemeFactory(slug="made-up-hidden-theme", is_public=False)
    SourceFactory(slug="made-up-source-shown")

    index = client.get("/sitemap.xml").content.decode()
    sections = [client.get(reverse("sitemap", args=[name])) for name in ("initiative", "theme", "source", "pages")]
    everything = "".join(section.content.decode() for section in sections)

    assert "/sitemap-initiative.xml" in index
    assert "/initiatives/made-up-public/" in everything
    assert "/hu/initiatives/made-up-public/" in everything
    assert "/sources/made-up-source-shown/" in everything
    assert "/about/statuses/" in everything
    assert "secret" not in everything
    assert "hidden" not in everything


def test_whoever_asks_for_an_icon_without_reading_the_page_is_led_to_the_mark(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, static("img/mark.svg"))
    assert finders.find("img/mark.svg")


def test_robots_are_kept_out_of_the_admin_and_shown_the_sitemap(client):
    robots = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/" in robots
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots


def test_security_txt_names_the_contact_of_those_who_run_the_site_and_so_does_the_page_about_it(client, settings):
    settings.SECURITY_CONTACT = "mailto:made-up@example.org"

    assert "Contact: mailto:made-up@example.org\n" in client.get("/.well-known/security.txt").content.decode()
    assert '<a href="mailto:made-up@example.org">made-up@example.org</a>' in client.get("/about/").content.decode()


def test_security_txt_without_a_contact_leads_to_the_page_that_says_whom_to_write_to(client, settings):
    settings.SECURITY_CONTACT = ""

    assert f"Contact: {settings.SITE_URL}/about/\n" in client.get("/.well-known/security.txt").content.decode()
    assert "write to those who run this site." in words(client.get("/about/"))


def test_security_txt_names_a_contact_and_expires_within_a_year(client):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())

    assert lines["Contact"]
    expires = datetime.datetime.fromisoformat(lines["Expires"])
    assert datetime.timedelta() < expires - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=365)


# The stylesheet


@pytest.mark.parametrize("color", sorted({rung.color for rung in LADDER.values()}))
def test_every_status_has_a_colour_by_day_and_by_night(color):
    with open(finders.find("css/tracker.css")) as file:
        stylesheet = file.read()

    assert stylesheet.count(f"--status-{color}:") == 2
    assert color == "proposed" or f".status-{color} {{" in stylesheet
