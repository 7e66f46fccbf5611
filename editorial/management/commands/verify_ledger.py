from django.core.management.base import BaseCommand, CommandError

from editorial import ledger
from editorial.models import Change


class Command(BaseCommand):
    help = "Walk the ledger's chain of hashes and prove that no row was altered, added or taken away."

    def handle(self, *, verbosity, **options):
        faults = list(ledger.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} fault(s) found: the ledger is not whole.", returncode=1)
        if verbosity:
            self.stdout.write(f"{Change.objects.count()} rows: the ledger is whole.")
