from django.conf import settings


def site(request):  # noqa: ARG001 (the signature of a context processor)
    """What every page shows: the help line, and the address for links that leave the page."""
    return {
        "help_phone": settings.HELP_PHONE,
        "help_hours": settings.HELP_HOURS,
        "site_url": settings.SITE_URL,
    }
