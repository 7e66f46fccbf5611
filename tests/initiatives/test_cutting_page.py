"""The page that cuts a document's text into provisions, as an editor uses it. All texts and names are made up."""

import re

import pytest
from django.urls import reverse

from editorial.models import Change
from initiatives.admin.cutting import LONGEST_TEXT, most_rows
from initiatives.admin.pieces import Row, rearranged
from initiatives.models import ProvisionLink
from initiatives.provisions import Draft, DraftsRefused, add_provisions
from meetings.models import Document, Provision
from tests.desk import page_of, signed_in
from tests.factories import (
    DocumentCitationFactory,
    DocumentFactory,
    InitiativeFactory,
    InitiativeNameFactory,
    ProvisionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

TEXT = """The Ministers met in Gabala on 7 October 2025 and

1. Decided to establish the Fund.
2. Instructed the Secretariat to:
a) prepare a draft;
b) report next year.
"""


@pytest.fixture
def document():
    return DocumentFactory(state="draft")


@pytest.fixture
def source():
    return SourceFactory()


class Desk:
    """An editor at the page of one document: pastes, types over what is shown, presses a button."""

    def __init__(self, user, document):
        self.client, self.url = signed_in(user), reverse("admin:cut_document", args=[document.pk])
        self.response = None

    @property
    def html(self):
        return self.response.content.decode()

    @property
    def rows(self):
        return self.response.context["rows"]

    def paste(self, text, source):
        self.response = self.client.post(self.url, {"text": text, "source": source.pk, "_cut": "1"})
        return self

    def press(self, button, follow=False, **typed):
        """Send every box as shown, with `typed` over it (`r0_summary`); None leaves a box out."""
        sent = {"source": self.response.context["form"]["source"].value(), "reason": "As pasted."}
        for place, row in enumerate(self.rows):
            sent |= {f"{place}-{name}": getattr(row, name) for name in Row.__dataclass_fields__ if isinstance(getattr(row, name), str)}
            sent |= {f"{place}-keep": "on"} if row.keep else {}
            sent[f"{place}-initiative"] = [typed for typed, _relation in row.boxes_of_links]
            sent[f"{place}-relation"] = [relation for _typed, relation in row.boxes_of_links]
        sent |= {re.sub(r"^r(\d+)_", r"\1-", name): value for name, value in typed.items()} | {button: "1"}
        self.response = self.client.post(self.url, {name: value for name, value in sent.items() if value is not None}, follow=follow)
        return self

    def column(self, name):
        return [getattr(row, name) for row in self.rows]


@pytest.fixture
def desk(editor, document):
    return Desk(editor, document)


def summaries(rows):
    return {f"r{place}_summary": f"A made-up sentence about row {place}." for place in range(rows)} | {
        f"r{place}_verb": "meets" for place in range(rows)
    }


# Pasting


def test_a_pasted_text_is_shown_in_rows_with_suggestions(desk, source):
    desk.paste(TEXT, source)

    assert desk.column("code") == ["preamble", "p1", "p2", "p2a", "p2b"]
    assert desk.column("verb") == ["", "decided", "instructed", "instructed", "instructed"]
    assert desk.column("force") == ["statement", "decision", "instruction", "instruction", "instruction"]
    assert desk.column("order") == ["10", "20", "30", "40", "50"]
    assert "Decided to establish the Fund." in desk.html
    assert not Provision.objects.exists()


def test_the_summary_is_never_the_documents_own_text(desk, source):
    assert set(desk.paste(TEXT, source).column("summary")) == {""}


def test_headings_and_page_numbers_are_shown(desk, source):
    desk.paste("TRADE\n1. Decided.\n- 4 -\n2. Noted.", source)

    assert "Under the heading “TRADE”" in desk.html
    assert "Left out as page numbers: - 4 -." in desk.html


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "  \n "}, "This field is required."),
        ({"text": "12"}, "Nothing but page numbers was pasted."),
        ({"text": "x" * (LONGEST_TEXT + 1)}, f"The text has {LONGEST_TEXT + 1} characters; paste it in parts of at most {LONGEST_TEXT}."),
        ({"source": ""}, "This field is required."),
        ({"source": "abc"}, "Select a valid choice."),
        ({"source": "9" * 30}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_cut_is_refused_and_stays_in_its_box(desk, source, typed, complaint):
    sent = {"text": TEXT, "source": source.pk, "_cut": "1"} | typed

    response = desk.client.post(desk.url, sent)

    assert complaint in response.content.decode()
    assert response.context["form"]["text"].value() == sent["text"]


def test_a_text_of_more_pieces_than_a_page_holds_is_refused_in_words(desk, source):
    many = "\n".join(f"{n}. Decided to do thing {n}." for n in range(1, most_rows() + 2))

    assert f"one page holds {most_rows()}" in desk.paste(many, source).html
    assert desk.response.context["form"]["text"].value() == many


def test_the_only_source_of_a_document_is_chosen_already(editor, document, source):
    DocumentCitationFactory(parent=document, source=source)

    response = signed_in(editor).get(reverse("admin:cut_document", args=[document.pk]))

    assert f'<option value="{source.pk}" selected' in response.content.decode()


def test_sources_of_the_document_can_be_chosen_without_a_script(editor, document):
    cited = [DocumentCitationFactory(parent=document).source for _two in range(2)]

    html = signed_in(editor).get(reverse("admin:cut_document", args=[document.pk])).content.decode()

    assert all(f'<option value="{source.pk}">' in html for source in cited)


# Saving


def test_the_rows_become_draft_provisions_with_their_source(desk, document, source, editor):
    desk.paste(TEXT, source).press("_save", follow=True, **summaries(5))

    saved = list(document.provisions.all())
    assert [(one.code, one.order, one.state, one.reported) for one in saved] == [
        (code, order, "draft", False) for order, code in enumerate(["preamble", "p1", "p2", "p2a", "p2b"], start=1)
    ]
    assert [one.citations.get().locator for one in saved] == ["", "1", "2", "2 a)", "2 b)"]
    assert {one.citations.get().source for one in saved} == {source}
    assert {one.created_by for one in saved} == {editor}
    assert saved[1].text == "Decided to establish the Fund."
    assert desk.response.redirect_chain[-1][0] == page_of(document)
    assert "5 provisions saved as drafts." in desk.html


def test_each_provision_has_its_row_in_the_ledger(desk, source, editor):
    initiative = InitiativeFactory(slug="made-up-fund")
    desk.paste("1. Decided.", source).press(
        "_save", r0_summary="It decides.", **{"0-initiative": ["made-up-fund"], "0-relation": ["started"]}
    )

    change = Change.objects.get(verb="provision.created")
    assert (change.actor, change.reason, change.public) == (editor.username, "As pasted.", False)
    assert change.after["citations"] == [{"source": source.slug, "locator": "1"}]
    assert change.after["initiative_links"][0]["initiative"] == initiative.slug


def test_rows_not_kept_are_not_saved(desk, document, source):
    desk.paste(TEXT, source).press("_save", r0_keep=None, **summaries(5))

    assert [one.code for one in document.provisions.all()] == ["p1", "p2", "p2a", "p2b"]


def test_rows_are_saved_in_the_order_typed(desk, document, source):
    desk.paste(TEXT, source).press("_save", r0_order="35", **summaries(5))

    assert [one.code for one in document.provisions.all()] == ["p1", "p2", "preamble", "p2a", "p2b"]


def test_a_draft_document_is_marked_as_read(desk, document, source):
    desk.paste("1. Decided.", source).press("_save", r0_summary="It decides.")

    document.refresh_from_db()
    assert document.text_known
    assert Change.objects.get(verb="document.changed").reason == "As pasted."


def test_a_public_document_gets_drafts_and_the_editor_is_told_to_mark_it(editor, source):
    document = DocumentFactory()

    desk = Desk(editor, document).paste("1. Decided.", source).press("_save", follow=True, r0_summary="It decides.")

    assert document.provisions.get().state == "draft"
    assert "tick “Text known” below" in desk.html
    assert not Document.objects.get().text_known
    assert not Provision.objects.public().exists()


# Initiatives


@pytest.mark.parametrize("typed", ["made-up-fund", "Made-up Fund", "made-up FUND", "Made-up Fund [made-up-fund]", "Uydurma Fon"])
def test_an_initiative_is_named_in_any_way(desk, source, typed):
    initiative = InitiativeFactory(slug="made-up-fund", name="Made-up Fund")
    InitiativeNameFactory(parent=initiative, text="Uydurma fon")

    desk.paste("1. Decided.", source).press(
        "_save", r0_summary="It decides.", **{"0-initiative": [typed, ""], "0-relation": ["started", "touched"]}
    )

    link = ProvisionLink.objects.get()
    assert (link.initiative, link.relation) == (initiative, "started")


def test_a_provision_may_start_one_initiative_and_touch_another(desk, source):
    InitiativeFactory(slug="made-up-one")
    InitiativeFactory(slug="made-up-two")

    desk.paste("1. Decided.", source).press(
        "_save", r0_summary="It decides.", **{"0-initiative": ["made-up-one", "made-up-two"], "0-relation": ["started", "touched"]}
    )

    assert set(ProvisionLink.objects.values_list("initiative__slug", "relation")) == {
        ("made-up-one", "started"),
        ("made-up-two", "touched"),
    }


@pytest.mark.parametrize(
    ("typed", "relation", "complaint"),
    [
        (["Unheard of"], ["touched"], "No initiative is called “Unheard of”."),
        (["up f"], ["touched"], "No single initiative is called “up f”. Perhaps: Made-up Fund [made-up-fund]."),
        (["made-up-fund", "Made-up Fund"], ["touched", "started"], "“Made-up Fund” is named twice."),
        (["made-up-fund"], ["invented"], "Value &#x27;invented&#x27; is not a valid choice."),
        (["made-up-gone"], ["touched"], "No initiative is called “made-up-gone”."),
    ],
)
def test_an_initiative_that_cannot_be_linked_is_said_at_its_row(desk, source, typed, relation, complaint):
    InitiativeFactory(slug="made-up-fund", name="Made-up Fund")
    InitiativeFactory(slug="made-up-gone", state="withdrawn")

    desk.paste("1. Decided.", source).press("_save", r0_summary="It decides.", **{"0-initiative": typed, "0-relation": relation})

    assert complaint in desk.html
    assert desk.rows[0].links == list(zip(typed, relation, strict=True))
    assert not Provision.objects.exists()


def test_every_initiative_that_is_not_withdrawn_is_offered(desk, source):
    InitiativeFactory(slug="made-up-fund", name="Made-up Fund", state="draft")
    InitiativeFactory(slug="made-up-gone", state="withdrawn")

    assert desk.paste("1. Decided.", source).response.context["initiatives"] == ["Made-up Fund [made-up-fund]"]


# What is refused


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"r1_summary": ""}, "This field cannot be blank."),
        ({"r1_summary": "   "}, "This field cannot be blank."),
        ({"r1_verb": ""}, "This field cannot be blank."),
        ({"r1_verb": "x" * 61}, "Ensure this value has at most 60 characters"),
        ({"r1_force": "invented"}, "Value &#x27;invented&#x27; is not a valid choice."),
        ({"r1_code": "Not a code"}, "errorlist"),
        ({"r1_code": ""}, "This field cannot be blank."),
        ({"r1_code": "p2"}, "“p2” is the code of another provision of this document"),
        ({"r1_number": "x" * 101}, "Ensure this value has at most 100 characters"),
        ({"r1_order": "soon"}, "Write a whole number, such as 15."),
        ({"r1_order": ""}, "Write a whole number, such as 15."),
        ({"source": ""}, "This field is required."),
        ({"source": "9" * 30}, "Select a valid choice."),
        ({"reason": "x" * 501}, "Ensure this value has at most 500 characters"),
    ],
)
def test_a_refused_save_says_what_is_wrong_and_keeps_every_row(desk, source, typed, complaint):
    desk.paste(TEXT, source)
    sent = summaries(5) | typed

    desk.press("_save", **sent)

    assert complaint in desk.html
    assert not Provision.objects.exists()
    assert len(desk.rows) == 5
    for name, value in sent.items():
        place, _sep, box = name.removeprefix("r").partition("_")
        shown = getattr(desk.rows[int(place)], box) if place.isdigit() else desk.response.context["form"][name].data
        assert shown == value


