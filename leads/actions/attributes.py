"""Attributes that people add to leads and companies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction

from leads.enums import AttributeOwner, AttributeType
from leads.models import AttributeDefinition

CODE_LENGTH = 40


@transaction.atomic
def create_attribute(
    *,
    owner: AttributeOwner,
    label: str,
    type: AttributeType,
    choices: Sequence[str] = (),
    is_contact_data: bool = False,
) -> AttributeDefinition:
    """The attribute of this name, made now if there is none that is in use; one that is there keeps its type."""
    label = label[:80]
    known = AttributeDefinition.objects.filter(owner=owner, is_active=True)
    found = known.filter(label_en=label).first() or known.filter(label_ja=label).first()
    return found or AttributeDefinition.objects.create(
        owner=owner,
        code=free_code(owner, label),
        type=type,
        label_en=label,
        label_ja=label,
        choices=list(choices),
        is_contact_data=is_contact_data,
    )


def free_code(owner: AttributeOwner, label: str) -> str:
    """A code made of the letters of the label, else a numbered one; no other attribute has it."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[: CODE_LENGTH - 4]
    plain = plain if re.match(r"[a-z]", plain) else ""
    taken = set(AttributeDefinition.objects.filter(owner=owner).values_list("code", flat=True))
    number, code = 1, plain or "attribute_1"
    while code in taken:
        number += 1
        code = f"{plain or 'attribute'}_{number}"
    return code
