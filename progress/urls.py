"""Addresses of what shows my progress."""

from django.urls import path

from progress import views

urlpatterns = [
    path("", views.home, name="home"),
    path("units/<slug:slug>/", views.unit, name="unit"),
    path("progress/", views.progress, name="progress"),
]