def test_the_rows_to_mend_are_named_with_a_link(desk, source):
    desk.paste(TEXT, source).press("_save", **summaries(5) | {"r1_summary": "", "r3_verb": ""})

    assert '<a href="#row-2">row 2</a>, <a href="#row-4">row 4</a>' in desk.html
    assert 'aria-describedby="r2-summary-error"' in desk.html


def test_all_that_is_wrong_is_said_at_once(desk, source):
    desk.paste(TEXT, source).press("_save", **summaries(5) | {"r1_summary": "", "r2_order": "soon", "3-initiative": ["Unheard of"]})

    assert [sorted(row.errors) for row in desk.rows] == [[], ["summary"], ["order"], ["links"], []]


def test_a_row_the_page_refuses_keeps_the_others_from_being_saved(desk, source):
    desk.paste(TEXT, source).press("_save", **summaries(5) | {"r2_order": "soon"})

    assert not Provision.objects.exists()
    assert not Change.objects.filter(verb="provision.created").exists()


def test_the_rows_with_a_summary_are_saved_and_the_others_stay_to_be_gone_on_with(desk, document, source):
    desk.paste(TEXT, source).press("_save_some", r1_summary="It decides.", r3_text="prepare a better draft;")

    assert [one.code for one in document.provisions.all()] == ["p1"]
    assert desk.column("code") == ["preamble", "p2", "p2a", "p2b"]
    assert desk.column("text")[2] == "prepare a better draft;"
    assert "1 provision saved as a draft." in desk.html
    assert "It decides." in desk.html  # among those the document has


