"""The form of a status: where it stands, a source that is not recorded yet, the preview, and the way back."""

import pytest
from django.urls import reverse

from editorial.models import Change
from initiatives.models import Initiative, StatusUpdate
from initiatives.workflow import add_source, source_at
from initiatives.workflow.sources import bare_address
from reference.models import Source
from tests.desk import page_of, said, send, shown, signed_in
from tests.factories import InitiativeFactory, MeetingFactory, OldSlugFactory, SourceFactory

pytestmark = pytest.mark.django_db

ADD = reverse("admin:initiatives_statusupdate_add")
NEW_SOURCE = {
    "citations-0-new_url": "https://secretariat.example/communique",
    "citations-0-new_publisher": "Made-up Secretariat",
    "citations-0-new_language": "en",
    "citations-0-new_kind": "official",
}


@pytest.fixture
def fund():
    return InitiativeFactory(name="Made-up fund", kind="fund")


def form_of(initiative, **more):
    return f"{ADD}?initiative={initiative.pk}" + "".join(f"&{name}={value}" for name, value in more.items())


def row(**more):
    return {"status": "agreed", "role": "agreed", "date_0": "2024-05", "summary": "They agreed on a made-up day."} | more


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestTheRungs:
    def test_where_it_stands_and_what_usually_comes_next_is_marked(self, editor, fund, record):
        record(fund, "agreed")

        page = text(signed_in(editor).get(form_of(fund)))

        assert 'Agreed <span class="rung-mark">now</span>' in page
        assert 'Signed <span class="rung-mark">usually next</span>' in page
        assert page.count('class="rung-mark"') == 4

    def test_of_one_that_has_none_a_proposal_comes_first(self, editor, fund):
        assert 'Proposed <span class="rung-mark">usually next</span>' in text(signed_in(editor).get(form_of(fund)))


class TestASourceNotRecordedYet:
    def test_it_is_added_with_the_row_and_gets_a_permanent_name(self, editor, fund):
        send(signed_in(editor), form_of(fund), **row(**NEW_SOURCE, **{"citations-0-new_published_0": "2024-05-18"}))

        source = StatusUpdate.objects.get().citations.get().source
        assert (source.slug, source.url, source.kind) == ("made-up-secretariat-2024-05-18", NEW_SOURCE["citations-0-new_url"], "official")
        assert not source.is_public
        assert Change.objects.of(source).get().actor == editor.username

    def test_a_refused_row_leaves_no_source_behind(self, editor, fund):
        response = send(signed_in(editor), form_of(fund), **row(role="ratified", **NEW_SOURCE))

        assert "party: Say who ratified it." in said(response)
        assert shown(response)["citations-0-new_publisher"] == "Made-up Secretariat"
        assert not Source.objects.exists()

    def test_a_page_that_is_recorded_already_is_used_and_the_editor_is_told(self, editor, fund):
        known = SourceFactory(url="http://www.courier.example/news/1/?id=7&utm_source=mail#top")

        response = send(
            signed_in(editor), form_of(fund), follow=True, **row(**{"citations-0-new_url": "https://courier.example/news/1?id=7"})
        )

        assert StatusUpdate.objects.get().citations.get().source == known
        assert f"is recorded already under this address ({known.slug})" in said(response)

    @pytest.mark.parametrize("name", ["publisher", "language", "kind"])
    def test_what_it_lacks_is_said_at_the_very_box(self, editor, fund, name):
        response = send(signed_in(editor), form_of(fund), **row(**NEW_SOURCE | {f"citations-0-new_{name}": ""}))

        assert f"new_{name}: A new source needs this." in said(response)
        assert not Source.objects.exists()

    @pytest.mark.parametrize(
        ("box", "typed"),
        [("url", "not an address"), ("url", "http://[half"), ("language", "English"), ("kind", "no-such-kind"), ("published_0", "in May")],
    )
    def test_what_is_wrong_is_said_at_the_very_box(self, editor, fund, box, typed):
        response = send(signed_in(editor), form_of(fund), **row(**NEW_SOURCE | {f"citations-0-new_{box}": typed}))

        assert f"new_{box.removesuffix('_0')}: " in said(response)
        assert not StatusUpdate.objects.exists()

    def test_a_chosen_one_and_a_new_one_in_one_citation_is_one_too_many(self, editor, fund):
        response = send(signed_in(editor), form_of(fund), **row(**NEW_SOURCE | {"citations-0-source": SourceFactory().pk}))

        assert "source: Choose a source from the list or describe a new one, not both." in said(response)

    def test_a_citation_without_either_is_asked_for_one(self, editor, fund):
        response = send(signed_in(editor), form_of(fund), **row(**{"citations-0-locator": "page 2"}))

        assert "source: Choose a source from the list, or describe a new one below." in said(response)

    def test_it_is_added_to_a_draft_too(self, editor, fund, record):
        draft = record(fund, "proposed", publish=False)

        send(signed_in(editor), page_of(draft), **NEW_SOURCE | {"citations-0-source": ""})

        assert draft.citations.get().source.publisher == "Made-up Secretariat"


