"""Accounts, projects, teams and people."""

from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.admin.base import AnyAdmin, ReadOnly, Undeletable
from conversations.models import Account, Invitation, Membership, Project, Team, User

if TYPE_CHECKING:  # Django's admin is generic for the type checker only
    UserModelAdmin = UserAdmin[User]
    AnyCreationForm = AdminUserCreationForm[User]
    AnyInline = admin.TabularInline[Membership, Model]
else:
    UserModelAdmin, AnyCreationForm, AnyInline = UserAdmin, AdminUserCreationForm, admin.TabularInline


@admin.register(Account)
class AccountAdmin(Undeletable):
    list_display = ["name", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["created_at"]


@admin.register(Project)
class ProjectAdmin(Undeletable):
    list_display = ["name", "account", "ai_name", "time_zone", "is_demo", "created_at", "deleted_at"]
    list_filter = ["is_demo", ("deleted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["name"]
    readonly_fields = ["created_at"]


@admin.register(Team)
class TeamAdmin(AnyAdmin):
    list_display = ["name", "key", "project"]
    list_filter = ["project"]
    list_select_related = ["project"]
    search_fields = ["name", "key"]
    autocomplete_fields = ["project", "members"]


class PersonCreationForm(AnyCreationForm):
    """A new person is named by e-mail address, kept in lower case."""

    class Meta:
        model = User
        fields = ("email", "full_name")
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


class MembershipInline(AnyInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["project"]


@admin.register(User)
class PersonAdmin(UserModelAdmin):
    """Passwords are set on a page of their own. People are deactivated, never deleted."""

    add_form = PersonCreationForm
    ordering = ["email"]
    list_display = ["email", "full_name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "memberships__role"]
    search_fields = ["email", "full_name"]
    readonly_fields = ["last_login", "date_joined", "password_page"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["email", "full_name", "password_page"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "full_name", "usable_password", "password1", "password2"]})]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="Password")
    def password_page(self, user: User) -> SafeString:
        page = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">Set a new password</a>', page)


@admin.register(Membership)
class MembershipAdmin(AnyAdmin):
    list_display = ["user", "role", "project", "created_at"]
    list_filter = ["role", "project"]
    list_select_related = ["user", "project"]
    search_fields = ["user__email", "user__full_name"]
    autocomplete_fields = ["user", "project"]
    readonly_fields = ["created_at"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Links are made on the People page only: their secret is shown once."""

    list_display = ["email", "project", "roles", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = ["project"]
    list_select_related = ["project", "invited_by"]
    search_fields = ["email"]
    exclude = ["digest"]