def test_saving_some_without_any_summary_says_so(desk, source):
    desk.paste(TEXT, source).press("_save_some")

    assert "Keep at least one row: there is nothing to save." in desk.html
    assert len(desk.rows) == 5


def test_the_last_rows_with_a_summary_lead_back_to_the_document(desk, document, source):
    desk.paste("1. Decided.", source).press("_save_some", r0_summary="It decides.")

    assert desk.response.url == page_of(document)


def test_a_page_with_nothing_to_keep_is_refused(desk, source):
    desk.paste("1. Decided.", source).press("_save", r0_keep=None)

    assert "Keep at least one row" in desk.html


def test_characters_a_database_cannot_store_do_no_harm(desk, document, source):
    desk.paste("1. Decided.", source).press("_save", r0_summary="It\0decides.", r0_text="De\0cided.")

    assert document.provisions.get().summary == "It decides."


def test_all_is_saved_or_nothing(document, source):
    good = Draft("p1", "decides", "decision", "It decides.", "Decided.")
    bad = Draft("p2", "decides", "decision", "", "Noted.")

    with pytest.raises(DraftsRefused) as refused:
        add_provisions(document=document, source=source, drafts=[good, bad], by="made-up-user")

    assert list(refused.value.drafts) == [1]
    assert not Provision.objects.exists()
    assert not Change.objects.exists()


