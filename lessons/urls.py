"""Addresses of what is read."""

from django.urls import path

from lessons import picture_views, views

urlpatterns = [
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/teaching/", views.teaching, name="teaching"),
    path("lessons/<slug:slug>/card-<str:name>.png", picture_views.lesson_card, name="lesson-card"),
    path("units/<slug:slug>/cover-<str:name>.png", picture_views.unit_cover, name="unit-cover"),
    path("units/<slug:slug>/<slug:light>-<int:width>-<str:name>.webp", picture_views.unit_band, name="unit-band"),
    path("compare/", views.compare, name="compare"),
    path("errata/", views.errata, name="errata"),
    path("sources/", views.sources, name="source-list"),
    path("timeline/", views.timeline, name="timeline"),
    path("terms/", views.terms, name="terms"),
]
