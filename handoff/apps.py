from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        """Tell the other rooms what they learn from us."""
        from handoff import receivers  # noqa: F401 - its receivers connect themselves
        from handoff.registrations import register

        register()
