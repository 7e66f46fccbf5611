"""What holds for every page of the admin, whatever app it belongs to: who may, what is kept, what is refused."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import ledger, workflow
from editorial.desk import LedgeredAdmin
from editorial.desk.words import verb_in_words
from editorial.models import Change, OldSlug, Publishable, Revision
from initiatives.models import CloseOut, Initiative, Step
from meetings.models import Meeting, Series
from reference.models import Party
from tests import factories
from tests.desk import act, list_of, page_of, said, send, shown, signed_in, take
from tests.factories import InitiativeFactory, MeetingFactory, PartyFactory, SeriesFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

SITE = admin.site
REGISTERED = sorted(SITE._registry, key=lambda model: model._meta.label)
FACTORIES = {made._meta.model: made for made in vars(factories).values() if hasattr(made, "_meta") and getattr(made._meta, "model", None)}
OURS = ["reference", "editorial", "meetings", "initiatives"]
# Made by a verb from another page, never from an empty form.
MADE_ELSEWHERE = {Change, OldSlug, Revision, CloseOut}
ROLES = ["editor", "reviewer", "administrator"]
each_model = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
each_role = pytest.mark.parametrize("role", ROLES)


def name_of(model):
    return {Group: "group"}.get(model, model._meta.label_lower)


def make(model, count):
    """Records of a kind, as many as asked for."""
    if model is Group:
        return [Group.objects.create(name=f"Made-up group {Group.objects.count()}") for _number in range(count)]
    if model is Change:
        return [ledger.record(verb="party.changed", record=PartyFactory(), by="made-up-user") for _number in range(count)]
    return [FACTORIES[model]() for _number in range(count)]


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# Every kind of record has its page


def test_every_model_of_ours_has_a_page_or_a_place_on_one():
    inlines = {inline.model for page in SITE._registry.values() for inline in page.inlines}
    models = {model for app in OURS for model in apps.get_app_config(app).get_models()}

    assert models - inlines - set(REGISTERED) == {Step}  # derived, and edited by nobody


@each_model
def test_every_page_writes_through_the_verbs(model):
    assert isinstance(SITE._registry[model], LedgeredAdmin)


@each_model
def test_no_list_is_edited_in_place(model):
    assert not SITE._registry[model].list_editable


@each_model
@each_role
def test_every_page_opens_for_those_who_may_see_it(request, model, role, budget):
    user = request.getfixturevalue(role)
    record, *_others = make(model, 3)
    client = signed_in(user)
    may_see = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    may_add = may_see and user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}") and model not in MADE_ELSEWHERE
    addresses = {
        "list": (list_of(model), may_see),
        "add": (list_of(model, "add"), may_add),
        "change": (page_of(record), may_see),
        "history": (page_of(record, "history"), may_see),
    }
    for what, (address, allowed) in addresses.items():
        if not allowed:
            assert client.get(address).status_code == 403, what
            continue
        with budget(f"admin: {name_of(model)} {what}"):
            assert client.get(address).status_code == 200, what


@each_model
def test_a_longer_list_takes_no_more_queries(model, admin_client):
    make(model, 3)
    before = queries_of(admin_client, list_of(model))
    make(model, 5)

    assert queries_of(admin_client, list_of(model)) == before


def test_the_desk_shows_what_waits_and_where_to_begin(editor, budget):
    InitiativeFactory(state="in_review")

    with budget("admin: desk"):
        response = signed_in(editor).get(reverse("admin:index"))

    text = response.content.decode()
    assert "Initiatives: 1" in text
    assert reverse("admin:initiatives_statusupdate_add") in text
    assert f"{list_of(Initiative)}?state__exact=in_review" in text


def test_my_latest_changes_are_told_in_words(editor):
    workflow.save(record=SeriesFactory.build(state="draft"), by=editor)

    text = signed_in(editor).get(reverse("admin:index")).content.decode()

    assert "series.created" not in text
    assert f"{verb_in_words('series.created')}, " in text


def test_a_refusal_that_names_the_record_is_not_given_its_name_twice(reviewer):
    series = SeriesFactory(name="Made-up series")

    response = act(signed_in(reviewer), Series, "submit_selected", [series])

    assert said(response).count("Made-up series") == 1


# Addresses nobody meant


GARBAGE = [
    "e=1", "q=%00", "state__exact=%00", "p=-1", "p=abc", "p=99999999999999999999", "o=9.9.x", "all=1", "_facets=1", "nonsense=1",
    "slug__regex=(a%2B)%2B", "id__in=9999999999999999999999999999", "at__year=0", "at__year=99999999999", "year=%27%22",
    "at__year=2024&at__month=2&at__day=31", "q=" + "a%20" * 3000, "kind__exact=zzz", "state__exact=x&e=1", "is_public__exact=x",
    "_to_field=slug", "_popup=1&_to_field=x", "series__id__exact=abc", "series__id__exact=9999999999999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize(
    "model", [Initiative, Meeting, Change, Party, apps.get_model("reference.source")], ids=lambda model: model.__name__
)
@pytest.mark.parametrize("question", GARBAGE, ids=lambda text: text[:30])
def test_garbage_in_the_address_of_a_list_is_no_crash(admin_client, model, question):
    make(model, 1)

    assert admin_client.get(f"{list_of(model)}?{question}").status_code in (200, 302, 400)


def test_nobody_asks_by_regular_expression(admin_client):
    assert admin_client.get(f"{list_of(Initiative)}?slug__regex=(a%2B)%2B").status_code == 400


@pytest.mark.parametrize("number", ["abc", "9" * 30, "0"])
@pytest.mark.parametrize("what", ["change", "history", "delete", "withdraw"])
def test_a_record_that_cannot_be_leads_back_to_the_desk(admin_client, number, what):
    assert admin_client.get(f"/admin/initiatives/initiative/{number}/{what}/").status_code == 302


def test_a_selection_of_records_that_cannot_be_is_refused(admin_client):
    sent = {"action": "publish_selected", "_selected_action": ["9" * 30]}

    assert admin_client.post(list_of(Initiative), sent).status_code == 400


def test_what_the_address_prefills_is_left_out_when_it_cannot_be_read(admin_client):
    response = admin_client.get(f"{list_of(Meeting, 'add')}?start=someday&series=abc&country={'9' * 30}&place=Made-up+town")

    assert shown(response)["place"] == "Made-up town"
    assert not shown(response)["start_0"]


# Saving


def test_a_save_is_told_in_the_ledger_with_its_reason(reviewer):
    party = PartyFactory(name="Made-up party", is_public=False)

    send(signed_in(reviewer), page_of(party), name="Another made-up party", reason="It was renamed.")

    row = Change.objects.first()
    assert (row.verb, row.actor, row.reason) == ("party.changed", reviewer.username, "It was renamed.")
    assert (row.before["name"], row.after["name"]) == ("Made-up party", "Another made-up party")


def test_the_names_of_a_record_are_told_with_it(reviewer):
    party = PartyFactory(is_public=False)
    names = {"names-TOTAL_FORMS": "1", "names-0-language": "tr", "names-0-text": "Uydurma taraf", "names-0-kind": "usual"}

    send(signed_in(reviewer), page_of(party), **names)

    assert Change.objects.first().after["names"] == [{"kind": "usual", "language": "tr", "text": "Uydurma taraf"}]


def test_a_save_that_changes_nothing_is_not_told(reviewer):
    party = PartyFactory()

    assert send(signed_in(reviewer), page_of(party)).status_code == 302

    assert not Change.objects.of(party).exists()


# Steps of the workflow


def test_an_editor_hands_in_and_a_reviewer_publishes(editor, reviewer):
    series = SeriesFactory(state="draft")

    send(signed_in(editor), page_of(series), button="submit")
    series.refresh_from_db()
    assert series.state == "in_review"

    send(signed_in(reviewer), page_of(series), button="publish", reason="Checked.")
    series.refresh_from_db()
    assert series.is_public
    assert Change.objects.of(series).last().verb == "series.published"


def test_an_administrator_saves_and_publishes_in_one_step(administrator):
    series = SeriesFactory(state="draft")

    send(signed_in(administrator), page_of(series), button="publish", name="A better made-up name")

    series.refresh_from_db()
    assert (series.state, series.name) == ("published", "A better made-up name")


def test_an_editor_cannot_publish(editor):
    series = SeriesFactory(state="draft")
    client = signed_in(editor)

    assert send(client, page_of(series), button="publish").status_code == 403
    client.post(list_of(type(series)), {"action": "publish_selected", "_selected_action": [series.pk]})

    series.refresh_from_db()
    assert series.state == "draft"


def test_who_changed_a_draft_does_not_publish_it_too(reviewer):
    series = SeriesFactory(state="draft", name="A made-up name")

    response = send(signed_in(reviewer), page_of(series), button="publish", name="A better made-up name")

    assert "somebody else publishes it" in said(response)
    assert shown(response)["name"] == "A better made-up name"
    series.refresh_from_db()
    assert (series.state, series.name) == ("draft", "A made-up name")


def test_publishing_is_not_offered_to_who_wrote_it(reviewer, administrator):
    mine = SeriesFactory(state="draft", created_by=reviewer)
    theirs = SeriesFactory(state="draft", created_by=administrator)
    client = signed_in(reviewer)

    assert "publish" not in client.get(page_of(mine)).context["save_steps"]
    assert "publish" in client.get(page_of(theirs)).context["save_steps"]
    assert "publish" in signed_in(administrator).get(page_of(theirs)).context["save_steps"]


def test_what_keeps_a_record_from_the_public_is_said_and_nothing_typed_is_lost(administrator):
    meeting = MeetingFactory(state="draft", series__state="draft")

    response = send(signed_in(administrator), page_of(meeting), button="publish", place="Another made-up town")

    assert "series: Publish the series" in said(response)
    assert shown(response)["place"] == "Another made-up town"
    meeting.refresh_from_db()
    assert (meeting.state, meeting.place) == ("draft", "Made-up town")


def test_sending_back_needs_a_note(reviewer):
    series = SeriesFactory(state="in_review")
    client = signed_in(reviewer)

    assert take(client, series, "send_back", reason=" ").context["form"].errors["reason"]

    take(client, series, "send_back", reason="Name the host.")
    series.refresh_from_db()
    assert series.state == "draft"
    assert Change.objects.of(series).last().reason == "Name the host."


def test_a_withdrawn_record_says_what_replaced_it_and_can_be_restored(reviewer):
    old, new = MeetingFactory(), MeetingFactory()
    client = signed_in(reviewer)

    take(client, old, "withdraw", reason="Entered twice.", replaced_by=new.pk)
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == ("withdrawn", new)

    take(client, old, "restore", reason="They were two after all.")
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == ("published", None)


@pytest.mark.parametrize("step", ["send_back", "withdraw", "restore"])
def test_an_editor_takes_none_of_the_steps_of_a_reviewer(editor, step):
    series = SeriesFactory(state={"send_back": "in_review", "withdraw": "published", "restore": "withdrawn"}[step])

    assert signed_in(editor).post(page_of(series, step), {"reason": "Because."}).status_code == 403


def test_many_records_are_published_at_once_and_the_refused_are_named(reviewer):
    good, bad = MeetingFactory(state="draft"), MeetingFactory(state="draft", series__state="draft")
    chosen = {"action": "publish_selected", "_selected_action": [good.pk, bad.pk]}

    response = signed_in(reviewer).post(list_of(Meeting), chosen, follow=True)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("published", "draft")
    assert "1 record published." in said(response)
    assert f"“{bad}”: Series: Publish the series" in said(response)


def test_many_records_are_withdrawn_with_one_reason(reviewer):
    meetings = [MeetingFactory(), MeetingFactory()]
    chosen = {"action": "withdraw_selected", "_selected_action": [meeting.pk for meeting in meetings]}
    client = signed_in(reviewer)

    asked = client.post(list_of(Meeting), chosen)
    assert "reason" in asked.context["form"].fields
    client.post(list_of(Meeting), chosen | {"confirmed": "yes", "reason": "Entered by mistake."})

    assert {meeting.state for meeting in Meeting.objects.all()} == {"withdrawn"}


def test_a_new_address_of_a_public_record_keeps_the_old_one_redirecting(administrator):
    series = SeriesFactory(slug="made-up-old")

    send(signed_in(administrator), page_of(series), button="publish", slug="made-up-new", reason="A shorter address.")

    series.refresh_from_db()
    assert series.slug == "made-up-new"
    assert OldSlug.objects.get(slug="made-up-old").record_id == str(series.pk)


def test_a_retired_address_is_refused_at_its_field(reviewer):
    workflow.rename(record=SeriesFactory(slug="made-up-old"), slug="made-up-new", by="made-up-user")
    series = SeriesFactory(state="draft")

    response = send(signed_in(reviewer), page_of(series), slug="made-up-old")

    assert "slug: “made-up-old” is the former address of another record" in said(response)


# Deleting


def test_a_draft_is_deleted_and_the_ledger_keeps_what_it_held(editor):
    series = SeriesFactory(state="draft", name="A made-up mistake")

    take(signed_in(editor), series, "delete", reason="Entered twice.")

    assert not type(series).objects.exists()
    row = Change.objects.first()
    assert (row.before["name"], row.reason) == ("A made-up mistake", "Entered twice.")


@pytest.mark.parametrize("make_public", [SeriesFactory, PartyFactory, SourceFactory], ids=["series", "party", "source"])
def test_what_was_public_is_not_deleted(admin_client, make_public):
    record = make_public()

    assert admin_client.post(page_of(record, "delete"), {"post": "yes"}).status_code == 403
    response = act(admin_client, type(record), "discard_selected", [record], reason="By mistake.")

    assert "is or was public" in said(response)
    assert type(record).objects.filter(pk=record.pk).exists()


def test_a_draft_that_others_lean_on_is_not_deleted(editor):
    series = SeriesFactory(state="draft")
    MeetingFactory(series=series, state="draft")

    response = act(signed_in(editor), type(series), "discard_selected", [series], reason="By mistake.")

    assert type(series).objects.filter(pk=series.pk).exists()
    assert str(series) in said(response)


# The ledger and the accounts


@pytest.mark.parametrize("what", ["add", "delete"])
def test_the_ledger_is_only_read(admin_client, what):
    (change,) = make(Change, 1)
    address = list_of(Change, "add") if what == "add" else page_of(change, what)

    assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_the_history_of_a_record_tells_who_what_and_why(editor):
    party = workflow.save(record=PartyFactory.build(name="Made-up party"), by="made-up-user", reason="It takes part.")

    text = signed_in(editor).get(page_of(party, "history")).content.decode()

    assert "made-up-user" in text
    assert "It takes part." in text
    assert "Made-up party" in text


def test_a_change_of_an_account_is_told_without_its_password(administrator):
    user = UserFactory(username="made-up-newcomer", password=make_password("made-up-old-Passw0rd"))
    role = Group.objects.get(name="Editor")

    send(signed_in(administrator), page_of(user), groups=[role.pk])
    signed_in(administrator).post(
        f"/admin/auth/user/{user.pk}/password/", {"password1": "made-up-Passw0rd", "password2": "made-up-Passw0rd"}
    )

    rows = Change.objects.of(user)
    assert [row.verb for row in rows] == ["user.changed", "user.password_changed"]
    assert not any("password" in {*row.before, *row.after} or row.public for row in rows)
    user.refresh_from_db()
    assert user.check_password("made-up-Passw0rd")


def test_an_administrator_makes_nobody_a_superuser(administrator):
    user = UserFactory(password=make_password("made-up-Passw0rd"))

    assert send(signed_in(administrator), page_of(user), is_superuser="on").status_code == 302

    user.refresh_from_db()
    assert not user.is_superuser


def test_an_administrator_does_not_touch_a_superuser(administrator, admin_user):
    client = signed_in(administrator)

    assert client.post(page_of(admin_user), {"username": "taken-over"}).status_code == 403
    assert client.post(f"/admin/auth/user/{admin_user.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 403


# Languages and links


def test_the_desk_speaks_the_language_chosen(editor):
    client = signed_in(editor)
    client.post(reverse("set_language"), {"language": "tr", "next": "/admin/"})

    text = client.get("/admin/").content.decode()

    assert '<html lang="tr"' in text
    assert "Oturumu kapat" in text or "Çıkış" in text or "Oturumu Kapat" in text


def test_a_public_record_links_to_its_page_and_a_draft_does_not(editor):
    public, draft = SeriesFactory(), SeriesFactory(state="draft")

    assert public.get_absolute_url() in signed_in(editor).get(page_of(public)).content.decode()
    assert "viewsitelink" not in signed_in(editor).get(page_of(draft)).content.decode()


def test_every_publishable_record_offers_the_steps():
    for model in REGISTERED:
        if issubclass(model, Publishable):
            assert "publish_selected" in SITE._registry[model].actions, model
