from django.urls import path

from . import views

app_name = "volunteers"
urlpatterns = [
    path("profile/", views.edit_profile, name="edit_profile"),
    path("profile/preferences/", views.edit_preferences, name="edit_preferences"),
]
