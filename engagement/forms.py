from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Every field looks the same: label, hint, error, input, in this order (``templates/engagement/field.html``)."""

    field_template_name = "engagement/field.html"
