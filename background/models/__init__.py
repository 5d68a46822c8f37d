from background.models.job import JobRun, Tick

__all__ = ["JobRun", "Tick"]
