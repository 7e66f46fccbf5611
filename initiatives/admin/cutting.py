"""Cutting the text of a document into provisions: paste, look and mend, save as drafts.

Nothing is kept between the steps but what the page itself carries, so that an
editor may go home over it, and nothing that was typed depends on a script.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.desk.forms import as_refusal, keep_readable
from editorial.models import State
from initiatives.models import ProvisionLink
from initiatives.provisions import REASON, DraftsRefused, add_provisions, same_words
from meetings.cutting import cut
from meetings.models import Document, Provision, ProvisionCitation
from reference.admin import source_in_full
from reference.models import Source

from .pieces import Initiatives, Row, rearranged, renumbered, rows_sent

LONGEST_TEXT = 200_000  # characters; the longest declaration so far has a third of it
BOXES_OF_A_ROW = 14  # sent by a browser for one row, some links included
NEEDED = ("meetings.add_provision", "meetings.view_document", "initiatives.add_provisionlink")


def most_rows() -> int:
    """How many rows one page may hold: Django reads no more boxes than the setting allows."""
    return settings.DATA_UPLOAD_MAX_NUMBER_FIELDS // BOXES_OF_A_ROW


class SourceSelect(AutocompleteSelect):
    """All sources by typing; where no script runs, those that the document cites already."""

    offered: list[Source] = []

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        options = groups[0][1]
        chosen = {str(option["value"]) for option in options}
        more = [("", ""), *((source.pk, source_in_full(source)) for source in self.offered)]
        options += [self.create_option(name, pk, text, False, 0) for pk, text in more if str(pk) not in chosen]
        return groups


class CitedForm(forms.Form):
    """Which page the text was read from."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("Source"),
        queryset=Source.objects.all(),
        help_text=gettext_lazy("The page the text was read from: every provision will cite it. Type a part of its title or publisher."),
        widget=SourceSelect(ProvisionCitation._meta.get_field("source"), admin.site),
    )

    def __init__(self, *args, document: Document, **kwargs):
        super().__init__(*args, **kwargs)
        cited = [citation.source for citation in document.citations.select_related("source")]
        self.fields["source"].widget.offered = cited
        self.fields["source"].label_from_instance = source_in_full
        self.initial.setdefault("source", cited[0].pk if len(cited) == 1 else None)
        keep_readable(self.fields.values())


