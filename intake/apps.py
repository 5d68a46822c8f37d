from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"

    def ready(self) -> None:
        """Make known: the bells of our tasks, and who reads enquiries."""
        for kind in import_module("intake.imports.jobs").IMPORTS:
            import_module("background.jobs").register_job_kind(kind)
        import_module("intake.receivers")
        import_module("leads.enquiry").register_reader(import_module("intake.enquiries").read_enquiry)
