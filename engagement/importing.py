"""The neighbourhoods of a town out of a GeoJSON file, brought to the desk by an administrator."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import uploads
from .uploads import Upload
from .vocabulary.loading import load_features
from .vocabulary.previewing import features_for, look_ahead
from .vocabulary.reading import VocabularyError, text_of

PURPOSE = "neighbourhoods"


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("GeoJSON with positions in degrees (WGS 84); each feature has a name. Cities offer such files."),
    )
    city = forms.CharField(
        label=_("Town"),
        required=False,
        max_length=100,
        strip=True,
        help_text=_("Where the features do not name it themselves in a property “city”."),
    )

    def clean(self):
        cleaned = super().clean()
        file, city = cleaned.get("file"), cleaned.get("city", "")
        if file and file.size > settings.IMPORT_MAX_MEGABYTES * 1_000_000:
            words = gettext("The file is larger than %(number)s megabytes. Divide it.")
            self.add_error("file", words % {"number": settings.IMPORT_MAX_MEGABYTES})
        elif file and not self.errors:
            try:
                self.text = text_of(file.name, file.read())
                look_ahead(features_for(file.name, self.text, city), city)
            except VocabularyError as error:
                # The loader speaks English, as on the command line.
                self.add_error("file", format_html('<bdi lang="en" dir="ltr">{}</bdi>', error))
        return cleaned


class NeighbourhoodImports:
    """For the admin of neighbourhoods: choose a file, see what it would do, take it over."""

    def get_urls(self):
        name = "engagement_neighbourhood"
        pages = [
            path("import/", self.admin_site.admin_view(self.import_view), name=f"{name}_import"),
            path("import/<int:pk>/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
        ]
        return [*pages, *super().get_urls()]

    def import_view(self, request):
        self.check_may_import(request)
        is_sent = request.method == "POST"
        form = FileForm(*((request.POST, request.FILES) if is_sent else ()))
        if is_sent and form.is_valid():
            content = {"text": form.text, "city": form.cleaned_data["city"]}
            upload = uploads.keep(request.user, PURPOSE, form.cleaned_data["file"].name, content)
            return redirect("admin:engagement_neighbourhood_preview", upload.pk)
        return self.page_of_import(request, "import", title=gettext("Import neighbourhoods"), form=form)

    def check_may_import(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied

    def page_of_import(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/engagement/neighbourhood/{template}.html", context)

    def preview_view(self, request, pk):
        self.check_may_import(request)
        rows = Upload.objects.of(request.user, PURPOSE).filter(pk=pk)
        upload = (rows.select_for_update() if request.method == "POST" else rows).first()
        if upload is None:
            messages.warning(request, gettext("This file is no longer here: it was taken over, or a day has passed."))
            return redirect("admin:engagement_neighbourhood_import")
        city = upload.content["city"]
        try:
            features = features_for(upload.file_name, upload.content["text"], city)
            if request.method == "POST":
                changes = load_features(features, city)
                upload.delete()
                # The numbers as the loader tells them, in English.
                told = format_html('<bdi lang="en" dir="ltr">{}</bdi>', "; ".join(str(changes).splitlines()))
                messages.success(request, format_html("{} {}", gettext("The neighbourhoods were taken over."), told))
                return redirect("admin:engagement_neighbourhood_changelist")
            outlook = look_ahead(features, city)
        except VocabularyError as error:
            messages.error(request, str(error))
            return redirect("admin:engagement_neighbourhood_import")
        return self.page_of_import(request, "preview", title=upload.file_name, outlook=outlook)
