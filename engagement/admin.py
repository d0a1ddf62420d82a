"""The base of every admin page, and the pages of the vocabulary."""

import json
from collections import defaultdict
from itertools import chain

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import delivery
from .finding import FoldedSearch
from .importing import NeighbourhoodImports
from .keys import key_in
from .models import City, Field, Language, Look, Mail, Neighbourhood, Postcode, Proof, Skill, SkillGroup, User
from .scope import all_of, changeable, scope_choices, visible
from .sidebar import HouseList
from .texts import TextsField, TextsInput

EVERYDAY = frozenset({"view", "add", "change"})
EVERYTHING = EVERYDAY | {"delete"}


class RelatedFilter(admin.RelatedFieldListFilter):
    """A filter in the sidebar names only what the reader may see, and nothing where the list would be endless."""

    LONGEST = 200

    def field_choices(self, field, request, model_admin):  # noqa: ARG002 (Django's signature)
        seen = visible(field.related_model._default_manager.all(), request.user)
        if seen[: self.LONGEST + 1].count() > self.LONGEST:
            return []
        return [(row.pk, str(row)) for row in seen]


# Every filter by a relation is this one, without anybody having to ask for it.
admin.FieldListFilter.register(lambda field: field.remote_field, RelatedFilter, take_priority=True)


class OnlyKeys:
    """A choice that shows again what was sent, as far as it can be a key at all; the form says what is wrong."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if key_in(str(key))], attr)


class Choices(OnlyKeys, AutocompleteSelectMultiple):
    pass


class Choice(OnlyKeys, AutocompleteSelect):
    """A relation to choose. The first option stands for nothing and says so: valid HTML wants both."""

    def optgroups(self, name, value, attr=None):
        groups = super().optgroups(name, value, attr)
        options = groups[0][1]
        if self.is_required:
            options.insert(0, self.create_option(name, "", "", False, 0))
        options[0]["label"] = "---------"
        return groups


class HouseRules:
    """What the pages of rows and the rows within a page have in common.

    The two tables say what staff and administrators may do at all; the querysets say with which rows: what staff see is
    ``visible_to(user)``, what they change or delete is ``changeable_by(user)`` where the model makes the difference.
    """

    staff_may = frozenset()
    administrators_may = EVERYTHING
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request):
        return visible(super().get_queryset(request), request.user)

    def get_autocomplete_fields(self, request):
        """Every relation, so that no page ever carries a list of all the people."""
        relations = [*self.opts.many_to_many, *(field for field in self.opts.fields if field.is_relation)]
        return [field.name for field in relations if self.is_searchable(field.related_model, request)]

    def is_searchable(self, model, request):
        registered = self.admin_site.is_registered(model)
        return registered and bool(self.admin_site.get_model_admin(model).get_search_fields(request))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        # A hidden copy of the first value would carry the "aria-describedby" of the field, which is invalid HTML.
        return super().formfield_for_dbfield(db_field, request, show_hidden_initial=False, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Choices(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def is_allowed(self, request, deed, obj=None):
        user = request.user
        if not (user.is_active and user.is_staff):
            return False
        if deed not in (self.administrators_may if user.is_superuser else self.staff_may):
            return False
        scope = visible if deed == "view" else changeable
        return obj is None or user.is_superuser or scope(all_of(obj), user).exists()

    def has_view_permission(self, request, obj=None):
        return self.is_allowed(request, "view", obj)

    def has_add_permission(self, request, obj=None):
        # Rows within a page are added to the page's own row.
        return self.is_allowed(request, "add", obj)

    def has_change_permission(self, request, obj=None):
        return self.is_allowed(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self.is_allowed(request, "delete", obj)


class HouseAdmin(FoldedSearch, HouseRules, admin.ModelAdmin):
    """Every list, choice, history and preview shows only what ``visible_to(user)`` gives."""

    list_per_page = 50
    list_max_show_all = 50
    oldest_first_by: list[str] = []

    def get_changelist(self, request, **kwargs):  # noqa: ARG002 (Django's signature)
        return HouseList

    def has_module_permission(self, request):
        return self.is_allowed(request, "view")

    def changelist_view(self, request, extra_context=None):
        # A list is called what it shows.
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        scope_choices(form, self.model._default_manager.filter(pk=obj and obj.pk), request.user)
        return form

    def get_deleted_objects(self, objs, request):
        """What else would go. Rows of others are not named, and nobody deletes them by the way."""
        if any(self.hides_rows(model, rows, request.user) for model, rows in self.rows_to_delete(objs).items()):
            return [], {}, {_("rows of another agency")}, []
        return super().get_deleted_objects(objs, request)

    def hides_rows(self, model, keys, user):
        return visible(model._default_manager.filter(pk__in=keys), user).count() < len(keys)

    def rows_to_delete(self, objs):
        """The keys of all rows that would go, or that stand in the way, by model."""
        collector = NestedObjects(using=self.model._default_manager.db, origin=objs)
        collector.collect(objs)
        keys = defaultdict(set)
        for row in chain(collector.protected, *collector.model_objs.values()):
            keys[type(row)].add(row.pk)
        return keys

    def history_view(self, request, object_id, extra_context=None):
        """The history names the deeds of those whom the reader may know."""
        response = super().history_view(request, object_id, extra_context)
        page = getattr(response, "context_data", {}).get("action_list")
        if page is not None:
            known = set(visible(User.objects.all(), request.user).values_list("pk", flat=True))
            page.object_list = [entry for entry in page.object_list if entry.user_id in known]
        return response

    # The log outlives the rows, so it says what was done to which number, never to whom.

    def construct_change_message(self, request, form, formsets, add=False):
        message = super().construct_change_message(request, form, formsets, add)
        for part in message:
            for details in part.values():
                if "object" in details:
                    details["object"] = "…"
        return message

    def log_addition(self, request, obj, message):
        return write_log(request.user, [obj], ADDITION, message)[0]

    def log_change(self, request, obj, message):
        return write_log(request.user, [obj], CHANGE, message)[0]

    def log_deletions(self, request, queryset):
        return write_log(request.user, queryset, DELETION)


class HouseInline(HouseRules):
    """Rows within the page of another row: whoever may change that one may change these."""

    staff_may = EVERYTHING
    extra = 0
    show_change_link = False

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        scope_choices(formset.form, self.get_queryset(request).filter(**{formset.fk.name: obj}), request.user)
        return formset


class HouseStackedInline(HouseInline, admin.StackedInline):
    pass


def write_log(user, rows, flag, message=""):
    return [
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            object_repr=f"{row._meta.verbose_name} {row.pk}",
            action_flag=flag,
            change_message=message if isinstance(message, str) else json.dumps(message),
        )
        for row in rows
    ]


class TermAdmin(HouseAdmin):
    """A word of the vocabulary: everybody at the desk reads it, administrators write it."""

    staff_may = frozenset({"view"})
    list_display = ["name", "code", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "names"]

    def get_fields(self, request, obj=None):
        """Who may only look reads the word in their own language."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [{"names": "name", "descriptions": "description"}.get(field, field) for field in fields]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name not in ("names", "descriptions"):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = TextsInput(is_long=db_field.name == "descriptions")
        return TextsField(label=capfirst(db_field.verbose_name), required=not db_field.blank, widget=widget)

    def save_model(self, request, obj, form, change):
        # What was written by hand is no longer the file's: loading the vocabulary again leaves it alone.
        obj.loaded_from = ""
        super().save_model(request, obj, form, change)

    def get_search_results(self, request, queryset, search_term):
        # A word that left the vocabulary is no longer offered; it can still be found and read.
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.in_use()
        return super().get_search_results(request, queryset, search_term)


