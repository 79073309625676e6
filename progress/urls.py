"""Addresses of what shows my progress."""

from django.urls import path

from progress import certificate_views, guests, review_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("units/<slug:slug>/", views.unit, name="unit"),
    path("progress/", views.progress, name="progress"),
    path("review/", review_views.review, name="review"),
    path("review/begin/", review_views.begin, name="review-begin"),
    path("review/plan/", review_views.plan, name="review-plan"),
    path("units/<slug:slug>/certificate/", certificate_views.get, name="certificate-get"),
    path("certificates/", certificate_views.mine, name="certificate-list"),
    path("certificates/check/", certificate_views.check, name="certificate-check"),
    path("certificates/<str:code>/", certificate_views.certificate, name="certificate"),
    path("certificates/<str:code>/mine/", certificate_views.choices, name="certificate-mine"),
    path("certificates/<str:code>/withdraw/", certificate_views.withdraw, name="certificate-withdraw"),
    path("certificates/<str:code>/certificate.png", certificate_views.png, name="certificate-png"),
    path("certificates/<str:code>/certificate.pdf", certificate_views.pdf, name="certificate-pdf"),
    path("account/guest/", guests.merge, name="guest-merge"),
]
