"""Making a workspace out of what `write` wrote: the same rows, the same log, the same ids.

An id that is taken in this installation gives way to a fresh one everywhere in the file, in texts
and in the log as well. Whatever does not fit leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from zoneinfo import available_timezones

from django.db import DataError, IntegrityError, models, transaction

from production import digests
from production.exports.opening import Opened, opened
from production.exports.reading import broken, entries, mapping, value_of
from production.exports.renaming import renamed, rows_of
from production.exports.tables import Table, reference, tables
from production.imports.plan import ImportProblem, Limits
from production.models import Asset, Board, ContentItem, Event, User, Workspace
from production.workspaces import free_slug

LARGEST = 2 * 1024**3
_BATCH = 500
_PERSON = ("email", "name", "language", "time_zone")


def restore(file: IO[bytes], *, slug: str = "", limits: Limits | None = None) -> Workspace:
    """A new workspace in the state of the file. People are found by their e-mail addresses, or
    made, without a password, so that they ask for one.

    Raises ImportProblem: no such file, a broken one, or an address that is taken.
    """
    with opened(file, limits or Limits(bytes=LARGEST)) as source:
        if slug and Workspace.objects.filter(slug=slug).exists():
            raise ImportProblem("slug_taken", slug=slug)
        try:
            with transaction.atomic():
                return _Restoring(source).workspace(slug)
        except (IntegrityError, DataError) as error:
            raise ImportProblem("export_broken", where="", reason=str(error)[:200]) from error


class _Restoring:
    def __init__(self, source: Opened) -> None:
        self.source = source
        self.document, self.has_fresh_ids = renamed(source.document)
        self.keys: dict[type[models.Model], dict[Any, int]] = {}

    def workspace(self, slug: str) -> Workspace:
        self._people()
        workspace = self._workspace(slug)
        for table in tables():
            _TableRestoring(self, table, workspace).run()
        self._check_log(workspace)
        if self.has_fresh_ids:
            # What was signed names its channel by id; the digest follows the new one.
            for item in ContentItem.objects.filter(workspace=workspace).select_related("channel"):
                if item.content_digest:
                    digests.refresh(item)
        return workspace

    def key_of(self, model: Any, name: Any, where: str) -> int:
        """The key of the row that the file calls so; only what came with the file is found."""
        try:
            return self.keys[model][name]
        except (KeyError, TypeError):
            raise broken(where, f"nothing is called {str(name)[:60]!r}") from None

    def _people(self) -> None:
        known = self.keys[User] = {}
        email_field = User._meta.get_field("email")
        for number, said in enumerate(entries(self.document, "people")):
            where = f"people[{number}]"
            row = mapping(said, where)
            email = str(value_of(email_field, row.get("email"), where)).lower()
            user = User.objects.filter(email__iexact=email).first()
            known[row.get("public_id")] = user.pk if user else self._new_person(row, email, where)

    def _new_person(self, row: Mapping[str, Any], email: str, where: str) -> int:
        fields = [User._meta.get_field(name) for name in _PERSON if name in row]
        values = {field.name: value_of(field, row[field.name], where) for field in fields}
        user = User(**values | {"email": email})
        ident = row.get("public_id")
        if isinstance(ident, str) and not User.objects.filter(public_id=ident).exists():
            user.public_id = ident
        user.set_unusable_password()
        user.save(force_insert=True)
        return user.pk

    def _workspace(self, slug: str) -> Workspace:
        row = dict(mapping(self.document.get("workspace"), "workspace"))
        workspace = Workspace()
        fields = {field.name: field for field in Workspace._meta.concrete_fields}
        for name, said in row.items():
            if name not in fields or name == "id":
                raise broken("workspace", f"unknown: {name[:60]}")
            setattr(workspace, name, value_of(fields[name], said, "workspace"))
        if workspace.time_zone not in available_timezones():
            raise broken("workspace.time_zone", "there is no such time zone")
        taken = Workspace.objects.filter(slug=workspace.slug).exists()
        workspace.slug = slug or (free_slug(workspace.name) if taken else workspace.slug)
        with _as_written(Workspace):
            Workspace.objects.bulk_create([workspace])
        return workspace

    def _check_log(self, workspace: Workspace) -> None:
        log = Event.objects.filter(workspace=workspace)
        seen = log.aggregate(last=models.Max("seq"), total=models.Count("id"))
        if (seen["last"] or 0) != workspace.last_seq or seen["total"] != workspace.last_seq:
            raise broken("event", f"the log has gaps before {workspace.last_seq}")


class _TableRestoring:
    """One table on its way back."""

    def __init__(self, whole: _Restoring, table: Table, workspace: Workspace) -> None:
        self.whole, self.table, self.workspace = whole, table, workspace
        self.fields = {field.name: field for field in table.fields()}
        self.lists = list(table.lists())
        self.own = whole.keys.setdefault(table.model, {})
        self.waiting: list[models.Model] = []
        self.named: list[tuple[models.Model, Any, list[Any]]] = []

    def run(self) -> None:
        for number, said in enumerate(rows_of(self.whole.document, self.table)):
            where = f"{self.table.name}[{number}]"
            row = dict(mapping(said, where))
            parent = row.get(self.table.parents_first) if self.table.parents_first else None
            if parent is not None and parent not in self.own:
                self._flush()
            self.waiting.append(self._instance(row, where))
            if len(self.waiting) == _BATCH:
                self._flush()
        self._flush()
        for field in self.lists:
            self._write_lists(field)

    def _instance(self, row: dict[str, Any], where: str) -> models.Model:
        instance = self.table.model()
        for field in self.lists:
            self.named.append((instance, field, entries(row, field.name, where)))
            del row[field.name]
        if hasattr(self.table.model, "workspace"):
            instance.workspace = self.workspace  # type: ignore[attr-defined]
        for name, said in row.items():
            if name not in self.fields:
                raise broken(where, f"unknown: {name[:60]}")
            self._set(instance, self.fields[name], said, where)
        return instance

    def _set(
        self, instance: models.Model, field: models.Field[Any, Any], said: Any, where: str
    ) -> None:
        if field.is_relation:
            key = None
            if said is not None:
                key = self.whole.key_of(field.related_model, said, f"{where}.{field.name}")
            setattr(instance, field.attname, key)
        elif self.table.model is Event and field.name == "board_id":
            known = self.whole.keys.get(Board, {})
            setattr(instance, field.name, known.get(said) if isinstance(said, str) else None)
        elif self.table.model is Asset and field.name == "file" and said:
            setattr(instance, field.name, self.whole.source.keep(said, f"{where}.file"))
        else:
            setattr(instance, field.name, value_of(field, said, f"{where}.{field.name}"))

    def _flush(self) -> None:
        with _as_written(self.table.model):
            self.table.model._default_manager.bulk_create(self.waiting)
        names = _names(self.table.model, [row.pk for row in self.waiting])
        for key, name in names.items():
            if name in self.own:
                raise broken(self.table.name, f"twice: {name}")
            self.own[name] = key
        self.waiting = []

    def _write_lists(self, field: Any) -> None:
        through = field.remote_field.through
        rows = [
            through(
                **{
                    f"{field.m2m_field_name()}_id": instance.pk,
                    f"{field.m2m_reverse_field_name()}_id": self.whole.key_of(
                        field.related_model, name, f"{self.table.name}.{field.name}"
                    ),
                }
            )
            for instance, of, names in self.named
            if of is field
            for name in names
        ]
        through.objects.bulk_create(rows, _BATCH)


def _names(model: type[models.Model], keys: Iterable[int]) -> dict[int, Any]:
    """What rows are called in the file, by key; none of them where no other table names them."""
    look_up = reference(model)
    has_name = "__" in look_up or any(f.name == look_up for f in model._meta.concrete_fields)
    if not has_name:
        return {}
    rows = model._default_manager.filter(pk__in=list(keys))
    return dict(rows.values_list("pk", look_up))


@contextmanager
def _as_written(model: type[models.Model]) -> Iterator[None]:
    """Moments of making and changing come from the file, not from the clock."""
    clocked = [
        (field, name)
        for field in model._meta.concrete_fields
        for name in ("auto_now", "auto_now_add")
        if getattr(field, name, False)
    ]
    for field, name in clocked:
        setattr(field, name, False)
    try:
        yield
    finally:
        for field, name in clocked:
            setattr(field, name, True)
