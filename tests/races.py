"""Two people press their buttons at the same moment, on every path by which a record is written. Everything here is made up.

What counts is what the page said: a change it acknowledged must be there
afterwards, in the record or in the revision that waits; a change it did not
take must have come back with its text.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connections

from editorial import revisions, workflow
from initiatives.imports.uploads import receive
from initiatives.models import StatusUpdate
from initiatives.workflow import record_status
from meetings.models import Meeting
from tests.desk import list_of, page_of, said, shown, signed_in
from tests.factories import InitiativeFactory, MeetingFactory, SourceFactory, UserFactory

PATIENCE = 60  # seconds after which two who wait for each other count as stuck


@dataclass
class Count:
    """What became of the changes of one path, over all rounds."""

    acknowledged: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # answers of 500 and above, and exceptions


@dataclass
class Press:
    """One person's button: what is sent where; whether the answer takes it; whether it is there afterwards."""

    url: str
    data: dict
    kept: Callable[[], bool]
    taken: Callable[[object], bool] = lambda response: response.status_code == 302


def crew() -> list:
    """Two signed-in people who may do everything that is raced for here."""
    call_command("sync_roles", verbosity=0)
    people = [UserFactory() for _number in range(2)]
    for user in people:
        user.groups.add(Group.objects.get(name="Administrator"))
    clients = [signed_in(user) for user in people]
    for client, user in zip(clients, people, strict=True):
        client.raise_request_exception, client.user = False, user
    return clients


def race(clients, presses: list[Press], count: Count) -> None:
    """Send both at once and count what the answers were worth."""
    start, answers = threading.Barrier(len(presses)), {}

    def press(number: int) -> None:
        try:
            start.wait(PATIENCE)
            data = {name: value for name, value in presses[number].data.items() if value is not None}
            answers[number] = clients[number].post(presses[number].url, data)
            if answers[number].streaming:
                list(answers[number].streaming_content)  # an import works while its page is read
        except Exception as error:  # whatever it is, it is no answer
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[number]) for number in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for number, one in enumerate(presses):
        answer = answers.get(number)
        if answer is None or isinstance(answer, Exception) or answer.status_code >= 500:
            count.broken.append(f"{one.url}: {answer!r}")
        elif not one.taken(answer):
            count.refused += 1
        else:
            count.acknowledged += 1
            if not one.kept():
                count.lost.append(f"{one.url}: {one.data}")


def opened(client, record, button="_save", **typed) -> tuple[str, dict]:
    """A form opened by somebody, with something typed into it and a button chosen."""
    url = page_of(record)
    return url, shown(client.get(url)) | typed | ({button: "1"} if button.startswith("_") else {"_step": button})


def holds(record, name, value) -> Callable[[], bool]:
    return lambda: type(record)._base_manager.filter(pk=record.pk, **{name: value}).exists()


def in_state(record, state) -> Callable[[], bool]:
    return holds(record, "state", state)


def done(client) -> Callable[[object], bool]:
    """Whether the page to which an action leads says that it was done."""

    def _done(response) -> bool:
        return response.status_code == 302 and "handed in for review" in said(client.get(response.url))

    return _done


numbers = itertools.count(1)


def draft(**more) -> Meeting:
    return MeetingFactory(state="draft", **more)


