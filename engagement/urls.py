from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from . import duties, health

handler500 = health.handle_error

urlpatterns = [
    path("healthz", health.show_process, name="show_process"),
    path("readyz", health.show_readiness, name="show_readiness"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("", include("organisations.sitemap")),
    *i18n_patterns(
        path("", include("organisations.urls")),
        path("", include("volunteers.urls")),
        path("", include("matching.urls")),
        *(path(f"{page}/", duties.show_page, {"page": page}, name=f"show_{page}") for page in duties.PAGES),
        path("account/", include("allauth.urls")),
        path("admin/", admin.site.urls),
    ),
]
