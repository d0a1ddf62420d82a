from django.urls import path

from . import views

app_name = "organisations"
urlpatterns = [
    path("", views.browse_opportunities, name="browse_opportunities"),
    path("opportunities/<int:pk>/", views.show_opportunity, name="show_opportunity"),
]
