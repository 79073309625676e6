"""People in the admin site. An admin who is no superuser can make none, and grants roles, not permissions."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import filter_users_by_email
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from accounts.roles import ROLES

# One way in for everybody: throttled, and in two steps for those who chose that.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class PersonForm(UserChangeForm):
    def clean_email(self) -> str:
        """Sign-in compares in lower case, and an address leads to one account."""
        email = str(self.cleaned_data["email"] or "").lower()
        if email and any(user.pk != self.instance.pk for user in filter_users_by_email(email)):
            raise forms.ValidationError(_("Another user has this e-mail address."))
        return email

    def clean_groups(self) -> Any:
        groups = self.cleaned_data["groups"]
        if self.instance.is_guest and groups:
            raise forms.ValidationError(_("A guest has no roles: the account must be named first."))
        return groups


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    add_form = AdminUserCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "email")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_staff")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    superuser_fieldsets = (
        *fieldsets,
        (_("Beyond roles"), {"classes": ("collapse",), "fields": ("is_superuser", "user_permissions")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name", "usable_password", "password1", "password2"),
            },
        ),
    )
    readonly_fields = ("is_staff", "last_login", "date_joined")  # staff follows from the roles
    list_display = ("username", "name", "email", "role_names", "is_active", "last_login")
    list_filter = ("is_guest", "groups", "is_active")
    search_fields = ("username", "name", "email")
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is not None and request.user.is_superuser:
            return self.superuser_fieldsets
        return super().get_fieldsets(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
            kwargs["help_text"] = ""
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What an admin was not shown (groups that are no roles) stays; staff follows from the roles."""
        user: User = form.instance
        others = [] if request.user.is_superuser else list(user.groups.exclude(name__in=ROLES))
        super().save_related(request, form, formsets, change)
        user.groups.add(*others)
        user.set_roles(user.groups.filter(name__in=ROLES).values_list("name", flat=True))

    # --- nobody but a superuser touches a superuser --------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self.reaches(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self.reaches(request, obj)

    @staticmethod
    def reaches(request: HttpRequest, user: User | None) -> bool:
        return user is None or not user.is_superuser or request.user.is_superuser

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Erasing a person takes the attempts along; that needs no permission to delete attempts."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        barred = {str(user) for user in objs if not self.has_delete_permission(request, user)}
        return shown, counts, barred, protected


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    fields = ("role", "note")
    list_display = ("role", "note", "made_by", "made_at", "expires_at", "used_by")
    list_filter = ("role",)
    list_select_related = ("made_by", "used_by")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False  # made, used or deleted

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        obj.made_by = cast(User, request.user)
        token = obj.new_token()
        super().save_model(request, obj, form, change)
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        text = _("Send this link; it is shown only now, works once, and ends after 14 days: {}")
        self.message_user(request, format_html(str(text), link), messages.WARNING)