@admin.register(Language)
class LanguageAdmin(TermAdmin):
    list_display = ["name", "autonym", "code", "tier", "is_active"]
    list_filter = ["is_active", "tier"]


@admin.register(Skill)
class SkillAdmin(TermAdmin):
    list_filter = ["is_active", "group"]


@admin.register(Field)
class FieldAdmin(TermAdmin):
    pass


admin.site.register([SkillGroup, Proof], TermAdmin)


@admin.register(City)
class CityAdmin(HouseAdmin):
    staff_may = frozenset({"view"})
    search_fields = ["name"]


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(NeighbourhoodImports, TermAdmin):
    list_display = ["name", "city", "district", "is_active"]
    list_filter = ["is_active", "city"]
    list_select_related = ["city"]
    search_fields = ["name", "city__name"]
    # The border is thousands of points: it is loaded from a file, never typed.
    exclude = ["geometry"]


@admin.register(Postcode)
class PostcodeAdmin(HouseAdmin):
    staff_may = frozenset({"view"})
    list_display = ["code", "city", "neighbourhood"]
    list_select_related = ["city", "neighbourhood__city"]
    search_fields = ["code", "city__name"]


@admin.register(User)
class UserAdmin(HouseAdmin):
    """Accounts. Nobody sets a password for somebody else: a new account logs in by a code that is mailed to it."""

    staff_may = frozenset({"view"})
    list_display = ["name", "email", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["folded_name"]
    search_help_text = _("Name, with or without accents, or e-mail")
    fields = ["email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    readonly_fields = ["date_joined", "last_login"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Mail)
class MailAdmin(HouseAdmin):
    """The outbox, for administrators: what waits, what was given up and why. What a mail says is not shown."""

    administrators_may = frozenset({"view"})
    list_display = ["to", "subject", "state", "tries", "created_at", "due_at", "sent_at", "error"]
    list_filter = ["state"]
    search_fields = ["to", "message_id"]
    exclude = ["text", "html", "stop_url"]
    actions = ["send_again"]

    @admin.action(description=_("Send again what was given up"))
    def send_again(self, request, queryset):
        number = delivery.send_again(queryset)
        text = ngettext("%(number)s mail is sent again.", "%(number)s mails are sent again.", number)
        self.message_user(request, text % {"number": number})


PAGES = {
    "changelist": _("list"),
    "change": _("one row"),
    "add": _("a new row"),
    "history": _("history"),
    "delete": _("what would be deleted"),
    "autocomplete": _("choice while typing"),
    "index": _("first page"),
}


@admin.register(Look)
class LookAdmin(HouseAdmin):
    """What administrators looked at, for administrators: read, never changed."""

    administrators_may = frozenset({"view"})
    list_display = ["at", "by", "content_type", "page_name", "row", "rows", "was_search"]
    list_filter = [("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["by", "content_type"]
    search_fields = ["row"]
    search_help_text = _("The number of a row: who looked at it?")
    fields = ["at", "by", "content_type", "page_name", "row", "rows", "is_search"]
    readonly_fields = ["content_type", "page_name"]

    @admin.display(description=_("page"), ordering="page")
    def page_name(self, look):
        return PAGES.get(look.page, look.page)

    @admin.display(description=_("searched or filtered"), ordering="is_search")
    def was_search(self, look):
        # Neither is right or wrong: no green and red.
        return _("yes") if look.is_search else "–"

    def get_search_results(self, request, queryset, search_term):
        key = key_in(search_term.strip())
        return (queryset.filter(row=key) if key else queryset), False