# A second paste


def test_a_second_paste_takes_other_codes_and_comes_behind(desk, document, source):
    ProvisionFactory(document=document, code="p1", order=7, summary="A made-up older one.")

    desk.paste("1. Decided.\n2. Noted.", source)
    assert "A made-up older one." in desk.html
    assert desk.column("code") == ["p1-2", "p2"]

    desk.press("_save", **summaries(2))
    assert [(one.code, one.order) for one in document.provisions.all()] == [("p1", 7), ("p1-2", 8), ("p2", 9)]


def test_a_text_that_is_there_already_is_pointed_out_and_not_kept(desk, document, source):
    ProvisionFactory(document=document, code="fund", text="Decided to  establish the fund.")

    desk.paste(TEXT, source)

    assert "The provision fund of this document has this very text." in desk.html
    assert desk.column("keep") == [True, False, True, True, True]


def test_a_text_that_is_there_already_is_not_saved_again(desk, document, source):
    desk.paste("1. Decided.", source)
    rows = desk.response
    desk.press("_save", r0_summary="It decides.")
    desk.response = rows  # back in the browser, and saved again with another code

    desk.press("_save", r0_summary="It decides.", r0_code="p1-2")

    assert "The provision p1 of this document has this very text; leave this row out." in desk.html
    assert document.provisions.count() == 1


# Joining, splitting, moving


def test_apply_shows_the_rows_again_with_everything_typed(desk, source):
    desk.paste(TEXT, source).press("_apply", r1_summary="It decides.", r3_keep=None, r4_code="mine", **{"0-initiative": ["some words"]})

    assert desk.column("summary")[1] == "It decides."
    assert desk.column("keep") == [True, True, True, False, True]
    assert desk.column("code")[4] == "mine"
    assert desk.rows[0].links == [("some words", "touched")]
    assert not Provision.objects.exists()


