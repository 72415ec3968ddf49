"""What people fill in about a card: its fields in groups, its lists, its small parts."""

from production.forms.items.fields import GROUPS, FieldsForm, names_of
from production.forms.items.parts import (
    AddressForm,
    AssetForm,
    CommentForm,
    GuestForm,
    HookForm,
    LineForm,
    NewForm,
    PieceForm,
    PostedForm,
    PublicationForm,
    ReasonForm,
    ResolveForm,
    ReviewRequestForm,
    plain_rows,
)

__all__ = [
    "GROUPS",
    "AddressForm",
    "AssetForm",
    "CommentForm",
    "FieldsForm",
    "GuestForm",
    "HookForm",
    "LineForm",
    "NewForm",
    "PieceForm",
    "PostedForm",
    "PublicationForm",
    "ReasonForm",
    "ResolveForm",
    "ReviewRequestForm",
    "names_of",
    "plain_rows",
]
