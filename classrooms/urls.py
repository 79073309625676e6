"""Addresses of classes and assignments."""

from django.urls import path

from classrooms import assignment_views, join_views, views

urlpatterns = [
    path("classes/", views.class_list, name="class-list"),
    path("classes/new/", views.class_new, name="class-new"),
    path("classes/<int:pk>/", views.classroom, name="class"),
    path("classes/<int:pk>/settings/", views.class_settings, name="class-settings"),
    path("classes/<int:pk>/code/", views.class_code, name="class-code"),
    path("classes/<int:pk>/remove/<int:member>/", views.class_remove, name="class-remove"),
    path("classes/<int:pk>/gradebook/", views.gradebook, name="gradebook"),
    path("classes/<int:pk>/gradebook.csv", views.gradebook_csv, name="gradebook-csv"),
    path("classes/<int:pk>/attempts/<int:attempt>/", views.class_attempt, name="class-attempt"),
    path("classes/<int:pk>/assign/", assignment_views.assign, name="assign"),
    path("assignments/<int:pk>/", assignment_views.assignment, name="assignment"),
    path("assignments/<int:pk>/start/", assignment_views.assignment_start, name="assignment-start"),
    path("assignments/<int:pk>/edit/", assignment_views.assignment_edit, name="assignment-edit"),
    path("assignments/<int:pk>/delete/", assignment_views.assignment_delete, name="assignment-delete"),
    path(
        "assignments/<int:pk>/extend/<int:user>/",
        assignment_views.assignment_extend,
        name="assignment-extend",
    ),
    path("join/", join_views.join_find, name="join-find"),
    path("join/<str:code>/", join_views.join, name="join"),
]