def test_a_row_is_joined_with_the_one_above_and_keeps_its_letter(desk, source):
    desk.paste(TEXT, source).press("_apply", r3_join="on", r4_join="on", r3_summary="One.", r4_summary="Two.")

    assert desk.column("text")[2] == "Instructed the Secretariat to:\na) prepare a draft;\nb) report next year."
    assert desk.column("summary")[2] == "One. Two."
    assert desk.column("code") == ["preamble", "p1", "p2"]


def test_a_sentence_cut_in_the_middle_is_joined_in_one_line():
    rows = [Row(text="Decided to", number="1.", code="p1"), Row(text="act.", code="p1-2", verb="act", force="call", join=True)]

    joined, changed = rearranged(rows, [])

    assert changed
    assert [(row.text, row.verb, row.force) for row in joined] == [("Decided to act.", "act", "call")]


def test_a_heading_between_two_rows_goes_into_the_text_when_they_are_joined():
    rows = [Row(text="Decided", number="1."), Row(text="Noted.", number="2.", heading="TRADE", join=True)]

    assert rearranged(rows, [])[0][0].text == "Decided\nTRADE\n2. Noted."


@pytest.mark.parametrize("cut", ["\n\n", "\n \n\n", "\r\n\r\n", "\n---\n", "\n\n-----\n\n"])
def test_a_row_is_split_where_an_empty_line_or_dashes_stand(desk, source, cut):
    desk.paste("1. Decided to act.\n2. Noted.", source).press("_apply", r0_text=f"Decided to act.{cut}b) Welcomed it.", r0_summary="Mine.")

    assert desk.column("text") == ["Decided to act.", "Welcomed it.", "Noted."]
    assert desk.column("code") == ["p1", "p1-2", "p2"]
    assert [(row.number, row.letter) for row in desk.rows] == [("1.", ""), ("1.", "b)"), ("2.", "")]
    assert desk.column("verb") == ["decided", "welcomed", "noted"]
    assert desk.column("summary") == ["Mine.", "", ""]
    assert desk.column("order") == ["10", "20", "30"]


def test_nothing_is_saved_while_rows_wait_to_be_joined_or_split(desk, source):
    desk.paste(TEXT, source).press("_save", **summaries(5) | {"r1_text": "One.\n\nTwo."})

    assert "Nothing was saved yet: the rows were joined and cut as you marked them." in desk.html
    assert len(desk.rows) == 6
    assert not Provision.objects.exists()


def test_rows_that_would_not_fit_the_page_are_left_as_they_are(desk, source):
    desk.paste("1. Decided.", source).press("_apply", r0_text="\n\n".join(["More."] * (most_rows() + 1)))

    assert f"One page holds {most_rows()} rows" in desk.html
    assert len(desk.rows) == 1


def test_empty_lines_at_the_end_of_a_text_split_nothing():
    assert rearranged([Row(text="Decided.\n\n---\n")], [])[1] is False


# Who and how much


def test_the_page_of_a_document_leads_here(editor, document):
    assert reverse("admin:cut_document", args=[document.pk]) in signed_in(editor).get(page_of(document)).content.decode()


def test_only_who_may_add_provisions_gets_in(editor, document, client):
    url = reverse("admin:cut_document", args=[document.pk])
    assert client.get(url).status_code == 302

    editor.groups.clear()
    assert signed_in(editor).get(url).status_code == 403
    assert signed_in(editor).post(url, {"text": TEXT}).status_code == 403


def test_a_document_that_does_not_exist_is_not_found(editor):
    assert signed_in(editor).get(reverse("admin:cut_document", args=[10**30])).status_code == 404


def test_a_declaration_of_a_hundred_and_fifty_paragraphs_is_saved_in_one_go(editor, document, source, settings, budget):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
    InitiativeFactory.create_batch(20)
    desk = Desk(editor, document).paste("\n".join(f"{n}. Decided to do thing {n}." for n in range(1, 151)), source)
    typed = summaries(150)

    with budget("cut_document: 150 rows shown again"):
        desk.press("_apply", **typed)
    assert len(desk.rows) == 150

    desk.press("_save")
    assert document.provisions.count() == 150
