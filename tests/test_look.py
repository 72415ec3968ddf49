"""The look holds together: what one file names, another one has; nothing needs a weaker policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "config" / "static"
APPS = ("config", "production", "experiments", "playbook")
LIMIT = 2_500


def files(pattern: str) -> list[Path]:
    return sorted(path for app in APPS for path in (ROOT / app).rglob(pattern))


STYLES = files("static/**/*.css")
SCRIPTS = files("static/**/*.js")
TEMPLATES = [path for path in files("*.html") if "templates" in path.parts]


def lines(paths: list[Path]) -> int:
    return sum(len(path.read_text().splitlines()) for path in paths)


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


def test_styles_and_scripts_stay_small():
    assert 0 < lines(STYLES) < LIMIT
    assert 0 < lines(SCRIPTS) < LIMIT


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_needs_inline_style_or_script(path):
    text = without_comments(path.read_text())

    assert not re.search(r"<[^>]*\sstyle\s*=", text), "a style attribute"
    if path.parent.name != "mail":  # a mail has neither style sheets nor a policy
        assert not re.search(r"<style\b", text), "a style element"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "an event attribute"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", text), "a script"
    assert not re.search(r"\bhx-on\b|hx-vals=['\"]js:", text), "an expression for htmx to evaluate"


def test_every_page_listed_above_is_looked_at():
    assert len(TEMPLATES) > 30


def test_every_custom_property_is_set_somewhere():
    css = "\n".join(path.read_text() for path in STYLES)
    scripts = "\n".join(path.read_text() for path in SCRIPTS)
    pages = "\n".join(path.read_text() for path in TEMPLATES)
    known = set(re.findall(r"--([\w-]+)\s*:", css)) | set(re.findall(r"\"--([\w-]+)\"", scripts))
    known |= set(re.findall(r"data-var-([\w-]+)=", pages))

    used = set(re.findall(r"var\(--([\w-]+)", css))

    assert used
    assert used - known == set()


def test_every_token_is_used():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    css = "\n".join(path.read_text() for path in STYLES)

    unused = {name for name in re.findall(r"--([\w-]+)\s*:", tokens) if f"var(--{name}" not in css}

    assert unused == set()


def test_every_style_sheet_of_the_shell_is_loaded():
    listed = re.findall(
        r'static "(css/[\w-]+\.css)"', get_template("includes/styles.html").template.source
    )

    assert sorted(listed) == sorted(
        str(path.relative_to(STATIC)) for path in (STATIC / "css").glob("*.css")
    )


def test_every_picture_that_is_asked_for_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    pages = "\n".join(path.read_text() for path in TEMPLATES)

    asked = set(re.findall(r'{% icon "([\w-]+)"', pages))

    assert asked
    assert asked - sprite == set()


def test_every_word_that_scripts_say_stands_in_a_template():
    pages = "\n".join(path.read_text() for path in TEMPLATES)
    known = set(re.findall(r'data-word="([\w-]+)"', pages))
    asked: set[str] = set()
    for path in SCRIPTS:
        for call in re.findall(r"\bword\(([^)]*)", path.read_text()):
            asked |= set(re.findall(r'"([\w-]+)"', call.split("{")[0]))

    assert asked
    assert asked - known == set()


def test_every_import_of_a_module_leads_to_a_file():
    broken = {
        f"{path.name}: {target}"
        for path in SCRIPTS
        for target in re.findall(r'from "(\.[^"]+)"', path.read_text())
        if not (path.parent / target).exists() and not target.startswith("../")
    }

    assert broken == set()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_but_themselves(code):
    html = get_template(f"{code}.html").render()

    assert "<h1>" in html
    assert "Putki" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/signup/", "Make an account"),
        ("/accounts/password/reset/", "Forgotten password"),
        ("/accounts/password/reset/done/", "Look in your e-mail"),
        ("/accounts/password/reset/key/done/", "The password is new"),
        ("/accounts/confirm-email/", "Look in your e-mail"),
        ("/accounts/inactive/", "This account is closed"),
    ],
)
def test_the_pages_before_sign_in_wear_the_look(client, address, title):
    response = client.get(address)

    html = response.content.decode()
    assert response.status_code == 200
    assert f"<title>{title} · Putki</title>" in html
    assert 'class="entrance"' in html
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_refused_sign_in_says_why_where_the_reader_is(client):
    response = client.post("/accounts/login/", {"login": "ann@example.org", "password": "wrong"})

    assert 'class="problems bad error-summary" role="alert"' in response.content.decode()


@pytest.mark.django_db
def test_a_refused_field_is_tied_to_its_error(client):
    html = client.post("/accounts/signup/", {"email": "no address"}).content.decode()

    field = re.search(r'<input type="email"[^>]*>', html)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described is not None
    assert all(f'id="{name}"' in html for name in described[1].split())


@pytest.mark.django_db
def test_what_is_not_there_is_told_in_the_look(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
