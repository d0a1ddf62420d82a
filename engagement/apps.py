from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("Vocabulary and accounts")

    def ready(self):
        from . import checks, duties  # noqa: F401 (importing them registers checks; models must be loaded first)


class DeskConfig(admin_apps.AdminConfig):
    default = False
    default_site = "engagement.desk.Desk"