def change_form(one, other) -> list[Press]:
    meeting, number = draft(), next(numbers)
    return [
        Press(*opened(one, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
        Press(*opened(other, meeting, theme=f"Theme {number}"), kept=holds(meeting, "theme", f"Theme {number}")),
    ]


def one_box(one, other) -> list[Press]:
    """The same box: only one of the two can be acknowledged, and that one must stay."""
    meeting, number = draft(), next(numbers)
    return [Press(*opened(who, meeting, place=f"{who} {number}"), kept=holds(meeting, "place", f"{who} {number}")) for who in (one, other)]


def inlines(one, other) -> list[Press]:
    meeting, number = draft(), next(numbers)
    row = {"names-TOTAL_FORMS": "1", "names-0-language": "tr", "names-0-kind": "usual"}
    texts = [f"First {number}", f"Second {number}"]
    return [
        Press(*opened(who, meeting, **row, **{"names-0-text": text}), kept=lambda text=text: meeting.names.filter(text=text).exists())
        for who, text in zip((one, other), texts, strict=True)
    ]


def action_and_form(one, other) -> list[Press]:
    meeting, number = draft(), next(numbers)
    seen = one.get(list_of(Meeting)).context["action_form"]["seen_serial"].value()
    chosen = {"action": "submit_selected", "_selected_action": [meeting.pk], "seen_serial": seen}
    return [
        Press(list_of(Meeting), chosen, kept=in_state(meeting, "in_review"), taken=done(one)),
        Press(*opened(other, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
    ]


def delete_and_form(one, other) -> list[Press]:
    meeting, number = draft(), next(numbers)
    version = one.get(page_of(meeting, "delete")).context["opened_version"]
    return [
        Press(
            page_of(meeting, "delete"),
            {"post": "yes", "opened_version": version},
            kept=lambda: not Meeting.objects.filter(pk=meeting.pk).exists(),
            taken=lambda response: response.status_code == 302 and response.url == list_of(Meeting),
        ),
        Press(*opened(other, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
    ]


def button_and_form(one, other) -> list[Press]:
    meeting, number = draft(), next(numbers)
    return [
        Press(*opened(one, meeting, button="submit"), kept=in_state(meeting, "in_review")),
        Press(*opened(other, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
    ]


def step_and_form(one, other) -> list[Press]:
    meeting, number = workflow.submit(record=draft(), by="made-up-user"), next(numbers)
    version = one.get(page_of(meeting, "send_back")).context["opened"]
    return [
        Press(page_of(meeting, "send_back"), {"reason": "Because.", "opened_version": version}, kept=in_state(meeting, "draft")),
        Press(*opened(other, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
    ]


def revision_and_revision(one, other) -> list[Press]:
    meeting, number = MeetingFactory(), next(numbers)

    def waits(name: str) -> Callable[[], bool]:
        return lambda: (revisions.pending(meeting) or revisions.Revision()).after.get(name) == f"New {number}"

    return [
        Press(*opened(one, meeting, place=f"New {number}"), kept=waits("place")),
        Press(*opened(other, meeting, theme=f"New {number}"), kept=waits("theme")),
    ]


def revision_and_publication(one, other) -> list[Press]:
    """One goes on editing a revision while the other publishes it: what was typed is public, or waits."""
    meeting, number = MeetingFactory(), next(numbers)
    one.post(*opened(one, meeting, place=f"New {number}"))
    revision = revisions.pending(meeting)

    def there() -> bool:
        waiting = revisions.pending(meeting)
        return (waiting is not None and waiting.after.get("theme") == f"New {number}") or holds(meeting, "theme", f"New {number}")()

    return [
        Press(*opened(one, meeting, theme=f"New {number}"), kept=there),
        Press(page_of(revision), {"_step": "publish", "opened_version": revision.version}, kept=holds(meeting, "place", f"New {number}")),
    ]


def import_and_form(one, other) -> list[Press]:
    """One confirms a file about a record that the other is saving: the plan that was shown is carried out, or not at all."""
    meeting, number = draft(), next(numbers)
    content = f"slug,theme\n{meeting.slug},Theme {number}\n".encode()
    upload = receive(resource="meetings", file_name="made-up.csv", content=content, by=one.user)
    return [
        Press(
            page_of(upload, "apply"),
            {},
            kept=holds(meeting, "theme", f"Theme {number}"),
            taken=lambda _response: in_stage(upload, "applied"),
        ),
        Press(*opened(other, meeting, place=f"Town {number}"), kept=holds(meeting, "place", f"Town {number}")),
    ]


def in_stage(upload, stage) -> bool:
    return type(upload).objects.filter(pk=upload.pk, stage=stage).exists()


def status_drafts(one, other) -> list[Press]:
    number = next(numbers)
    update = record_status(
        initiative=InitiativeFactory(kind="fund"),
        status="proposed",
        date="2024",
        role="proposed",
        summary="A made-up event.",
        citations=[SourceFactory()],
        by="made-up-user",
    )

    def told(**lookup) -> Callable[[], bool]:
        return lambda: StatusUpdate.objects.filter(pk=update.pk, **lookup).exists()

    return [
        Press(*opened(one, update, summary=f"Event {number}."), kept=told(summary=f"Event {number}.")),
        Press(*opened(other, update, **{"citations-0-locator": f"§ {number}"}), kept=told(citations__locator=f"§ {number}")),
    ]


PATHS = {
    path.__name__: path
    for path in (
        change_form,
        one_box,
        inlines,
        action_and_form,
        delete_and_form,
        button_and_form,
        step_and_form,
        revision_and_revision,
        revision_and_publication,
        import_and_form,
        status_drafts,
    )
}


def run(path: str, rounds) -> Count:
    """So many rounds of one path."""
    count, clients = Count(), crew()
    for _round in rounds:
        race(clients, PATHS[path](*clients), count)
    return count
