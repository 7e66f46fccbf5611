from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from initiatives.imports.load import count_lines, load_folder

SHIPPED = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    help = "Load a folder of exchange files (default: the shipped data set). All or nothing; loading twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", type=Path, default=SHIPPED, help="the folder with the .ndjson files")

    def handle(self, *, path, verbosity, **options):
        if not path.is_dir():
            raise CommandError(f"{path}: expected a folder with files such as initiatives.ndjson, and found none.")
        total = count_lines(path)
        if not total:
            raise CommandError(f"{path}: no records found; expected files such as initiatives.ndjson.")
        with tqdm(total=total, unit=" records", disable=None if verbosity else True) as bar:
            report = load_folder(path, by="import", progress=bar.update)
        if verbosity:
            self.tell(report)
        if report.refusals:
            raise CommandError(f"Nothing was loaded: {len(report.refusals)} problem(s), listed above.", returncode=1)

    def tell(self, report):
        """The report as a table, then every refusal with its line and field."""
        outcomes = ("created", "changed", "same", "refused")
        self.stdout.write(f"{'':24}" + "".join(f"{outcome:>9}" for outcome in outcomes))
        for file, counts in report.counts.items():
            if counts:
                self.stdout.write(f"{file:24}" + "".join(f"{counts[outcome]:9}" for outcome in outcomes))
        self.stdout.write(f"{'all':24}" + "".join(f"{report.total(outcome):9}" for outcome in outcomes))
        for refusal in report.refusals:
            self.stderr.write(str(refusal))
