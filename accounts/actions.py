"""What people do with accounts. Each is one transaction and says who did it."""

from __future__ import annotations

from accounts.models import User


def keep_preference(*, by: User, language: str | None = None, theme: str | None = None) -> None:
    """Remember the language or the theme a person chose for themselves; what is None stays."""
    chosen = {"language": language, "theme": theme}
    changed = [name for name, value in chosen.items() if value is not None and getattr(by, name) != value]
    for name in changed:
        setattr(by, name, chosen[name])
    if changed:
        by.save(update_fields=changed)
