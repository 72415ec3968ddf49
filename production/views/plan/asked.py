"""A page with one form and one verb behind it: asked, refused with reasons, or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from production.errors import Invalid, Refused, Stale
from production.forms import show
from production.sentences import say


def asked(
    request: HttpRequest,
    form: BaseForm | None,
    do: Callable[[], None],
    *,
    then: str,
    context: dict[str, Any],
    template: str = "production/plan/calendar_form.html",
) -> HttpResponse:
    """Do it when the form is sent and valid, and go to `then`; else the page with what is wrong.

    `form` is None where only a button is asked for. `context` has the title, the button's word
    and the name of the list that one goes back to.
    """
    problems: list[str] = []
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            do()
        except Invalid as invalid:
            if form is None:
                raise
            show(form, invalid)
        except Refused as refused:
            problems = [say(each) for each in refused.refusals]
        except Stale:
            problems = [_("Somebody was faster. Look at what it says now, then try again.")]
        else:
            return redirect(then)
    known = {"form": form, "problems": problems, "list_url": then}
    return render(request, template, known | context)
