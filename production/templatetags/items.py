"""What the card's pages say about events."""

from django import template

from production.eventwords import predicate

register = template.Library()
register.filter("predicate", predicate)
