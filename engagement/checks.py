"""House rules of the admin that Django can check before it starts: a page that forgets them is refused."""

from django.apps import apps
from django.contrib import admin
from django.core.checks import Error, register

from .admin import HouseAdmin, HouseInline
from .desk import is_ours


@register("admin")
def check_admin(app_configs=None, **kwargs):  # noqa: ARG001 (the signature of a check)
    return check_site(admin.site)


def check_site(site):
    errors = []
    for model, page in site._registry.items():
        errors += check_page(page)
        errors += check_scope(model, page)
        for inline in page.inlines:
            errors += [*check_inline(inline), *check_relations(inline(model, site))]
        errors += check_relations(page)
    return errors


def check_page(page):
    if not isinstance(page, HouseAdmin):
        yield Error("An admin page must be built on HouseAdmin.", obj=type(page), id="house.E001")
    if page.list_editable:
        # The list would save rows that may be seen and not changed.
        yield Error("list_editable is not allowed.", obj=type(page), id="house.E004")
    for item in page.list_filter:
        if isinstance(item, str) and is_unscoped(page.model, item):
            # Django would list the values of all rows.
            yield Error(f"list_filter '{item}' would name values of foreign rows.", obj=type(page), id="house.E005")


def is_unscoped(model, path):
    *relations, last = path.split("__")
    for name in relations:
        model = model._meta.get_field(name).related_model
    field = model._meta.get_field(last)
    return bool(relations) and not (field.is_relation or field.choices or field.get_internal_type() == "BooleanField")


def check_inline(inline):
    if issubclass(inline, HouseInline):
        return []
    return [Error("Rows within an admin page must be built on HouseInline.", obj=inline, id="house.E001")]


def check_scope(model, page):
    if belongs_to_somebody(model) and not hasattr(model._default_manager.all(), "visible_to"):
        yield Error(f"{model.__name__} has no visible_to(user).", obj=type(page), id="house.E002")


def belongs_to_somebody(model):
    """Rows of our apps belong to a person or an agency; on the ground floor only accounts do."""
    return is_ours(model) and (model._meta.app_label != "engagement" or model == apps.get_model("engagement", "User"))


def check_relations(page):
    """What a form offers must be scoped, and searched instead of listed."""
    for field in offered_relations(page):
        target = field.related_model
        if belongs_to_somebody(target) and not hasattr(target._default_manager.all(), "visible_to"):
            yield Error(f"{target.__name__}, a choice of '{field.name}', has no visible_to.", obj=page, id="house.E002")
        if not (page.admin_site.is_registered(target) and page.admin_site.get_model_admin(target).search_fields):
            text = f"'{field.name}' cannot be searched: register {target.__name__} with search_fields."
            yield Error(text, obj=type(page), id="house.E003")


def offered_relations(page):
    left_out = {*(page.exclude or []), *page.readonly_fields, getattr(page, "fk_name", None)}
    parent = getattr(page, "parent_model", None)
    return [
        field
        for field in [*page.opts.fields, *page.opts.many_to_many]
        if field.is_relation and field.editable and field.name not in left_out and field.related_model != parent
        if not (field.many_to_many and not field.remote_field.through._meta.auto_created)
        if is_shown(page, field.name)
    ]


def is_shown(page, name):
    fields = page.fields
    if page.fieldsets:
        fields = [field for _title, options in page.fieldsets for field in options["fields"]]
    if fields is None:
        return True
    return any(name == field or (isinstance(field, (list, tuple)) and name in field) for field in fields)
