"""Pages of meetings, series and documents, as readers get them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from editorial import workflow
from meetings import chain
from reference.partial_dates import Basis
from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    DocumentCitationFactory,
    DocumentFactory,
    InitiativeFactory,
    MeetingCitationFactory,
    MeetingFactory,
    MeetingNameFactory,
    OldSlugFactory,
    ParticipantCitationFactory,
    PartyFactory,
    ProvisionCitationFactory,
    ProvisionFactory,
    ProvisionLinkFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO, LONG_AHEAD = "1999", "2190"


def text(response):
    """What a reader of the page reads, white space evened out."""
    return " ".join(response.content.decode().split())


# The list


def test_meetings_ahead_stand_apart_and_the_soonest_comes_first(client):
    later = MeetingFactory(phase="planned", start=LONG_AHEAD)
    sooner = MeetingFactory(phase="expected", start="2189-05")
    MeetingFactory(phase="held")

    context = client.get(reverse("meetings")).context

    assert list(context["ahead"]) == [sooner, later]


def test_a_meeting_announced_for_a_year_that_is_still_running_lies_ahead(client):
    this_year = MeetingFactory(phase="planned", start=str(timezone.localdate().year))

    assert this_year in client.get(reverse("meetings")).context["ahead"]


def test_a_meeting_without_a_date_lies_ahead_and_says_that_its_date_is_not_known(client):
    MeetingFactory(phase="planned", start="")

    response = client.get(reverse("meetings"))

    assert len(response.context["ahead"]) == 1
    assert "date not known" in text(response)


def test_an_announced_meeting_whose_time_has_passed_is_never_shown_as_held(client):
    meeting = MeetingFactory(phase="planned", start=LONG_AGO)

    context = client.get(reverse("meetings")).context

    assert list(context["silent"]) == [meeting]
    assert not context["ahead"]
    assert not context["held"]


@pytest.mark.parametrize("phase", ["postponed", "cancelled"])
def test_a_meeting_that_was_called_off_stands_apart_from_those_held(client, phase):
    meeting = MeetingFactory(phase=phase)

    context = client.get(reverse("meetings")).context

    assert list(context["called_off"]) == [meeting]
    assert not context["held"]


def test_a_year_is_shown_as_a_year(client):
    meeting = MeetingFactory(start="1999")

    for address in (reverse("meetings"), meeting.get_absolute_url(), meeting.series.get_absolute_url()):
        assert '<time datetime="1999">1999</time>' in text(client.get(address))


def test_a_line_counts_public_initiatives_and_documents_only(client, record):
    meeting = MeetingFactory()
    initiative = InitiativeFactory()
    record(initiative, "proposed", meeting=meeting, role="proposed")
    record(initiative, "agreed", meeting=meeting, role="agreed")
    record(InitiativeFactory(), "proposed", meeting=meeting, publish=False)
    DocumentFactory(meeting=meeting)
    DocumentFactory(meeting=meeting, state="draft")

    line = client.get(reverse("meetings")).context["held"][0]

    assert (line.initiative_count, line.document_count) == (1, 1)


def test_filters_mean_the_same_as_in_the_api(client):
    there = MeetingFactory(country=PartyFactory(code="az"))
    MeetingFactory(country=PartyFactory(code="kz"))

    assert client.get(reverse("meetings"), {"country": "az"}).context["held"] == [there]


@pytest.mark.parametrize("wrong", [{"state": "dreamt"}, {"since": "2024-13"}, {"until": "soon"}, {"series": "no-such"}, {"sort": "colour"}])
def test_a_wrong_value_is_named_at_its_field(client, wrong):
    response = client.get(reverse("meetings"), wrong)

    (name,) = wrong
    assert response.status_code == 200
    assert name in response.context["filter"].form.errors
    assert str(response.context["filter"].form.errors[name][0]).split("“")[0][:20] in response.content.decode()


def test_unknown_parameters_are_ignored(client):
    assert client.get(reverse("meetings"), {"utm_source": "letter"}).status_code == 200


@pytest.mark.parametrize("sort", ["", "-start", "start", "name"])
def test_pages_follow_one_another_without_loss_or_repetition(client, sort, monkeypatch):
    monkeypatch.setattr("meetings.views.PER_PAGE", 2)
    made = {
        MeetingFactory(start=start, name=name) for start, name in [("2020", "E"), ("2020", "B"), ("", "C"), ("2021-05", "A"), ("2019", "D")]
    }

    seen, after = [], ""
    while True:
        context = client.get(reverse("meetings"), {"sort": sort, "after": after}).context
        seen += context["held"]
        after = context["next_page"]
        if not after:
            break

    assert len(seen) == 5
    assert set(seen) == made


def test_the_next_page_keeps_the_filters(client, monkeypatch):
    monkeypatch.setattr("meetings.views.PER_PAGE", 1)
    MeetingFactory.create_batch(2)

    assert "state=held&amp;after=" in client.get(reverse("meetings"), {"state": "held"}).content.decode()


# One meeting


def test_a_meeting_shows_what_happened_to_which_initiative_with_its_proof(client, record):
    meeting = MeetingFactory()
    update = record(InitiativeFactory(name="Made-up fund"), "signed", meeting=meeting, role="signed", summary="Ministers signed it.")

    page = text(client.get(meeting.get_absolute_url()))

    assert "Made-up fund" in page
    assert "Ministers signed it." in page
    assert update.citations.get().source.get_absolute_url() in page


def test_a_meeting_shows_its_participants_in_the_office_of_that_day(client):
    citation = ParticipantCitationFactory(parent__person="Ada Example", parent__office="Minister of Examples")

    page = text(client.get(citation.parent.meeting.get_absolute_url()))

    assert "Ada Example" in page
    assert "Minister of Examples" in page
    assert citation.source.get_absolute_url() in page


def test_names_in_other_languages_carry_their_language(client):
    name = MeetingNameFactory(language="tr", text="Uydurma Zirve")

    assert '<span lang="tr">Uydurma Zirve</span>' in text(client.get(name.parent.get_absolute_url()))


def test_a_meeting_without_any_source_says_so(client):
    page = text(client.get(MeetingFactory().get_absolute_url()))

    assert "No page that reports this meeting is recorded here" in page


def test_a_meeting_with_a_source_names_it(client):
    citation = MeetingCitationFactory()

    page = text(client.get(citation.parent.get_absolute_url()))

    assert citation.source.get_absolute_url() in page
    assert "No page that reports this meeting" not in page


def test_a_meeting_knows_its_neighbours_in_the_series(client):
    series = SeriesFactory()
    first, second, third = (MeetingFactory(series=series, start=start) for start in ("2021", "2022-05", "2023"))
    MeetingFactory(start="2022-04")

    context = client.get(second.get_absolute_url()).context

    assert (context["previous"], context["next"]) == (first, third)


def test_a_meeting_known_only_by_its_year_shows_no_day(client):
    meeting = MeetingFactory(phase="planned", start=f"{LONG_AHEAD}~resolved_relative", place="", country=PartyFactory(name="Kazakhstan"))

    page = text(client.get(meeting.get_absolute_url()))

    assert LONG_AHEAD in page
    assert f"January {LONG_AHEAD}" not in page
    assert str(Basis.RESOLVED_RELATIVE.label) in page


def test_an_announced_meeting_whose_time_has_passed_says_that_nobody_reported_it(client):
    meeting = MeetingFactory(phase="planned", start=LONG_AGO)

    assert "No source recorded here says whether it was held." in text(client.get(meeting.get_absolute_url()))


def test_a_meeting_shows_both_versions_of_a_conflict_and_no_drafts(client):
    meeting = MeetingFactory()
    for state, topic in (("published", "Day of the made-up meeting"), ("draft", "Hush")):
        citation = ConflictCitationFactory(parent=ConflictFactory(state=state, topic=topic), supports="a")
        citation.parent.meetings.add(meeting)

    page = text(client.get(meeting.get_absolute_url()))

    assert "Day of the made-up meeting" in page
    assert "It was on Monday" in page
    assert "It was on Tuesday" in page
    assert "Hush" not in page


def test_a_meeting_links_to_the_provision_that_called_it(client):
    meeting = MeetingFactory(phase="planned", start=LONG_AHEAD)
    provision = ProvisionFactory(meeting_decided=meeting, code="next-meeting")

    assert provision.get_absolute_url() in text(client.get(meeting.get_absolute_url()))


def test_drafts_around_a_meeting_stay_invisible(client, record):
    meeting = MeetingFactory()
    record(InitiativeFactory(name="Secret fund"), "proposed", meeting=meeting, publish=False, summary="Secret step.")
    record(InitiativeFactory(name="Hidden fund", state="draft"), meeting=meeting, publish=False, summary="Hidden step.")
    DocumentFactory(meeting=meeting, title="Secret declaration", state="draft")
    ProvisionFactory(meeting_decided=meeting, summary="Secret call.", state="draft")

    page = text(client.get(meeting.get_absolute_url()))

    assert "Secret" not in page
    assert "Hidden" not in page


# Addresses


@pytest.mark.parametrize("factory", [MeetingFactory, SeriesFactory, DocumentFactory])
def test_a_draft_is_as_absent_as_what_never_was(client, factory):
    assert client.get(factory(state="draft").get_absolute_url()).status_code == 404


@pytest.mark.parametrize("factory", [MeetingFactory, SeriesFactory, DocumentFactory])
def test_a_withdrawn_record_is_gone(client, factory):
    assert client.get(factory(state="withdrawn").get_absolute_url()).status_code == 410


def test_browsers_ask_again_where_a_record_is_gone_or_has_moved(client):
    meeting = MeetingFactory(slug="made-up-old")
    workflow.rename(record=meeting, slug="made-up-new", by="made-up-user")
    moved = client.get("/meetings/made-up-old/")
    assert (moved.status_code, moved["Cache-Control"]) == (301, "no-cache")
    workflow.withdraw(record=meeting, by="made-up-user", reason="Made-up doubt.")
    gone = client.get("/meetings/made-up-new/")
    assert (gone.status_code, gone["Cache-Control"]) == (410, "no-cache")


def test_a_document_is_gone_with_its_meeting(client):
    document = DocumentFactory()
    workflow.withdraw(record=document.meeting, by="made-up-reviewer", reason="Entered twice.")
    assert client.get(document.get_absolute_url()).status_code == 410


def test_a_withdrawn_meeting_names_what_replaced_it(client):
    new = MeetingFactory()
    gone = workflow.withdraw(record=MeetingFactory(), by="made-up-reviewer", reason="Entered twice.", replaced_by=new)

    response = client.get(gone.get_absolute_url())

    assert response.status_code == 410
    assert new.get_absolute_url() in response.content.decode()


@pytest.mark.parametrize(
    ("factory", "type"),
    [(MeetingFactory, "meetings.meeting"), (SeriesFactory, "meetings.series"), (DocumentFactory, "meetings.document")],
)
def test_an_old_address_leads_to_the_new_one_for_ever(client, factory, type):
    record = factory()
    old = OldSlugFactory(type=type, record_id=str(record.pk))

    response = client.get(record.get_absolute_url().replace(record.slug, old.slug))

    assert (response.status_code, response["Location"]) == (301, record.get_absolute_url())


@pytest.mark.parametrize("address", ["/meetings/%00/", "/meetings/a%00b/", "/series/../etc/", "/documents/%27/", "/meetings/ü/"])
def test_an_odd_address_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "series=%00", "after=%00", "since=%00", "q=" + "x" * 5000, "after=" + "9" * 300, "since=0000"])
def test_an_odd_question_never_breaks_the_list(client, query):
    assert client.get(f"/meetings/?{query}").status_code < 500


# Series


def test_a_series_shows_the_numbers_of_which_no_meeting_is_recorded(client):
    series = SeriesFactory()
    for ordinal, start in ((2, "2012"), (7, "2017"), (9, "2019")):
        MeetingFactory(series=series, ordinal=ordinal, start=start)

    page = text(client.get(series.get_absolute_url()))

    assert "Number 1: not recorded yet" in page
    assert "Numbers 3 to 6: not recorded yet" in page
    assert "Number 8: not recorded yet" in page


def test_gaps_are_the_runs_of_missing_numbers():
    assert chain.gaps([7, None, 1, 3]) == [chain.Gap(2, 2), chain.Gap(4, 6)]
    assert chain.gaps([]) == []
    assert chain.gaps([None]) == []


def test_a_series_names_the_next_meeting_ahead(client):
    series = SeriesFactory()
    MeetingFactory(series=series, start=LONG_AGO, phase="planned")
    MeetingFactory(series=series, start="2024")
    ahead = MeetingFactory(series=series, start=LONG_AHEAD, phase="planned")

    assert client.get(series.get_absolute_url()).context["next"] == ahead


# Documents


def test_a_provision_has_an_anchor_and_a_visible_permanent_link(client):
    provision = ProvisionFactory(code="para-7", verb="decides", summary="To build a made-up bridge.")

    page = text(client.get(provision.document.get_absolute_url()))

    assert 'id="para-7"' in page
    assert f'href="{provision.get_absolute_url()}"' in page
    assert "decides" in page
    assert "To build a made-up bridge." in page


def test_a_provision_shows_what_it_started_and_its_proof(client):
    link = ProvisionLinkFactory(relation="started", initiative__name="Made-up platform")
    citation = ProvisionCitationFactory(parent=link.provision)

    page = text(client.get(link.provision.document.get_absolute_url()))

    assert link.initiative.get_absolute_url() in page
    assert citation.source.get_absolute_url() in page


def test_a_provision_never_names_a_draft_initiative_or_meeting(client):
    decided = MeetingFactory(name="Secret meeting", state="draft")
    link = ProvisionLinkFactory(
        initiative=InitiativeFactory(name="Secret platform", state="draft"), provision=ProvisionFactory(meeting_decided=decided)
    )

    assert "Secret" not in text(client.get(link.provision.document.get_absolute_url()))


def test_two_documents_may_each_have_their_first_provision(client):
    for _document in range(2):
        assert client.get(ProvisionFactory(code="p1").document.get_absolute_url()).status_code == 200


def test_a_draft_provision_is_not_shown(client):
    provision = ProvisionFactory(summary="A secret promise.", state="draft")

    assert "secret promise" not in text(client.get(provision.document.get_absolute_url()))


def test_documents_of_one_name_are_told_apart(client):
    older = DocumentFactory(title="Made-up Declaration (2013)", adopted="2013")
    newer = DocumentFactory(title="Made-up Declaration (2025)", adopted="2025")
    DocumentFactory(title="Made-up Declaration of another sort")

    context = client.get(newer.get_absolute_url()).context

    assert list(context["namesakes"]) == [older]


@pytest.mark.parametrize(("known", "words"), [(False, "Known from reports only."), (True, "The text itself was read.")])
def test_a_document_says_whether_its_text_was_read(client, known, words):
    assert words in text(client.get(DocumentFactory(text_known=known).get_absolute_url()))


def test_a_document_of_a_draft_meeting_is_not_public(client):
    assert client.get(DocumentFactory(meeting__state="draft").get_absolute_url()).status_code == 404


def test_a_document_names_its_sources(client):
    citation = DocumentCitationFactory()

    assert citation.source.get_absolute_url() in text(client.get(citation.parent.get_absolute_url()))
