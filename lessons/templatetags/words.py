"""Filters for authors' short texts.

`{{ text|words }}`  escaped, with its Korean and Japanese words marked as such
`{{ text|plain }}`  the words alone, without markup and citations: for titles and descriptions
"""

from django import template

from lessons import markup

register = template.Library()
register.filter("words", markup.words)
register.filter("plain", markup.plain)
