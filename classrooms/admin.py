"""Classes and assignments for an admin: to help a teacher, not to teach."""

from django.contrib import admin

from classrooms.models import Assignment, Classroom, Membership


class MembershipInline(admin.TabularInline):
    model = Membership
    raw_id_fields = ["user"]
    extra = 0


@admin.register(Classroom)
class ClassroomAdmin(admin.ModelAdmin):
    list_display = ["name", "time_zone", "join_open", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["join_code"]
    inlines = [MembershipInline]


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin):
    list_display = ["quiz", "classroom", "due", "closes"]
    list_select_related = ["quiz", "classroom"]
    list_filter = ["classroom"]
    raw_id_fields = ["created_by"]
    date_hierarchy = "due"
