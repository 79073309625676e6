"""`{{ text|words }}`: an author's short text, escaped, with its Korean and Japanese words marked as such."""

from django import template

from lessons import markup

register = template.Library()
register.filter("words", markup.words)
