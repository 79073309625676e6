"""Addresses of what shows my progress."""

from django.urls import path

from progress import guests, views

urlpatterns = [
    path("", views.home, name="home"),
    path("units/<slug:slug>/", views.unit, name="unit"),
    path("progress/", views.progress, name="progress"),
    path("account/guest/", guests.merge, name="guest-merge"),
]
