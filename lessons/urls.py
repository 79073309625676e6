"""Addresses of what is read."""

from django.urls import path

from lessons import views

urlpatterns = [
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/teaching/", views.teaching, name="teaching"),
    path("compare/", views.compare, name="compare"),
    path("errata/", views.errata, name="errata"),
    path("sources/", views.sources, name="source-list"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("timeline/", views.timeline, name="timeline"),
    path("terms/", views.terms, name="terms"),
]
