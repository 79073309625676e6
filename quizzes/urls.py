"""Addresses of quizzes and attempts."""

from django.urls import path

from quizzes import views

urlpatterns = [
    path("search/", views.find, name="search"),
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/start/", views.start, name="quiz-start"),
    path("quizzes/<slug:slug>/<int:n>/", views.in_place, name="quiz-in-place"),
    path("attempts/<int:pk>/<int:n>/", views.question, name="attempt-question"),
    path("attempts/<int:pk>/finish/", views.finish, name="attempt-finish"),
    path("attempts/<int:pk>/result/", views.result, name="attempt-result"),
]