class PasteForm(CitedForm):
    """The first step: the text."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("Paste all of it: from a web page or a PDF, with its headings and numbers."),
        widget=forms.Textarea(attrs={"rows": 20, "cols": 80}),
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            message = _("The text has %(length)d characters; paste it in parts of at most %(most)d.")
            raise ValidationError(message % {"length": len(text), "most": LONGEST_TEXT}, code="too_long")
        return text


class SaveForm(CitedForm):
    """What holds for all rows."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        initial=REASON,
        help_text=gettext_lazy("In a few words; the ledger keeps it beside the change."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


def cut_document(request, pk):
    """Paste the text of a document, and save what it was cut into as draft provisions."""
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    document = get_object_or_404(Document.objects.select_related("meeting"), pk=pk)
    there = list(document.provisions.all())
    rows = rows_sent(request.POST, most_rows())
    if rows:
        return mend(request, document, there, rows)
    form = PasteForm(request.POST or None, document=document)
    if form.is_valid():
        done = cut(form.cleaned_data["text"], taken={provision.code for provision in there})
        if not done.pieces:
            form.add_error("text", _("Nothing but page numbers was pasted."))
        elif len(done.pieces) > most_rows():
            message = _("This text falls into %(count)d pieces, and one page holds %(most)d: paste it in parts.")
            form.add_error("text", message % {"count": len(done.pieces), "most": most_rows()})
        else:
            rows = point_out_doubles(renumbered([Row.of(piece) for piece in done.pieces]), there)
            for row in rows:
                row.keep = not row.same_as
            form = SaveForm(initial={"source": form.cleaned_data["source"].pk}, document=document)
            return page(request, document, there, form, rows, left_out=done.left_out)
    return page(request, document, there, form, [])


def mend(request, document, there, rows):
    """Take in what was typed; save it when that was asked for and nothing is left to look at."""
    form = SaveForm(request.POST, document=document)
    after, recut = rearranged(rows, {provision.code for provision in there})
    saving = "_save" in request.POST or "_save_some" in request.POST
    if len(after) > most_rows():
        messages.error(request, _("One page holds %(most)d rows: save some of them first.") % {"most": most_rows()})
        after = rows
    elif saving and recut:
        messages.warning(request, _("Nothing was saved yet: the rows were joined and cut as you marked them. Look at them, then save."))
    elif saving and form.is_valid():
        some = "_save_some" in request.POST
        kept = [row for row in after if row.keep and (row.summary.strip() or not some)]
        if saved(request, document, form, kept):
            after = [row for row in after if some and row not in kept]
            if not after:
                return HttpResponseRedirect(reverse("admin:meetings_document_change", args=[document.pk]))
            there = list(document.provisions.all())
            form = SaveForm(initial=form.cleaned_data | {"source": form.cleaned_data["source"].pk}, document=document)
    return page(request, document, there, form, point_out_doubles(after, there))


def point_out_doubles(rows, there):
    """Name the provision of the document that has the very text of a row."""
    texts = {same_words(provision.text): provision.code for provision in there if provision.text}
    for row in rows:
        row.same_as = texts.get(same_words(row.text), "")
    return rows


def saved(request, document, form, kept) -> bool:
    """Save these rows, all or none; whatever is refused is said at its row and box."""
    initiatives = Initiatives()
    drafts = [row.draft(initiatives.of(row)) for row in kept]
    # A draft nobody sees yet is marked along the way; a public document is changed by a revision.
    may_mark = document.state == State.DRAFT and request.user.has_perm("meetings.change_document")
    try:
        with transaction.atomic():
            made = add_provisions(
                document=document,
                source=form.cleaned_data["source"],
                drafts=drafts,
                by=request.user,
                text_known=may_mark,
                reason=form.cleaned_data["reason"],
            )
            if any(row.errors for row in kept):
                # Refused by the page; asked the verb all the same, so that all is said at once.
                transaction.set_rollback(True)
                return False
    except Document.DoesNotExist as error:
        raise Http404 from error
    except DraftsRefused as refused:
        for place, error in refused.drafts.items():
            for name, sentences in (error.message_dict if hasattr(error, "error_dict") else {"text": error.messages}).items():
                for sentence in sentences:
                    kept[place].wrong(name, sentence)
        return False
    except (ValidationError, DatabaseError) as error:
        form.add_error(None, as_refusal(error).messages)
        return False
    count = len(made)
    messages.success(request, ngettext("%d provision saved as a draft.", "%d provisions saved as drafts.", count) % count)
    if not document.text_known and not may_mark:
        messages.warning(request, _("Its text is known now: tick “Text known” below, if you read it in full."))
    return True


def page(request, document, there, form, rows, left_out=()):
    request.current_app = admin.site.name
    wrong = [(place, row) for place, row in enumerate(rows, start=1) if row.errors]
    context = {
        **admin.site.each_context(request),
        "title": _("Cut its text into provisions"),
        "subtitle": str(document),
        "opts": Document._meta,
        "document": document,
        "there": there,
        "form": form,
        "rows": rows,
        "wrong": wrong,
        "left_out": left_out,
        "forces": Provision.Force.choices,
        "relations": ProvisionLink.LinkKind.choices,
        "initiatives": Initiatives().labels() if rows else [],
        "media": form.media,
    }
    return TemplateResponse(request, "admin/cut_document.html", context)


admin.site.add_page("documents/<int:pk>/provisions/", cut_document, "cut_document")
