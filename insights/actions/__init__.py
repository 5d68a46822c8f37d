from insights.actions.loading import RefusedError, run_demo_step, start_demo
from insights.actions.removing import remove_demo

__all__ = ["RefusedError", "remove_demo", "run_demo_step", "start_demo"]
