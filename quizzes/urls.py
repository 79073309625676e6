"""Addresses of quizzes and attempts."""

from django.urls import path

from quizzes import attempt_views, report_views, source_views, views

urlpatterns = [
    path("search/", views.find, name="search"),
    path("sources/<slug:slug>/", source_views.source, name="source"),
    path("quizzes/", views.quizzes, name="quiz-list"),
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/start/", views.start, name="quiz-start"),
    path("quizzes/<slug:slug>/<int:n>/", views.in_place, name="quiz-in-place"),
    path("quizzes/<slug:slug>/<int:n>/report/", report_views.about_place, name="quiz-report"),
    path("attempts/back/", attempt_views.back, name="attempt-back"),
    path("attempts/<int:pk>/<int:n>/", attempt_views.question, name="attempt-question"),
    path("attempts/<int:pk>/<int:n>/report/", report_views.about_attempt, name="attempt-report"),
    path("attempts/<int:pk>/<int:n>/save/", attempt_views.save, name="attempt-save"),
    path("attempts/<int:pk>/standing/", attempt_views.standing, name="attempt-standing"),
    path("attempts/<int:pk>/finish/", attempt_views.finish, name="attempt-finish"),
    path("attempts/<int:pk>/result/", attempt_views.result, name="attempt-result"),
    path("attempts/<int:pk>/again/", attempt_views.again, name="attempt-again"),
]
