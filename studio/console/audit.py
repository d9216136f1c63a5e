"""The audit: who changed what, when and why, field by field; as a page and as a file."""

import csv
from collections.abc import AsyncIterator, Iterator
from datetime import tzinfo
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from conversations.domain.permissions import Permission
from conversations.forms.audit import AuditFilters
from conversations.models import AuditEntry
from conversations.selectors.audit import find_entries
from conversations.selectors.paging import newest_first
from conversations.templatetags.audit import action_words, changes_of, field_words, value_lines
from conversations.views.console import Page, console_page

CURSORS = ("before", "after")
COLUMNS = ("at", "who", "e-mail", "action", "subject", "field", "before", "after", "why")
CHUNK = 500
# What a spreadsheet would take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@console_page(Permission.AUDIT_VIEW)
def show_audit(request: HttpRequest, page: Page) -> HttpResponse:
    filters = AuditFilters(request.GET, project=page.project)
    wanted = filters.wanted()
    query = request.GET.copy()
    before, after = (query.pop(name, [""])[-1] for name in CURSORS)
    entries = newest_first(find_entries(page.project, wanted), by="at", before=before, after=after)
    is_filtered = any((wanted.person, wanted.noun, wanted.text, wanted.since, wanted.until))
    shown = page.context(filters=filters, entries=entries, query=query.urlencode(), is_filtered=is_filtered)
    return render(request, "studio/audit/audit.html", shown)


@console_page(Permission.AUDIT_VIEW)
def export_audit(request: HttpRequest, page: Page) -> HttpResponse:
    wanted = AuditFilters(request.GET, project=page.project).wanted()
    zone, day = timezone.get_current_timezone(), timezone.localdate()
    answer = StreamingHttpResponse(
        csv_lines(page, find_entries(page.project, wanted).order_by("-at", "-pk").aiterator(CHUNK), zone),
        content_type="text/csv; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{day:%Y-%m-%d}.csv"'
    # Django's two kinds of response share no type but their base; a page is asked for its headers only.
    return cast(HttpResponse, answer)


async def csv_lines(page: Page, entries: AsyncIterator[AuditEntry], zone: tzinfo) -> AsyncIterator[str]:
    """The file line by line: one line a changed field, times in the project's zone with their offset."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    async for entry in entries:
        with timezone.override(zone):
            lines = [writer.writerow([safe_cell(cell) for cell in row]) for row in _rows(entry)]
        yield "".join(lines)


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet reads it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(entry: AuditEntry) -> Iterator[list[str]]:
    who = [str(entry.user), entry.user.email] if entry.user else ["Handoff Studio", ""]
    start = [timezone.localtime(entry.at).isoformat(timespec="seconds"), *who, action_words(entry), entry.subject]
    changes = [
        [field_words(change.field), *("; ".join(value_lines(value)) for value in (change.before, change.after))]
        for change in changes_of(entry)
    ]
    for change in changes or [["", "", ""]]:
        yield [*start, *change, entry.why]


class _Echo:
    """A file for `csv.writer` that hands back what is written."""

    def write(self, text: str) -> str:
        return text


urlpatterns = [
    path("", show_audit, name="audit"),
    path("export/", export_audit, name="audit-export"),
]
