"""Messages to other systems: where they may go, how they are written and signed, and how they are sent."""
