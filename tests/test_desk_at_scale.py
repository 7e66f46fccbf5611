"""The pages of the desk with a thousand initiatives, each within its budget of queries. Everything here is made up."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from editorial import revisions
from initiatives.models import Initiative
from meetings.models import Meeting
from tests.desk import list_of, page_of, signed_in
from tests.factories import DocumentFactory, ProvisionFactory, SourceFactory, UploadFactory, UserFactory
from tests.plenty import make_plenty


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker):
    """A thousand initiatives and a reviewer who looks at them; made once, rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sync_roles", verbosity=0)
        editor, reviewer = (UserFactory(username=f"made-up-{role}", is_superuser=False) for role in ("editor", "reviewer"))
        editor.groups.add(Group.objects.get(name="Editor"))
        reviewer.groups.add(Group.objects.get(name="Administrator"))
        made = make_plenty(editor=editor, reviewer=reviewer)
        meeting = Meeting.objects.filter(phase="held").first()
        for number, initiative in enumerate(made[1:40:2]):
            initiative.refresh_from_db()
            initiative.notes = f"Made up {number}"
            revisions.propose(record=initiative, by=editor)
        document = DocumentFactory(meeting=meeting)
        for number in range(60):
            ProvisionFactory(document=document, code=f"p{number}", order=number)
        yield {
            "client": signed_in(reviewer),
            "initiative": made[1],
            "meeting": meeting,
            "document": document,
            "revision": revisions.pending(made[1]),
            "upload": UploadFactory(),
            "source": SourceFactory(),
        }
        transaction.set_rollback(True)


PAGES = {
    "first page": lambda desk: reverse("admin:index"),
    "initiatives": lambda desk: list_of(Initiative),
    "initiatives searched": lambda desk: list_of(Initiative) + "?q=made+up",
    "initiative": lambda desk: page_of(desk["initiative"]),
    "history of an initiative": lambda desk: page_of(desk["initiative"], "history"),
    "withdrawing an initiative": lambda desk: page_of(desk["initiative"], "withdraw"),
    "new initiative": lambda desk: list_of(Initiative, "add"),
    "statuses": lambda desk: reverse("admin:initiatives_statusupdate_changelist"),
    "recording a status": lambda desk: reverse("admin:initiatives_statusupdate_add") + f"?initiative={desk['initiative'].pk}",
    "published status": lambda desk: page_of(desk["initiative"].updates.first()),
    "meetings": lambda desk: list_of(Meeting),
    "meeting": lambda desk: page_of(desk["meeting"]),
    "close-out": lambda desk: reverse("admin:close_out", args=[desk["meeting"].pk]),
    "document": lambda desk: page_of(desk["document"]),
    "cutting a document": lambda desk: reverse("admin:cut_document", args=[desk["document"].pk]),
    "provisions": lambda desk: reverse("admin:meetings_provision_changelist"),
    "revisions": lambda desk: reverse("admin:editorial_revision_changelist"),
    "revision": lambda desk: page_of(desk["revision"]),
    "ledger": lambda desk: reverse("admin:editorial_change_changelist"),
    "sources": lambda desk: reverse("admin:reference_source_changelist"),
    "source": lambda desk: page_of(desk["source"]),
    "parties": lambda desk: reverse("admin:reference_party_changelist"),
    "imports": lambda desk: reverse("admin:initiatives_upload_changelist"),
    "new import": lambda desk: reverse("admin:initiatives_upload_add"),
    "accounts": lambda desk: reverse("admin:auth_user_changelist"),
    "autocomplete of initiatives": lambda desk: (
        reverse("admin:autocomplete") + "?app_label=initiatives&model_name=statusupdate&field_name=initiative&term=made"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_keeps_its_budget_with_a_thousand_initiatives(desk, budget, name):
    address = PAGES[name](desk)
    ContentType.objects.clear_cache()  # else it depends on the test before
    with budget(f"desk with 1,000 initiatives: {name}"):
        assert desk["client"].get(address).status_code == 200
