from django.urls import path

from . import views

app_name = "matching"
urlpatterns = [
    path("find/", views.find_opportunities, name="find_opportunities"),
    path("how-we-suggest/", views.show_rule, name="show_rule"),
    path("me/", views.my_page, name="my_page"),
    path("me/members/", views.my_members, name="my_members"),
    path("me/<int:pk>/answer/", views.answer_proposal, name="answer_proposal"),
    path("me/data/", views.my_data, name="my_data"),
    path("me/data/export/", views.export_my_data, name="export_my_data"),
    path("me/data/delete/", views.erase_my_data, name="erase_my_data"),
    path("me/ideas/<int:pk>/", views.answer_idea, name="answer_idea"),
    path("opportunities/<int:pk>/interest/", views.express_interest, name="express_interest"),
    path("opportunities/<int:pk>/interest/sent/", views.interest_sent, name="interest_sent"),
    path("keep/<str:word>/", views.keep_profile, name="keep_profile"),
    path("interest/<str:ticket>/", views.follow_interest, name="follow_interest"),
]
