"""Lists of the desk: what may be asked of them, and actions on many records that nobody takes unseen."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import BadRequest, ValidationError
from django.db import DatabaseError, models, transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from editorial import ledger
from editorial.models import Change

from .forms import as_refusal, is_number, sentences

LONGEST_SEARCH = 200
MOST_NAMED = 50  # records named one by one on a page that asks why
DERIVED = ".standing_changed"  # follows from another record's change; nobody typed it
# The database counts no further than the year after it.
LAST_YEAR = 9999


class ActionForm(helpers.ActionForm):
    """Says besides the action how far the list had been read: the newest row of the ledger when it was made."""

    seen_serial = forms.CharField(label="", required=False, widget=forms.HiddenInput)


def newest_serial() -> int:
    return Change.objects.order_by("-serial").values_list("serial", flat=True).first() or 0


def seen_serial(request) -> int:
    """How far the list had been read that this request acts on; one that does not say has seen nothing."""
    seen = request.POST.get("seen_serial", "")
    return int(seen) if is_number(seen) else 0


def refuse_unseen(record: models.Model, seen: int) -> None:
    """Raise ValidationError when somebody changed the record after the list was made."""
    newer = Change.objects.of(record).filter(serial__gt=seen).exclude(verb__endswith=DERIVED).last()
    if newer:
        raise ValidationError(_("%(who)s changed it since you saw this list; look at it again."), code="stale", params={"who": newer.actor})


class SafeLists(admin.ModelAdmin):
    """Lists that answer only what their filters ask, and act only on what was seen."""

    action_form = ActionForm
    # Links of this record by which other pages of the desk point at its list.
    linked_by: list[str] = []

    def lookup_allowed(self, lookup, value, request=None):
        """Only what a filter of this list makes: nobody types a regular expression into the address bar."""
        allowed = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                allowed.add(item.parameter_name)
                continue
            name = item[0] if isinstance(item, list | tuple) else item
            allowed |= {name, *(f"{name}__{ending}" for ending in ("exact", "id__exact", "isnull"))}
        allowed |= {f"{name}__id__exact" for name in self.linked_by}
        if self.date_hierarchy and lookup in {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}:
            return is_number(value) and 0 < int(value) < LAST_YEAR
        return lookup in allowed

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def changelist_view(self, request, extra_context=None):
        if not all(map(is_number, request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))):
            raise BadRequest("A selected record is named by its number.")
        # Before the list is read: what is saved in between counts as not seen.
        seen = newest_serial()
        response = super().changelist_view(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("action_form")
        if form is not None:
            form.fields["seen_serial"].initial = seen
        return response

    def for_each(self, request, queryset, verb, *, done, **kwargs):
        """Apply a verb to each record by itself, and say what was done and what was refused and why."""
        count, seen = 0, seen_serial(request)
        for record in queryset.order_by("pk"):
            try:
                with transaction.atomic():
                    ledger.hold()
                    refuse_unseen(record, seen)
                    verb(record=record, by=request.user, **kwargs)
            except (ValidationError, DatabaseError) as error:
                why = " ".join(sentences(as_refusal(error), self.model))
                named = why if f"“{record}”" in why else _("“%(record)s”: %(why)s") % {"record": record, "why": why}
                self.message_user(request, named, messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, done(count) % count, messages.SUCCESS)

    # Asking why

    def why_form(self, *, initial="", required=True, **fields) -> type[forms.Form]:
        """A form that asks for the reason, and for what else a step needs."""
        reason = forms.CharField(
            label=_("Reason"),
            max_length=500,
            required=required,
            initial=initial,
            help_text=_("In a few words; the ledger keeps it."),
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        )
        return type("WhyForm", (forms.Form,), {"reason": reason, **fields})

    def asking_page(self, request, *, label, form, records, action="", opened="", extra=None):
        """The page that names the records and asks why before something is done with them."""
        request.current_app = self.admin_site.name
        records = list(records)
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "opts": self.opts,
            "form": form,
            "label": label,
            "records": records[:MOST_NAMED],
            "more": max(0, len(records) - MOST_NAMED),
            "action": action,
            "opened": opened,
            "seen_serial": seen_serial(request),
            "select_across": request.POST.get("select_across") == "1",
            "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media + form.media,
            **(extra or {}),
        }
        return TemplateResponse(request, "admin/step.html", context)
