from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"

    def ready(self) -> None:
        """Register our jobs, the bells of our tasks, our kinds of files, and who reads enquiries."""
        from background.jobs import register_job_kinds
        from intake import receivers  # noqa: F401 - its receivers connect themselves
        from intake.enquiries import read_enquiry
        from intake.imports.batches import opened, register_kind
        from intake.imports.jobs import IMPORTS
        from intake.imports.kinds import ACTIVITIES, LEADS
        from leads.enquiry import register_reader

        register_job_kinds(*IMPORTS)
        register_reader(read_enquiry)
        for kind in (LEADS, ACTIVITIES):
            register_kind(kind, opened)
