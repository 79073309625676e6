"""Addresses under /account/. Include it before allauth's own: the sign-up here is ours."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.overview, name="account"),
    path("signup/", views.Signup.as_view(), name="account_signup"),
    path("delete/", views.delete, name="account-delete"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
