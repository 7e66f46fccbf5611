"""Every public page in every language, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from initiatives.models import Initiative
from meetings.models import Document, Meeting, Series
from reference.models import Party, Source, Theme


class InEveryLanguage(Sitemap):
    i18n = alternates = x_default = True
    limit = 1000


class Pages(InEveryLanguage):
    """The pages that are always there."""

    def items(self):
        return ["home", "initiatives", "meetings", "parties", "themes", "about", "statuses", "changes"]

    def location(self, item):
        return reverse(item)


class Records(InEveryLanguage):
    """The public records of one kind."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.public().order_by("pk")

    def lastmod(self, item):
        return item.updated_at


sitemaps = {"pages": Pages} | {
    model._meta.model_name: Records(model) for model in (Initiative, Meeting, Series, Document, Party, Theme, Source)
}
