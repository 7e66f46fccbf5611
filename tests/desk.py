"""Filling in forms of the admin as a person does: what the page shows is sent back, with what was typed over it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from editorial.desk.boxes import held_by


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(record, what="change", *more) -> str:
    """The address of a record's page: change, history, delete or a step of the workflow."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{what}", args=[record.pk, *more])


def list_of(model, what="changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}")


def shown(response) -> dict:
    """Everything the boxes of a change form hold, by the names under which a browser sends it."""
    form = response.context["adminform"].form
    about = {box.html_name: box.value() or "" for box in form if box.html_name in ("opened_version", "opened_form", "reason")}
    return held_by(form, [inline.formset for inline in response.context["inline_admin_formsets"]]) | about


def send(client, url, /, *, button="_save", follow=False, **typed):
    """Open the form at the address, type, press a button (`publish`, `submit`: of the workflow); None empties a box."""
    return press(client, url, shown(client.get(url)) | typed, button=button, follow=follow)


def press(client, url, boxes, *, button="_save", follow=False):
    """Send a form that was opened before."""
    data = boxes | ({button: "1"} if button.startswith("_") else {"_step": button})
    return client.post(url, {name: value for name, value in data.items() if value is not None}, follow=follow)


def take(client, record, step, /, follow=False, **typed):
    """Open the page on which a step of the workflow, or deleting, is confirmed, and confirm it."""
    url = page_of(record, step)
    opened = client.get(url).context
    version = opened["opened_version"] if step == "delete" else opened["opened"]
    return client.post(url, {"post": "yes", "opened_version": version, **typed}, follow=follow)


def act(client, model, action, records, /, *, opened=None, follow=True, **typed):
    """Open the list, choose records and an action, and confirm it where it asks why."""
    url = list_of(model)
    seen = (opened or client.get(url)).context["action_form"]["seen_serial"].value()
    chosen = {"action": action, "_selected_action": [record.pk for record in records], "seen_serial": seen}
    return client.post(url, chosen | ({"confirmed": "yes", **typed} if typed else {}), follow=follow)


def said(response) -> str:
    """Every error of the form, and every message of the page, as one text."""
    errors = [str(message) for message in response.context["messages"]] if response.context and "messages" in response.context else []
    if response.context and "adminform" in response.context:
        errors += [f"{field}: {error}" for field, found in response.context["adminform"].form.errors.items() for error in found]
        for inline in response.context["inline_admin_formsets"]:
            errors += list(inline.formset.non_form_errors())
            errors += [f"{field}: {error}" for form in inline.formset.forms for field, found in form.errors.items() for error in found]
    return "\n".join(errors)
