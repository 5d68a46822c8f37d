from background.models.job import JobRun, JobSlice

__all__ = ["JobRun", "JobSlice"]
