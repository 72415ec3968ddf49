"""One's own account: name, language, zone and look."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from production import accounts
from production.errors import Invalid
from production.forms import show
from production.forms.home import AccountForm
from production.models import Membership, User


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What a person sets for themselves."""
    person = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST or None, instance=person, initial=_look(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = accounts.change(User.objects.get(pk=person.pk), form.cleaned_data)
        except Invalid as invalid:
            show(form, invalid)
        else:
            with override(person.language):
                messages.success(request, _("Saved."))
            return accounts.keep_look(redirect("account"), person, secure=request.is_secure())
    seats = Membership.objects.filter(user=person, removed_at=None).select_related("workspace")
    about = {"form": form, "seats": seats.order_by("workspace__name", "id")}
    return render(request, "production/home/account.html", about)


def _look(request: HttpRequest) -> dict[str, object]:
    """The account menu changes the look in this browser alone; show what is seen."""
    cookies = request.COOKIES
    return {
        "theme": cookies.get("putki_theme") or User.Theme.AUTO,
        "dense": cookies.get("putki_density") == "compact",
        "single_key_shortcuts": cookies.get("putki_keys") != "off",
    }
