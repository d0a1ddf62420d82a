"""Opportunities out of a file: choose it, see what it would do, take it over."""

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext, ngettext

from engagement import uploads
from engagement.uploads import Upload

from .. import verification
from ..exchange import storing
from ..exchange.comparing import Preview, State
from ..exchange.preparing import PURPOSE
from ..models import Opportunity, Origin
from .import_forms import MOST_ASKED, FileForm, TakeOverForm

PER_PAGE = 50


class Imports:
    """For the admin of opportunities: the two pages of an import."""

    def get_urls(self):
        pages = [
            path("import/", self.admin_site.admin_view(self.import_view), name="organisations_opportunity_import"),
            path(
                "import/<int:pk>/",
                self.admin_site.admin_view(self.preview_view),
                name="organisations_opportunity_preview",
            ),
        ]
        return [*pages, *super().get_urls()]

    def import_view(self, request):
        """Choose the file. One that cannot be read is refused with the line and the reason; nothing is stored."""
        self.check_may_import(request)
        is_sent = request.method == "POST"
        form = FileForm(*((request.POST, request.FILES) if is_sent else ()), user=request.user)
        if is_sent and form.is_valid():
            upload = uploads.keep(request.user, PURPOSE, form.cleaned_data["file"].name, form.content)
            return redirect("admin:organisations_opportunity_preview", upload.pk)
        return self.page_of_import(request, "import", title=gettext("Import opportunities"), form=form)

    def check_may_import(self, request):
        if not (self.has_add_permission(request) and verification.agencies_of(request.user).exists()):
            raise PermissionDenied

    def page_of_import(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/organisations/opportunity/{template}.html", context)

    def preview_view(self, request, pk):
        """What the file would do, row by row; on the press of the button it is done."""
        self.check_may_import(request)
        rows = Upload.objects.of(request.user, PURPOSE).filter(pk=pk)
        upload = (rows.select_for_update() if request.method == "POST" else rows).first()
        agencies = verification.agencies_of(request.user)
        agency = agencies.filter(pk=upload.content["agency"]).first() if upload else None
        if agency is None:
            messages.warning(request, gettext("This file is no longer here: it was taken over, or a day has passed."))
            return redirect("admin:organisations_opportunity_import")
        if request.method == "POST":
            storing.lock(agency)
        preview = Preview(upload.content, agency)
        form = TakeOverForm(request.POST if request.method == "POST" else None, preview=preview)
        if form.is_valid():
            return self.take_over(request, upload, preview, form)
        return self.page_of_import(
            request, "preview", title=upload.file_name, form=form, **shown(request, preview, agency)
        )

    def take_over(self, request, upload, preview, form):
        result = storing.take_over(preview, form.choices(), by=request.user)
        write_logs(request.user, result)
        upload.delete()
        for level, text in told(result):
            messages.add_message(request, level, text)
        return redirect("admin:organisations_opportunity_changelist")


def shown(request, preview, agency) -> dict:
    """What the page says of the file, and the rows of one state, some at a time."""
    state = request.GET.get("state", "")
    state = state if state in {*State.values, "conflict"} else ""
    rows = [row for row in preview.rows if state in ("", row.state) or (state == "conflict" and row.conflicts)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "preview": preview,
        "agency": agency,
        "source": Origin.Source(preview.source).label,
        "state": state,
        "page": page,
        "tabs": list(tabs(preview)),
        "rows": [described(row, preview) for row in page],
        "conflicts": [described(row, preview) for row in preview.conflicts[:MOST_ASKED]],
        "new_hosts": storing.new_hosts(preview),
    }


def tabs(preview):
    numbers = preview.counts
    yield "", gettext("all"), len(preview.rows)
    yield from ((state.value, state.label, numbers[state.value]) for state in State if numbers[state.value])
    if preview.conflicts:
        yield "conflict", gettext("changed on both sides"), len(preview.conflicts)


def described(row, preview) -> dict:
    """A row as the page shows it: values as words."""
    values = row.offer.values
    hoods = [
        str(preview.places.hoods[code].name)
        for code in values.get("neighbourhoods") or []
        if code in preview.places.hoods
    ]
    return {
        "row": row,
        "state": State(row.state).label,
        "place": ", ".join(hoods) or values.get("city") or preview.shown("place", values.get("place")),
        "changes": [
            {
                "change": change,
                "key": f"{row.number}:{change.column}",
                "old": preview.shown(change.column, change.old),
                "new": preview.shown(change.column, change.new),
            }
            for change in row.changes
        ],
    }


def write_logs(user, result) -> None:
    """An entry in the history of each row, in as few statements as that takes."""
    kind = ContentType.objects.get_for_model(Opportunity)
    name = Opportunity._meta.verbose_name
    flags = [(ADDITION, row) for row in result.new] + [(CHANGE, row) for row in result.changed]
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                user=user,
                content_type=kind,
                object_id=row.pk,
                object_repr=f"{name} {row.pk}",
                action_flag=flag,
                change_message="Taken over from a file.",
            )
            for flag, row in flags
        ],
        batch_size=500,
    )


def told(result):
    """What has happened, as messages."""
    new, changed, count = len(result.new), len(result.changed), {"count": result.closed}
    yield (
        messages.SUCCESS,
        gettext("New: %(new)s, of these published: %(published)s. Changed: %(changed)s.")
        % {
            "new": new,
            "published": result.published,
            "changed": changed,
        },
    )
    if result.closed:
        yield (
            messages.SUCCESS,
            ngettext("%(count)d opportunity was closed.", "%(count)d opportunities were closed.", result.closed)
            % count,
        )
    for line, why in result.left_out[:10]:
        yield messages.WARNING, gettext("Line %(line)s was left out: %(reason)s") % {"line": line, "reason": why}
