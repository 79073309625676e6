"""manage.py attach_original: a document's own words beside its gists, on a site that has the right to show them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons import originals
from lessons.models import Original, Source


class Command(BaseCommand):
    help = (
        "Attach a document's own words from a text file in UTF-8: one paragraph a line, or paragraphs that begin with "
        "[1], 1. or ¶1. Signed-in accounts read them beside the gists. All or nothing; a second run replaces the first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the document, as in its address /sources/SLUG/")
        parser.add_argument("file", nargs="?", type=Path, help="the text file")
        parser.add_argument("--public", action="store_true", help="show it to visitors and guests too")
        parser.add_argument("--remove", action="store_true", help="take the document's own words away again")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(slug=options["slug"]).first()
        if source is None:
            known = ", ".join(Source.objects.values_list("slug", flat=True)) or "none: load the curriculum first"
            raise CommandError(f"no document {options['slug']}; there are {known}")
        if options["remove"]:
            if options["file"] or options["public"]:
                raise CommandError("--remove stands alone: it takes neither a file nor --public")
            gone = Original.detach(source)
            self.stdout.write(f"{source.slug}: {gone} paragraphs removed" if gone else f"{source.slug}: none attached")
            return
        if options["file"] is None:
            raise CommandError("which file? Or --remove")
        self.attach(source, options["file"], public=options["public"])

    def attach(self, source: Source, file: Path, *, public: bool) -> None:
        passages = {passage.number: passage for passage in source.passages.prefetch_related("claims")}
        try:
            with file.open("rb") as opened:
                words = originals.paragraphs(originals.decoded(opened.read(originals.MOST + 1)))
            originals.fit(words, passages)
        except OSError as wrong:
            raise CommandError(f"{file}: {wrong.strerror}") from None
        except ValueError as wrong:
            raise CommandError(f"{file}: {wrong}. Nothing was changed.") from None
        Original.attach(source, words, public=public)
        readers = "everybody, visitors too" if public else "those who signed in with an account of their own"
        self.stdout.write(f"{source.slug}: {len(words)} paragraphs attached, shown to {readers}")
        record = {
            number: " ".join([passage.gist, *(claim.says for claim in passage.claims.all())])
            for number, passage in passages.items()
            if passage.substantive
        }
        if odd := [f"¶{n} reads like ¶{like}" for n, like in originals.strangers(words, record)]:
            self.stderr.write(f"look at these, the file may have lost or split a paragraph: {originals.some(odd)}")
