"""Announcements of this app: nobody answers them."""

from django.dispatch import Signal

# A person was let in or shut out or has another role or team, or a team was switched on or off (`by`): sent inside the
# transaction, so that what hangs on them changes with it or not at all.
staff_changed = Signal()