class TestAddresses:
    @pytest.mark.parametrize(
        "spelling",
        [
            "http://courier.example/a/b",
            "https://www.courier.example/a/b/",
            "https://COURIER.example:443/a/b#part",
            "https://courier.example/a/b?utm_source=x&utm_medium=y",
        ],
    )
    def test_spellings_of_one_address_are_one(self, spelling):
        known = SourceFactory(url="https://courier.example/a/b")

        assert source_at(spelling) == known
        assert add_source(url=spelling, publisher="Another", language="en", kind="agency", by="made-up-user") == known

    @pytest.mark.parametrize(
        "other", ["https://courier.example/a", "https://courier.example/a/b?page=2", "https://news.courier.example/a/b"]
    )
    def test_other_pages_are_others(self, other):
        SourceFactory(url="https://courier.example/a/b")

        assert source_at(other) is None

    def test_what_is_no_address_has_no_spelling(self):
        assert bare_address("http://[half") == ""

    def test_permanent_names_are_made_from_the_publisher_or_else_the_address_and_are_never_reused(self):
        def added(**more):
            return add_source(**{"publisher": "Türkiye Made-up!", "language": "tr", "kind": "agency", "by": "made-up-user"} | more).slug

        OldSlugFactory(type="reference.source", slug="turkiye-made-up-2")
        assert [added(), added(), added(published="2024-H2")] == ["turkiye-made-up", "turkiye-made-up-3", "turkiye-made-up-2024-h2"]
        assert added(publisher="Ведомости", url="https://www.vedomosti.example/1") == "vedomosti-example"
        assert added(publisher="新聞") == "source"
        assert added(publisher="24") == "source-24"


class TestThePreview:
    def test_it_shows_the_timeline_with_the_row_in_its_place_and_what_changes_and_saves_nothing(self, editor, fund, record):
        record(fund, "proposed", date="2023", summary="It was put forward.")
        record(fund, date="2025", publish=False, summary="A draft of another.")

        response = send(signed_in(editor), form_of(fund), button="_preview", **row(**NEW_SOURCE))

        page = text(response)
        assert "<del>Proposed</del> → <ins>Agreed</ins>" in page
        assert "<del>One report</del> → <ins>Official document</ins>" in page
        places = [page.index(words) for words in ("A draft of another.", "They agreed on a made-up day.", "It was put forward.")]
        assert places == sorted(places)
        assert "New: the row below is the one you are recording" in page
        assert "Not public: only editors see this row" in page
        assert (shown(response)["summary"], shown(response)["citations-0-new_publisher"]) == (row()["summary"], "Made-up Secretariat")
        assert said(response) == ""
        assert (StatusUpdate.objects.count(), Source.objects.filter(publisher="Made-up Secretariat").count()) == (2, 0)
        assert Initiative.objects.get().status == "proposed"
        assert not Change.objects.filter(actor__in=["preview", editor.username]).exists()

    def test_a_row_that_changes_nothing_says_so(self, editor, fund, record):
        record(fund, "agreed", date="2023")

        response = send(signed_in(editor), form_of(fund), button="_preview", **row(**{"citations-0-source": SourceFactory().pk}))

        assert "stays: Agreed" in text(response)
        assert "stays: One report" not in text(response)

    def test_a_draft_is_previewed_with_what_is_typed_now(self, editor, fund, record):
        draft = record(fund, "proposed", publish=False)

        response = send(signed_in(editor), page_of(draft), button="_preview", summary="Better words.")

        assert "Better words." in response.content.decode()
        draft.refresh_from_db()
        assert (draft.summary, draft.version, draft.state) == ("A made-up event.", 1, "draft")

    def test_a_refusal_is_shown_in_its_place(self, editor, fund):
        response = send(signed_in(editor), form_of(fund), button="_preview", **row())

        assert "Citations: name at least one source" in said(response)
        assert 'id="preview"' not in response.content.decode()

    def test_what_could_not_be_published_is_said(self, editor):
        hidden = InitiativeFactory(state="draft")

        response = send(signed_in(editor), form_of(hidden), button="_preview", **row(**NEW_SOURCE))

        assert "Publish the initiative" in said(response)
        assert not StatusUpdate.objects.exists()

    def test_afterwards_the_row_is_saved_as_usual(self, editor, fund):
        client = signed_in(editor)
        seen = send(client, form_of(fund), button="_preview", **row(**NEW_SOURCE))

        client.post(form_of(fund), {name: value for name, value in shown(seen).items() if value is not None} | {"_save": "1"})

        assert StatusUpdate.objects.get().summary == row()["summary"]


class TestTheWayBack:
    def sent(self, editor, address, **typed):
        return send(signed_in(editor), address, **row(**{"citations-0-source": SourceFactory().pk} | typed)).url

    def test_to_the_initiative(self, editor, fund):
        assert self.sent(editor, form_of(fund)) == page_of(fund)

    def test_to_the_meeting(self, editor, fund):
        meeting = MeetingFactory()

        assert self.sent(editor, form_of(fund, meeting=meeting.pk)) == page_of(meeting)

    def test_to_the_close_out(self, editor, fund, record):
        meeting = MeetingFactory()
        close_out = reverse("admin:close_out", args=[meeting.pk])
        draft = record(fund, meeting=meeting, publish=False)

        assert self.sent(editor, form_of(fund, meeting=meeting.pk, back="close_out")) == close_out
        assert send(signed_in(editor), f"{page_of(draft)}?back=close_out", summary="Better.").url == close_out

    @pytest.mark.parametrize("meeting", ["abc", "9" * 30, "0"])
    def test_a_meeting_that_does_not_exist_is_no_place_to_go(self, editor, fund, meeting):
        assert self.sent(editor, form_of(fund, meeting=meeting), meeting="") == page_of(fund)
