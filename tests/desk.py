"""Filling in forms of the admin as a person does: what the page shows is sent back, with what was typed over it."""

from __future__ import annotations

from django import forms
from django.test import Client
from django.urls import reverse


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(record, what="change") -> str:
    """The address of a record's page: change, history, delete or a step of the workflow."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{what}", args=[record.pk])


def list_of(model, what="changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}")


def shown(response) -> dict:
    """Everything the boxes of a change form hold, by the names under which a browser sends it."""
    context = response.context
    found = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        found += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in found:
        for box in form:
            sent |= _as_sent(box)
    return sent


def _as_sent(box) -> dict:
    value = box.value()
    if isinstance(box.field, forms.MultiValueField):
        parts = value if isinstance(value, list) else box.field.widget.decompress(value)
        return {f"{box.html_name}_{number}": part for number, part in enumerate(parts)}
    if isinstance(box.field, forms.BooleanField):
        return {box.html_name: "on"} if value else {}
    if isinstance(box.field, forms.ModelMultipleChoiceField):
        return {box.html_name: [str(item) for item in box.field.prepare_value(value or [])]}
    return {} if value is None else {box.html_name: value}


def send(client, url, /, *, button="_save", follow=False, **typed):
    """Open the form at the address, type, press a button (`publish`, `submit`: of the workflow); None empties a box."""
    data = shown(client.get(url)) | typed
    data |= {button: "1"} if button.startswith("_") else {"_step": button}
    return client.post(url, {name: value for name, value in data.items() if value is not None}, follow=follow)


def said(response) -> str:
    """Every error of the form, and every message of the page, as one text."""
    errors = [str(message) for message in response.context["messages"]] if response.context and "messages" in response.context else []
    if response.context and "adminform" in response.context:
        errors += [f"{field}: {error}" for field, found in response.context["adminform"].form.errors.items() for error in found]
        for inline in response.context["inline_admin_formsets"]:
            errors += list(inline.formset.non_form_errors())
            errors += [f"{field}: {error}" for form in inline.formset.forms for field, found in form.errors.items() for error in found]
    return "\n".join(errors)
