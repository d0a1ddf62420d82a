from django.urls import path

from . import feed, saved_searches, self_service, views

app_name = "organisations"
urlpatterns = [
    path("", views.browse_opportunities, name="browse_opportunities"),
    path("feed/", feed.show_feed, name="show_feed"),
    path("search/save/", saved_searches.save_search, name="save_search"),
    path("search/confirm/<str:token>/", saved_searches.confirm_search, name="confirm_search"),
    path("search/stop/<str:token>/", saved_searches.stop_search, name="stop_search"),
    path("opportunities/<int:pk>/", views.show_opportunity, name="show_opportunity"),
    path("opportunities/<int:pk>/preview/", views.preview_opportunity, name="preview_opportunity"),
    path("opportunities/<int:pk>/day.ics", views.show_day, name="show_day"),
    path("organisation/", self_service.my_organisation, name="my_organisation"),
    path("organisation/register/", self_service.register_organisation, name="register_organisation"),
    path("organisation/<int:pk>/", self_service.edit_organisation, name="edit_organisation"),
    path("organisation/<int:pk>/potential/", self_service.edit_potential, name="edit_potential"),
    path("organisation/<int:pk>/pause/", self_service.pause_organisation, name="pause_organisation"),
    path("organisation/<int:pk>/needs/new/", self_service.report_need, name="report_need"),
    path("organisation/<int:pk>/opportunities/new/", self_service.post_opportunity, name="post_opportunity"),
    path("opportunities/<int:pk>/edit/", self_service.edit_opportunity, name="edit_opportunity"),
]
