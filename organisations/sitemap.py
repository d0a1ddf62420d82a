"""What everybody may see, as a list for search engines (sitemaps.org): each open opportunity once.

Its page names itself in the other languages. A list that grows long becomes several, and the first address lists those.
"""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .models import Opportunity

ADDRESSES_IN_A_LIST = 2000


@require_safe
@cache_control(max_age=3600)
def show_sitemap(request):
    rows = Opportunity.objects.open().order_by("pk").values_list("pk", "changed_at", named=True)
    lists = Paginator(rows, ADDRESSES_IN_A_LIST)
    is_index = lists.num_pages > 1 and "page" not in request.GET
    name = "sitemap_index.xml" if is_index else "sitemap.xml"
    with override(settings.LANGUAGE_CODE):
        page = lists.get_page(request.GET.get("page"))
        return render(request, f"organisations/{name}", {"page": page}, content_type="application/xml")


urlpatterns = [path("sitemap.xml", show_sitemap, name="show_sitemap")]
