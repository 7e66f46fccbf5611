from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.consistency import CONTRADICTIONS, report


class Command(BaseCommand):
    help = "Name public records that cannot all be right, one a line. Fails when there are any, so that a timer can send them."

    def handle(self, *, verbosity, **options):
        findings = report(on=timezone.localdate())
        for found in findings:
            self.stdout.write(f"{found.kind}: {found.record} ({found.record._meta.label_lower} {found.record.pk}): {found.sentence}")
        if findings:
            raise CommandError(f"{len(findings)} contradiction(s) found.", returncode=1)
        if verbosity:
            self.stdout.write(f"{len(CONTRADICTIONS)} questions asked, no contradiction found.")
